"""Running one input through a model and its float64 twin, and storing what came out."""

import numpy as np
import torch

import oracle


class Pair:
    """A float32 model, its float64 twin, and the case and evidence they feed."""

    def __init__(self, model, case, evidence):
        self.model, self.exact, self.case, self.evidence = model, oracle.in_double(model), case, evidence
        self.chunked = model.config.chunk_length is not None
        self.bandwidths = model.config.target_bandwidths

    def chunks(self, x):
        """The chunks the model cuts (channels, n) into, each divided by its scale where the model normalises."""
        length, stride = self.model.config.chunk_length, self.model.config.chunk_stride
        x = np.atleast_2d(x)
        if not self.chunked:
            return [x]
        return [oracle.normalised(self.model, x[:, at : at + length]) for at in range(0, x.shape[-1], stride)]

    def gaps(self, x, codes) -> np.ndarray:
        """Signed gaps, shaped as the codes; 1 where a short chunk's codes are padding."""
        out = np.ones(tuple(codes.shape), dtype=np.float32)
        for index, frame in enumerate(self.chunks(x)):
            latent = oracle.latents(self.exact, frame)
            steps = latent.shape[-1]
            out[index, :, :steps] = oracle.two_best(self.exact, latent, codes[index, :, :steps])
        return out

    def stored(self, codes):
        return codes if self.chunked else codes[0]

    def encode(self, name: str, x) -> dict:
        """Codes at each bandwidth and the gaps at the highest; returns the encodings by bandwidth."""
        found = {}
        for bandwidth in self.bandwidths:
            found[bandwidth] = encoded = oracle.encode(self.model, x, bandwidth)
            self.case.add(f"{name}_codes_{bandwidth:g}", self.stored(encoded["codes"]).numpy(),
                          f"codes of input {name} at {bandwidth:g} kbps", "codes")
        self.note_ties(name, x, found[max(found)])
        return found

    def note_ties(self, name, x, encoded):
        gaps = self.gaps(x, encoded["codes"])
        self.evidence.encoded(encoded, oracle.encode(self.exact, x, max(self.bandwidths)), gaps)
        self.case.add(f"{name}_gaps", self.stored(gaps),
                      "signed relative gap of the two best codes at the highest bandwidth, in float64", "codes")

    def decode(self, name: str, encoded: dict, bandwidth: float):
        """Audio of the float32 codes, as `decode` returns it (not cut to the input's length)."""
        audio = oracle.decode(self.model, encoded)
        self.evidence.audio(audio, oracle.decode(self.exact, encoded))
        self.case.add(f"{name}_audio_{bandwidth:g}", audio if audio.shape[0] > 1 else audio[0],
                      f"decoded codes of input {name} at {bandwidth:g} kbps, not cut to the input's length", "audio")
        return audio

    def stages(self, name: str, x, codes, chunk: int = 0):
        """Every stage's output for one chunk, the decoder fed with that chunk's codes (nq, T)."""
        frame = self.chunks(x)[chunk]
        values = oracle.stages(self.model, frame, codes)
        self.evidence.stages(values, oracle.stages(self.exact, frame, codes))
        for stage, value in values.items():
            self.case.add(stage, value, f"output of {stage} (channels, time), input {name}, chunk {chunk}",
                          f"stages_{name}")


def distinct_codes(codes) -> list[int]:
    """How many different codes each codebook uses; codes (nq, T)."""
    return [int(torch.unique(row).numel()) for row in codes]
