"""Write GoldenData/metrics/manifest.json: values of audio metrics and statistics on signals that a formula makes.

Run from the checkout's root with the versions of requirements.txt:

    python3 GoldenData/generate/metrics/make_metric_goldens.py [FOLDER OF RECORDINGS]

pystoi and librosa are called; the other formulas are written out in float64 NumPy from their papers. With the folder
of recordings, STOI of speech at six rates is added; without it, those of the present manifest are kept.
"""

import hashlib
import json
import pathlib
import platform
import sys
import warnings

import librosa
import numpy as np
import pystoi
import scipy
import scipy.linalg
import scipy.signal
import scipy.stats
import soundfile

OUT = pathlib.Path(__file__).resolve().parents[2] / "metrics"
EPS = np.finfo(float).eps


def noise(count, seed=42):
    out, state = np.empty(count), seed
    for index in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        out[index] = 2 * ((state >> 11) / 2**53) - 1
    return out


def clean(rate, seconds):
    n = np.arange(int(rate * seconds))
    t = n / rate
    harmonics = sum(np.sin(2 * np.pi * h * 120 * t + 0.3 * h) / h for h in range(1, 21))
    gate = n % int(1.5 * rate) < 1.2 * rate
    return 0.1 * (1 - np.cos(2 * np.pi * 3.1 * t)) / 2 * gate * harmonics


def delayed(x, count):
    return np.concatenate([np.zeros(count), x])[: len(x)]


def db(ratio):
    return 10 * np.log10(ratio)


def si_sdr(x, y, zero_mean=True):
    if zero_mean:
        x, y = x - x.mean(), y - y.mean()
    e = (y @ x) / (x @ x) * x
    return db((e @ e) / ((y - e) @ (y - e)))


def si_sdr_auraloss(x, y):
    x, y = x - x.mean(), y - y.mean()
    target = x * ((y @ x) / (x @ x + 1e-8))
    rest = y - target
    return db((target @ target) / (rest @ rest + 1e-8) + 1e-8)


def si_sdr_audiotools(x, y):
    x, y = x - x.mean(), y - y.mean()
    target = (y @ x + 1e-8) / (x @ x + 1e-8) * x
    rest = y - target
    return db((target @ target) / (rest @ rest) + 1e-8)


def sdr(x, y, taps=512):
    x, y = x / np.linalg.norm(x), y / np.linalg.norm(y)
    size = 1 << int(np.ceil(np.log2(len(x) + taps)))
    X, Y = np.fft.rfft(x, size), np.fft.rfft(y, size)
    r = np.fft.irfft(np.abs(X) ** 2, size)[:taps]
    b = np.fft.irfft(np.conj(X) * Y, size)[:taps]
    R = scipy.linalg.toeplitz(r) + 1e-12 * r[0] * np.eye(taps)
    c = b @ np.linalg.solve(R, b)
    return db(c / (1 - c))


def power(x, n_fft=2048, hop=512):
    return np.abs(librosa.stft(x, n_fft=n_fft, hop_length=hop, pad_mode="reflect", dtype=np.complex128)) ** 2


def lsd(x, y):
    X, Y = power(x), power(y)
    floor = X.max() * 1e-8
    d = np.log10(np.maximum(X, floor)) - np.log10(np.maximum(Y, floor))
    return 10 * np.sqrt((d**2).mean(0)).mean()


def convergence(x, y):
    X, Y = np.sqrt(power(x)), np.sqrt(power(y))
    return np.linalg.norm(X - Y) / np.linalg.norm(X)


# Loizou's measures -------------------------------------------------------------------------------------------------

CENTRES = [50., 120, 190, 260, 330, 400, 470, 540, 617.372, 703.378, 798.717, 904.128, 1020.38, 1148.30, 1288.72,
           1442.54, 1610.70, 1794.16, 1993.93, 2211.08, 2446.71, 2701.97, 2978.04, 3276.17, 3597.63]
