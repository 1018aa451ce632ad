#!/usr/bin/env python3
"""Chooses LEVEL_GAIN of `transform.py`: how loud harmonics stand for a level, by held-out speech alone.

    python3 GoldenData/generate/mini/choose_level_gain.py --work DIR [--data DIR]

The rule was written before its first run: the transform with exact levels and eight codebooks, no network, is heard
with each gain of a fixed list on every third held-out speech file; each of the five metrics of the card ranks the
gains, and the lowest mean rank wins, the louder one where two are equal. Prints the table and writes it to
GoldenData/mini/level_gain.json. --work is the folder of `train_mini.py`, whose decoded audio is taken.
"""

import argparse
import json
import pathlib

import numpy as np
import torch

import metrics
import transform
from network import HOP
from quantiser import ResidualQuantiser, assign
from sampler import Sampler
from train_mini import ROOT, gather
from trainer import Settings

GAINS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0)
HIGH_IS_BETTER = ("si_sdr", "stoi", "estoi")
STRETCHES, ROUNDS, FILE_STEP, SECONDS = 900, 8, 3, 4.0
RESULT = ROOT / "GoldenData/mini/level_gain.json"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "train-audio")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def quantised(quantiser, z) -> np.ndarray:
    """Latents z (frames, columns) after all codebooks."""
    residual = torch.as_tensor(z, dtype=torch.float32)
    total = torch.zeros_like(residual)
    for codes in quantiser.embed:
        total += codes[assign(residual - total, codes)]
    return total.double().numpy()


def fitted(audio, wide):
    """(the transform fitted to training audio, codebooks fitted to its latents)."""
    x = Sampler(audio, wide, Settings().length, Settings.seed).batch(STRETCHES).double().numpy()
    made = transform.fitted(x)
    z = torch.as_tensor(made.latents(x), dtype=torch.float32)
    quantiser = ResidualQuantiser(z.shape[2])
    quantiser.start(z.reshape(-1, z.shape[2]), torch.Generator().manual_seed(Settings.seed), ROUNDS)
    return made, quantiser


def heard(made, z, gain: float) -> np.ndarray:
    """The sound of latents z when harmonics have that gain."""
    waves = len(made.scales)
    levels = z.copy()
    levels[:, waves:] = np.maximum(z[:, waves:], 0) * (gain / transform.LEVEL_GAIN) ** transform.LEVEL_POWER
    return made.audio(levels)


def measured(made, quantiser, validation: dict) -> list:
    """A row of mean metrics for each gain."""
    names = [name for name in sorted(validation) if name.startswith("speech/")][::FILE_STEP]
    originals = [metrics.excerpt(validation[name], SECONDS) for name in names]
    originals = [x[: len(x) // HOP * HOP] for x in originals]
    codes = [quantised(quantiser, made.latents(x[None].astype(np.float64))[0]) for x in originals]
    rows = []
    for gain in GAINS:
        found = [metrics.all_metrics(heard(made, z, gain), x) for z, x in zip(codes, originals)]
        rows.append({"gain": gain, **{key: metrics.mean([row[key] for row in found]) for key in found[0]}})
    return rows


def add_ranks(rows: list):
    """The mean over the metrics of each gain's rank, 1 the best."""
    names = [key for key in rows[0] if key != "gain"]
    for row in rows:
        better = [sum(other[n] > row[n] if n in HIGH_IS_BETTER else other[n] < row[n] for other in rows) for n in names]
        row["mean_rank"] = 1 + float(np.mean(better))


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    audio, wide, validation = gather(options.work, options.data)
    rows = measured(*fitted(audio, wide), validation)
    add_ranks(rows)
    chosen = min(rows, key=lambda row: (row["mean_rank"], -row["gain"]))["gain"]
    for row in rows:
        print("  ".join(f"{key} {value:.3f}" for key, value in row.items()))
    print(f"chosen: {chosen:g}")
    RESULT.write_text(json.dumps({"chosen": chosen, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
