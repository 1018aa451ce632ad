"""Starting weights: the network begins as the transform of `transform.py` and its inverse.

A random start of this depth spends its first thousand steps on finding any path from input to output. Here a few
channels ("carriers") of each layer pass the samples on: 1 of 1 at 24 kHz, 2 at 12 kHz, 8 at 3 kHz hold every sample; at
600 Hz the encoder keeps a few combinations of 40 samples for the waveform, and rectifies four phases of each band's
filter for its level. Carriers are small, where ELU is nearly linear. Everything else keeps a small random start, and
training is free to leave the transform.
"""

import numpy as np
import torch
from scipy import optimize

from network import HOP, SAMPLE_RATE
from transform import LEVEL_POWER, fitted

GAIN, COMBINED, LATENT = 0.1, 1 / 3, 1 / 64
RANDOM_ROWS, BRANCH, LSTM, NOTHING = 0.5, 0.03, 0.3, 1e-4
PART, TAPS, PHASES = 40, 80, (1, 1j, -1, -1j)
LEVEL_AT_RECTIFIER = 8.0
SATURATIONS = (0.2, 0.5, 0.8, 0.95)
HINGES = 8


def put(layer, rows: dict, bias: dict | None = None, loud: slice = slice(0)):
    """Sets output channels of a convolution: rows maps an output channel to its (in, kernel) weights.

    The other channels keep small random weights, and hardly hear the `loud` input channels.
    """
    transposed = isinstance(layer, torch.nn.ConvTranspose1d)
    weight = layer.weight.detach().clone()
    weight = weight.transpose(0, 1).contiguous() if transposed else weight
    weight *= RANDOM_ROWS
    weight[:, loud] *= NOTHING
    for row, values in rows.items():
        weight[row] = torch.as_tensor(np.asarray(values), dtype=torch.float32)
    layer.weight = weight.transpose(0, 1).contiguous() if transposed else weight
    parts = layer.parametrizations.weight
    parts.original1.div_(parts.original0)
    layer.bias.zero_()
    for row, value in (bias or {}).items():
        layer.bias[row] = float(value)


def one(layer, channel: int, tap: int, value: float = 1.0):
    """Weights (in, kernel) that pick one tap of one channel; tap -1 is the newest sample."""
    out = np.zeros((layer.in_channels, layer.kernel_size[0]))
    out[channel, tap] = value
    return out


def start_residual(block, carriers: int, heard: int | None = None):
    """The shortcut passes the carriers, the branch starts small, and hears the first `heard` channels only."""
    shortcut = block.shortcut.conv
    put(shortcut, {c: one(shortcut, c, 0) for c in range(carriers)})
    branch = [m for m in block.block.modules() if isinstance(m, torch.nn.Conv1d)]
    for layer in branch:
        layer.bias.zero_()
    branch[-1].parametrizations.weight.original0.mul_(BRANCH)
    if heard:
        branch[0].weight = branch[0].weight.detach() * (torch.arange(branch[0].in_channels) < heard)[:, None]


def start_lstm(lstm, heard: int):
    """Starts small, and hears the first `heard` channels only: levels and hinges are large beside the waveform."""
    for name, parameter in lstm.named_parameters():
        parameter.mul_(0.0 if "bias" in name else LSTM)
    lstm.weight_ih_l0[:, heard:] = 0


def band_filter(spectrum, low: float, high: float):
    """80 complex taps, oldest first: the least-squares approximation, for audio of that spectrum, of the band."""
    f = np.linspace(0, SAMPLE_RATE / 2, len(spectrum))
    flat = spectrum + spectrum.max() * 1e-5
    correlation = np.fft.irfft(flat)[:TAPS]
    matrix = correlation[np.abs(np.subtract.outer(np.arange(TAPS), np.arange(TAPS)))]
    inside = (f >= low) & (f < high)
    turns = np.exp(2j * np.pi * np.outer(np.arange(TAPS) - (TAPS - 1) / 2, f[inside]) / SAMPLE_RATE)
    return np.linalg.solve(matrix + np.eye(TAPS) * correlation[0] * 1e-6, turns @ flat[inside] / (len(f) - 1))


