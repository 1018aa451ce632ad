"""Write GoldenData/pipeline: features per TR as the Python system cuts them, by NumPy from the oracles' frames.

Run from the checkout's root with the versions of requirements.txt:

    python3 GoldenData/generate/pipeline/make_pipeline_goldens.py [codes mel counts]

Codes come from transformers' EncodecModel with the package's `mini`, mel spectra from librosa. What cuts them into TRs
here is written for itself, with float64 times as in the Python system and with fractions for the exact grid. The input
is made of integers (`signal`), so that it need not be stored.
"""

import hashlib
import json
import math
import pathlib
import sys
import warnings
from fractions import Fraction

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
OUT = ROOT / "GoldenData/pipeline"
COMMAND = "python3 GoldenData/generate/pipeline/make_pipeline_goldens.py"
CODE_SAMPLES, MEL_SAMPLES = 6 * 36000 + 500, 3 * 33075 + 700


def signal(count):
    """Two saws, one of which jumps, and noise, in steps of loudness; multiples of 2^-15 below 0.44."""
    out, state = np.empty(count, np.float32), 1
    for n in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        gate = (8, 5, 3, 0, 7, 2, 6, 1)[n >> 12 & 7]
        low = ((n * 577) & 0xFFFF) - 32768
        high = ((n * (1201 + 40 * (n >> 13))) & 0xFFFF) - 32768
        noise = (state >> 16) - 32768
        out[n] = ((low * gate * 2 + high * gate + noise * (gate >> 1)) >> 6) / 32768
    return out


def save(case, arrays, **facts):
    folder = OUT / case
    folder.mkdir(parents=True, exist_ok=True)
    head = {"producer": facts.pop("producer"), "versions": facts.pop("versions"), "command": f"{COMMAND} {case}"}
    if arrays:
        np.savez_compressed(folder / "arrays.npz", **arrays)
        head["files"] = {"arrays.npz": {
            "sha256": hashlib.sha256((folder / "arrays.npz").read_bytes()).hexdigest(),
            "arrays": {k: {"dtype": str(a.dtype), "shape": list(a.shape)} for k, a in arrays.items()}}}
    (folder / "manifest.json").write_text(json.dumps({**head, **facts}, indent=1) + "\n")


def cut_as_seed(codes, sample_count, width=112, tr=1.5):
    """(TRs, codebooks, 112): the design's loop, floats and all."""
    count = int(np.floor(sample_count / 24000 / tr))
    out = np.zeros((count, codes.shape[0], width), np.int32)
    for i in range(count):
        piece = codes[:, int(i * tr * 75):int((i + 1) * tr * 75)][:, :width]
        out[i, :, :piece.shape[1]] = piece
    return out


def cut_exactly(codes, sample_count, tr=Fraction(3, 2)):
    """(TRs, codebooks, 113), and how many of the columns are real."""
    count = math.floor(Fraction(sample_count, 24000) / tr)
    bounds = [math.floor(i * tr * 75) for i in range(count + 1)]
    columns = np.array([[min(c, b - 1) for c in range(a, a + 113)] for a, b in zip(bounds, bounds[1:])])
    return codes[:, columns].transpose(1, 0, 2).astype(np.int32), np.diff(bounds)


def flat_with_zeros(by_tr, expected):
    """(TRs, expected x 112): codebook-major rows as cached by the Python system, missing codebooks 0."""
    return np.stack([np.vstack([t, np.zeros((expected - t.shape[0], t.shape[1]), t.dtype)]).reshape(-1) for t in by_tr])


