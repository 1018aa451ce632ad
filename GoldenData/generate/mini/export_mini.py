#!/usr/bin/env python3
"""Puts a trained checkpoint into the package: weights, validation, goldens, card.

    python3 GoldenData/generate/mini/export_mini.py --checkpoint DIR/checkpoint.pt [--weights-only]

Writes Sources/EnCodec/Resources/mini (model.safetensors in half precision, config.json, model.safetensors.sha256,
card.json), GoldenData/mini (README.md, training.csv, loss.svg, validation.json) and GoldenData/encodec/mini.
"""

import argparse
import hashlib
import json
import pathlib
import subprocess
import sys

import torch
from safetensors.torch import save_file
from transformers import EncodecModel

import card
import validate_mini
from trainer import Trainer

ROOT = pathlib.Path(__file__).resolve().parents[3]
RESOURCES, CARD = ROOT / "Sources/EnCodec/Resources/mini", ROOT / "GoldenData/mini"
GOLDENS = ROOT / "GoldenData/generate/encodec/make_encodec_goldens.py"
LARGEST = 10_000_000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "train-audio")
    parser.add_argument("--audio", type=pathlib.Path, default=ROOT.parent / "shared" / "audio")
    parser.add_argument("--weights-only", action="store_true", help="no validation, goldens or card")
    return parser.parse_args()


def half_state(model) -> dict:
    """Every key transformers asks for, in float16; all are finite there."""
    state = {key: value.to(torch.float16).contiguous().clone() for key, value in model.state_dict().items()}
    for key, value in state.items():
        if not torch.isfinite(value).all():
            raise SystemExit(f"{key} does not fit half precision; train on, or scale it")
    return state


def write_weights(model, folder: pathlib.Path) -> str:
    """Returns the SHA-256 of model.safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.safetensors"
    save_file(half_state(model), path, metadata={"format": "pt"})
    path.chmod(0o644)
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise SystemExit(f"{path.name} has {len(data)} bytes, more than {LARGEST}; train a narrower model")
    configuration = json.loads(model.config.to_json_string())
    (folder / "config.json").write_text(json.dumps(configuration, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    digest = hashlib.sha256(data).hexdigest()
    (folder / "model.safetensors.sha256").write_text(f"{digest}  model.safetensors\n", encoding="utf-8")
    return digest


def reloaded(folder: pathlib.Path):
    """The exported model in float32, as the goldens use it; no key may be missing or left over."""
    model, notes = EncodecModel.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if notes[kind]:
            raise SystemExit(f"{folder / 'model.safetensors'}: {kind} {sorted(notes[kind])}")
    return model.eval()


def main():
    options = arguments()
    torch.set_num_threads(1)
    trainer, held = Trainer.resumed(options.checkpoint, device="cpu")
    digest = write_weights(trainer.finished_model(), RESOURCES)
    model = reloaded(RESOURCES)
    print(f"{RESOURCES / 'model.safetensors'}: sha256 {digest}", file=sys.stderr)
    if options.weights_only:
        return
    result = validate_mini.validate(model, options.data, options.audio)
    card.write(CARD, RESOURCES, trainer, held["log"], result, digest, options.data)
    subprocess.run([sys.executable, str(GOLDENS), "--only", "mini"], check=True)


if __name__ == "__main__":
    main()
