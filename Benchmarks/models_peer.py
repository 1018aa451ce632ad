"""The design's models in PyTorch, timed for `codecgate bench models`.

Reads one JSON object a line from standard input and answers each with one on standard output:

  {"do": "load"}
      -> {"problems": {}, "versions": {...}}
  {"do": "prepare", "engine": "encoder", "path": CONFIGURATION, "rows": 32, "threads": 2}
      -> {"value": 1673344}      the number of parameters, after a warm-up; the model before is forgotten
  {"do": "run", "direction": "forward"}
      -> {"seconds": 0.12}

"encoder" is the audio encoder alone, "model" the whole autoencoder; the configuration is ours as JSON, the networks those
that the goldens were made with. "forward" is in evaluation mode without gradients; "step" is forward, loss, backward,
clipping of the gradient norm and AdamW (fused). A failure is {"error": "..."}; it never becomes a number.
"""

import json
import os
import pathlib
import sys
import time
import traceback

# Answers go where standard output was; what libraries print goes to standard error.
ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "GoldenData/generate/models"))


class Peer:
    def load(self, request):
        import torch

        self.torch, self.model = torch, None
        return {"problems": {}, "versions": {"python": sys.version.split()[0], "torch": torch.__version__}}

    def prepare(self, request):
        import networks

        torch = self.torch
        torch.set_num_threads(request["threads"])
        torch.manual_seed(0)
        self.model = self.optimizer = self.inputs = self.target = None
        configuration = json.loads(pathlib.Path(request["path"]).read_text())
        audio = configuration["encoder"]["audio"]
        ((kind, shape),) = audio["format"].items()
        batch, frames = request["rows"], shape["frameCount"]
        if kind == "mel":
            features = torch.randn(batch, shape["binCount"], frames) * 8 - 40
        else:
            features = torch.randint(0, shape["vocabularySize"], (batch, shape["codebookCount"], frames))
        self.is_encoder = request["engine"] == "encoder"
        if self.is_encoder:
            self.model, self.inputs = networks.audio_encoder(audio), (features,)
            self.target = torch.zeros(batch, audio["outputWidth"])
        else:
            self.model, self.inputs = networks.Autoencoder(configuration), (None, features, None)
            self.has_classes = "factorizedClassification" in configuration["decoder"]["audioHead"]
            self.target = features if self.has_classes else features.float()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-4, weight_decay=1e-5, fused=True)
        self.run({"direction": request["direction"]})
        return {"value": sum(p.numel() for p in self.model.parameters())}

    def run(self, request):
        start = time.perf_counter()
        if request["direction"] == "forward":
            self.model.eval()
            with self.torch.inference_mode():
                self.model(*self.inputs)
        else:
            self.model.train()
            self.step()
        return {"seconds": time.perf_counter() - start}

    def step(self):
        torch = self.torch
        self.optimizer.zero_grad(set_to_none=True)
        output = self.model(*self.inputs)
        output = output if self.is_encoder else output[3]
        if not self.is_encoder and self.has_classes:
            loss = torch.nn.functional.cross_entropy(output.flatten(0, 2), self.target.flatten())
        else:
            loss = torch.nn.functional.mse_loss(output, self.target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()


def main():
    peer = Peer()
    actions = {"load": peer.load, "prepare": peer.prepare, "run": peer.run}
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = actions[request["do"]](request)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": " ".join(f"{type(error).__name__}: {error}".split())[:300]}
        ANSWERS.write(json.dumps(answer) + "\n")


main()
