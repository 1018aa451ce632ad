"""Residual vector quantisation in training: k-means start, moving averages, restart of dead codes, dropout."""

import torch

from network import CODEBOOKS_AT


def assign(vectors, embed):
    """Index of the nearest code, as Hugging Face computes it; vectors (N, D), embed (K, D)."""
    distance = embed.pow(2).sum(1) - 2 * vectors @ embed.t()
    return distance.argmin(dim=1)


def kmeans(vectors, count: int, rounds: int, generator):
    """(codes, sizes). Starts from random vectors; an empty code is moved onto a random vector."""
    pick = torch.randint(len(vectors), (count,), generator=generator)
    codes = vectors[pick].clone()
    for _ in range(rounds):
        index = assign(vectors, codes)
        sizes = torch.bincount(index, minlength=count).to(vectors.dtype)
        sums = torch.zeros_like(codes).index_add_(0, index, vectors)
        codes = sums / sizes.clamp(min=1)[:, None]
        empty = torch.nonzero(sizes == 0)[:, 0]
        codes[empty] = vectors[torch.randint(len(vectors), (len(empty),), generator=generator)]
    return codes, torch.bincount(assign(vectors, codes), minlength=count).to(vectors.dtype)


class ResidualQuantiser(torch.nn.Module):
    """Eight codebooks whose vectors follow moving averages of what was assigned to them."""

    def __init__(self, dimension: int, codebooks: int = 8, size: int = 1024, decay: float = 0.997,
                 dead_share: float = 0.03):
        super().__init__()
        self.decay, self.dead_share = decay, dead_share
        self.register_buffer("embed", torch.zeros(codebooks, size, dimension))
        self.register_buffer("sums", torch.zeros(codebooks, size, dimension))
        self.register_buffer("sizes", torch.zeros(codebooks, size))

    @torch.no_grad()
    def start(self, latents, generator, rounds: int = 12):
        """Fits the codebooks one after the other to latents (N, D); each gets what the earlier ones leave."""
        residual = latents.clone()
        for layer in range(len(self.embed)):
            codes, sizes = kmeans(residual, self.embed.shape[1], rounds, generator)
            self.embed[layer], self.sizes[layer] = codes, sizes
            self.sums[layer] = codes * sizes[:, None]
            residual -= codes[assign(residual, codes)]

    def rescale(self, batch_vectors: int):
        """After `start`, brings the sizes to what batches of `batch_vectors` sustain."""
        for layer in range(len(self.embed)):
            factor = batch_vectors / self.sizes[layer].sum()
            self.sizes[layer] *= factor
            self.sums[layer] *= factor

    def forward(self, latents, counts, generator, learn: bool):
        """(quantised with straight-through gradient, commitment loss).

        latents (B, D, T); counts (B,) codebooks each item may use. `learn` moves the codebooks too.
        """
        batch, dimension, steps = latents.shape
        flat = latents.permute(0, 2, 1).reshape(-1, dimension)
        allowed = counts.repeat_interleave(steps)
        residual, total, commitment = flat.detach().clone(), torch.zeros_like(flat), flat.new_zeros(())
        scale = residual.pow(2).mean() + 1e-9
        for layer in range(int(counts.max())):
            rows = torch.nonzero(allowed > layer)[:, 0]
            inputs = residual[rows]
            index = assign(inputs, self.embed[layer])
            chosen = self.embed[layer][index]
            if learn and self.decay < 1:
                self.follow(layer, inputs, index, generator)
            total[rows] += chosen
            residual[rows] -= chosen
            commitment = commitment + (flat[rows] - total[rows].clone()).pow(2).mean() / scale
        quantised = flat + (total - flat).detach()
        return quantised.reshape(batch, steps, dimension).permute(0, 2, 1), commitment / len(self.embed)

    @torch.no_grad()
    def follow(self, layer: int, inputs, index, generator):
        """One step of the moving averages; codes that fell below a share of the mean use start anew."""
        size = self.embed.shape[1]
        counts = torch.bincount(index, minlength=size).to(inputs.dtype)
        self.sizes[layer].mul_(self.decay).add_(counts, alpha=1 - self.decay)
        sums = torch.zeros_like(self.sums[layer]).index_add_(0, index, inputs)
        self.sums[layer].mul_(self.decay).add_(sums, alpha=1 - self.decay)
        mean = self.sizes[layer].mean()
        dead = torch.nonzero(self.sizes[layer] < self.dead_share * mean)[:, 0]
        if len(dead):
            pick = torch.randint(len(inputs), (len(dead),), generator=generator)
            self.sizes[layer][dead] = 0.5 * mean
            self.sums[layer][dead] = inputs[pick] * 0.5 * mean
        self.embed[layer] = self.sums[layer] / self.sizes[layer][:, None]


def draw_counts(batch: int, generator):
    """Codebooks of each item: half of them at 6 kbps, a quarter each at 3 and 1.5."""
    choices = torch.tensor([CODEBOOKS_AT[6.0]] * 2 + [CODEBOOKS_AT[3.0], CODEBOOKS_AT[1.5]])
    return choices[torch.randint(4, (batch,), generator=generator)]
