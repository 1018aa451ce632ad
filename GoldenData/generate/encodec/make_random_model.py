#!/usr/bin/env python3
"""Makes a full-size model with random weights and what Hugging Face answers for it.

    python3 GoldenData/generate/encodec/make_random_model.py OUTDIR --arch 24khz|48khz|32khz --seed N

OUTDIR gets config.json, model.safetensors, input.wav (float), codes_<kbps>.npy, gaps.npy, audio_<kbps>.npy, for
48khz scales.npy, and expected.json. The weights come from torch's generator, not from the formula: a codec that
agrees here agrees on weights nobody has seen. The output is for use by hand and is not committed.
"""

import argparse
import json
import pathlib
import struct

import numpy as np
import torch
from transformers import EncodecModel

import case_full
import oracle
import signals
from architectures import configuration
from bounds import AUDIO_BOUND, TIE_GAP, gap_summary, relative_error
from formula import Formula, fnv1a64
from recordings import Pair, distinct_codes
from store import little_endian, versions
from weights import save_weights

ARCHITECTURES = {"24khz": ("full24", case_full.FULL24), "48khz": ("full48", case_full.FULL48),
                 "32khz": ("full32", case_full.FULL32)}


class RandomDraw(Formula):
    """The formula's scales with numbers from a seeded torch generator."""

    def generator(self, key: str) -> torch.Generator:
        return torch.Generator().manual_seed((fnv1a64(key) ^ self.modelSeed) & (2**63 - 1))

    def units(self, key: str, count: int) -> np.ndarray:
        """Normal values with the spread of the formula's uniform ones."""
        return (torch.randn(count, generator=self.generator(key)) / 3**0.5).numpy()

    def magnitudes(self, key: str, shape, gain: float) -> np.ndarray:
        """Magnitudes that differ from channel to channel, by up to 30 percent."""
        spread = 0.7 + 0.6 * torch.rand(shape, generator=self.generator(key))
        return (gain * spread).numpy()


def random_model(arch: str, seed: int) -> EncodecModel:
    name, tuned = ARCHITECTURES[arch]
    draw = RandomDraw(**{**tuned.facts(), "modelSeed": seed})
    model = EncodecModel(configuration(name)).eval()
    model.load_state_dict(oracle.formula_state(model, draw), strict=True)
    return model


def random_input(config, seed: int) -> np.ndarray:
    """A bit over one second, so that the chunked model gets a full and a short chunk; (channels, samples)."""
    rate = config.sampling_rate
    count = int(1.13 * rate)
    left = signals.mixed(rate, count, (0.5, 0.55)) + 0.05 * signals.noise(count, seed)
    right = signals.music(rate, count, 0.07) + 0.2 * signals.noise(count, seed + 1)
    return signals.sixteen_bit(np.stack([left, right][: config.audio_channels]))


def write_float_wav(path: pathlib.Path, x: np.ndarray, rate: int):
    """RIFF/WAVE with 32-bit IEEE floats, samples interleaved."""
    channels, count = x.shape
    data = x.T.astype("<f4").tobytes()
    form = struct.pack("<HHIIHHH", 3, channels, rate, rate * channels * 4, channels * 4, 32, 0)
    chunks = [(b"fmt ", form), (b"fact", struct.pack("<I", count)), (b"data", data)]
    body = b"WAVE" + b"".join(name + struct.pack("<I", len(part)) + part for name, part in chunks)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)


def expected(model, x, save) -> dict:
    """Saves codes, audio, gaps and scales; returns the facts about them."""
    pair, errors = Pair(model, None, None), {}
    for bandwidth in model.config.target_bandwidths:
        encoded = oracle.encode(model, x, bandwidth)
        audio = oracle.decode(model, encoded)
        save(f"codes_{bandwidth:g}", pair.stored(encoded["codes"]).numpy())
        save(f"audio_{bandwidth:g}", audio if len(audio) > 1 else audio[0])
        errors[f"{bandwidth:g}"] = relative_error(audio, oracle.decode(pair.exact, encoded))
    if encoded["scales"] is not None:
        save("scales", encoded["scales"].numpy())
    gaps = pair.gaps(x, encoded["codes"])
    save("gaps", pair.stored(gaps))
    return {"last_frame_pad_length": encoded["pad"], "distinct_codes": distinct_codes(encoded["codes"][0]),
            "gaps": gap_summary(gaps), "tie_gap": TIE_GAP, "audio_bound": AUDIO_BOUND,
            "audio_fp32_vs_fp64": errors, "versions": versions()}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("outdir", type=pathlib.Path)
    parser.add_argument("--arch", choices=ARCHITECTURES, required=True)
    parser.add_argument("--seed", type=int, required=True)
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(1)
    options.outdir.mkdir(parents=True, exist_ok=True)
    model = random_model(options.arch, options.seed)
    save_weights(model, options.outdir, every_spelling=False)
    x = random_input(model.config, options.seed)
    write_float_wav(options.outdir / "input.wav", x, model.config.sampling_rate)
    facts = expected(model, x, lambda name, array: np.save(options.outdir / f"{name}.npy", little_endian(array)))
    (options.outdir / "expected.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