def codes_case():
    import torch
    import transformers

    torch.set_num_threads(1)
    folder = ROOT / "Sources/EnCodec/Resources/mini"
    model = transformers.EncodecModel.from_pretrained(folder, dtype=torch.float32).eval()
    x = torch.from_numpy(signal(CODE_SAMPLES))[None, None]
    arrays, lengths = {}, {}
    for kbps in (3.0, 6.0):
        with torch.inference_mode():
            codes = model.encode(x, bandwidth=kbps).audio_codes[0, 0].numpy()
            seed = cut_as_seed(codes, CODE_SAMPLES)
            joined = torch.from_numpy(seed).long().permute(1, 0, 2).reshape(1, 1, codes.shape[0], -1)
            lengths[f"seed112_{kbps:g}"] = model.decode(joined, [None]).audio_values.shape[-1]
        exact, frames = cut_exactly(codes, CODE_SAMPLES)
        arrays |= {f"codes_{kbps:g}": codes.astype(np.int32), f"seed112_{kbps:g}": seed, f"exact_{kbps:g}": exact,
                   f"flat_{kbps:g}": seed.reshape(len(seed), -1),
                   f"padded_{kbps:g}": flat_with_zeros(seed, 2 * codes.shape[0])}
    arrays["n_frames"] = frames.astype(np.int32)
    save("codes", arrays, producer="transformers EncodecModel (mini, float32, one thread), cut by NumPy",
         versions={"transformers": transformers.__version__, "torch": torch.__version__.split("+")[0],
                   "numpy": np.__version__},
         weights_sha256=hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
         sample_count=CODE_SAMPLES, decoded_lengths=lengths,
         bounds={"codes": {"metric": "frames with a code that differs", "bound": 2,
                           "derivation": "codes of equal audio differ only at ties of float32 sums; mini's goldens have "
                                         "less than 1 tie in 300 frames, there are 677"}})


def mel_case():
    import librosa

    warnings.simplefilter("ignore")
    y = signal(MEL_SAMPLES)
    power = librosa.feature.melspectrogram(y=y, sr=22050, n_mels=2048, n_fft=4096, hop_length=512)
    decibels = librosa.power_to_db(power, ref=np.max)
    count, slots, means, frames = int(np.floor(len(y) / 22050 / 1.5)), [], [], []
    for i in range(count):
        start, end = int(i * 1.5 * 22050) // 512, int((i * 1.5 + 1.5) * 22050) // 512
        piece = decibels[:, start:end]
        frames.append(piece.shape[1])
        means.append(piece.astype(np.float64).mean(axis=1))
        slots.append(np.pad(piece, ((0, 0), (0, 65 - piece.shape[1])), constant_values=-80.0))
    slots = np.stack(slots)
    bins = np.arange(0, 2048, 24)
    save("mel", {"bins": bins.astype(np.int32), "slots": slots[:, bins].astype(np.float32),
                 "means": np.stack(means).astype(np.float32), "n_frames": np.array(frames, np.int32)},
         producer="librosa, cut by NumPy", versions={"librosa": librosa.__version__, "numpy": np.__version__},
         sample_count=MEL_SAMPLES, full_shape=list(slots.shape), largest_power=float(power.max()),
         smallest=float(slots.min()),
         bounds={"decibels": {"metric": "largest absolute difference in dB", "bound": 2e-5,
                              "derivation": "powers differ by 1e-5 dB (GoldenData/signal/mel), the logarithm by 1.2e-6 dB, and a "
                                            "float32 of 64 to 80 dB is rounded to 7.6e-6 dB"}})


def counts_case():
    rows = []
    for text in ("3/2", "1", "2", "13/5", "4/5", "7/10"):
        tr = Fraction(text)
        for n in (0, 1, 2, 10, 30, 920, 946):
            code = [math.floor(i * tr * 75) for i in range(n + 1)]
            mel = [math.floor(math.floor(i * tr * 22050) / 512) for i in range(n + 1)]
            width, slot = math.floor(75 * tr), math.ceil(Fraction(tr * 22050, 512))
            rows.append({
                "tr": text, "trs": n, "code_frames": code[n], "code_width_exact": math.ceil(75 * tr),
                "code_width_seed": width, "code_frames_seed": width * n, "lost": code[n] - width * n,
                "mel_frames": mel[n], "mel_width": slot, "mel_filled_columns": slot * n - mel[n],
                "griffin_lim_samples": max(0, slot * n - 1) * 512, "mel_samples": math.floor(n * tr * 22050)})
    save("counts", {}, producer="Python's fractions", versions={"python": sys.version.split()[0]}, rows=rows)


if __name__ == "__main__":
    cases = {"codes": codes_case, "mel": mel_case, "counts": counts_case}
    for name in sys.argv[1:] or cases:
        cases[name]()
