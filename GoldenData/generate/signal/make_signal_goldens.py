"""Write GoldenData/signal: short-time transforms, mel features and their inversion by librosa 0.11.

Run from the checkout's root with the versions of requirements.txt:

    python3 GoldenData/generate/signal/make_signal_goldens.py [stft mel nnls griffinlim reconstruction]

Arrays are stored frame by frame, the transpose of librosa's. Every case has its own manifest.json with the bounds of
the comparisons and where they come from.
"""

import hashlib
import json
import pathlib
import sys
import warnings

import librosa
import numpy as np
import scipy

OUT = pathlib.Path(__file__).resolve().parents[2] / "signal"
COMMAND = "python3 GoldenData/generate/signal/make_signal_goldens.py"


def film(sample_rate, count):
    """A sweep, a swelling chord and hiss, then exact silence, then quiet hiss: the range of a film in little time."""
    n = np.arange(count)
    t = n / sample_rate
    sweep = np.sin(2 * np.pi * (150 * t + 0.2 * sample_rate * t * t))
    chord = sum(np.sin(2 * np.pi * f * t + f) / k for k, f in enumerate((196.0, 311.1, 659.3), start=1))
    hiss = np.random.RandomState(7).standard_normal(count)
    y = 0.4 * sweep * np.exp(-3 * t) + 0.2 * chord * np.sin(np.pi * n / count) + 0.01 * hiss
    y[int(0.6 * count):int(0.8 * count)] = 0
    y[int(0.8 * count):] *= 0.003
    return y.astype(np.float32)


def pairs(spectrum):
    """Frames x bins x (real, imaginary), float32."""
    s = np.ascontiguousarray(spectrum.T)
    return np.stack([s.real, s.imag], axis=-1).astype(np.float32)


