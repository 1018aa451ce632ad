"""Starting weights: the network begins as a linear block transform, whose inverse the decoder is.

A random start of this depth spends its first thousand steps on finding any path from input to output. Here a few
channels ("carriers") of each layer pass the samples on: 1 of 1 at 24 kHz, 2 at 12 kHz, 8 at 3 kHz, 40 at 600 Hz hold
every sample of a block of 320; the last downsampling projects the block onto the principal components of the training
audio, and the decoder mirrors all of it. ELU is linear above zero, so carriers are shifted up where they meet one.
Everything else keeps a small random start, and training is free to leave the transform.
"""

import torch

SHIFT = 0.0
RANDOM_ROWS, CARRIER_NOISE = 0.5, 0.005
BLOCK = 320


def principal_components(x, count: int):
    """The `count` strongest orthonormal directions (count, 320) of the blocks of audio x (B, T)."""
    blocks = x[:, : x.shape[1] // BLOCK * BLOCK].reshape(-1, BLOCK).double()
    values, vectors = torch.linalg.eigh(blocks.t() @ blocks)
    return vectors[:, -count:].flip(1).t().float()


def put(layer, rows: dict, bias):
    """Sets output channels of a convolution: rows maps an output channel to its (in, kernel) weights."""
    transposed = isinstance(layer, torch.nn.ConvTranspose1d)
    weight = layer.weight.detach().clone()
    weight = weight.transpose(0, 1).contiguous() if transposed else weight
    weight *= RANDOM_ROWS
    for row, values in rows.items():
        weight[row] = values + CARRIER_NOISE * weight[row]
    layer.weight = weight.transpose(0, 1).contiguous() if transposed else weight
    layer.bias.zero_()
    for row, value in bias.items():
        layer.bias[row] = value


def one(layer, channel: int, tap: int, value: float = 1.0):
    """Weights (in, kernel) that pick one tap of one channel."""
    out = torch.zeros(layer.in_channels, layer.kernel_size[0])
    out[channel, tap] = value
    return out


def start_residual(block, carriers: int):
    """The shortcut passes the carriers, the branch starts small."""
    shortcut = block.shortcut.conv
    put(shortcut, {c: one(shortcut, c, 0) for c in range(carriers)}, {})
    branch = [m for m in block.block.modules() if isinstance(m, torch.nn.Conv1d)]
    for layer in branch:
        layer.bias.zero_()
    branch[-1].parametrizations.weight.original0.mul_(0.03)


def start_lstm(lstm):
    for name, parameter in lstm.named_parameters():
        parameter.mul_(0.0 if "bias" in name else 0.3)


def start_encoder(layers, components, kept: int):
    """Convolution, four pairs of residual block and downsampling, LSTM, convolution."""
    first = layers[0].conv
    put(first, {0: one(first, 0, first.kernel_size[0] - 1)}, {0: SHIFT})
    carriers = 1
    for index in (1, 4, 7, 10):
        start_residual(layers[index], carriers)
        down = layers[index + 2].conv
        ratio = down.stride[0]
        if index < 10:
            rows = {tap * carriers + c: one(down, c, ratio + tap) for tap in range(ratio) for c in range(carriers)}
            put(down, rows, {})
            carriers *= ratio
    rows, shape = {}, (ratio, carriers)
    for row, component in enumerate(components):
        rows[row] = torch.zeros(down.in_channels, down.kernel_size[0])
        rows[row][:carriers, ratio:] = component.reshape(shape).t()
    put(down, rows, {row: SHIFT - SHIFT * float(c.sum()) for row, c in enumerate(components)})
    start_lstm(layers[13].lstm)
    last = layers[15].conv
    tap = last.kernel_size[0] - 1
    put(last, {c: one(last, c, tap) for c in range(kept)}, {c: -SHIFT for c in range(kept)})


def start_decoder(layers, components, kept: int, ratios):
    """The encoder's mirror image."""
    first, up = layers[0].conv, layers[3].conv
    tap = first.kernel_size[0] - 1
    # Channel `kept` is constant; through it the upsampling takes the components' shifts back out.
    rows = {c: one(first, c, tap) for c in range(kept)} | {kept: torch.zeros(first.in_channels, tap + 1)}
    put(first, rows, {c: SHIFT for c in range(kept + 1)})
    start_lstm(layers[1].lstm)
    carriers = BLOCK // ratios[0]
    used = components[:kept].reshape(kept, ratios[0], carriers)
    rows = {}
    for c in range(carriers):
        rows[c] = torch.zeros(up.in_channels, up.kernel_size[0])
        rows[c][:kept, : ratios[0]] = used[:, :, c]
        rows[c][kept, : ratios[0]] = 1 - used[:, :, c].sum(0)
    put(up, rows, {})
    start_residual(layers[4], carriers)
    for index, ratio in zip((6, 9, 12), ratios[1:]):
        up = layers[index].conv
        carriers //= ratio
        rows = {c: sum(one(up, tap * carriers + c, tap) for tap in range(ratio)) for c in range(carriers)}
        put(up, rows, {})
        start_residual(layers[index + 1], carriers)
    last = layers[15].conv
    put(last, {0: one(last, 0, last.kernel_size[0] - 1)}, {0: -SHIFT})


@torch.no_grad()
def as_transform(model, x):
    """Starts the model as the block transform of training audio x (B, T)."""
    hidden = model.config.hidden_size
    wide = model.encoder.layers[12].conv.out_channels
    components = principal_components(x, min(wide, BLOCK))
    start_encoder(model.encoder.layers, components, min(hidden, wide - 1))
    start_decoder(model.decoder.layers, components, min(hidden, wide - 1), model.config.upsampling_ratios)