def polyphase(taps, layer):
    """Weights (in, kernel) over carriers that hold `kernel * carriers` samples in turn."""
    carriers, kernel = len(taps) // layer.kernel_size[0], layer.kernel_size[0]
    out = np.zeros((layer.in_channels, kernel))
    out[:carriers] = np.asarray(taps).reshape(kernel, carriers).T
    return out


def start_samples(layers):
    """Up to 3 kHz every sample is passed on; returns the layer above, whose kernel sees 80 of them."""
    put(layers[0].conv, {0: one(layers[0].conv, 0, -1, GAIN)})
    carriers = 1
    for index in (1, 4):
        start_residual(layers[index], carriers)
        down = layers[index + 2].conv
        ratio = down.stride[0]
        put(down, {tap * carriers + c: one(down, c, ratio + tap) for tap in range(ratio) for c in range(carriers)})
        carriers *= ratio
    start_residual(layers[7], carriers)
    return layers[9].conv


def start_bands(down, transform, sizes):
    """At 600 Hz: combinations of the newest 40 samples, then four phases of each band. Returns the combinations.

    `sizes` are the bands' levels (root of the mean square), by which what is rectified is scaled.
    """
    kept = down.out_channels - len(PHASES) * len(transform.bands)
    parts = transform.analysis.reshape(-1, PART)
    combinations = np.linalg.svd(parts, full_matrices=False)[2][:kept]
    rows = {}
    for c, taps in enumerate(combinations):
        rows[c] = polyphase(np.pad(taps, (PART, 0)), down) * COMBINED
    for band, (low, high) in enumerate(transform.bands):
        taps = band_filter(transform.spectrum, low, high)
        for phase, turn in enumerate(PHASES):
            real = (taps * turn).real * LEVEL_AT_RECTIFIER / (sizes[band] * GAIN)
            rows[kept + len(PHASES) * band + phase] = polyphase(real, down)
    put(down, rows)
    return combinations


def start_blocks(layer, transform, combinations):
    """At 75 Hz: the waveform's coefficients, and each band's mean over the newest block, rising and saturating."""
    waves, kept = len(transform.scales), len(combinations)
    rows = {}
    for k in range(waves):
        row = np.zeros((layer.in_channels, layer.kernel_size[0]))
        row[:kept] = (transform.analysis[k].reshape(-1, PART) @ combinations.T).T
        rows[k] = row * transform.scales[k] * LATENT / (GAIN * COMBINED)
    for band in range(len(transform.bands)):
        row = np.zeros((layer.in_channels, layer.kernel_size[0]))
        first = kept + len(PHASES) * band
        row[first : first + len(PHASES), layer.stride[0] :] = 1 / (len(PHASES) * layer.stride[0])
        for place in range(1 + len(SATURATIONS)):
            rows[waves + band * (1 + len(SATURATIONS)) + place] = row
    put(layer, rows, loud=slice(kept, None))


def saturate(layer, features, waves: int):
    """Turns the copies of each level into -level / quantile, so that ELU makes 1 - exp of it."""
    weight = layer.weight.detach().clone()
    step = 1 + len(SATURATIONS)
    for first in range(waves, waves + features.shape[1], step):
        for place, share in enumerate(SATURATIONS, 1):
            weight[first + place] *= -1 / max(1e-3, float(np.quantile(features[:, first - waves], share)))
    layer.weight = weight


def start_latents(last, transform, target, activations):
    """The last convolution: coefficients as they are, levels by least squares from all of the levels' channels."""
    waves = len(transform.scales)
    count = (1 + len(SATURATIONS)) * len(transform.bands)
    rows, bias = {}, {}
    for k in range(waves):
        rows[k] = one(last, k, -1, 1 / LATENT)
    made = np.concatenate([activations[:, waves : waves + count], np.ones((len(activations), 1))], axis=1)
    size = np.sqrt((made**2).mean(0))
    matrix = (made / size).T @ (made / size) / len(made) + 1e-5 * np.eye(count + 1)
    for band in range(len(transform.bands)):
        found = np.linalg.solve(matrix, (made / size).T @ target[:, waves + band] / len(made)) / size
        rows[waves + band], bias[waves + band] = np.zeros((last.in_channels, last.kernel_size[0])), found[-1]
        rows[waves + band][waves : waves + count, -1] = found[:-1]
    for row in range(waves + len(transform.bands), last.out_channels):
        rows[row] = one(last, row, -1, NOTHING)
    put(last, rows, bias)


