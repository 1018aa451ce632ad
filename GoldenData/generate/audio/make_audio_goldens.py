"""Resampler goldens: what librosa 0.11 (res_type soxr_hq, its default) makes of integer-formula noise.

Run from the top of the checkout:  python3 GoldenData/generate/audio/make_audio_goldens.py
"""

import hashlib
import json
import pathlib

import librosa
import numpy as np
import soxr

OUT = pathlib.Path(__file__).resolve().parents[2] / "audio" / "resample"

# (source rate, target rate, input frames); the odd counts make ceil and round of the output length differ.
CASES = [
    (44100, 24000, 8821),
    (48000, 24000, 9601),
    (16000, 24000, 3201),
    (22050, 24000, 4411),
    (8000, 24000, 1601),
    (24000, 44100, 4801),
    (192000, 24000, 38401),
    (44100, 24000, 1),
    (44100, 24000, 40),
]


def noise(count):
    """White noise in [-0.5, 0.5), exact in float32: the top 24 bits of a 32-bit congruential sequence."""
    state, values = 12345, np.empty(count, np.float32)
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values[i] = (state >> 8) / 2**24 - 0.5
    return values


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    cases = []
    for source, target, count in CASES:
        signal = noise(count)
        result = librosa.resample(signal, orig_sr=source, target_sr=target).astype("<f4")
        assert result.shape[0] == -(-count * target // source)
        name = f"{source}-{target}-{count}.f32"
        data = result.tobytes()
        (OUT / name).write_bytes(data)
        cases.append({
            "file": name, "sourceRate": source, "targetRate": target, "inputFrames": count,
            "dtype": "float32 little-endian", "shape": [result.shape[0]], "sha256": hashlib.sha256(data).hexdigest(),
        })
    manifest = {
        "producer": "librosa.resample, default res_type soxr_hq",
        "versions": {"librosa": librosa.__version__, "soxr": soxr.__version__, "numpy": np.__version__,
                     "libsoxr": soxr.__libsoxr_version__},
        "command": "python3 GoldenData/generate/audio/make_audio_goldens.py",
        "seed": "state 12345; state = (1664525 * state + 1013904223) mod 2^32; sample = (state >> 8) / 2^24 - 0.5",
        "bound": {
            "metric": "largest absolute difference / largest absolute golden value",
            "dB": -90,
            "derivation": "Same engine, same recipe, single-precision arithmetic inside: each output is a sum of some "
                          "hundred products and two FFT passes, so builds that differ in SIMD order differ by a few "
                          "units of 2^-24 (-144 dB) times the square root of the term count, about -125 dB. -90 dB "
                          "leaves room for other libsoxr builds and still is below half a step of 16-bit audio "
                          "(-96 dB of full scale, -90 dB of this half-scale signal). The nearest other recipe, VHQ, "
                          "differs by -41 dB on the first case; one frame of lag differs by more than 0 dB.",
        },
        "cases": cases,
    }
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


main()
