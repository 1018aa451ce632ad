"""The transform that `mini` begins as: waveform below some 850 Hz, levels of bands above, both causal blocks of 320.

A 6 kbps budget of 80 bits a block does not carry the waveform of 4 kHz of speech. Here the lowest bands' samples are
kept (principal components of whitened blocks), and of every band above only its level in each block: its square root,
so that quiet blocks count. Each level drives a fixed sum of harmonics of 75 Hz, faded over from block to block.
Noise shaped as speech is: a filter learnt from the audio whitens it first, and the synthesis undoes that, over the
block and the next one.
"""

import dataclasses

import numpy as np
from scipy import linalg, signal

from network import HOP, SAMPLE_RATE

WAVE_BANDS, WAVES = 8, 24
LOWEST, OCTAVE_PARTS, THIRDS = 150.0, 3, 15
UPPER_EDGES = (4276.0, 6000.0, 8500.0, 11900.0)
ORDER, FLATTENING = 16, 0.2
LEVEL_POWER, LEVEL_SHARE, LEVEL_GAIN = 0.5, 0.5, 0.8
FADE = 120
BINS = 2049


@dataclasses.dataclass
class Transform:
    """Columns of latents: `WAVES` coefficients of the waveform, then one level for each band."""

    analysis: np.ndarray   # (waves, 640): functionals of the previous block and this one
    synthesis: np.ndarray  # (waves + bands, 640): what a coefficient or an amplitude adds to this block and the next
    scales: np.ndarray     # (waves,) latent over coefficient
    level_scales: np.ndarray
    bands: list            # (low, high) in Hz
    spectrum: np.ndarray   # mean power of the audio, each stretch at the same level

    def levels(self, x: np.ndarray) -> np.ndarray:
        """Amplitude of each band in each block of audio x (B, T): (B, T/320, bands)."""
        return np.stack([block_levels(x, low, high) for low, high in self.bands], axis=2)

    def waves(self, x: np.ndarray) -> np.ndarray:
        """Coefficients (B, T/320, waves)."""
        padded = np.pad(x, ((0, 0), (HOP, 0)))
        pairs = np.concatenate([padded[:, :-HOP].reshape(len(x), -1, HOP), x.reshape(len(x), -1, HOP)], axis=2)
        return pairs @ self.analysis.T

    def latents(self, x: np.ndarray) -> np.ndarray:
        """(B, T/320, waves + bands)."""
        return np.concatenate([self.waves(x) * self.scales, self.levels(x) ** LEVEL_POWER * self.level_scales], axis=2)

    def audio(self, z: np.ndarray) -> np.ndarray:
        """The samples of latents z (T/320, waves + bands)."""
        waves = len(self.scales)
        amplitudes = np.maximum(z[:, waves:] / self.level_scales, 0) ** (1 / LEVEL_POWER)
        halves = np.concatenate([z[:, :waves] / self.scales, amplitudes], axis=1) @ self.synthesis
        return (halves[:, :HOP] + np.pad(halves[:-1, HOP:], ((1, 0), (0, 0)))).reshape(-1)


def third_octaves() -> list:
    centres = LOWEST * 2 ** (np.arange(THIRDS) / OCTAVE_PARTS)
    half = 2 ** (0.5 / OCTAVE_PARTS)
    return [(centre / half, centre * half) for centre in centres]


def block_levels(x, low: float, high: float):
    band = signal.firwin(255, [low, high], fs=SAMPLE_RATE, pass_zero=False)
    power = signal.fftconvolve(x, band[None], mode="same", axes=1) ** 2
    return np.sqrt(power.reshape(len(x), -1, HOP).mean(2) + 1e-10)


def mean_spectrum(x) -> np.ndarray:
    """Mean power of stretches x (B, T) at BINS frequencies, each stretch scaled to the same power."""
    _, power = signal.welch(x, fs=SAMPLE_RATE, nperseg=2 * (BINS - 1), detrend=False, axis=1)
    power = power / (power.sum(1, keepdims=True) + 1e-12)
    return power.mean(0) + power.mean(0).max() * 1e-6


def whitening(spectrum) -> np.ndarray:
    """Linear prediction of ORDER: 1, -a1, -a2, ..."""
    correlation = np.fft.irfft(spectrum)[: ORDER + 1]
    correlation[0] *= 1.00001
    return np.concatenate([[1.0], -linalg.solve_toeplitz(correlation[:-1], correlation[1:])])


def harmonics(low: float, high: float, rng) -> np.ndarray:
    """A block of harmonics of 75 Hz within the band, power one; of 200 draws of phases the one with the lowest peak."""
    numbers = np.array([k for k in range(1, HOP // 2) if low <= k * SAMPLE_RATE / HOP < high])
    phases = rng.uniform(0, 2 * np.pi, (200, len(numbers), 1))
    draws = np.cos(2 * np.pi * numbers[:, None] * np.arange(HOP) / HOP + phases).sum(1)
    draws /= np.sqrt((draws**2).mean(1, keepdims=True))
    return draws[np.abs(draws).max(1).argmin()]


def components(x, whitener, edge: float):
    """(directions (WAVES, 320), deviations) of whitened audio below `edge`, strongest first."""
    low = signal.firwin(2 * HOP + 1, edge, fs=SAMPLE_RATE)
    u = signal.fftconvolve(signal.lfilter(whitener, [1.0], x, axis=1), low[None], mode="same", axes=1)
    blocks = u[:, 2 * HOP : -2 * HOP].reshape(-1, HOP)
    values, vectors = np.linalg.eigh(blocks.T @ blocks / len(blocks))
    return vectors[:, ::-1][:, :WAVES].T, np.sqrt(np.maximum(values[::-1][:WAVES], 1e-12))


def synthesised(directions, whitener, bands) -> np.ndarray:
    impulse = signal.lfilter([1.0], whitener, np.pad(directions, ((0, 0), (0, HOP))), axis=1)
    rise = np.ones(HOP)
    rise[:FADE] = 0.5 - 0.5 * np.cos(np.pi * (np.arange(FADE) + 0.5) / FADE)
    rng = np.random.default_rng(0)
    tones = [LEVEL_GAIN * harmonics(low, high, rng) for low, high in bands]
    return np.concatenate([impulse, [np.concatenate([rise * tone, (1 - rise) * tone]) for tone in tones]])


def fitted(x: np.ndarray) -> Transform:
    """The transform for audio like x (B, T), T a multiple of 320."""
    thirds, spectrum = third_octaves(), mean_spectrum(x)
    bands = thirds[WAVE_BANDS:] + list(zip(UPPER_EDGES, UPPER_EDGES[1:]))
    whitener = whitening(spectrum)
    directions, deviations = components(x, whitener, thirds[WAVE_BANDS - 1][1])
    analysis = np.stack([np.convolve(d[::-1], whitener) for d in directions])[:, ::-1]
    analysis = np.pad(analysis, ((0, 0), (2 * HOP - analysis.shape[1], 0)))
    made = Transform(analysis, synthesised(directions, whitener, bands), np.ones(WAVES), np.ones(len(bands)), bands,
                     spectrum)
    scales = (deviations / np.median(deviations)) ** -FLATTENING
    strongest = (made.waves(x) * scales).std((0, 1)).max()
    made.scales = scales / strongest
    made.level_scales = LEVEL_SHARE / (made.levels(x) ** LEVEL_POWER).std((0, 1))
    return made
