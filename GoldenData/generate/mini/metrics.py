"""How near a reconstruction is to its original. Signals are (samples,) at 24 kHz, of equal length."""

import numpy as np
import torch
from pystoi import stoi

from network import CODEBOOKS_AT, HOP, SAMPLE_RATE


def si_sdr(y, x) -> float:
    """Scale-invariant signal-to-distortion ratio in dB, means removed (Le Roux et al. 2019)."""
    x, y = np.asarray(x, np.float64) - np.mean(x), np.asarray(y, np.float64) - np.mean(y)
    target = x * (y @ x) / (x @ x + 1e-12)
    return float(10 * np.log10((target @ target + 1e-12) / (np.sum((y - target) ** 2) + 1e-12)))


def intelligibility(y, x, extended: bool = False) -> float:
    """STOI, or ESTOI, of pystoi."""
    return float(stoi(x, y, SAMPLE_RATE, extended=extended))


def reconstruct(model, x: np.ndarray, bandwidth: float, codes=None) -> tuple[np.ndarray, np.ndarray]:
    """(reconstruction as long as x, codes (codebooks, frames)) of a Hugging Face model."""
    with torch.no_grad():
        audio = torch.from_numpy(np.ascontiguousarray(x, dtype=np.float32))[None, None]
        if codes is None:
            codes = model.encode(audio, None, max(CODEBOOKS_AT), return_dict=False)[0]
        codes = codes[:, :, : CODEBOOKS_AT[bandwidth]]
        y = model.decode(codes, [None], return_dict=False)[0][0, 0, : len(x)].numpy()
    return y, codes[0, 0].numpy()


def excerpt(data, seconds: float) -> np.ndarray:
    """The loudest stretch of that length among those starting at half seconds; int16 to float."""
    count, x = int(seconds * SAMPLE_RATE) // HOP * HOP, np.asarray(data, np.float32) / 32768
    starts = range(0, max(1, len(x) - count + 1), SAMPLE_RATE // 2)
    best = max(starts, key=lambda at: float(np.sum(x[at : at + count] ** 2)))
    return x[best : best + count]


def quick_scores(model, validation: dict, files: int = 12, seconds: float = 2.5) -> dict:
    """SI-SDR and STOI at 6 kbps of a few held-out speech files, to follow a run by."""
    names = [name for name in sorted(validation) if name.startswith("speech/")]
    names = names[:: max(1, len(names) // files)][:files]
    pairs = [(x, reconstruct(model, x, 6.0)[0]) for x in (excerpt(validation[name], seconds) for name in names)]
    return {"valid_si_sdr": float(np.mean([si_sdr(y, x) for x, y in pairs])),
            "valid_stoi": float(np.mean([intelligibility(y, x) for x, y in pairs]))}
