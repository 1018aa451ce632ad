"""Small models with stored weights: every stage of the network, for four kinds of sound."""

import numpy as np

import oracle
import signals
from bounds import Evidence
from formula import Formula
from recordings import Pair, distinct_codes
from store import Case, identity
from weights import save_weights

# Tuned once: activations stay near 1 through the network, and every codebook takes many values.
SMALL = Formula(modelSeed=3, gainConv=1.15, gainTransposed=1.05, lstmScale=4.0, embedScale=0.9, embedDecay=0.85)
STEREO = Formula(modelSeed=1, gainConv=1.3, gainTransposed=1.15, lstmScale=4.0, embedScale=0.6, embedDecay=0.85)
IDENTITY = Formula(modelSeed=2, gainConv=1.3, gainTransposed=1.15, lstmScale=4.0, embedScale=0.6, embedDecay=0.85)
OPTIONS = Formula(modelSeed=4, gainConv=1.2, gainTransposed=1.1, lstmScale=4.0, embedScale=0.6, embedDecay=0.85)

STAGE_FACT = ("stages_<input>.npz holds one entry for each layer of the encoder and decoder that computes something "
              "(all but ELU), named by its Hugging Face module; the last encoder layer is the latents, the last "
              "decoder layer is the audio at the highest bandwidth before any chunk scale, `dequantised` is the "
              "decoder's input")


def start(name: str, formula: Formula, purpose: str, out, every_spelling: bool):
    case, model = Case(out, name, purpose), oracle.formula_model(name, formula)
    case.fact("weights", save_weights(model, case.folder, every_spelling))
    case.fact("stages", STAGE_FACT)
    return case, Pair(model, case, Evidence())


def finish(case, pair, formula):
    pair.evidence.write(case, pair.model)
    case.finish(**identity(pair.model, formula))


def small(out):
    """The causal mono kind (24 kHz): all stages for each input."""
    case, pair = start("small", SMALL, "every stage of a small causal model, weights in three spellings", out, True)
    rate, count = 24000, 1700
    inputs = {"speech": signals.speech(rate, count, 3000), "music": signals.music(rate, count, 0.02),
              "silent": np.zeros(count), "noisy": signals.noise(count)}
    for name, x in inputs.items():
        x = case.add(name, signals.sixteen_bit(x), f"input, {rate} Hz mono", "inputs")
        found = pair.encode(name, x)
        for bandwidth in pair.bandwidths[:-1]:  # at the highest, the audio is the last decoder stage
            pair.decode(name, found[bandwidth], bandwidth)
        codes = found[max(found)]["codes"][0]
        pair.stages(name, x, codes)
        case.fact(f"distinct_codes_{name}", distinct_codes(codes))
    finish(case, pair, SMALL)


def stereo_inputs(rate: int, chunk: int) -> dict:
    """Lengths around the chunk; every one but the quiet one is a prefix of the first."""
    count = 2 * (chunk - chunk // 100) + 225
    left = signals.speech(rate, count, 200) + 0.1 * signals.noise(count)
    right = signals.music(rate, count) + 0.1 * signals.noise(count, 7)
    x = signals.sixteen_bit(signals.stereo(left, right))
    return {"two_and_short": x, "one_less": x[:, : chunk - 1], "one": x[:, :chunk], "one_more": x[:, : chunk + 1],
            "quiet": x[:, :500] * np.float32(2.0**-12), "silent": np.zeros((2, 500), np.float32)}


def small_stereo(out):
    """The chunked, normalised stereo kind (48 kHz): codes, scales and audio; stages of the first and last chunk."""
    case, pair = start("small_stereo", STEREO, "chunks, scales and overlap-add of a small stereo model", out, False)
    for name, x in stereo_inputs(1200, pair.model.config.chunk_length).items():
        x = case.add(name, x, "input, 1200 Hz stereo (channels, samples)", "inputs")
        found = pair.encode(name, x)
        best = found[max(found)]
        case.add(f"{name}_scales", best["scales"].numpy(), "one scale a chunk, the same at each bandwidth", "codes")
        case.fact(f"last_frame_pad_length_{name}", best["pad"])
        for bandwidth, encoded in found.items():
            if bandwidth == max(found) or name == "two_and_short":
                pair.decode(name, encoded, bandwidth)
        if name == "two_and_short":
            stereo_stages(case, pair, x, best)
    case.fact("padding", "codes of a short last chunk are padded with zeros to the first chunk's length; "
              "last_frame_pad_length says by how many steps, and gaps are 1 there")
    finish(case, pair, STEREO)


def stereo_stages(case, pair, x, best):
    """Stages of one full chunk; the short last one is covered by its codes and audio."""
    codes = best["codes"][0]
    pair.stages("two_and_short", x, codes)
    case.fact("distinct_codes_first_chunk", distinct_codes(codes))


def small_identity(out):
    """The non-causal mono kind with an identity shortcut (32 kHz)."""
    case, pair = start("small_identity", IDENTITY, "every stage of a small non-causal model without shortcut "
                       "convolutions", out, False)
    x = case.add("mixed", signals.sixteen_bit(signals.mixed(1000, 1130, (0.4, 0.5))), "input, 1000 Hz mono", "inputs")
    found = pair.encode("mixed", x)
    for bandwidth, encoded in found.items():
        pair.decode("mixed", encoded, bandwidth)
        pair.stages("mixed", x, encoded["codes"][0])
        case.fact("distinct_codes_mixed", distinct_codes(encoded["codes"][0]))
    finish(case, pair, IDENTITY)


def small_options(out):
    """A causal model with every option that the published models leave at its default."""
    options(out, "small_options", "dilations, zero padding, cuts at both ends and other options of a causal model")


def small_centred(out):
    """The same options in a centred model."""
    options(out, "small_centred", "dilations, edge padding and other options of a centred model")


def options(out, name, purpose):
    case, pair = start(name, OPTIONS, purpose, out, False)
    x = case.add("mixed", signals.sixteen_bit(signals.mixed(1000, 565, (0.2, 0.25))), "input, 1000 Hz mono", "inputs")
    found = pair.encode("mixed", x)
    for bandwidth, encoded in found.items():
        pair.decode("mixed", encoded, bandwidth)
    codes = found[max(found)]["codes"][0]
    pair.stages("mixed", x, codes)
    case.fact("distinct_codes_mixed", distinct_codes(codes))
    finish(case, pair, OPTIONS)
