"""The bounds of the manifests: what they are, why, and what Hugging Face itself measures against float64."""

import math

import numpy as np
import torch

TIE_GAP = 1e-4
STAGE_BOUND = 1e-5
AUDIO_BOUND = 1e-4
SCALE_BOUND = 1e-5

CODES_DERIVATION = (
    "An index must be equal, or be a proven tie: the stored gap of that frame and codebook, |gap| < 1e-4, where gap = "
    "(squared distance of the best other code - that of the golden code) / the former, both in float64. Distances "
    "carry a relative float32 error of about 2^-24*sqrt(2*dim) from the dot product and of twice the latents' own "
    "error, together below 1e-5 here; 1e-4 leaves a factor of ten. After a proven tie the later codebooks of that "
    "frame are not compared, because their residual is another one. Ties used must be counted and must not exceed "
    "the cap, the number of entries with |gap| < 1e-5 plus one.")
AUDIO_DERIVATION = (
    "Largest absolute difference over the peak of the golden audio, decoding the golden codes. Ten times the stage "
    "bound, so that the last convolution's cancellation between channels (its peak is often below its inputs' peak) "
    "cannot fail a correct decoder; still -80 dB below the peak.")
SCALE_DERIVATION = (
    "Relative difference. The root of a mean over a chunk's N samples, summed left to right in float32, errs by about "
    "2^-24*sqrt(N/6)/2: 2.7e-6 for 48000 samples; the bound is three to four times that.")


def fan_in(module) -> int:
    """Products summed into one output value."""
    if isinstance(module, torch.nn.Conv1d):
        return module.in_channels * module.kernel_size[0]
    if isinstance(module, torch.nn.ConvTranspose1d):
        return module.in_channels * -(-module.kernel_size[0] // module.stride[0])
    if isinstance(module, torch.nn.LSTM):
        return module.num_layers * (module.input_size + module.hidden_size)
    return 0


def rounding_estimate(side) -> float:
    """Expected relative float32 error after one side (encoder or decoder) of the network.

    A plain left-to-right sum of K products of equal size has a relative rounding error of 2^-24*sqrt(K/6)
    (rounding errors are uniform with deviation 2^-24/sqrt(3) of partial sums that grow like sqrt(k)); layers add in
    quadrature.
    """
    return 2.0**-24 * math.sqrt(sum(fan_in(module) for module in side.modules()) / 6)


def stage_derivation(model) -> str:
    encoder, decoder = rounding_estimate(model.encoder), rounding_estimate(model.decoder)
    return (
        "Largest absolute difference over the stage's peak. A left-to-right float32 sum of K products errs by about "
        "2^-24*sqrt(K/6) relative; over all layers in quadrature this gives "
        f"{encoder:.1e} at the end of the encoder and {decoder:.1e} at the end of the decoder (fed with exact codes). "
        "The bound is three or more times that, because residual sums, ELU and LSTM add and the maximum over many "
        "values exceeds the deviation. measured_fp32_vs_fp64 is Hugging Face's own distance from float64.")


def relative_error(value, exact) -> float:
    """Largest absolute difference over the largest absolute exact value."""
    value, exact = np.asarray(value, dtype=np.float64), np.asarray(exact, dtype=np.float64)
    peak = float(np.max(np.abs(exact), initial=0.0))
    return float(np.max(np.abs(value - exact), initial=0.0)) / peak if peak > 0 else 0.0


def gap_summary(gaps) -> dict:
    """How near to a tie the golden's own choices were."""
    size = np.abs(np.asarray(gaps))
    return {"entries": int(size.size), "below_1e-4": int((size < 1e-4).sum()), "below_1e-5": int((size < 1e-5).sum()),
            "below_1e-6": int((size < 1e-6).sum()), "chosen_not_best_in_float64": int((np.asarray(gaps) < 0).sum()),
            "smallest": float(size.min(initial=1.0))}


class Evidence:
    """Gathers the measured errors of one model in one case and writes its bounds."""

    def __init__(self):
        self.stage_errors, self.audio_error, self.scale_error, self.gaps, self.flips = {}, 0.0, None, [], 0

    def stages(self, values: dict, exact: dict):
        for name, value in values.items():
            error = relative_error(value, exact[name])
            self.stage_errors[name] = max(error, self.stage_errors.get(name, 0.0))

    def audio(self, value, exact):
        self.audio_error = max(self.audio_error, relative_error(value, exact))

    def encoded(self, found: dict, exact: dict, gaps):
        """Codes and scales in float32 and float64, and the codes' gaps (exactly 1 marks padding)."""
        self.flips += int((found["codes"] != exact["codes"]).sum())
        self.gaps.append(gaps[gaps != 1])
        if found["scales"] is not None:
            error = float(((found["scales"] - exact["scales"]).abs() / exact["scales"]).max())
            self.scale_error = max(error, self.scale_error or 0.0)

    def write(self, case, model, prefix: str = ""):
        """The bounds into the case's manifest, under `prefix` where a case has several models."""
        gaps = np.concatenate(self.gaps)
        summary = gap_summary(gaps)
        case.bound(prefix + "codes", "equal, or a proven tie", TIE_GAP, CODES_DERIVATION, cap=summary["below_1e-5"] + 1,
                   measured_fp32_vs_fp64_different_codes=self.flips, gaps=summary)
        case.bound(prefix + "audio", "max |difference| / peak", AUDIO_BOUND, AUDIO_DERIVATION,
                   measured_fp32_vs_fp64=self.audio_error)
        if self.scale_error is not None:
            case.bound(prefix + "scales", "max |difference| / value", SCALE_BOUND, SCALE_DERIVATION,
                       measured_fp32_vs_fp64=self.scale_error)
        if self.stage_errors:
            case.bound(prefix + "stages", "max |difference| / peak of the stage", STAGE_BOUND, stage_derivation(model),
                       measured_fp32_vs_fp64=max(self.stage_errors.values()),
                       measured_by_stage=self.stage_errors)
