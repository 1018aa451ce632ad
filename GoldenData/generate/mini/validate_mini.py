#!/usr/bin/env python3
"""Measures `mini` on the sources held out of its training, and on speech that took no part in anything.

    python3 GoldenData/generate/mini/validate_mini.py [--model DIR] [--data DIR] [--audio DIR] [--out FILE]

Prints the tables of the model card and writes the numbers as JSON. --audio is reported only, never chosen by.
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import torch
from transformers import EncodecModel

import corpus
import griffin_lim
import metrics
from network import BANDWIDTHS
from tables import markdown

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXCERPT_SECONDS = 6.0
GRIFFIN_LIM_CLIPS, GRIFFIN_LIM_SECONDS = 3, 4.5
SILENCE = 1e-3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "Sources/EnCodec/Resources/mini")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "train-audio")
    parser.add_argument("--audio", type=pathlib.Path, default=ROOT.parent / "shared" / "audio")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "GoldenData/mini/validation.json")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def as_int16(x):
    return np.round(np.clip(x, -1, 1) * 32767).astype(np.int16)


def held_out(data: pathlib.Path) -> dict:
    """Kind to a list of (name, excerpt) of the held-out recordings, silent ones left out."""
    _, held = corpus.split(corpus.read_manifest(data))
    found = {}
    for r in sorted(held, key=lambda r: r.file):
        x = metrics.excerpt(as_int16(corpus.load(data / r.file)), EXCERPT_SECONDS)
        if np.sqrt(np.mean(x**2)) > SILENCE:
            found.setdefault(r.kind, []).append((r.file, x))
    return found


def unseen_speech(audio: pathlib.Path) -> list:
    """(name, excerpt) of the clean speech files."""
    return [(path.name, metrics.excerpt(as_int16(corpus.load(path)), EXCERPT_SECONDS))
            for path in sorted(audio.glob("*")) if path.name.startswith(("speech_", "ref_pesq_speech_16k"))]


def measured(model, items) -> dict:
    """Means over the items at each bandwidth, and the codes' use."""
    rows, codes = {b: [] for b in BANDWIDTHS}, []
    for _, x in items:
        encoded = metrics.encode(model, x)
        codes.append(encoded[0, 0].numpy())
        for bandwidth in BANDWIDTHS:
            rows[bandwidth].append(metrics.all_metrics(metrics.decode(model, encoded, bandwidth, len(x)), x))
    codes = np.concatenate(codes, axis=1)
    shares, bits = metrics.usage(codes)
    return {"items": len(items), "frames": codes.shape[1], "usage": shares, "entropy_bits": bits,
            "bandwidths": {f"{b:g}": {name: metrics.mean([row[name] for row in rows[b]]) for name in rows[b][0]}
                           for b in BANDWIDTHS}}


def against_griffin_lim(model, items) -> dict:
    """Means over the start of a few clips: both kinds of inverted mel, and the codec at its bandwidths."""
    rows = {}
    for _, x in items[:: max(1, len(items) // GRIFFIN_LIM_CLIPS)][:GRIFFIN_LIM_CLIPS]:
        x = metrics.excerpt(as_int16(x), GRIFFIN_LIM_SECONDS)
        versions = {f"Griffin-Lim, {name} mel": y for name, y in griffin_lim.round_trips(x).items()}
        encoded = metrics.encode(model, x)
        versions |= {f"mini at {b:g} kbps": metrics.decode(model, encoded, b, len(x)) for b in BANDWIDTHS}
        for name, y in versions.items():
            rows.setdefault(name, []).append(metrics.all_metrics(y, x))
    return {name: {key: metrics.mean([r[key] for r in found]) for key in found[0]} for name, found in rows.items()}


def validate(model, data: pathlib.Path, audio: pathlib.Path) -> dict:
    held, unseen = held_out(data), unseen_speech(audio) if audio.exists() else []
    result = {"excerpt_seconds": EXCERPT_SECONDS, "held_out": {}}
    for kind, items in held.items():
        result["held_out"][kind] = measured(model, items)
        print(f"measured {kind}: {len(items)} excerpts", file=sys.stderr)
    result["held_out_all"] = measured(model, [item for items in held.values() for item in items])
    if unseen:
        result["unseen_speech"] = measured(model, unseen)
    result["griffin_lim"] = against_griffin_lim(model, held["speech"])
    return result


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    model = EncodecModel.from_pretrained(options.model, dtype=torch.float32).eval()
    result = validate(model, options.data, options.audio)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    print(markdown(result))


if __name__ == "__main__":
    main()
