"""Weights from a formula, so that a full-size model needs no stored file.

Every value depends only on the parameter's Hugging Face name, its position and a seed, through integer
arithmetic that any language repeats bit for bit. The Swift package computes the same numbers; what it is
compared with (codes, audio, stages) is computed by Hugging Face from them.
"""

import math
from dataclasses import asdict, dataclass

import numpy as np

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Formula:
    """The tuned constants; field names are the manifest's."""

    modelSeed: int
    gainConv: float
    gainTransposed: float
    lstmScale: float
    embedScale: float
    embedDecay: float

    def facts(self) -> dict:
        return asdict(self)

    def units(self, key: str, count: int) -> np.ndarray:
        """`count` float32 values in (-1, 1) for one parameter."""
        return unit_values(key, count, self.modelSeed)

    def magnitudes(self, key: str, shape, gain: float) -> np.ndarray:
        """The magnitudes of a weight-normed layer: all alike."""
        return constant(shape, gain)


def mix(z):
    """The finaliser of splitmix64, on an array of uint64 (wraps around, as unsigned arithmetic does)."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def fnv1a64(key: str) -> int:
    """FNV-1a over the key's UTF-8 bytes."""
    h = 0xCBF29CE484222325
    for byte in key.encode("utf-8"):
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return h


def unit_values(key: str, count: int, model_seed: int) -> np.ndarray:
    """`count` float32 values in (-1, 1), each an odd multiple of 2^-24 and therefore exact."""
    seed = np.uint64(fnv1a64(key)) ^ mix(np.array([model_seed], dtype=np.uint64))[0]
    steps = np.arange(1, count + 1, dtype=np.uint64) * GOLDEN_GAMMA
    u = (mix(steps + seed) >> np.uint64(40)).astype(np.int64)
    return ((2 * u + 1 - 2**24) / 2.0**24).astype(np.float32)


def scaled(key: str, shape, scale: float, formula: Formula) -> np.ndarray:
    """float32(scale) times the unit values: one float32 rounding an element."""
    count = math.prod(shape)
    return (np.float32(scale) * formula.units(key, count)).reshape(shape)


def constant(shape, value: float) -> np.ndarray:
    return np.full(shape, np.float32(value), dtype=np.float32)



def conv_parameter(key: str, shape, formula: Formula, stride: int | None) -> np.ndarray:
    """A convolution's tensor; `stride` is set when it belongs to a transposed convolution.

    The magnitude of weight-normed kernels is constant, and plain kernels are scaled by their fan-in, so that
    a layer multiplies the spread of its input by about the gain whatever its size is.
    """
    if key.endswith("original1"):
        return scaled(key, shape, 1.0, formula)
    if key.endswith("original0"):
        gain = formula.gainConv if stride is None else formula.gainTransposed * math.sqrt(stride / 2)
        return formula.magnitudes(key, shape, gain)
    if key.endswith(".bias"):
        return scaled(key, shape, 0.1, formula)
    if stride is None:
        return scaled(key, shape, formula.gainConv * math.sqrt(3 / (shape[1] * shape[2])), formula)
    return scaled(key, shape, formula.gainTransposed * math.sqrt(3 / (2 * shape[0])), formula)


def codebook_parameter(key: str, shape, formula: Formula) -> np.ndarray:
    """`embed` by the formula; the three training-only buffers get what a checkpoint would carry."""
    layer = int(key.split(".")[2])
    name = key.rsplit(".", 1)[1]
    if name in ("embed", "embed_avg"):
        source = key.rsplit(".", 1)[0] + ".embed"
        return scaled(source, shape, formula.embedScale * formula.embedDecay**layer, formula)
    return constant(shape, 1.0)


def norm_parameter(key: str, shape, formula: Formula) -> np.ndarray:
    """GroupNorm: 1 + 0.1 v (product and sum each rounded to float32) and a bias of 0.1 v."""
    product = scaled(key, shape, 0.1, formula)
    return np.float32(1) + product if key.endswith("weight") else product


def parameter(key: str, shape, formula: Formula, stride: int | None) -> np.ndarray:
    """The tensor of one state_dict key."""
    if key.startswith("quantizer."):
        return codebook_parameter(key, shape, formula)
    if ".lstm." in key:
        hidden = shape[0] // 4
        return scaled(key, shape, formula.lstmScale / math.sqrt(hidden), formula)
    if ".norm." in key:
        return norm_parameter(key, shape, formula)
    return conv_parameter(key, shape, formula, stride)
