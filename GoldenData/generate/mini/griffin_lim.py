"""The way the codec is to replace: mel spectrogram in dB, inverted by Griffin-Lim, dense or averaged over TRs."""

import librosa
import numpy as np
import soxr

from network import SAMPLE_RATE

RATE, WINDOW, HOP, BANDS, ROUNDS, TR_SECONDS = 22050, 4096, 512, 2048, 32, 1.5


def mel(x):
    """(bands, frames) in dB below the loudest value, and that value's power."""
    power = librosa.feature.melspectrogram(y=x, sr=RATE, n_fft=WINDOW, hop_length=HOP, n_mels=BANDS)
    return librosa.power_to_db(power, ref=np.max), float(power.max())


def averaged(decibels):
    """Every frame replaced by the mean of its TR's frames, in dB, as the 2-D format stores them."""
    out, count = decibels.copy(), decibels.shape[1]
    starts = [int(i * TR_SECONDS * RATE) // HOP for i in range(count * HOP // int(TR_SECONDS * RATE) + 2)]
    for start, end in zip(starts, starts[1:]):
        if start < count:
            out[:, start:end] = out[:, start:end].mean(axis=1, keepdims=True)
    return out


def inverted(decibels, peak: float, count: int):
    """Audio of `count` samples; the level that the format forgets is put back."""
    columns, places = np.unique(decibels, axis=1, return_inverse=True)
    power = librosa.db_to_power(columns, ref=peak)
    magnitude = librosa.feature.inverse.mel_to_stft(power, sr=RATE, n_fft=WINDOW)[:, places.reshape(-1)]
    return librosa.griffinlim(magnitude, n_iter=ROUNDS, hop_length=HOP, win_length=WINDOW, n_fft=WINDOW,
                              random_state=0, length=count)


def round_trips(x) -> dict:
    """{"dense", "averaged"}: audio at 24 kHz as long as x."""
    source = soxr.resample(x, SAMPLE_RATE, RATE, quality="HQ").astype(np.float32)
    decibels, peak = mel(source)
    found = {}
    for name, version in (("dense", decibels), ("averaged", averaged(decibels))):
        y = soxr.resample(inverted(version, peak, len(source)), RATE, SAMPLE_RATE, quality="HQ").astype(np.float32)
        found[name] = np.pad(y, (0, max(0, len(x) - len(y))))[: len(x)]
    return found
