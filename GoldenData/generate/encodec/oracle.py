"""Hugging Face's EncodecModel as the oracle: building it, running it, and its own rounding error.

The same model in float64 shows how far float32 arithmetic moves each number. That distance is the evidence behind
the bounds in the manifests.
"""

import copy

import numpy as np
import torch
from transformers import EncodecModel

from architectures import configuration
from formula import Formula, parameter


def transposed_strides(model) -> dict:
    """Stride of every transposed convolution, by the prefix of its keys."""
    return {name + ".": module.stride[0] for name, module in model.named_modules()
            if isinstance(module, torch.nn.ConvTranspose1d)}


def formula_state(model, formula: Formula) -> dict:
    """A full state_dict of formula weights."""
    strides = transposed_strides(model)
    state = {}
    for key, tensor in model.state_dict().items():
        stride = next((s for prefix, s in strides.items() if key.startswith(prefix)), None)
        state[key] = torch.from_numpy(np.ascontiguousarray(parameter(key, tuple(tensor.shape), formula, stride)))
    return state


def formula_model(name: str, formula: Formula) -> EncodecModel:
    """The named architecture with formula weights, ready to run."""
    model = EncodecModel(configuration(name)).eval()
    model.load_state_dict(formula_state(model, formula), strict=True)
    return model


def in_double(model) -> EncodecModel:
    return copy.deepcopy(model).double()


def batch(x, dtype=torch.float32) -> torch.Tensor:
    """(n,) or (channels, n) to (1, channels, n)."""
    x = torch.from_numpy(np.atleast_2d(np.asarray(x)).copy())
    return x.to(dtype)[None]


def encode(model, x, bandwidth: float) -> dict:
    """Codes (chunks, nq, T), scales (chunks,) or None, and last_frame_pad_length."""
    dtype = next(model.parameters()).dtype
    with torch.no_grad():
        codes, scales, pad = model.encode(batch(x, dtype), None, bandwidth, return_dict=False)
    scale = None if scales[0] is None else torch.stack(scales).reshape(-1)
    return {"codes": codes[:, 0], "scales": scale, "pad": int(pad)}


def decode(model, encoded: dict) -> np.ndarray:
    """Audio (channels, samples) as `decode` returns it, not cut to the input's length."""
    scales = encoded["scales"]
    dtype = next(model.parameters()).dtype
    scales = [None] * len(encoded["codes"]) if scales is None else scales.to(dtype)[:, None, None]
    with torch.no_grad():
        audio = model.decode(encoded["codes"][:, None], scales, last_frame_pad_length=encoded["pad"])
    return audio.audio_values[0].numpy()


def latents(model, x) -> np.ndarray:
    """The encoder's output (hidden, T) for one frame of already normalised audio."""
    dtype = next(model.parameters()).dtype
    with torch.no_grad():
        return model.encoder(batch(x, dtype))[0].numpy()


def dequantised(model, codes) -> np.ndarray:
    """The sum of the code vectors (hidden, T) of codes (nq, T)."""
    with torch.no_grad():
        return model.quantizer.decode(codes[:, None])[0].numpy()


def normalised(model, x) -> np.ndarray:
    """A chunk divided by its scale, as the model does it before the encoder."""
    if not model.config.normalize:
        return np.atleast_2d(x)
    frame = batch(x)
    scale = (frame.sum(1, keepdim=True) / frame.shape[1]).pow(2).mean(dim=-1, keepdim=True).sqrt() + 1e-8
    return (frame / scale)[0].numpy()


def recorded(model):
    """Hooks that note the output of every stage that computes something; returns (notes, remove)."""
    notes, handles = {}, []
    for side in ("encoder", "decoder"):
        for index, layer in enumerate(getattr(model, side).layers):
            if isinstance(layer, torch.nn.ELU):
                continue
            name = f"{side}.layers.{index}"
            handles.append(layer.register_forward_hook(
                lambda _m, _i, out, name=name: notes.__setitem__(name, out[0].numpy().copy())))
    return notes, lambda: [handle.remove() for handle in handles]


def stages(model, frame, codes) -> dict:
    """Every stage's output for one frame of (normalised) audio, the decoder fed with the given codes (nq, T)."""
    notes, remove = recorded(model)
    dtype = next(model.parameters()).dtype
    with torch.no_grad():
        model.encoder(batch(frame, dtype))
        model.decoder(model.quantizer.decode(codes[:, None]))
    remove()
    notes["dequantised"] = dequantised(model, codes)
    return notes


def two_best(model64, latent, codes) -> np.ndarray:
    """Signed relative gap (nq, T) between the chosen code and the best other one, in float64.

    The residual follows the given codes. gap = (distance of the best other - distance of the chosen) / distance of
    the best other, squared Euclidean distances; negative where float64 would have chosen the other.
    """
    residual = torch.from_numpy(np.asarray(latent, dtype=np.float64)).T
    gaps = []
    for layer, chosen in zip(model64.quantizer.layers, codes):
        embed = layer.codebook.embed
        distance = torch.cdist(residual, embed, compute_mode="donot_use_mm_for_euclid_dist") ** 2
        own = distance.gather(1, chosen[:, None])[:, 0]
        other = distance.scatter(1, chosen[:, None], float("inf")).min(dim=1).values
        gaps.append(((other - own) / other).numpy())
        residual = residual - embed[chosen]
    return np.stack(gaps).astype(np.float32)

