"""Write GoldenData/api/calls.json: which of the design document's calls to a codec's Python package work as written.

Run from the checkout's root with the versions of requirements.txt (encodec without its dependencies: reading files
alone needs torchaudio, which is replaced by an empty module here):

    python3 GoldenData/generate/api/make_api_goldens.py

The document writes for transformers; the same steps are tried with encodec, Meta's own package, because some of its
calls look like that package's. Weights are the embedded mini codec's (transformers) and random ones (encodec): what is
asked is whether a call runs and what shape it gives, which no weight changes.
"""

import collections
import importlib.metadata
import json
import pathlib
import re
import sys
import types

import numpy as np
import torch

ROOT = pathlib.Path(__file__).resolve().parents[3]
OUT = ROOT / "GoldenData" / "api" / "calls.json"
MINI = ROOT / "Sources" / "EnCodec" / "Resources" / "mini"
RATE, CODEBOOKS = 24000, 8
# The document's way of naming a frame, for a package that has no such type.
Frame = collections.namedtuple("Frame", "codes scale")


def second() -> torch.Tensor:
    """One second of tones, (1, 1, samples)."""
    time = np.arange(RATE) / RATE
    wave = sum(np.sin(2 * np.pi * 220 * k * time) / k for k in range(1, 6)) / 5
    return torch.from_numpy(wave.astype(np.float32)).reshape(1, 1, -1)


def expect(found, wanted) -> str:
    assert tuple(found) == tuple(wanted), f"shape {tuple(found)}, the document says {tuple(wanted)}"
    return f"shape {tuple(found)}"


class Trial:
    """Tries steps one after the other and keeps what each came to."""

    def __init__(self, package: str):
        self.package, self.calls = package, []

    def attempt(self, step: str, work):
        try:
            with torch.no_grad():
                detail = work()
            outcome = "works"
        except Exception as error:
            detail, outcome = f"{type(error).__name__}: {str(error).splitlines()[0]}", "fails"
        # Where a package is installed is nobody's business.
        detail = re.sub(r" \(/[^)]*\)", "", str(detail))
        self.calls.append({"package": self.package, "step": step, "outcome": outcome, "detail": detail})


def frames(seconds: int = 1) -> int:
    return 75 * seconds


def with_transformers() -> list:
    from transformers import EncodecModel
    trial, model = Trial("transformers"), EncodecModel.from_pretrained(MINI).eval()
    wave = second()
    codes = model.encode(wave, bandwidth=6.0).audio_codes[0]

    def frame_type():
        from transformers import EncodecEncodedFrame
        return EncodecEncodedFrame.__name__

    trial.attempt("load a model and freeze it", lambda: f"{type(model).__name__}.from_pretrained(...).eval()")
    trial.attempt("set the bandwidth on the model", lambda: model.set_target_bandwidth(6.0))
    trial.attempt("encode without a bandwidth, first item of the first result: 8 codebooks",
                  lambda: expect(model.encode(wave)[0][0].shape, (1, CODEBOOKS, frames())))
    trial.attempt("import the type of an encoded frame", frame_type)
    trial.attempt("decode a list of frames with audio_scales=[None], first item",
                  lambda: expect(model.decode([Frame(codes, None)], audio_scales=[None])[0].shape, (1, 1, RATE)))
    return trial.calls


def with_encodec() -> list:
    sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))
    import encodec
    trial, model = Trial("encodec"), encodec.EncodecModel.encodec_model_24khz(pretrained=False).eval()
    wave = second()
    trial.attempt("load a model and freeze it",
                  lambda: encodec.EncodecModel.from_pretrained("facebook/encodec_24khz").eval())
    trial.attempt("set the bandwidth on the model", lambda: f"returns {model.set_target_bandwidth(6.0)}")
    with torch.no_grad():
        codes = model.encode(wave)[0][0]
    trial.attempt("encode without a bandwidth, first item of the first result: 8 codebooks",
                  lambda: expect(model.encode(wave)[0][0].shape, (1, CODEBOOKS, frames())))
    trial.attempt("import the type of an encoded frame", lambda: encodec.EncodecEncodedFrame.__name__)
    trial.attempt("decode a list of frames with audio_scales=[None], first item",
                  lambda: expect(model.decode([Frame(codes, None)], audio_scales=[None])[0].shape, (1, 1, RATE)))
    return trial.calls


def embedding() -> list:
    trial = Trial("torch")
    table = torch.nn.Embedding(num_embeddings=1024, embedding_dim=64)
    trial.attempt("look 32 x 112 codes up in an embedding",
                  lambda: expect(table(torch.zeros(32, 112, dtype=torch.long)).shape, (32, 112, 64)))
    return trial.calls


def main():
    torch.manual_seed(0)
    versions = {name: importlib.metadata.version(name).split("+")[0] for name in ("transformers", "encodec", "torch")}
    calls = with_transformers() + embedding() + with_encodec()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({
        "producer": "GoldenData/generate/api/make_api_goldens.py",
        "command": "python3 GoldenData/generate/api/make_api_goldens.py", "versions": versions, "calls": calls,
    }, indent=1, sort_keys=True) + "\n")
    for call in calls:
        print(f"{call['package']:13} {call['outcome']:6} {call['step']}: {call['detail']}")


if __name__ == "__main__":
    main()
