"""Write GoldenData/metrics/visqol.json: what visqol-python, a port of google/visqol, says about formula signals.

Run from the checkout's root with the versions of requirements-visqol.txt:

    python3 GoldenData/generate/metrics/make_visqol_goldens.py

Speech mode with the exponential mapping, unscaled. The port takes the true Hilbert envelope for alignment where the C++
program keeps its real part: compare with the same envelope.
"""

import json
import pathlib

import numpy as np
from visqol.audio_utils import AudioSignal
from visqol.visqol_manager import VisqolManager

OUT = pathlib.Path(__file__).resolve().parents[2] / "metrics" / "visqol.json"
RATE = 16000


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
    return 0.1 * (1 - np.cos(2 * np.pi * 3.1 * t)) / 2 * (n % int(1.5 * rate) < 1.2 * rate) * harmonics


def main():
    manager = VisqolManager()
    manager.init(use_speech_mode=True, use_unscaled_speech=True, use_lattice_model=False)
    x = clean(RATE, 3) + 0.0001 * noise(3 * RATE)
    cases = []
    for amplitude in (0.0003, 0.001, 0.003, 0.01, 0.03):
        y = 0.5 * (x + amplitude * noise(len(x), 3))
        result = manager.run_from_signals(AudioSignal(x.copy(), RATE), AudioSignal(y, RATE))
        cases.append({
            "amplitude": amplitude, "vnsim": float(result.vnsim), "mos": float(result.moslqo),
            "fvnsim": [float(v) for v in result.fvnsim]})
    OUT.write_text(json.dumps({
        "producer": "GoldenData/generate/metrics/make_visqol_goldens.py", "versions": {"visqol-python": "3.8.0"},
        "signals": "x = clean(16000, 3) + 0.0001 noise(seed 42); y = 0.5 (x + amplitude noise(seed 3))",
        "bound": "1e-4, the tolerance of ViSQOL's own conformance test", "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
