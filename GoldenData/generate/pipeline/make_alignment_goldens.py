"""Write GoldenData/pipeline: haemodynamic kernels, convolution over TRs and the resampling of TRs.

Run from the checkout's root with the versions of requirements.txt:

    python3 GoldenData/generate/pipeline/make_alignment_goldens.py [hrf convolution convolved_codes latents resampling]

The oracles are nilearn (kernels), SciPy (densities, convolution) and NumPy (interpolation, rounding). What the Python
system under test does with them is written down here once more, from its description, in as few lines as possible.
"""

import hashlib
import json
import pathlib
import sys
from fractions import Fraction

import nilearn
import numpy as np
import scipy
from nilearn.glm.first_level import glover_hrf
from safetensors.numpy import load_file
from scipy import signal
from scipy.stats import gamma

GOLDEN = pathlib.Path(__file__).resolve().parents[2]
COMMAND = "python3 GoldenData/generate/pipeline/make_alignment_goldens.py"
REPETITION_TIMES = ("0.5", "0.8", "1.0", "1.5", "2.0", "2.6", "3.0")


def save(case, arrays, **manifest):
    folder = GOLDEN / "pipeline" / case
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / f"{case}.npz", **arrays)
    head = {
        "producer": "nilearn, NumPy and SciPy on x86-64",
        "versions": {"nilearn": nilearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        "command": f"{COMMAND} {case}",
        "files": {
            f"{case}.npz": {
                "sha256": hashlib.sha256((folder / f"{case}.npz").read_bytes()).hexdigest(),
                "arrays": {key: {"dtype": str(a.dtype), "shape": list(a.shape)} for key, a in arrays.items()},
            }
        },
    }
    (folder / "manifest.json").write_text(json.dumps({**head, **manifest}, indent=1) + "\n")


def nilearn_kernel(tr):
    kernel = glover_hrf(float(tr), oversampling=1)
    return kernel / np.abs(kernel).max()


def sampled_kernel(tr):
    """The same two gammas, one TR late as nilearn has them, at multiples of the TR up to 32 s."""
    step = Fraction(tr)
    times = np.array([float(i * step) for i in range(32 // step + 1)])
    shift = float(step)
    kernel = gamma.pdf(times, 6 / 0.9, loc=shift, scale=0.9) - 0.48 * gamma.pdf(times, 12 / 0.9, loc=shift, scale=0.9)
    return kernel / np.abs(kernel).max()


def hrf():
    arrays, cases = {}, []
    for tr in REPETITION_TIMES:
        for name, kernel in (("nilearn", nilearn_kernel(tr)), ("sampled", sampled_kernel(tr))):
            arrays[f"{name}_{tr}"] = kernel
            cases.append({
                "kernel": name, "tr": tr, "key": f"{name}_{tr}", "count": len(kernel),
                "peakIndex": int(kernel.argmax()), "gain": float(kernel.sum()),
            })
    save("hrf", arrays, cases=cases, bounds={
        "kernel": 1e-12,
        "kernelDerivation": "Peak 1. A density is exp of a sum of terms below 200, each within 2^-52 of itself: 1e-13.",
    })


def per_column(values, kernel, mode):
    """One scipy.signal.convolve a column, in double as the kernel is, stored as float32."""
    flat = values.reshape(len(values), -1)
    columns = [signal.convolve(flat[:, i], kernel, mode=mode) for i in range(flat.shape[1])]
    return np.stack(columns, axis=1).astype(np.float32).reshape((-1,) + values.shape[1:])


def with_padding(values, kernel, tr):
    """Ten seconds of zero rows at both ends, the full convolution, rows from the padding plus half a kernel on."""
    padding = round(10 / tr)
    padded = np.concatenate([np.zeros((padding,) + values.shape[1:], values.dtype), values,
                             np.zeros((padding,) + values.shape[1:], values.dtype)])
    start = padding + len(kernel) // 2
    return per_column(padded, kernel, "full")[start:start + len(values)]


def convolution():
    arrays, cases = {}, []
    for tr in ("1.5", "2.0"):
        kernel = nilearn_kernel(tr)
        for count in (1, 5, len(kernel) - 1, len(kernel), len(kernel) + 1, 60):
            key = f"{tr}_{count}"
            values = np.random.RandomState(count).standard_normal((count, 3, 5)).astype(np.float32)
            arrays[f"{key}_input"] = values
            arrays[f"{key}_full"] = per_column(values, kernel, "full")
            arrays[f"{key}_same"] = per_column(values, kernel, "same")
            arrays[f"{key}_padded"] = with_padding(values, kernel, float(tr))
            cases.append({"key": key, "tr": tr, "count": count})
    save("convolution", arrays, cases=cases, bounds={
        "convolution": 3e-6,
        "convolutionDerivation": "Absolute: 21 float32 products and sums of inputs up to 4 with taps of magnitude sum"
        " 3.81 (TR 1.5): rounding the taps and at most 21 roundings of sums below 8, each 2^-24 of it: 1e-5 at the"
        " worst, 3e-6 with signs mixed as here.",
    })


def treated(codes, tr):
    """Convolve index values in the middle, round half to even, cut to 0...1023."""
    convolved = per_column(codes.astype(np.float32), nilearn_kernel(tr), "same")
    rounded = np.round(convolved).astype(np.int32)
    clipped = np.clip(rounded, 0, 1023)
    return clipped, {
        "unchanged": int((clipped == codes).sum()), "clippedHigh": int((rounded > 1023).sum()),
        "clippedLow": int((rounded < 0).sum()), "count": int(codes.size),
    }


def convolved_codes():
    large = np.random.RandomState(0).randint(0, 1024, (920, 896)).astype(np.int32)
    result, counts = treated(large, "1.5")
    small = np.random.RandomState(5).randint(0, 1024, (60, 4, 6)).astype(np.int32)
    small_result, small_counts = treated(small, "1.5")
    save("convolved_codes", {"small_input": small, "small_seed": small_result, "large_first_row": large[0],
                   "large_seed_row_400": result[400]},
         large={"seed": 0, "shape": [920, 896], "inputSha256": hashlib.sha256(large.tobytes()).hexdigest(),
                "seedSha256": hashlib.sha256(result.tobytes()).hexdigest(), "counts": counts},
         small={"counts": small_counts},
         percent={key: 100 * counts[key] / counts["count"] for key in ("unchanged", "clippedHigh", "clippedLow")})


def latents():
    """Codebook entries of the small codec summed, each value and frame convolved over TRs, the first rows kept."""
    weights = load_file(GOLDEN / "encodec" / "small" / "model.safetensors")
    books = [weights[f"quantizer.layers.{i}.codebook.embed"] for i in range(4)]
    given = np.random.RandomState(9).randint(0, len(books[0]), (30, 4, 5)).astype(np.int32)
    summed = np.zeros((30, 5, books[0].shape[1]), np.float32)
    for index, book in enumerate(books):
        summed += book[given[:, index]]
    summed = np.ascontiguousarray(summed.transpose(0, 2, 1))
    convolved = per_column(summed, sampled_kernel("1.5"), "full")[:30]
    rest, again, margin = convolved.transpose(0, 2, 1).astype(np.float64), [], np.inf
    for book in books:
        distances = ((rest[:, :, None] - book.astype(np.float64)) ** 2).sum(axis=-1)
        ordered = np.sort(distances, axis=-1)
        margin = min(margin, float((ordered[..., 1] - ordered[..., 0]).min()))
        again.append(distances.argmin(axis=-1))
        rest = rest - book[again[-1]]
    save("latents", {"codes": given, "latents": convolved, "requantized": np.stack(again, axis=1).astype(np.int32)},
         leastMargin=margin, bounds={
             "latents": 1e-5, "latentsDerivation": "Of the peak; 22 float32 products and sums.",
             "margin": 1e-4, "marginDerivation": "Codes must be equal while the two best squared distances differ by"
             " more than float32 noise on distances of some tens."})


RESAMPLINGS = [(946, 920), (100, 50), (950, 946), (948, 946), (5, 9), (7, 1), (1, 4), (3, 3), (2, 2), (50, 100)]


def resampling():
    arrays, cases = {}, []
    for current, target in RESAMPLINGS:
        key = f"{current}_{target}"
        random = np.random.RandomState(current)
        floats = random.standard_normal((current, 2)).astype(np.float32)
        given = random.randint(0, 1024, (current, 2)).astype(np.int32)
        grid, rows = np.linspace(0, current - 1, target), np.arange(current)
        linear = np.stack([np.interp(grid, rows, floats[:, i]) for i in range(2)], axis=1).astype(np.float32)
        blended = np.stack([np.interp(grid, rows, given[:, i].astype(np.float32)) for i in range(2)], axis=1)
        arrays[f"{key}_floats"], arrays[f"{key}_codes"] = floats, given
        arrays[f"{key}_linear"] = linear
        arrays[f"{key}_seed"] = np.clip(np.round(blended.astype(np.float32)).astype(np.int32), 0, 1023)
        nearest = np.clip(np.round(grid).astype(np.int64), 0, current - 1)
        arrays[f"{key}_nearest"] = nearest
        cases.append({"key": key, "current": current, "target": target,
                      "skipped": int(current - len(np.unique(nearest))),
                      "largestShiftTRs": float(np.abs(grid - np.arange(target)).max())})
    holed = np.arange(12, dtype=np.float32)
    holed[[3, 7]] = np.nan, np.inf
    grid = np.linspace(0, 11, 23)
    with np.errstate(invalid="ignore"):
        arrays["holes"], arrays["holes_linear"] = holed, np.interp(grid, np.arange(12), holed).astype(np.float32)
    save("resampling", arrays, cases=cases, bounds={
        "linear": 0, "linearDerivation": "The same double arithmetic, then one rounding to float32."})


CASES = {"hrf": hrf, "convolution": convolution, "convolved_codes": convolved_codes, "latents": latents, "resampling": resampling}

if __name__ == "__main__":
    for name in sys.argv[1:] or CASES:
        CASES[name]()