WIDTHS = [70., 70, 70, 70, 70, 70, 70, 77.3724, 86.0056, 95.3398, 105.411, 116.256, 127.914, 140.423, 153.823,
          168.154, 183.457, 199.776, 217.153, 235.631, 255.255, 276.072, 298.126, 321.465, 346.136]


def frames(x, rate):
    length, hop = (rate * 3 + 50) // 100, rate * 3 // 400
    window = 0.5 * (1 - np.cos(2 * np.pi * np.arange(1, length + 1) / (length + 1)))
    return np.stack([x[i: i + length] * window for i in range(0, len(x) - length + 1, hop)])


def segmental(x, y, rate):
    fx, fy = frames(x, rate), frames(y, rate)
    return np.clip(db((fx**2).sum(1) / (((fx - fy) ** 2).sum(1) + EPS) + EPS), -10, 35)


def band_filters(rate, n_fft):
    half = n_fft // 2
    j = np.arange(half)
    rows = []
    for centre, width in zip(CENTRES, WIDTHS):
        f0, bw = np.floor(centre / (rate / 2) * half), width / (rate / 2) * half
        row = np.exp(-11 * ((j - f0) / bw) ** 2 + np.log(WIDTHS[0]) - np.log(width))
        rows.append(row * (row > np.exp(-30 / (2 * 2.303))))
    return np.stack(rows)


