"""Other implementations of EnCodec, timed for `codecgate bench encodec`.

Reads one JSON object a line from standard input and answers each with one on standard output:

  {"do": "load", "folder": MODEL, "samples": F32_FILE, "codes": I32_FILE, "codebooks": N, "bandwidth": KBPS,
   "engines": ["hf", "onnx"], "scratch": FOLDER}
      -> {"problems": {"onnx": "why not"}, "versions": {...}}      engines without a problem are ready
  {"do": "run", "engine": "hf", "direction": "encode", "threads": 2}
      -> {"seconds": 1.25}
  {"do": "result", "engine": "hf", "direction": "encode", "path": FILE}
      -> {"count": 4500}      the codes (int32) or samples (float32) of the last such run, as raw little-endian numbers

`samples` is one channel of float32 at the model's rate; `codes` are int32 (codebooks, frames), what decoding starts
from. "hf" is transformers' EncodecModel as users run it; "onnx" is ONNX Runtime on the same model, exported from
PyTorch at the input's length. A failure is {"error": "..."}; it never becomes a number.
"""

import json
import os
import sys
import time
import traceback

# Answers go where standard output was; what libraries print goes to standard error.
ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


class HuggingFace:
    """transformers' EncodecModel, eager, float32."""

    def __init__(self, job, model):
        import torch

        self.torch, self.model, self.bandwidth = torch, model, job.bandwidth
        self.samples = torch.from_numpy(job.samples)[None, None]
        self.codes = torch.from_numpy(job.codes.astype("int64"))[None, None]

    def run(self, direction, threads):
        self.torch.set_num_threads(threads)
        with self.torch.inference_mode():
            start = time.perf_counter()
            if direction == "encode":
                result = self.model.encode(self.samples, bandwidth=self.bandwidth).audio_codes[0, 0]
            else:
                result = self.model.decode(self.codes, [None]).audio_values[0, 0]
            return time.perf_counter() - start, result.numpy()


class OnnxRuntime:
    """The same model, exported once a direction; sessions of one number of threads at a time, for each takes gigabytes."""

    def __init__(self, job, model):
        import onnxruntime
        import torch

        class Encode(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.model = model

            def forward(self, samples):
                return self.model.quantizer.encode(self.model.encoder(samples), job.bandwidth).to(torch.int32)

        class Decode(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.model = model

            def forward(self, codes):
                return self.model.decoder(self.model.quantizer.decode(codes))

        self.runtime, self.sessions, self.paths = onnxruntime, {}, {}
        self.inputs = {"encode": job.samples[None, None], "decode": job.codes.astype("int64")[:, None]}
        for direction, module in (("encode", Encode()), ("decode", Decode())):
            path = os.path.join(job.scratch, direction + ".onnx")
            with torch.inference_mode():
                torch.onnx.export(
                    module.eval(), (torch.from_numpy(self.inputs[direction]),), path, input_names=["input"],
                    output_names=["output"], opset_version=17, dynamo=False)
            self.paths[direction] = path

    def session(self, direction, threads):
        if any(key[1] != threads for key in self.sessions):
            self.sessions.clear()
        if (direction, threads) not in self.sessions:
            options = self.runtime.SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            self.sessions[direction, threads] = self.runtime.InferenceSession(
                self.paths[direction], options, providers=["CPUExecutionProvider"])
        return self.sessions[direction, threads]

    def run(self, direction, threads):
        session = self.session(direction, threads)
        start = time.perf_counter()
        result = session.run(None, {"input": self.inputs[direction]})[0]
        seconds = time.perf_counter() - start
        return seconds, result[:, 0] if direction == "encode" else result[0, 0]


ENGINES = {"hf": HuggingFace, "onnx": OnnxRuntime}


class Job:
    """What both engines work on."""

    def __init__(self, request):
        import numpy

        self.samples = numpy.fromfile(request["samples"], "<f4")
        self.codes = numpy.fromfile(request["codes"], "<i4").reshape(request["codebooks"], -1)
        self.bandwidth, self.scratch = request["bandwidth"], request["scratch"]


class Peer:
    def __init__(self):
        self.engines, self.results = {}, {}

    def load(self, request):
        from importlib.metadata import PackageNotFoundError, version

        problems = {}
        try:
            import torch
            from transformers import EncodecModel

            torch.manual_seed(0)
            job = Job(request)
            model = EncodecModel.from_pretrained(request["folder"]).eval()
        except Exception as error:
            return {"problems": {engine: describe(error) for engine in request["engines"]}, "versions": {}}
        for engine in request["engines"]:
            try:
                self.engines[engine] = ENGINES[engine](job, model)
            except Exception as error:
                traceback.print_exc()
                problems[engine] = describe(error)
        versions = {"python": sys.version.split()[0]}
        for package in ("numpy", "onnx", "onnxruntime", "torch", "transformers"):
            try:
                versions[package] = version(package)
            except PackageNotFoundError:
                versions[package] = "missing"
        return {"problems": problems, "versions": versions}

    def run(self, request):
        seconds, result = self.engines[request["engine"]].run(request["direction"], request["threads"])
        self.results[request["engine"], request["direction"]] = result
        return {"seconds": seconds}

    def result(self, request):
        result = self.results[request["engine"], request["direction"]]
        result.astype("<i4" if request["direction"] == "encode" else "<f4").tofile(request["path"])
        return {"count": int(result.size)}


def describe(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def main():
    peer = Peer()
    actions = {"load": peer.load, "run": peer.run, "result": peer.result}
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = actions[request["do"]](request)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": describe(error)}
        ANSWERS.write(json.dumps(answer) + "\n")


main()
