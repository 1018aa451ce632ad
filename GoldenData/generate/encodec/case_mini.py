"""The trained `mini` of the package: its weights are the package's resource, read in float32."""

import pathlib

import torch
from transformers import EncodecModel

import oracle
import signals
from bounds import Evidence
from case_full import measure_stages
from recordings import Pair, distinct_codes
from store import Case, config_json, sha256

RESOURCES = pathlib.Path(__file__).resolve().parents[3] / "Sources/EnCodec/Resources/mini"


def mini(out):
    """2.2 s of speech, music, noise and silence at 1.5, 3 and 6 kbps."""
    case = Case(out, "mini", "the trained codec of the package at every bandwidth")
    case.fact("weights", "Sources/EnCodec/Resources/mini/model.safetensors, float16 converted to float32")
    model = EncodecModel.from_pretrained(RESOURCES, dtype=torch.float32).eval()
    pair = Pair(model, case, Evidence())
    x = signals.sixteen_bit(signals.mixed(24000, 52800, (1.3, 1.5)))
    x = case.add("mixed", x, "input, 24000 Hz mono, 2.2 s; silent from 1.3 s to 1.5 s", "inputs")
    found = pair.encode("mixed", x)
    for bandwidth in model.config.target_bandwidths:
        pair.decode("mixed", found[bandwidth], bandwidth)
    codes = found[6.0]["codes"][0]
    values = measure_stages(pair, x, codes)
    case.add("latents", values["encoder.layers.15"], "encoder output (hidden, frames)", "latents")
    case.add("dequantised_6", oracle.dequantised(model, codes),
             "sum of the code vectors at 6 kbps (hidden, frames)", "latents")
    case.add("gaps", case.groups["codes"]["mixed_gaps"],
             "signed relative gap of the two best codes (8, frames) at 6 kbps, in float64")
    counts = distinct_codes(codes)
    assert min(counts) >= 25, f"mini: a codebook uses only {min(counts)} codes on the golden's input"
    case.fact("distinct_codes", counts)
    case.fact("frames", codes.shape[-1])
    pair.evidence.write(case, model)
    case.finish(weights_sha256=sha256((RESOURCES / "model.safetensors").read_bytes()), config=config_json(model))
