"""Awkward input lengths: what Hugging Face answers, and where it raises."""

import case_full
import case_small
import oracle
import signals
from bounds import Evidence
from recordings import Pair
from store import Case, identity

SHORT = [*range(11), 319, 320, 321, 322, 639, 640, 641, 1279, 1280, 1281]
LONG = [23999, 24000, 24001]


class Lengths:
    """Prefixes of one signal through one model, into `<model>.npz`."""

    def __init__(self, case, name, formula, x):
        self.case, self.name, self.formula, self.x = case, name, formula, x
        self.pair = Pair(oracle.formula_model(name, formula), case, Evidence())
        self.raised = []

    def add(self, kind, count, array, meaning):
        self.case.add(f"{kind}_{count}", array, f"{meaning} of the first {count} samples", self.name)

    def attempt(self, step, count, work):
        """The work's result, or None with the exception noted as a fact."""
        try:
            return work()
        except Exception as error:  # whatever the oracle raises is the fact to keep
            self.raised.append({"length": count, "step": step, "type": type(error).__name__, "text": str(error)})
            return None

    def run(self, count: int, audio: bool):
        bandwidth, x = max(self.pair.bandwidths), self.x[..., :count]
        encoded = self.attempt("encode", count, lambda: oracle.encode(self.pair.model, x, bandwidth))
        if encoded is None:
            return
        self.add("codes", count, self.pair.stored(encoded["codes"]).numpy(), "codes at the highest bandwidth")
        self.gaps(count, x, encoded, bandwidth)
        if encoded["scales"] is not None:
            self.add("scales", count, encoded["scales"].numpy(), "scales")
            self.case.facts.setdefault(f"{self.name}_last_frame_pad_length", {})[str(count)] = encoded["pad"]
        decoded = self.attempt("decode", count, lambda: oracle.decode(self.pair.model, encoded)) if audio else None
        if decoded is not None:
            self.pair.evidence.audio(decoded, oracle.decode(self.pair.exact, encoded))
            self.add("audio", count, decoded if decoded.shape[0] > 1 else decoded[0], "decoded codes, not cut,")

    def gaps(self, count, x, encoded, bandwidth):
        gaps = self.pair.gaps(x, encoded["codes"])
        self.pair.evidence.encoded(encoded, oracle.encode(self.pair.exact, x, bandwidth), gaps)
        self.add("gaps", count, self.pair.stored(gaps), "signed relative gaps of the two best codes")

    def finish(self) -> dict:
        self.case.fact(f"{self.name}_raised", self.raised)
        self.pair.evidence.write(self.case, self.pair.model, f"{self.name}/")
        return identity(self.pair.model, self.formula)


def mono_signal():
    x = signals.mixed(24000, 24001, (0.5, 0.55)) + 0.02 * signals.noise(24001, 5)
    return signals.sixteen_bit(x)


def stereo_signal(count):
    left = signals.speech(1200, count, 100) + 0.1 * signals.noise(count, 11)
    right = signals.music(1200, count) + 0.1 * signals.noise(count, 13)
    return signals.sixteen_bit(signals.stereo(left, right))


def stereo_lengths(config) -> list[int]:
    """Lengths about the chunk, the stride between chunks, and a second chunk of one hop and a bit."""
    chunk, stride, hop = config.chunk_length, config.chunk_stride, config.hop_length
    return sorted({0, 1, 2, hop, hop + 1, stride - 1, stride, stride + 1, stride + hop, stride + hop + 1, chunk - 1,
                   chunk, chunk + 1, 2 * stride, 2 * stride + 1, stride + chunk, stride + chunk + 1})


def lengths(out):
    """All lengths through the small causal, the full 24 kHz and the small stereo model."""
    case = Case(out, "lengths", "awkward input lengths; every input is a prefix of a stored signal")
    case.fact("weights", "small and small_stereo: GoldenData/encodec/<model>/model.safetensors; full24: by formula")
    mono = case.add("mono", mono_signal(), "signal of `small` and `full24`", "signals")
    small = Lengths(case, "small", case_small.SMALL, mono)
    full = Lengths(case, "full24", case_full.FULL24, mono)
    for count in SHORT + LONG:
        small.run(count, audio=count in SHORT or count == LONG[-1])
        full.run(count, audio=count in SHORT)
    config = oracle.configuration("small_stereo")
    counts = stereo_lengths(config)
    stereo = case.add("stereo", stereo_signal(max(counts)), "signal of `small_stereo` (channels, samples)", "signals")
    chunked = Lengths(case, "small_stereo", case_small.STEREO, stereo)
    for count in counts:
        chunked.run(count, audio=True)
    case.finish(models={runner.name: runner.finish() for runner in (small, full, chunked)})
