#!/usr/bin/env python3
"""Measures `mini` on the sources held out of its training, and on speech that took no part in anything.

    python3 GoldenData/generate/mini/validate_mini.py [--model DIR] [--data DIR] [--audio DIR] [--out FILE]

Prints the tables of the model card and writes the numbers as JSON. --audio is reported only, never chosen by.
"""

import argparse
import hashlib
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
GRIFFIN_LIM = ROOT / "GoldenData/mini/griffin_lim.json"
EXCERPT_SECONDS = 6.0
GRIFFIN_LIM_CLIPS, GRIFFIN_LIM_SECONDS = 3, 3.0
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


def code_use(codes) -> dict:
    """Of codes (codebooks, frames)."""
    shares, bits = metrics.usage(codes)
    return {"frames": codes.shape[1], "usage": shares, "entropy_bits": bits}


def measured(model, items) -> tuple[dict, np.ndarray]:
    """(means over the items at each bandwidth and the codes' use, codes (codebooks, frames))."""
    rows, codes = {b: [] for b in BANDWIDTHS}, []
    for _, x in items:
        encoded = metrics.encode(model, x)
        codes.append(encoded[0, 0].numpy())
        for bandwidth in BANDWIDTHS:
            rows[bandwidth].append(metrics.all_metrics(metrics.decode(model, encoded, bandwidth, len(x)), x))
    codes = np.concatenate(codes, axis=1)
    means = {f"{b:g}": mean_row(rows[b]) for b in BANDWIDTHS}
    return {"items": len(items), **code_use(codes), "bandwidths": means}, codes


def griffin_lim_clips(items) -> list:
    """(name, start of the excerpt) of a few held-out speech files."""
    return [(name, metrics.excerpt(as_int16(x), GRIFFIN_LIM_SECONDS))
            for name, x in items[:: max(1, len(items) // GRIFFIN_LIM_CLIPS)][:GRIFFIN_LIM_CLIPS]]


def inverted_mels(clips) -> dict:
    """Means over the clips of both kinds of inverted mel; read from GRIFFIN_LIM where it was made of the same clips.

    The inversion takes a minute a clip and knows nothing of the model.
    """
    key = [[name, hashlib.sha256(x.tobytes()).hexdigest()] for name, x in clips]
    if GRIFFIN_LIM.exists() and (known := json.loads(GRIFFIN_LIM.read_text(encoding="utf-8")))["clips"] == key:
        return known["means"]
    rows = {}
    for _, x in clips:
        for name, y in griffin_lim.round_trips(x).items():
            rows.setdefault(f"Griffin-Lim, {name} mel", []).append(metrics.all_metrics(y, x))
    means = {name: mean_row(found) for name, found in rows.items()}
    GRIFFIN_LIM.parent.mkdir(parents=True, exist_ok=True)
    GRIFFIN_LIM.write_text(json.dumps({"clips": key, "means": means}, indent=1) + "\n", encoding="utf-8")
    return means


def mean_row(rows) -> dict:
    return {name: metrics.mean([row[name] for row in rows]) for name in rows[0]}


def against_griffin_lim(model, items) -> dict:
    """Means over a few clips: both kinds of inverted mel, and the codec at its bandwidths."""
    clips = griffin_lim_clips(items)
    found = inverted_mels(clips)
    encoded = [metrics.encode(model, x) for _, x in clips]
    for b in BANDWIDTHS:
        found[f"mini at {b:g} kbps"] = mean_row([
            metrics.all_metrics(metrics.decode(model, codes, b, len(x)), x) for codes, (_, x) in zip(encoded, clips)])
    return found


def validate(model, data: pathlib.Path, audio: pathlib.Path) -> dict:
    held, unseen = held_out(data), unseen_speech(audio) if audio.exists() else []
    result, codes = {"excerpt_seconds": EXCERPT_SECONDS, "held_out": {}}, []
    for kind, items in held.items():
        result["held_out"][kind], of_kind = measured(model, items)
        codes.append(of_kind)
        print(f"measured {kind}: {len(items)} excerpts", file=sys.stderr)
    result["held_out_all"] = code_use(np.concatenate(codes, axis=1))
    if unseen:
        result["unseen_speech"] = measured(model, unseen)[0]
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
