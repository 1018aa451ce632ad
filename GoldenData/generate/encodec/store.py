"""Writing one golden case: arrays, files, and the manifest that explains them.

Bytes depend on nothing but the numbers: no clock, no machine name, sorted keys, fixed zip dates.
"""

import hashlib
import json
import pathlib

import numpy as np
import safetensors
import torch
import transformers

COMMAND = "python3 GoldenData/generate/encodec/make_encodec_goldens.py"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def little_endian(array) -> np.ndarray:
    """Row-major and in one of the two dtypes a golden may have."""
    array = np.ascontiguousarray(array)
    if array.dtype.kind == "f":
        return array.astype("<f4")
    assert array.min(initial=0) >= 0 and array.max(initial=0) < 2**16
    return array.astype("<u2")


def versions() -> dict:
    return {"transformers": transformers.__version__, "torch": torch.__version__.split("+")[0],
            "numpy": np.__version__, "safetensors": safetensors.__version__}


class Case:
    """Collects one case's arrays and facts, then writes them to its folder, which it creates or empties."""

    def __init__(self, root: pathlib.Path, name: str, purpose: str):
        self.folder, self.name, self.purpose = root / name, name, purpose
        self.folder.mkdir(parents=True, exist_ok=True)
        self.empty()
        self.groups, self.arrays, self.bounds, self.facts = {}, {}, {}, {}

    def empty(self):
        """Removes an earlier run's files, and refuses a folder that no earlier run made."""
        old = list(self.folder.iterdir())
        if old and not (self.folder / "manifest.json").exists():
            raise SystemExit(f"{self.folder} has files but no manifest.json; empty it or choose another --out")
        for path in old:
            path.unlink()

    def add(self, name: str, array, meaning: str, group: str | None = None) -> np.ndarray:
        """An array of its own (`name.npy`), or an entry of `group.npz`. Returns it as stored."""
        array = little_endian(array)
        entry = {"dtype": array.dtype.name, "shape": list(array.shape), "sha256": sha256(array.tobytes()),
                 "meaning": meaning}
        if group is None:
            np.save(self.folder / f"{name}.npy", array)
            self.arrays[name] = {"file": f"{name}.npy", **entry}
        else:
            self.groups.setdefault(group, {})[name] = array
            self.arrays[f"{group}/{name}"] = {"file": f"{group}.npz", "entry": name, **entry}
        return array

    def bound(self, name: str, metric: str, bound: float, derivation: str, **evidence):
        self.bounds[name] = {"metric": metric, "bound": bound, "derivation": derivation, **evidence}

    def fact(self, name: str, value):
        self.facts[name] = value

    def finish(self, **identity):
        """Writes the groups and the manifest; `identity` names the models (config, formula, ...)."""
        for group, arrays in self.groups.items():
            np.savez_compressed(self.folder / f"{group}.npz", **arrays)
        files = {path.name: {"bytes": path.stat().st_size, "sha256": sha256(path.read_bytes())}
                 for path in sorted(self.folder.iterdir())}
        manifest = {
            "producer": "Hugging Face transformers EncodecModel, PyTorch CPU float32, one thread, eval mode",
            "versions": versions(), "command": f"{COMMAND} --only {self.name}", "purpose": self.purpose,
            **identity, "arrays": self.arrays, "bounds": self.bounds, "facts": self.facts, "files": files,
        }
        text = json.dumps(manifest, indent=1, allow_nan=False) + "\n"
        (self.folder / "manifest.json").write_text(text, encoding="utf-8")


def identity(model, formula) -> dict:
    """What the manifest says about a formula model."""
    return {"model_seed": formula.modelSeed, "formula": formula.facts(), "config": config_json(model)}


def config_json(model) -> dict:
    """The content of the config.json that save_pretrained writes."""
    return json.loads(model.config.to_json_string())
