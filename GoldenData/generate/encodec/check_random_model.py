#!/usr/bin/env python3
"""Compares the codecgate program with Hugging Face on a random full-size model that no test has seen.

    python3 GoldenData/generate/encodec/make_random_model.py DIR --arch 24khz --seed 7
    python3 GoldenData/generate/encodec/check_random_model.py DIR --program .build/release/codecgate

DIR holds config.json, model.safetensors, input.wav and what Hugging Face makes of them. For every bandwidth the
program encodes input.wav and decodes Hugging Face's codes; codes must be equal or proven ties (the relative gap of the
two best float64 distances below 1e-4), audio within 1e-4 of the peak. Exit status 1 when not.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np
import soundfile

TIE_GAP = 1e-4
AUDIO_BOUND = 1e-4


def compare_codes(found, expected, gaps):
    """Unproven differences and ties, at most one a frame: later codebooks quantise another residual."""
    unproven = ties = 0
    for frame in np.argwhere((found != expected).any(axis=-2)):
        index = tuple(frame[:-1]) + (slice(None), frame[-1])
        first = int(np.argmax(found[index] != expected[index]))
        if abs(gaps[index][first]) < TIE_GAP:
            ties += 1
        else:
            unproven += 1
    return unproven, ties


def run(program, *arguments):
    subprocess.run([program, *map(str, arguments), "--quiet"], check=True)


def check(folder, program, bandwidth):
    """One bandwidth: encode the input, decode Hugging Face's codes."""
    name = f"{bandwidth:g}"
    expected, audio = np.load(folder / f"codes_{name}.npy"), np.load(folder / f"audio_{name}.npy")
    gaps = np.load(folder / "gaps.npy")
    chunked = expected.ndim == 3 and (folder / "scales.npy").exists()
    ours, theirs = folder / ("ours.npz" if chunked else "ours.npy"), folder / ("theirs.npz" if chunked else "theirs.npy")
    run(program, "encode", folder / "input.wav", "-o", ours, "--codec", folder, "--bandwidth", name)
    if chunked:
        found = np.load(ours)
        pad = found["last_frame_pad_length"]
        np.savez(theirs, codes=expected.astype(np.int32), scales=np.load(folder / "scales.npy").ravel(),
                 last_frame_pad_length=pad, sample_count=found["sample_count"])
        found = found["codes"]
    else:
        found = np.load(ours)
        np.save(theirs, expected.reshape(found.shape).astype(np.int32))
    expected = expected.reshape(found.shape)
    unproven, ties = compare_codes(found, expected, gaps.reshape((-1,) + gaps.shape[-2:])[..., :found.shape[-2], :]
                                   if found.ndim == 3 else gaps.reshape(gaps.shape[-2:])[: found.shape[0]])
    run(program, "decode", theirs, "-o", folder / "ours.wav", "--codec", folder)
    decoded = soundfile.read(folder / "ours.wav", dtype="float32", always_2d=True)[0].T
    # With the input's length in the file the program cuts the last frame to it; Hugging Face leaves that to the caller.
    length = decoded.shape[-1] if chunked else audio.shape[-1]
    reference = audio.reshape((-1, audio.shape[-1]))[:, :length]
    error = float(np.abs(decoded - reference).max() / np.abs(reference).max())
    print(f"{name:>5} kbps: {unproven} of {expected.size} codes differ, {ties} proven ties; audio {error:.1e} of the peak")
    return unproven == 0 and ties <= max(1, int((np.abs(gaps) < 1e-5).sum()) + 1) and error <= AUDIO_BOUND


def main():
    parser = argparse.ArgumentParser(description="Compares codecgate with Hugging Face on a random full-size model.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--program", default=".build/release/codecgate")
    options = parser.parse_args()
    bandwidths = json.loads((options.folder / "config.json").read_text())["target_bandwidths"]
    results = [check(options.folder, options.program, bandwidth) for bandwidth in bandwidths]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
