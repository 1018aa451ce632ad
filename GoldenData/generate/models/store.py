"""Writes a case: arrays, files and a manifest with versions, bounds and hashes."""

import hashlib
import json
import pathlib
import platform

import numpy as np
import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "models"
COMMAND = "python3 GoldenData/generate/models/make_model_goldens.py"

BOUNDS = {
    "forward": 1e-5,
    "forwardDerivation": "Relative to the largest value of an array. The oracle is PyTorch in float64, rounded once; "
                         "float32 arithmetic over sums of at most a few hundred terms stays within 1e-6 of it "
                         "(oracleFloat32 has PyTorch's own distance), normalisation over few rows amplifies that.",
    "gradient": 1e-4,
    "gradientDerivation": "Relative to the largest value of an array: two passes of the above, and batch "
                          "normalisation subtracts nearly equal numbers.",
    "step": 1e-5,
    "stepDerivation": "Relative to the largest value of a parameter: one step moves it by at most the learning rate.",
}


def as_stored(value):
    value = value.detach().cpu()
    return value.to(torch.float32).numpy() if value.is_floating_point() else value.to(torch.int32).numpy()


def save(case, arrays, manifest):
    folder = OUT / case
    folder.mkdir(parents=True, exist_ok=True)
    stored = {name: as_stored(value) for name, value in arrays.items()}
    path = folder / "arrays.npz"
    np.savez_compressed(path, **stored)
    listed = {p.name: {"bytes": p.stat().st_size, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()}
              for p in sorted(folder.iterdir()) if p.name != "manifest.json"}
    head = {
        "producer": f"PyTorch {torch.__version__}, CPU, float64 rounded to float32, {platform.machine()}",
        "command": f"{COMMAND} {case}",
        "files": listed,
        "bounds": BOUNDS,
    }
    (folder / "manifest.json").write_text(json.dumps({**head, **manifest}, indent=1) + "\n")


def distance(double, single):
    """Largest difference between PyTorch in float64 and float32, over the peak."""
    peak = double.abs().max().item()
    return (double - single.double()).abs().max().item() / peak if peak > 0 else 0.0
