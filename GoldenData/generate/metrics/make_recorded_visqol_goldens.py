"""Write GoldenData/metrics/visqol_recordings.json: what visqol-python says about recorded speech and damage to it.

Run from the checkout's root with the versions of requirements-visqol.txt:

    python3 GoldenData/generate/metrics/make_recorded_visqol_goldens.py FOLDER_OF_RECORDINGS

The recordings themselves are not kept: of each there is its SHA-256. The damage is made by arithmetic that the test
repeats to the bit: `RandomState(seed).random_sample()`, sums from left to right, and rounding half to even.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import soundfile
from visqol.audio_utils import AudioSignal
from visqol.visqol_manager import VisqolManager

OUT = pathlib.Path(__file__).resolve().parents[2] / "metrics" / "visqol_recordings.json"
RATE = 16000
FILES = [
    "ref_pesq_speech_16k.wav", "ref_pesq_speech_bab_0dB_16k.wav", "speech_librispeech_1272-128104-0000_16k.wav",
]


def noise(count, seed):
    return 2 * np.random.RandomState(seed).random_sample(count) - 1


def average(x, count):
    """The mean of each sample and the count - 1 before it."""
    padded = np.concatenate([np.zeros(count - 1), x])
    total = np.zeros(len(x))
    for shift in range(count):
        total = total + padded[shift:shift + len(x)]
    return total / count


def held(x, count):
    """Every count-th sample, held."""
    return np.repeat(x[::count], count)[: len(x)]


def lost(x, seed):
    """Packets of 20 ms, one in ten of which is silent."""
    packets = -(-len(x) // 320)
    kept = np.random.RandomState(seed).random_sample(packets) >= 0.1
    return x * np.repeat(kept, 320)[: len(x)]


DAMAGE = {
    "noise 0.001": lambda x: x + 0.001 * noise(len(x), 1),
    "noise 0.01": lambda x: x + 0.01 * noise(len(x), 2),
    "noise 0.1": lambda x: x + 0.1 * noise(len(x), 3),
    "low-pass 5": lambda x: average(x, 5),
    "low-pass 16": lambda x: average(x, 16),
    "8 kHz held": lambda x: held(x, 2),
    "4 kHz held": lambda x: held(x, 4),
    "8 bit": lambda x: np.rint(x * 128) / 128,
    "6 bit": lambda x: np.rint(x * 32) / 32,
    "gain 0.1, noise": lambda x: 0.1 * x + 0.0003 * noise(len(x), 4),
    "lost packets": lambda x: lost(x, 5),
    "clipped": lambda x: np.clip(x, -0.05, 0.05),
    "late 50 ms, noise": lambda x: np.concatenate([np.zeros(800), x + 0.003 * noise(len(x), 6)]),
    "early 30 ms": lambda x: x[480:],
    "echo": lambda x: x + 0.5 * np.concatenate([np.zeros(1900), x])[: len(x)],
    "drift 500 ppm": lambda x: x[np.arange(len(x) * 2000 // 2001) * 2001 // 2000],
}


def main():
    folder = pathlib.Path(sys.argv[1])
    manager = VisqolManager()
    manager.init(use_speech_mode=True, use_unscaled_speech=True, use_lattice_model=False)

    def case(reference, damage, x, y):
        result = manager.run_from_signals(AudioSignal(x.copy(), RATE), AudioSignal(y, RATE))
        return {
            "reference": reference, "damage": damage, "vnsim": float(result.vnsim), "mos": float(result.moslqo),
            "fvnsim": [round(float(v), 9) for v in result.fvnsim]}

    signals = {}
    for name in FILES:
        signals[name], rate = soundfile.read(folder / name, dtype="float64")
        assert rate == RATE and signals[name].ndim == 1
    cases = [
        case(name, damage, signals[name], make(signals[name]))
        for name in (FILES[0], FILES[2]) for damage, make in DAMAGE.items()]
    cases.append(case(FILES[0], "babble", signals[FILES[0]], signals[FILES[1]]))
    head = json.dumps({
        "producer": "GoldenData/generate/metrics/make_recorded_visqol_goldens.py",
        "versions": {"numpy": np.__version__, "visqol-python": "3.8.0"},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
        "bound": "1e-4, the tolerance of ViSQOL's own conformance test"}, indent=1)
    rows = ",\n".join("  " + json.dumps(case) for case in cases)
    OUT.write_text(head[:-2] + ',\n "cases": [\n' + rows + "\n ]\n}\n")
    for row in cases:
        print(f"{row['reference'][:24]:26}{row['damage']:20}{row['vnsim']:9.6f}{row['mos']:9.5f}")


if __name__ == "__main__":
    main()