def spectra(x, rate):
    f = frames(x, rate)[:-1]
    n_fft = 1 << int(np.ceil(np.log2(2 * f.shape[1])))
    return np.abs(np.fft.rfft(f, n_fft))[:, : n_fft // 2], band_filters(rate, n_fft)


def fwsnrseg(x, y, rate):
    X, filters = spectra(x, rate)
    Y, _ = spectra(y, rate)
    keep = X.sum(1) > 0
    X, Y = X[keep], Y[keep]
    E = (X / X.sum(1, keepdims=True)) @ filters.T
    P = (Y / Y.sum(1, keepdims=True)) @ filters.T
    error = np.maximum((E - P) ** 2, EPS)
    weight = E**0.2
    values = (weight * db(E**2 / error)).sum(1) / weight.sum(1)
    return np.clip(values, -10, 35).mean()


def best95(values):
    kept = (len(values) * 95 + 50) // 100
    return np.sort(values)[:kept].mean()


def autocorrelation(frame, order):
    return np.array([frame[: len(frame) - lag] @ frame[lag:] for lag in range(order + 1)])


def lpc_frames(x, y, rate):
    order = 10 if rate < 10000 else 16
    for fx, fy in zip(frames(x, rate)[:-1], frames(y, rate)[:-1]):
        if fx @ fx > 0 and fy @ fy > 0:
            rx, ry = autocorrelation(fx, order), autocorrelation(fy, order)
            yield rx, np.r_[1, -scipy.linalg.solve_toeplitz(rx[:-1], rx[1:])], \
                np.r_[1, -scipy.linalg.solve_toeplitz(ry[:-1], ry[1:])]


def llr(x, y, rate):
    values = []
    for rx, ax, ay in lpc_frames(x, y, rate):
        R = scipy.linalg.toeplitz(rx)
        values.append(min(max(np.log((ay @ R @ ay) / (ax @ R @ ax)), 0), 2))
    return best95(values)


def cepstrum(a):
    """Of 1 / A by the logarithm of a long spectrum, not by the recursion that is under test."""
    return np.fft.irfft(-np.log(np.abs(np.fft.rfft(a, 1 << 16))))[1: len(a)] * 2


def cepstral(x, y, rate):
    values = []
    for _, ax, ay in lpc_frames(x, y, rate):
        values.append(min(10 / np.log(10) * np.sqrt(2 * ((cepstrum(ax) - cepstrum(ay)) ** 2).sum()), 10))
    return best95(values)


def wss(x, y, rate):
    def energies(signal):
        spectrum, filters = spectra(signal, rate)
        return db(np.maximum(spectrum**2 @ filters.T, 1e-10))

    def weights(energy):
        slope, out = np.diff(energy), np.empty(24)
        for band in range(24):
            n = band
            if slope[band] > 0:
                while n < 24 and slope[n] > 0:
                    n += 1
                peak = energy[n - 1]
            else:
                while n >= 0 and slope[n] <= 0:
                    n -= 1
                peak = energy[n + 1]
            out[band] = 20 / (20 + energy.max() - energy[band]) / (1 + peak - energy[band])
        return out

    values = []
    for ex, ey in zip(energies(x), energies(y)):
        w = (weights(ex) + weights(ey)) / 2
        values.append((w * (np.diff(ex) - np.diff(ey)) ** 2).sum() / w.sum())
    return best95(values)


def mcd(x, y, rate):
    basis = librosa.filters.mel(sr=rate, n_fft=1024, n_mels=40, dtype=np.float64)
    X, Y = basis @ np.sqrt(power(x, 1024, 256)), basis @ np.sqrt(power(y, 1024, 256))
    floor = X.max() * 1e-4
    d = np.log(np.maximum(X, floor)) - np.log(np.maximum(Y, floor))
    c = scipy.fft.dct(d, type=2, axis=0)[1:14] / 2 / 40
    return (10 / np.log(10) * np.sqrt(2 * (c**2).sum(0))).mean()


# Loudness ----------------------------------------------------------------------------------------------------------

def loudness(x, rate):
    """BS.1770-4 for one channel; the filters are the 48 kHz table mapped through its own analogue prototype."""
    k = np.tan(np.pi * 1681.974450955533 / rate)
    q, vh = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    vb, a0 = vh**0.4996667741545416, 1 + k / q + k * k
    x = scipy.signal.lfilter(
        [(vh + vb * k / q + k * k) / a0, 2 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0],
        [1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0], x)
    k, q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1 + k / q + k * k
    x = scipy.signal.lfilter([1, -2, 1], [1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0], x)
    step = rate // 10
    blocks = np.array([(x[i * step: i * step + 4 * step] ** 2).mean() for i in range(len(x) // step - 3)])
    level = lambda p: -0.691 + db(p)
    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    gate = level(blocks.mean()) - 10
    return level(blocks[level(blocks) > gate].mean())


# Cases -------------------------------------------------------------------------------------------------------------

def formula_cases():
    cases = {}
    for rate in (8000, 10000, 16000, 22050, 24000, 44100, 48000):
        x = clean(rate, 2.5) + 0.0005 * noise(int(2.5 * rate), 7)
        y = x + 0.01 * noise(len(x))
        y = 0.8 * y + 0.3 * delayed(y, 5) ** 2
        cases[str(rate)] = {
            "si_sdr.zm": si_sdr(x, y), "si_sdr.nozm": si_sdr(x, y, False),
            "si_sdr.auraloss0.4": si_sdr_auraloss(x, y), "si_sdr.audiotools": si_sdr_audiotools(x, y),
            "sdr.bss_eval.512taps": sdr(x, y),
            "stoi.taal2011@10k": pystoi.stoi(x, y, rate), "estoi.jensen2016@10k": pystoi.stoi(x, y, rate, extended=True),
            "lsd.2048.512.floor_peak-80dB": lsd(x, y), "spectral_convergence.2048.512": convergence(x, y),
            "snrseg.loizou.30ms": segmental(x, y, rate)[:-1].mean(),
            "snrseg.all_frames.30ms": segmental(x, y, rate).mean(),
            "fwsnrseg.loizou.25bands": fwsnrseg(x, y, rate), "llr.loizou.best95": llr(x, y, rate),
            "cd.lpc.best95": cepstral(x, y, rate), "wss.klatt.best95": wss(x, y, rate),
            "mcd.slaney40.1024.256.d1-13": mcd(x, y, rate),
            "loudness.bs1770-4": loudness(y, rate) - loudness(x, rate),
            "level.rms": 10 * np.log10((y**2).mean() / (x**2).mean()), "dc.difference": y.mean() - x.mean(),
        }
    return cases


def at_rate(x, rate):
    """Linear interpolation of 16 kHz samples at positions that are exact fractions."""
    count = (len(x) - 1) * rate // 16000
    place = np.arange(count) * 16000
    index, part = place // rate, (place % rate) / rate
    return x[index] * (1 - part) + x[index + 1] * part


def recorded_cases(folder):
    names = ("ref_pesq_speech_16k.wav", "ref_pesq_speech_bab_0dB_16k.wav")
    x, y = (soundfile.read(folder / name, dtype="float64")[0] for name in names)
    cases = {}
    for rate in (8000, 16000, 22050, 24000, 44100, 48000):
        a, b = at_rate(x, rate), at_rate(x, rate) + 0.3 * at_rate(y, rate)
        cases[str(rate)] = {
            "stoi.taal2011@10k": pystoi.stoi(a, b, rate), "estoi.jensen2016@10k": pystoi.stoi(a, b, rate, extended=True)}
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    return {"files": digests, "values": cases}


def statistics():
    a, b = noise(60, 3), noise(60, 4)
    c = np.round(3 * (0.6 * a + 0.4 * b)) / 3
    rng = np.random.default_rng(0)
    bca = scipy.stats.bootstrap((a * a,), np.mean, n_resamples=200000, method="BCa", rng=rng)
    flat = scipy.stats.bootstrap((a * a,), np.mean, n_resamples=200000, method="percentile", rng=rng)
    small, other = a[:7], b[:7] + 0.5
    exact = scipy.stats.permutation_test(
        (small, other), lambda p, q, axis: p.mean(axis=axis) - q.mean(axis=axis), permutation_type="samples",
        n_resamples=np.inf)
    return {
        "pearson": scipy.stats.pearsonr(a, c).statistic, "spearman": scipy.stats.spearmanr(a, c).statistic,
        "quantiles": np.quantile(a, [0, 0.05, 0.25, 0.5, 0.95, 1]).tolist(),
        "bootstrap_percentile": list(flat.confidence_interval), "bootstrap_bca": list(bca.confidence_interval),
        "sign_flip_p": exact.pvalue,
        "normal_quantiles": scipy.stats.norm.ppf([0.001, 0.025, 0.2, 0.5, 0.8, 0.975, 0.999]).tolist(),
        "normal_cdf": scipy.stats.norm.cdf([-6, -1.5, 0, 0.3, 2, 4]).tolist(),
        "minimum_detectable_effect": float((scipy.stats.norm.ppf(0.95) + scipy.stats.norm.ppf(0.8)) * a.std(ddof=1) / 60**0.5),
    }


def main():
    warnings.simplefilter("error")
    path = OUT / "manifest.json"
    recorded = json.loads(path.read_text())["recordings"] if path.exists() else None
    if len(sys.argv) > 1:
        recorded = recorded_cases(pathlib.Path(sys.argv[1]))
    OUT.mkdir(exist_ok=True)
    manifest = {
        "producer": "GoldenData/generate/metrics/make_metric_goldens.py",
        "versions": {m.__name__: m.__version__ for m in (librosa, np, scipy, soundfile)} | {
            "pystoi": "0.4.1", "python": platform.python_version()},
        "signals": "x = clean(rate, 2.5) + 0.0005 noise(seed 7); z = x + 0.01 noise(seed 42); "
                   "y = 0.8 z + 0.3 (z delayed by 5)^2; recordings: x, x + 0.3 babble by linear interpolation from 16 kHz",
        "bound": "design: 1e-6 (dB and intelligibility absolute, the rest relative); both sides are float64",
        "formula": formula_cases(), "recordings": recorded, "statistics": statistics(),
    }
    path.write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
