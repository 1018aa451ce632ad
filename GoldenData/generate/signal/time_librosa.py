"""Time librosa's legacy mel path on one thread, for comparison with this package.

    python3 GoldenData/generate/signal/time_librosa.py RECORDING mel|nnls|griffinlim [SECONDS]

RECORDING is resampled to 22,050 Hz and repeated or cut to SECONDS (60). Prints wall and processor seconds of the call
alone. With --export FOLDER instead of a stage, writes the arrays that the other side starts from: signal.npy, mel.npy
(power relative to the maximum, frames x 2048) and mag.npy (magnitudes, frames x 2049).
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["NUMBA_NUM_THREADS"] = "1"

import pathlib
import sys
import time
import warnings

import librosa
import numpy as np

LAYOUT = {"n_fft": 4096, "hop_length": 512}


def features(y):
    power = librosa.feature.melspectrogram(y=y, sr=22050, n_mels=2048, **LAYOUT)
    return librosa.power_to_db(power, ref=np.max)


def timed(name, body):
    body(True)  # compiles what librosa compiles on first use
    wall, cpu = time.perf_counter(), time.process_time()
    body(False)
    print(name, "wall", time.perf_counter() - wall, "cpu", time.process_time() - cpu)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    recording, stage = sys.argv[1], sys.argv[2]
    if stage == "--export":
        folder, seconds = pathlib.Path(sys.argv[3]), 60.0
    else:
        seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 60.0
    y = np.resize(librosa.load(recording, sr=22050)[0], int(seconds * 22050))
    short = y[:22050]
    if stage == "--export":
        np.save(folder / "signal.npy", y)
        np.save(folder / "mel.npy", np.ascontiguousarray(librosa.db_to_power(features(y)).T))
        np.save(folder / "mag.npy", np.ascontiguousarray(np.abs(librosa.stft(y, **LAYOUT)).T))
    elif stage == "mel":
        timed("mel", lambda warm: features(short if warm else y))
    elif stage == "nnls":
        mel = librosa.db_to_power(features(y))
        timed("nnls", lambda warm: warm or librosa.feature.inverse.mel_to_stft(mel, sr=22050, n_fft=4096))
    elif stage == "griffinlim":
        s, few = (np.abs(librosa.stft(x, **LAYOUT)) for x in (y, short))
        timed("griffinlim", lambda warm: librosa.griffinlim(few if warm else s, hop_length=512, random_state=0))
