#!/usr/bin/env python3
"""Makes the EnCodec goldens with Hugging Face transformers, the only oracle.

    python3 GoldenData/generate/encodec/make_encodec_goldens.py [--only CASE] [--out DIR]

A second run on the same machine and library versions writes the same bytes.
"""

import argparse
import pathlib
import sys

import torch

import case_full
import case_lengths
import case_small

CASES = {"small": case_small.small, "small_stereo": case_small.small_stereo,
         "small_identity": case_small.small_identity, "small_options": case_small.small_options,
         "small_centred": case_small.small_centred, "full24": case_full.full24, "full48": case_full.full48,
         "full32": case_full.full32, "lengths": case_lengths.lengths}
DEFAULT_OUT = pathlib.Path(__file__).resolve().parents[2] / "encodec"


def arguments():
    parser = argparse.ArgumentParser(description="Makes the EnCodec goldens.")
    parser.add_argument("--only", choices=CASES, help="make one case")
    parser.add_argument("--out", type=pathlib.Path, default=DEFAULT_OUT, help="folder that gets one folder a case")
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for name in [options.only] if options.only else CASES:
        CASES[name](options.out)
        size = sum(path.stat().st_size for path in (options.out / name).iterdir())
        print(f"{name}: {size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
