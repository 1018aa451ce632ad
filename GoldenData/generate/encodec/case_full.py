"""Full-size architectures with formula weights, which are not stored."""

import oracle
import signals
from bounds import Evidence
from formula import Formula
from recordings import Pair, distinct_codes
from store import Case, identity

# Tuned once: activations stay near 1 through the network, and every codebook takes many values.
FULL24 = Formula(modelSeed=2, gainConv=1.2, gainTransposed=1.0, lstmScale=4.0, embedScale=0.2, embedDecay=0.96)
FULL48 = Formula(modelSeed=1, gainConv=1.3, gainTransposed=1.0, lstmScale=4.0, embedScale=0.25, embedDecay=0.96)
FULL32 = Formula(modelSeed=1, gainConv=1.2, gainTransposed=1.05, lstmScale=4.0, embedScale=0.4, embedDecay=0.93)


def start(name: str, formula: Formula, purpose: str, out):
    case = Case(out, name, purpose)
    case.fact("weights", "not stored; made from `formula` as GoldenData/generate/encodec/formula.py does")
    return case, Pair(oracle.formula_model(name, formula), case, Evidence())


def finish(case, pair, formula, codes, fewest: int):
    """Refuses to write a golden whose codebooks hardly move: equal codes would then prove little."""
    counts = distinct_codes(codes)
    assert min(counts) >= fewest, f"{case.name}: a codebook uses only {min(counts)} codes"
    case.fact("distinct_codes", counts)
    case.fact("frames", codes.shape[-1])
    pair.evidence.write(case, pair.model)
    case.finish(**identity(pair.model, formula))


def measure_stages(pair, x, codes):
    """The stages' float32 errors, for the bound's evidence; the stages themselves would be too large to keep."""
    frame = pair.chunks(x)[0]
    values = oracle.stages(pair.model, frame, codes)
    pair.evidence.stages(values, oracle.stages(pair.exact, frame, codes))
    return values


def full24(out):
    """The 24 kHz architecture on 2.2 s of speech, music, noise and silence."""
    case, pair = start("full24", FULL24, "the facebook/encodec_24khz architecture at every bandwidth", out)
    x = signals.sixteen_bit(signals.mixed(24000, 52800, (1.3, 1.5)))
    x = case.add("mixed", x, "input, 24000 Hz mono, 2.2 s; silent from 1.3 s to 1.5 s", "inputs")
    found = pair.encode("mixed", x)
    for bandwidth in (1.5, 6.0, 24.0):
        pair.decode("mixed", found[bandwidth], bandwidth)
    codes = found[24.0]["codes"][0]
    values = measure_stages(pair, x, codes)
    case.add("latents", values["encoder.layers.15"], "encoder output (128, frames)", "latents")
    case.add("dequantised_6", oracle.dequantised(pair.model, found[6.0]["codes"][0]),
             "sum of the code vectors at 6 kbps (128, frames)", "latents")
    gaps = case.groups["codes"]["mixed_gaps"]
    case.add("gaps", gaps, "signed relative gap of the two best codes (32, frames) at 24 kbps, in float64")
    finish(case, pair, FULL24, codes, 25)


def full48(out):
    """The 48 kHz stereo architecture on one full chunk and a short one."""
    case, pair = start("full48", FULL48, "the facebook/encodec_48khz architecture: chunks, scales, overlap-add", out)
    rate, count = 48000, 50800
    left = signals.mixed(rate, count, (0.6, 0.65))
    right = signals.music(rate, count, 0.05) + 0.3 * signals.noise(count, 7)
    x = case.add("mixed", signals.sixteen_bit(signals.stereo(left, right)), "input, 48000 Hz stereo", "inputs")
    found = pair.encode("mixed", x)
    case.add("mixed_scales", found[24.0]["scales"].numpy(), "one scale a chunk, the same at each bandwidth", "codes")
    case.fact("last_frame_pad_length", found[24.0]["pad"])
    for bandwidth in (6.0, 24.0):
        pair.decode("mixed", found[bandwidth], bandwidth)
    case.fact("decode_raises", overlap_failures(pair.model, x))
    codes = found[24.0]["codes"][0]
    measure_stages(pair, x, codes)
    finish(case, pair, FULL48, codes, 25)


def overlap_failures(model, x) -> dict:
    """What decoding says for prefixes whose second chunk is one frame, and one sample more than a frame."""
    stride, hop = model.config.chunk_stride, model.config.hop_length
    said = {}
    for count in (stride + 1, stride + hop, stride + hop + 1):
        try:
            oracle.decode(model, oracle.encode(model, x[:, :count], 3.0))
            said[str(count)] = "nothing raised"
        except RuntimeError as error:
            said[str(count)] = f"RuntimeError: {error}"
    return said


def full32(out):
    """The 32 kHz architecture (MusicGen's) on half a second."""
    case, pair = start("full32", FULL32, "the facebook/encodec_32khz architecture", out)
    x = signals.sixteen_bit(signals.mixed(32000, 16000, (0.3, 0.33)))
    x = case.add("mixed", x, "input, 32000 Hz mono", "inputs")
    found = pair.encode("mixed", x)
    pair.decode("mixed", found[2.2], 2.2)
    codes = found[2.2]["codes"][0]
    measure_stages(pair, x, codes)
    finish(case, pair, FULL32, codes, 18)
