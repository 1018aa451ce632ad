"""How near a reconstruction is to its original. Signals are (samples,) at 24 kHz, of equal length."""

import warnings

import librosa
import numpy as np
import torch
from pystoi import stoi

from network import CODEBOOKS_AT, HOP, SAMPLE_RATE

RESOLUTIONS = (512, 1024, 2048)


def si_sdr(y, x) -> float:
    """Scale-invariant signal-to-distortion ratio in dB, means removed (Le Roux et al. 2019)."""
    x, y = np.asarray(x, np.float64) - np.mean(x), np.asarray(y, np.float64) - np.mean(y)
    target = x * (y @ x) / (x @ x + 1e-12)
    return float(10 * np.log10((target @ target + 1e-12) / (np.sum((y - target) ** 2) + 1e-12)))


def intelligibility(y, x, extended: bool = False) -> float | None:
    """STOI, or ESTOI, of pystoi; None where too little of x is active for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            return float(stoi(x, y, SAMPLE_RATE, extended=extended))
        except RuntimeWarning:
            return None


def mel_decibels(x, peak=None):
    """64 mel bands, windows of 1024 every 256 samples, in dB; floor 80 dB below `peak` (the original's)."""
    power = librosa.feature.melspectrogram(y=np.asarray(x, np.float32), sr=SAMPLE_RATE, n_fft=1024, hop_length=256,
                                           n_mels=64)
    peak = power.max() if peak is None else peak
    return 10 * np.log10(np.maximum(power, peak * 1e-8 + 1e-12)), peak


def mel_distance(y, x) -> float:
    """Mean absolute difference in dB."""
    true, peak = mel_decibels(x)
    return float(np.mean(np.abs(mel_decibels(y, peak)[0] - true)))


def stft_distance(y, x) -> float:
    """Spectral convergence plus mean difference of log magnitudes, mean of three resolutions (Yamamoto et al. 2020)."""
    total = 0.0
    for length in RESOLUTIONS:
        ours, true = (np.abs(librosa.stft(np.asarray(v, np.float32), n_fft=length, hop_length=length // 4))
                      for v in (y, x))
        floor = 1e-4 * true.max() + 1e-9
        total += np.linalg.norm(ours - true) / (np.linalg.norm(true) + 1e-9)
        total += np.mean(np.abs(np.log(np.maximum(ours, floor)) - np.log(np.maximum(true, floor))))
    return float(total / len(RESOLUTIONS))


def all_metrics(y, x) -> dict:
    return {"si_sdr": si_sdr(y, x), "stoi": intelligibility(y, x), "estoi": intelligibility(y, x, extended=True),
            "mel": mel_distance(y, x), "stft": stft_distance(y, x)}


def usage(codes) -> tuple[list, list]:
    """(share of the 1024 codes that occur, entropy in bits) of each codebook; codes (codebooks, frames)."""
    shares, bits = [], []
    for row in codes:
        counts = np.bincount(row, minlength=1024)
        p = counts[counts > 0] / counts.sum()
        shares.append(float((counts > 0).mean()))
        bits.append(float(-(p * np.log2(p)).sum()))
    return shares, bits


def encode(model, x: np.ndarray) -> torch.Tensor:
    """Codes (1, 1, 8, frames) at 6 kbps; the first rows serve the lower bandwidths."""
    with torch.no_grad():
        audio = torch.from_numpy(np.ascontiguousarray(x, dtype=np.float32))[None, None]
        return model.encode(audio, None, max(CODEBOOKS_AT), return_dict=False)[0]


def decode(model, codes, bandwidth: float, count: int) -> np.ndarray:
    with torch.no_grad():
        audio = model.decode(codes[:, :, : CODEBOOKS_AT[bandwidth]], [None], return_dict=False)[0]
    return audio[0, 0, :count].numpy()


def excerpt(data, seconds: float) -> np.ndarray:
    """The loudest stretch of that length among those starting at half seconds; int16 to float."""
    count, x = int(seconds * SAMPLE_RATE) // HOP * HOP, np.asarray(data, np.float32) / 32768
    starts = range(0, max(1, len(x) - count + 1), SAMPLE_RATE // 2)
    best = max(starts, key=lambda at: float(np.sum(x[at : at + count] ** 2)))
    return x[best : best + count]


def mean(values) -> float | None:
    """Of the values that could be measured."""
    known = [v for v in values if v is not None]
    return float(np.mean(known)) if known else None


def quick_scores(model, validation: dict, files: int = 12, seconds: float = 2.5) -> dict:
    """SI-SDR and STOI at 6 kbps of a few held-out speech files, to follow a run by."""
    names = [name for name in sorted(validation) if name.startswith("speech/")]
    names = names[:: max(1, len(names) // files)][:files]
    originals = [excerpt(validation[name], seconds) for name in names]
    pairs = [(decode(model, encode(model, x), 6.0, len(x)), x) for x in originals]
    return {"valid_si_sdr": mean([si_sdr(y, x) for y, x in pairs]),
            "valid_stoi": mean([intelligibility(y, x) for y, x in pairs])}