def activations_of(layers, x, until: int):
    """(frames of all stretches, channels) behind encoder layer `until`."""
    found = []
    for part in x.split(32):
        h = part[:, None]
        for layer in layers[: until + 1]:
            h = layer(h)
        found.append(h.permute(0, 2, 1).reshape(-1, h.shape[1]))
    return torch.cat(found).double().numpy()


def start_encoder(layers, transform, x, target):
    """`target` (frames, waves + bands) are the transform's latents of audio x (B, T), which the last layers fit."""
    waves, count = len(transform.scales), (1 + len(SATURATIONS)) * len(transform.bands)
    levels = (target[:, waves:] / transform.level_scales) ** (1 / LEVEL_POWER)
    combinations = start_bands(start_samples(layers), transform, np.sqrt((levels**2).mean(0)))
    start_residual(layers[10], layers[9].conv.out_channels, len(combinations))
    start_blocks(layers[12].conv, transform, combinations)
    start_lstm(layers[13].lstm, waves)
    saturate(layers[12].conv, activations_of(layers, x, 12)[:, waves : waves + count], waves)
    start_latents(layers[15].conv, transform, target, activations_of(layers, x, 14))


def expansion(latents, scale: float):
    """(slopes, knots, heights) of ELU hinges whose sum is the amplitude that a level's latent stands for."""
    c = np.linspace(0, np.quantile(latents, 0.9995), 1000)
    goal = np.maximum(c / scale, 0) ** (1 / LEVEL_POWER)
    knots = np.geomspace(0.15 * np.quantile(latents, 0.5), 0.8 * c[-1], HINGES)
    slopes = 2.5 / np.diff(knots, prepend=0)
    v = slopes * (c[:, None] - knots)
    hinges = np.where(v > 0, v + 1, np.exp(np.minimum(v, 0)))
    weight = 1 / (goal + 0.003 * goal.max())
    return slopes, knots, optimize.nnls(hinges * weight[:, None], goal * weight)[0]


def start_synthesis(first, up, transform, target):
    """Latents to the sixteenths of two blocks; the last channel is constant and cancels the hinges' floors."""
    waves, constant = len(transform.scales), first.out_channels - 1
    rows, bias = {constant: one(first, 0, -1, NOTHING)}, {constant: 1.0}
    columns = np.zeros((first.out_channels, 2 * HOP))
    for k in range(waves):
        rows[k] = one(first, k, -1, LATENT)
        columns[k] = transform.synthesis[k] / (transform.scales[k] * LATENT)
    for band, scale in enumerate(transform.level_scales):
        slopes, knots, heights = expansion(target[:, waves + band], scale)
        for place, (slope, knot, height) in enumerate(zip(slopes, knots, heights)):
            row = waves + band * HINGES + place
            rows[row], bias[row] = one(first, waves + band, -1, slope), -slope * knot
            columns[row] = height * transform.synthesis[waves + band]
            columns[constant] += columns[row]
    put(first, rows, bias)
    parts = GAIN * columns.reshape(len(columns), -1, PART)
    put(up, {c: parts[:, :, c] for c in range(PART)}, loud=slice(waves, None))


def start_decoder(layers, transform, target):
    start_synthesis(layers[0].conv, layers[3].conv, transform, target)
    start_lstm(layers[1].lstm, len(transform.scales))
    start_residual(layers[4], PART)
    carriers = PART
    for index in (6, 9, 12):
        up = layers[index].conv
        ratio = up.stride[0]
        carriers //= ratio
        put(up, {c: sum(one(up, tap * carriers + c, tap) for tap in range(ratio)) for c in range(carriers)})
        start_residual(layers[index + 1], carriers)
    put(layers[15].conv, {0: one(layers[15].conv, 0, -1, 1 / GAIN)})


@torch.no_grad()
def as_transform(model, x):
    """Starts the model as the transform fitted to training audio x (B, T)."""
    signal = x.double().numpy()
    transform = fitted(signal)
    target = transform.latents(signal).reshape(-1, len(transform.scales) + len(transform.bands))
    start_encoder(model.encoder.layers, transform, x, target)
    start_decoder(model.decoder.layers, transform, target)
