"""Deterministic test signals: speech-like, music-like, noise and silence.

Everything is rounded to multiples of 2^-15 (16-bit audio): the inputs are then exact in any format, and a last-bit
difference between two machines' sine functions does not reach them.
"""

import numpy as np


def sixteen_bit(x) -> np.ndarray:
    return (np.round(np.clip(x, -1, 1 - 2.0**-15) * 2**15) / 2**15).astype(np.float32)


def lcg_noise(count: int, start: int = 42) -> np.ndarray:
    """Uniform noise in (-1, 1) from Knuth's 64-bit linear congruential generator."""
    state, out = start, np.empty(count)
    for i in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        out[i] = (state >> 11) / 2**53
    return 2 * out - 1


def speech(rate: int, count: int, offset: int = 0) -> np.ndarray:
    """Twenty harmonics of 120 Hz under a 3.1 Hz envelope, gated off for 0.3 s in every 1.5 s."""
    n = np.arange(offset, offset + count)
    t = n / rate
    harmonics = sum(np.sin(2 * np.pi * h * 120 * t + 0.3 * h) / h for h in range(1, 21) if 120 * h < rate / 2)
    envelope = (1 - np.cos(2 * np.pi * 3.1 * t)) / 2
    gate = (n % int(1.5 * rate)) < int(1.2 * rate)
    return 0.35 * envelope * gate * harmonics


def music(rate: int, count: int, note_seconds: float = 0.11) -> np.ndarray:
    """Decaying notes with five harmonics, a new one every `note_seconds`, each ringing over the next."""
    t = np.arange(count) / rate
    out = np.zeros(count)
    for index, frequency in enumerate(220 * 2 ** (np.array([0, 7, 4, 12, 9, 16, 5, 19, 2, 11]) / 12)):
        since = t - index * note_seconds
        ring = np.where(since >= 0, np.exp(-np.maximum(since, 0) / 0.18), 0)
        for h in range(1, 6):
            if h * frequency < rate / 2:
                out += ring * np.sin(2 * np.pi * h * frequency * since) / h**1.5
    return 0.25 * out


def noise(count: int, start: int = 42) -> np.ndarray:
    return 0.4 * lcg_noise(count, start)


def mixed(rate: int, count: int, silent: tuple[float, float]) -> np.ndarray:
    """Speech, then music, then noise, each a third, with all of them in the seams; silent between two seconds."""
    third = np.linspace(0, 3, count, endpoint=False)
    weight = [np.clip(1.25 - np.abs(third - centre) * 1.5, 0, 1) for centre in (0.5, 1.5, 2.5)]
    x = weight[0] * speech(rate, count, rate // 20) + weight[1] * music(rate, count) + weight[2] * noise(count)
    x[int(silent[0] * rate) : int(silent[1] * rate)] = 0
    return x


def stereo(left, right) -> np.ndarray:
    return np.stack([left, right])
