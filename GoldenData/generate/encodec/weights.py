"""Storing a small model in the spellings that checkpoints come in."""

import json

import torch
from safetensors.torch import save_file

from store import config_json


def legacy_name(key: str) -> str:
    """The spelling of weight norm before PyTorch's parametrizations."""
    key = key.replace("parametrizations.weight.original0", "weight_g")
    return key.replace("parametrizations.weight.original1", "weight_v")


def save_readable(state, path):
    """safetensors creates its files for the owner only; goldens are for everyone."""
    save_file(state, path, metadata={"format": "pt"})
    path.chmod(0o644)


def save_weights(model, folder, every_spelling: bool) -> list[str]:
    """config.json and model.safetensors; with `every_spelling` also the legacy names and a pickled state_dict."""
    state = {key: value.contiguous().clone() for key, value in model.state_dict().items()}
    text = json.dumps(config_json(model), indent=2, sort_keys=True) + "\n"
    (folder / "config.json").write_text(text, encoding="utf-8")
    save_readable(state, folder / "model.safetensors")
    if not every_spelling:
        return ["model.safetensors"]
    legacy = {legacy_name(key): value for key, value in state.items()}
    save_readable(legacy, folder / "model_weight_norm_legacy.safetensors")
    torch.save(state, folder / "pytorch_model.bin")
    return ["model.safetensors", "model_weight_norm_legacy.safetensors", "pytorch_model.bin"]
