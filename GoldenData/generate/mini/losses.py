"""What a reconstruction is compared by: samples, mel spectra at several scales, spectra at several resolutions."""

import functools

import librosa
import torch

from network import SAMPLE_RATE

# Window length and mel bands of each scale.
SCALES = ((512, 48), (1024, 64), (2048, 80))
ENVELOPE_WINDOW = 1024
WEIGHTS = {"relative_l1": 0.25, "snr": 0.1, "mel": 0.7, "convergence": 0.5, "log_magnitude": 0.3, "envelope": 5.0,
           "commitment": 0.5}


@functools.cache
def window(length: int):
    return torch.hann_window(length)


@functools.cache
def mel_filters(length: int, bands: int):
    return torch.from_numpy(librosa.filters.mel(sr=SAMPLE_RATE, n_fft=length, n_mels=bands, norm=None))


def magnitudes(x, length: int):
    """(B, T) to (B, length/2+1, frames)."""
    spectrum = torch.stft(x, length, length // 4, window=window(length).to(x.device), return_complex=True)
    return torch.view_as_real(spectrum).pow(2).sum(-1).add(1e-10).sqrt() / length**0.5


def spectral(y, x, floor: float = 1e-3) -> dict:
    """Means over the scales; logarithms are natural, of magnitudes above a floor of about -60 dB of full scale."""
    mel, convergence, log_magnitude, band_terms = 0.0, 0.0, 0.0, 0.0
    for length, bands in SCALES:
        ours, true = magnitudes(y, length), magnitudes(x, length)
        filters = mel_filters(length, bands).to(x.device)
        mel = mel + ((filters @ ours + floor).log() - (filters @ true + floor).log()).abs().mean()
        log_magnitude = log_magnitude + ((ours + floor).log() - (true + floor).log()).abs().mean()
        if length == ENVELOPE_WINDOW:
            band_terms = envelope(ours, true, length)
        error = (ours - true).pow(2).sum((1, 2)) + 1e-6
        convergence = convergence + (error / (true.pow(2).sum((1, 2)) + 1e-3)).sqrt().mean()
    count = len(SCALES)
    return {"mel": mel / count, "convergence": convergence / count, "log_magnitude": log_magnitude / count,
            "envelope": band_terms}


@functools.cache
def third_octaves(length: int, lowest: float = 150.0, count: int = 15):
    """Rows that sum the powers of a third of an octave each, from 134 Hz to 4.3 kHz."""
    bins = torch.arange(length // 2 + 1) * SAMPLE_RATE / length
    centres = lowest * 2 ** (torch.arange(count) / 3)
    inside = (bins >= centres[:, None] * 2 ** (-1 / 6)) & (bins < centres[:, None] * 2 ** (1 / 6))
    return inside.float()


def envelope(ours, true, length: int):
    """One minus the mean correlation over time of the bands' envelopes, which is what STOI is made of."""
    bands = third_octaves(length).to(true.device)
    ours, true = ((bands @ m.pow(2) + 1e-8).sqrt() for m in (ours, true))
    ours, true = (e - e.mean(2, keepdim=True) for e in (ours, true))
    size = (ours.pow(2).sum(2) * true.pow(2).sum(2) + 1e-8).sqrt()
    return 1 - ((ours * true).sum(2) / size).mean()


def temporal(y, x) -> dict:
    """Differences of samples relative to each item's own level, so that quiet items count as loud ones do."""
    relative = (y - x).abs().mean(1) / (x.abs().mean(1) + 1e-3)
    ratio = ((y - x).pow(2).mean(1) + 1e-7) / (x.pow(2).mean(1) + 1e-7)
    return {"relative_l1": relative.clamp(max=5).mean(), "snr": 10 * ratio.log10().mean()}


def reconstruction(y, x) -> dict:
    """All terms of reconstructions y of x, both (B, T); `snr` is the error in dB below the signal, lower is better."""
    return {**temporal(y, x), **spectral(y, x)}


def weighted(terms: dict):
    return sum(WEIGHTS[name] * value for name, value in terms.items())