def save(case, files, manifest):
    folder = OUT / case
    folder.mkdir(parents=True, exist_ok=True)
    listed = {}
    for name, arrays in files.items():
        np.savez_compressed(folder / name, **arrays)
        listed[name] = {
            "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            "arrays": {key: {"dtype": str(a.dtype), "shape": list(a.shape)} for key, a in arrays.items()},
        }
    head = {
        "producer": "librosa, NumPy and SciPy on x86-64",
        "versions": {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        "command": f"{COMMAND} {case}",
        "files": listed,
    }
    (folder / "manifest.json").write_text(json.dumps({**head, **manifest}, indent=1) + "\n")


STFT_CASES = [
    # (fft, window, hop, padding): the legacy proportions, a short window, a hop that does not divide, odd, gaps.
    (64, 64, 8, "zeros"), (64, 64, 8, "reflection"), (64, 64, 8, "none"),
    (64, 40, 12, "zeros"), (64, 41, 12, "reflection"), (45, 45, 7, "zeros"), (32, 32, 32, "zeros"),
]
PAD_MODE = {"zeros": "constant", "reflection": "reflect", "none": "constant"}


def stft_case():
    signal = film(4000, 400)
    arrays, cases = {"signal": signal}, []
    for n_fft, win, hop, padding in STFT_CASES:
        lengths = {0, 1, n_fft // 2, n_fft // 2 + 1, n_fft - 1, n_fft, hop - 1, hop, hop + 1, 400}
        for length in sorted(lengths):
            if (padding == "reflection" and length == 0) or (padding == "none" and length < n_fft):
                continue
            if padding != "none" and length + 2 * (n_fft // 2) < n_fft:
                continue
            key = f"{n_fft}_{win}_{hop}_{padding}_{length}"
            options = {"n_fft": n_fft, "win_length": win, "hop_length": hop, "center": padding != "none"}
            spectrum = librosa.stft(signal[:length], pad_mode=PAD_MODE[padding], **options)
            arrays[key] = pairs(spectrum)
            entry = {"key": key, "fft": n_fft, "window": win, "hop": hop, "padding": padding, "length": length}
            if n_fft % 2 == 0 and length == 400:
                # From float64 on, so that only the last rounding to float32 is in the bound.
                stored = arrays[key].astype(np.float64)
                back = stored[..., 0] + 1j * stored[..., 1]
                # Not a spectrum of any signal: the inverse must still be librosa's.
                odd = back * np.exp(1j * np.random.RandomState(3).uniform(0, 6, back.shape))
                arrays[key + "_odd"] = pairs(odd.T)
                odd = arrays[key + "_odd"].astype(np.float64)
                for name, s in (("back", back), ("odd_back", odd[..., 0] + 1j * odd[..., 1])):
                    arrays[f"{key}_{name}"] = librosa.istft(s.T, **options)
                for length in (131, 400):
                    arrays[f"{key}_back_{length}"] = librosa.istft(back.T, length=length, **options)
                entry["inverse"] = True
            cases.append(entry)
    windows = {}
    for count in (0, 1, 2, 3, 8, 45, 512):
        for name, periodic in (("periodicHann", True), ("symmetricHann", False)):
            w = scipy.signal.get_window("hann", count, fftbins=periodic) if count else np.zeros(0)
            windows[f"{name}_{count}"] = w
    save("stft", {"stft.npz": arrays, "windows.npz": windows}, {
        "cases": cases,
        "bounds": {
            "spectrum": 1e-7,
            "spectrumDerivation": "Relative to the largest value of an array: both sides transform in float64 "
                                  "(1e-14) and round once to float32, at most 2^-24 = 6e-8 each way from the truth.",
            "signal": 2e-7,
            "signalDerivation": "Relative to the largest value: the same float32 spectra inverted in float64 on both "
                                "sides; ours is rounded to float32 (6e-8). Window sums below 0.3 amplify nothing, "
                                "as numerator and denominator are float64; 2e-7 leaves room for librosa's float32 "
                                "window sum (2^-24 for each of up to 8 terms, in quadrature).",
            "window": 1e-15,
            "windowDerivation": "Absolute: cosine against squared sine, a few float64 roundings.",
        },
    })


def sparse(basis):
    rows = [np.flatnonzero(row) for row in basis]
    return {
        "counts": np.array([r.size for r in rows], dtype=np.int32),
        "first": np.array([r[0] if r.size else 0 for r in rows], dtype=np.int32),
        "weights": np.concatenate([basis[i, r] for i, r in enumerate(rows)]).astype(np.float32),
    }


FILTERS = [
    # (rate, fft, mels, fmin, fmax, norm)
    (22050, 4096, 2048, 0.0, None, "slaney"), (22050, 2048, 128, 0.0, None, "slaney"),
    (24000, 2048, 128, 0.0, None, "slaney"), (12000, 4096, 2048, 0.0, None, "slaney"),
    (8000, 512, 40, 60.0, 3800.0, None), (16000, 401, 64, 20.0, 7600.0, "slaney"),
]


def mel_case():
    filters, listed = {}, []
    for rate, n_fft, mels, fmin, fmax, norm in FILTERS:
        key = f"{rate}_{n_fft}_{mels}"
        basis = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=mels, fmin=fmin, fmax=fmax, norm=norm)
        for name, array in sparse(basis).items():
            filters[f"{key}_{name}"] = array
        listed.append({"key": key, "rate": rate, "fft": n_fft, "mels": mels, "minimum": fmin, "maximum": fmax,
                       "normalization": "slaneyArea" if norm else "none",
                       "empty": int((basis.max(axis=1) == 0).sum())})
    arrays, cases = {}, []
    for name, rate, count, n_fft, hop, mels in (
        ("legacy", 22050, 14_300, 4096, 512, 2048), ("small", 8000, 6000, 512, 128, 40),
    ):
        signal = film(rate, count)
        power = librosa.feature.melspectrogram(y=signal, sr=rate, n_fft=n_fft, hop_length=hop, n_mels=mels)
        precise = librosa.feature.melspectrogram(
            y=signal.astype(np.float64), sr=rate, n_fft=n_fft, hop_length=hop, n_mels=mels)
        arrays[f"{name}_signal"] = signal
        arrays[f"{name}_power"] = np.ascontiguousarray(power.T)
        arrays[f"{name}_db"] = np.ascontiguousarray(librosa.power_to_db(power, ref=np.max).T)
        ref64 = librosa.power_to_db(precise, ref=np.max)
        own = np.abs(arrays[f"{name}_db"].T - ref64).max()
        cases.append({"name": name, "rate": rate, "fft": n_fft, "hop": hop, "mels": mels,
                      "librosaFloat32ErrorDB": float(own)})
    scale = {}
    power = np.array([0, 1e-12, 1e-10, 3e-9, 1e-4, 0.5, 1, 7, 1e5, 3e30], dtype=np.float32)
    for name, options in (("value1", {"ref": 1.0}), ("value100", {"ref": 100.0, "top_db": None}),
                          ("max", {"ref": np.max}), ("max60", {"ref": np.max, "top_db": 60.0, "amin": 1e-5})):
        scale[name] = librosa.power_to_db(power, **options)
    scale["power"] = power
    scale["db"] = np.array([-80, -10.5, 0, 3, 99.25, 300], dtype=np.float32)
    scale["db_power"] = librosa.db_to_power(scale["db"])
    scale["db_power_ref"] = librosa.db_to_power(scale["db"], ref=0.25)
    save("mel", {"filters.npz": filters, "features.npz": arrays, "decibels.npz": scale}, {
        "filters": listed, "cases": cases,
        "bounds": {
            "filter": 2.4e-7,
            "filterDerivation": "Relative to each weight: two float32 roundings, each of which may fall on the other "
                                "side of a tie (2 ulp); plus 1e-12 of the largest weight where a triangle's foot "
                                "cancels. Which weights are zero must agree exactly.",
            "powerDB": 1e-5,
            "powerDBDerivation": "Bands within 100 dB of the largest: float32 roundings of the spectrum, its "
                                 "magnitude, the square, the weights and up to 7 additions, 16 x 2^-24 x 4.34 dB.",
            "featureDB": 5e-5,
            "featureDBDerivation": "The power's bound and float32 arithmetic of values up to 100 dB in librosa "
                                   "(ulp 7.6e-6, four roundings): 4e-5; librosaFloat32ErrorDB is what it measures.",
            "decibels": 4e-5,
            "decibelsDerivation": "float32 numbers up to 305 dB have an ulp of 3e-5.",
            "inversePower": 5e-6,
            "inversePowerDerivation": "Relative: librosa rounds the exponent dB/10 (up to 30) to float32, 1.8e-6 x "
                                      "ln 10 = 4.4e-6.",
        },
    })


def residuals(basis, x, b):
    return np.linalg.norm(basis.astype(np.float64) @ x.astype(np.float64) - b.astype(np.float64), axis=0)


def nnls_case():
    arrays, cases = {}, []
    for name, rate, count, n_fft, hop, mels, frames in (
        ("legacy", 22050, 14_300, 4096, 512, 2048, slice(4, 28, 3)), ("small", 8000, 6000, 512, 128, 40, slice(None)),
    ):
        basis = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=mels)
        power = librosa.feature.melspectrogram(y=film(rate, count), sr=rate, n_fft=n_fft, hop_length=hop, n_mels=mels)
        decibels = librosa.power_to_db(power, ref=np.max)
        # What a model predicts is no mel spectrum of anything: 2 dB of error in every band.
        predicted = decibels + 2 * np.random.RandomState(1).standard_normal(decibels.shape).astype(np.float32)
        for kind, values, level in (("clean", decibels, 1.0), ("predicted", predicted, 1.0),
                                    ("loud", predicted, float(power.max()))):
            b = librosa.db_to_power(values[:, frames], ref=level)
            x = librosa.util.nnls(basis, b)
            pinv = np.linalg.pinv(basis.astype(np.float64), rcond=1e-9)
            best = [scipy.optimize.nnls(basis.astype(np.float64), c.astype(np.float64))[1] for c in b.T]
            key = f"{name}_{kind}"
            arrays[f"{key}_mel"] = np.ascontiguousarray(b.T)
            arrays[f"{key}_residual"] = residuals(basis, x, b)
            arrays[f"{key}_best"] = np.array(best)
            if kind != "loud":
                arrays[f"{key}_start"] = np.ascontiguousarray(np.clip(pinv @ b, 0, None).T.astype(np.float32))
            start = residuals(basis, np.clip(pinv @ b, 0, None), b)
            cases.append({"key": key, "rate": rate, "fft": n_fft, "hop": hop, "mels": mels,
                          "librosaResidual": float(np.linalg.norm(arrays[f"{key}_residual"])),
                          "startResidual": float(np.linalg.norm(start)),
                          "leastResidual": float(np.linalg.norm(best)), "norm": float(np.linalg.norm(b))})
    save("nnls", {"nnls.npz": arrays}, {
        "cases": cases,
        "bounds": {
            "residualRatio": 1.01,
            "residualRatioDerivation": "The requirement: at most 1 % above librosa's over all frames of a case.",
            "start": 1e-6,
            "startDerivation": "Relative to the largest value: the pseudo-inverse of singular values above 1e-9 of "
                               "the largest against a ridge of 1e-10; the least singular value is 0.048 of 0.61, so "
                               "the ridge moves the answer by at most 1e-10 / 0.0062 = 1.6e-8, and float32 rounds.",
        },
    })


def convergence(y, magnitude, n_fft, hop):
    rebuilt = np.abs(librosa.stft(y.astype(np.float64), n_fft=n_fft, hop_length=hop))
    return float(np.linalg.norm(rebuilt - magnitude) / np.linalg.norm(magnitude))


def griffinlim_case():
    arrays, cases = {}, []
    for name, rate, count, n_fft, hop in (("small", 8000, 6000, 512, 64), ("legacy", 22050, 9_900, 4096, 512)):
        signal = film(rate, count)
        magnitude = np.abs(librosa.stft(signal, n_fft=n_fft, hop_length=hop))
        arrays[f"{name}_magnitude"] = np.ascontiguousarray(magnitude.T)
        case = {"name": name, "fft": n_fft, "hop": hop, "seed": 5, "runs": []}
        for iterations, momentum, length in ((0, 0.99, None), (1, 0.99, None), (2, 0.99, None), (8, 0.99, count),
                                             (32, 0.99, None), (32, 0.0, None)):
            options = {"n_iter": iterations, "hop_length": hop, "momentum": momentum, "length": length,
                       "random_state": 5}
            y = librosa.griffinlim(magnitude, **options)
            precise = librosa.griffinlim(magnitude.astype(np.float64), dtype=np.float64, **options)
            key = f"{name}_{iterations}_{momentum}_{length or 'full'}"
            arrays[key] = precise.astype(np.float32)
            case["runs"].append({
                "key": key, "iterations": iterations, "momentum": momentum, "length": length,
                "librosaFloat32Error": float(np.linalg.norm(y - precise) / np.linalg.norm(precise)),
                "convergence": convergence(precise, magnitude, n_fft, hop),
            })
        spread = [convergence(librosa.griffinlim(magnitude, hop_length=hop, random_state=s), magnitude, n_fft, hop)
                  for s in range(40)]
        case["convergenceOverSeeds"] = spread
        options = {"n_iter": 2, "hop_length": hop, "init": None}
        ones = librosa.griffinlim(magnitude.astype(np.float64), dtype=np.float64, **options)
        arrays[f"{name}_ones"] = ones.astype(np.float32)
        own = librosa.griffinlim(magnitude, **options)
        case["onesFloat32Error"] = float(np.linalg.norm(own - ones) / np.linalg.norm(ones))
        cases.append(case)
    save("griffinlim", {"griffinlim.npz": arrays}, {
        "cases": cases,
        "bounds": {
            "signalFactor": 4,
            "signalFloor": 1e-6,
            "signalDerivation": "Relative 2-norm against librosa's float64 run of the same phases: 4 times "
                                "librosaFloat32Error (what librosa's own float32 run differs by, because the "
                                "iteration amplifies rounding), and at least 1e-6 (float32 transforms, 4e-7).",
            "convergence": 0.01,
            "convergenceDerivation": "The requirement: the mean over five seeds within 0.01 of librosa's mean, for "
                                     "the same five starts. One start in ten converges badly on signals this short "
                                     "(standard deviation 0.02), so other generators are compared over all 40 seeds, "
                                     "whose means differ by 0.0043 at random.",
        },
    })


def reconstruction_case():
    arrays, cases = {}, []
    for name, rate, count, n_fft, hop, mels in (
        ("legacy", 22050, 5_700, 4096, 512, 2048), ("small", 8000, 6000, 512, 64, 128),
    ):
        options = {"sr": rate, "n_fft": n_fft}
        mel = librosa.feature.melspectrogram(y=film(rate, count), hop_length=hop, n_mels=mels, **options)
        magnitude = librosa.feature.inverse.mel_to_stft(mel, **options)
        y = librosa.griffinlim(magnitude, hop_length=hop, random_state=9)
        basis = librosa.filters.mel(n_mels=mels, **options).astype(np.float64)
        start = np.sqrt(np.clip(np.linalg.pinv(basis, rcond=1e-9) @ mel.astype(np.float64), 0, None))
        precise = librosa.griffinlim(start, hop_length=hop, random_state=9, dtype=np.float64)
        arrays[f"{name}_mel"] = np.ascontiguousarray(mel.T)
        arrays[f"{name}_signal"] = precise.astype(np.float32)
        cases.append({
            "name": name, "rate": rate, "fft": n_fft, "hop": hop, "mels": mels, "seed": 9, "frames": mel.shape[1],
            "librosaFloat32Error": float(np.linalg.norm(y - precise) / np.linalg.norm(precise)),
            "convergence": convergence(y, magnitude, n_fft, hop),
        })
    save("reconstruction", {"reconstruction.npz": arrays}, {
        "cases": cases,
        "bounds": {
            "signalFactor": 4,
            "signalDerivation": "Relative 2-norm: the golden is librosa's Griffin-Lim in float64 from the clipped "
                                "pseudo-inverse in float64; 4 times librosaFloat32Error, by which librosa's own "
                                "mel_to_stft and griffinlim in float32 differ from it.",
        },
    })


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    makers = {"stft": stft_case, "mel": mel_case, "nnls": nnls_case, "griffinlim": griffinlim_case,
              "reconstruction": reconstruction_case}
    for case_name in sys.argv[1:] or makers:
        makers[case_name]()
        print(case_name)
