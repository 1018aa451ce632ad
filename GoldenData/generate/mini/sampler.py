"""Batches for training: which recording, which stretch, and how it is varied."""

import numpy as np
import torch
from scipy import signal

from network import SAMPLE_RATE

# Shares of the drawn stretches. Narrow-band speech is two thirds of the recordings; wide-band files count threefold.
KIND_SHARES = {"speech": 0.58, "music": 0.16, "env": 0.10, "synthetic/speech": 0.06, "synthetic/music": 0.06,
               "synthetic/noise": 0.04}
WIDE_FACTOR = 3.0
SILENCE = 1e-3


def kind_of(name: str) -> str:
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] == "synthetic" else parts[0]


class Sampler:
    """Draws stretches of cached recordings; everything follows from the seed."""

    def __init__(self, audio: dict, wide_names: set, length: int, seed: int):
        self.length, self.rng = length, np.random.default_rng(seed)
        self.names, self.audio = [n for n in audio if len(audio[n]) > SAMPLE_RATE // 5], audio
        weights = [len(audio[n]) ** 0.8 * (WIDE_FACTOR if n in wide_names else 1.0) for n in self.names]
        self.chance = self.balanced(np.array(weights))
        self.background = [n for n in self.names if kind_of(n) in ("music", "env", "synthetic/noise")]

    def balanced(self, weights):
        kinds = np.array([kind_of(n) for n in self.names])
        for kind, share in KIND_SHARES.items():
            of_kind = kinds == kind
            if of_kind.any():
                weights[of_kind] *= share / weights[of_kind].sum()
        return weights / weights.sum()

    def stretch(self, name: str) -> np.ndarray:
        data = self.audio[name]
        start = int(self.rng.integers(0, max(1, len(data) - self.length + 1)))
        x = data[start : start + self.length].astype(np.float32) / 32768
        return np.pad(x, (0, self.length - len(x)))

    def clean(self) -> tuple[str, np.ndarray]:
        """A stretch that is not silent, if five draws find one."""
        for _ in range(5):
            name = self.names[self.rng.choice(len(self.names), p=self.chance)]
            x = self.stretch(name)
            if np.sqrt(np.mean(x**2)) > SILENCE:
                break
        return name, x

    def item(self) -> np.ndarray:
        name, x = self.clean()
        if self.rng.random() < 0.10 and self.background:
            other = self.stretch(self.background[self.rng.integers(len(self.background))])
            x = x + other * level(x) / (level(other) + 1e-4) * 10 ** (-self.rng.uniform(0, 20) / 20)
        if self.rng.random() < 0.06:
            x = self.reverberate(x)
        if self.rng.random() < 0.03:
            x = x + self.rng.standard_normal(len(x)) * level(x) * 10 ** (-self.rng.uniform(15, 40) / 20)
        return self.at_level(x)

    def reverberate(self, x):
        """Exponentially decaying noise as the room's response, 0.15 to 0.6 s, mixed with the direct sound."""
        seconds = self.rng.uniform(0.15, 0.6)
        t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
        room = self.rng.standard_normal(len(t)) * np.exp(-6.9 * t / seconds)
        wet = signal.fftconvolve(x, room)[: len(x)]
        return x + wet * level(x) / (level(wet) + 1e-9) * self.rng.uniform(0.1, 0.6)

    def at_level(self, x):
        """Three times in four near its own level, otherwise between -36 and -12 dB; never above full scale."""
        if self.rng.random() < 0.75:
            x = x * 10 ** (self.rng.uniform(-6, 6) / 20)
        else:
            x = x * 10 ** (self.rng.uniform(-36, -12) / 20) / (level(x) + 1e-4)
        x = x * min(1.0, 0.98 / (np.max(np.abs(x)) + 1e-9))
        return x if self.rng.random() < 0.5 else -x

    def batch(self, size: int) -> torch.Tensor:
        """(size, length), float32."""
        return torch.from_numpy(np.stack([self.item() for _ in range(size)]).astype(np.float32))


def level(x) -> float:
    return float(np.sqrt(np.mean(np.square(x))))
