"""Starting weights: the network begins as a linear block transform, whose inverse the decoder is.

A random start of this depth spends its first thousand steps on finding any path from input to output. Here a few
channels ("carriers") of each layer pass the samples on: 1 of 1 at 24 kHz, 2 at 12 kHz, 8 at 3 kHz, 40 at 600 Hz hold
every sample of a block of 320; the last downsampling projects the block onto the principal components of the training
audio, and the decoder mirrors all of it. Inside, carriers are small, where ELU is nearly linear. The components are
brought nearer to each other in size, so that the quantiser spends bits on weak ones too: they carry the upper bands.
Everything else keeps a small random start, and training is free to leave the transform.
"""

import torch

GAIN = 0.1
FLATTENING = 0.4
RANDOM_ROWS, CARRIER_NOISE, BRANCH, LSTM = 0.5, 0.005, 0.03, 0.3
BLOCK = 320


def principal_components(x, count: int):
    """(directions (count, 320), deviations (count,)) of the blocks of audio x (B, T), strongest first."""
    blocks = x[:, : x.shape[1] // BLOCK * BLOCK].reshape(-1, BLOCK).double()
    values, vectors = torch.linalg.eigh(blocks.t() @ blocks / len(blocks))
    deviations = values.flip(0)[:count].clamp(min=1e-12).sqrt()
    return vectors.flip(1)[:, :count].t().float().contiguous(), deviations.float()


def put(layer, rows: dict):
    """Sets output channels of a convolution: rows maps an output channel to its (in, kernel) weights."""
    transposed = isinstance(layer, torch.nn.ConvTranspose1d)
    weight = layer.weight.detach().clone()
    weight = weight.transpose(0, 1).contiguous() if transposed else weight
    weight *= RANDOM_ROWS
    for row, values in rows.items():
        weight[row] = values + CARRIER_NOISE * values.norm() * weight[row]
    layer.weight = weight.transpose(0, 1).contiguous() if transposed else weight
    parts = layer.parametrizations.weight
    parts.original1.div_(parts.original0)
    layer.bias.zero_()


def one(layer, channel: int, tap: int, value: float = 1.0):
    """Weights (in, kernel) that pick one tap of one channel; tap -1 is the newest sample."""
    out = torch.zeros(layer.in_channels, layer.kernel_size[0])
    out[channel, tap] = value
    return out


def start_residual(block, carriers: int):
    """The shortcut passes the carriers, the branch starts small."""
    shortcut = block.shortcut.conv
    put(shortcut, {c: one(shortcut, c, 0) for c in range(carriers)})
    branch = [m for m in block.block.modules() if isinstance(m, torch.nn.Conv1d)]
    for layer in branch:
        layer.bias.zero_()
    branch[-1].parametrizations.weight.original0.mul_(BRANCH)


def start_lstm(lstm):
    for name, parameter in lstm.named_parameters():
        parameter.mul_(0.0 if "bias" in name else LSTM)


def start_encoder(layers, components, scales):
    """Convolution, four pairs of residual block and downsampling, LSTM, convolution."""
    put(layers[0].conv, {0: one(layers[0].conv, 0, -1, GAIN)})
    carriers = 1
    for index in (1, 4, 7, 10):
        start_residual(layers[index], carriers)
        down = layers[index + 2].conv
        ratio = down.stride[0]
        if index < 10:
            put(down, {tap * carriers + c: one(down, c, ratio + tap) for tap in range(ratio) for c in range(carriers)})
            carriers *= ratio
    rows = {}
    for row, component in enumerate(components):
        rows[row] = torch.zeros(down.in_channels, down.kernel_size[0])
        rows[row][:carriers, ratio:] = component.reshape(ratio, carriers).t()
    put(down, rows)
    start_lstm(layers[13].lstm)
    last = layers[15].conv
    put(last, {c: one(last, c, -1, float(scale) / GAIN) for c, scale in enumerate(scales)})


def start_decoder(layers, components, scales, ratios):
    """The encoder's mirror image."""
    first, up = layers[0].conv, layers[3].conv
    put(first, {c: one(first, c, -1, GAIN / float(scale)) for c, scale in enumerate(scales)})
    start_lstm(layers[1].lstm)
    carriers, kept = BLOCK // ratios[0], len(scales)
    rows = {}
    for c in range(carriers):
        rows[c] = torch.zeros(up.in_channels, up.kernel_size[0])
        rows[c][:kept, : ratios[0]] = components[:kept].reshape(kept, ratios[0], carriers)[:, :, c]
    put(up, rows)
    start_residual(layers[4], carriers)
    for index, ratio in zip((6, 9, 12), ratios[1:]):
        up = layers[index].conv
        carriers //= ratio
        put(up, {c: sum(one(up, tap * carriers + c, tap) for tap in range(ratio)) for c in range(carriers)})
        start_residual(layers[index + 1], carriers)
    put(layers[15].conv, {0: one(layers[15].conv, 0, -1, 1 / GAIN)})


@torch.no_grad()
def as_transform(model, x):
    """Starts the model as the block transform of training audio x (B, T)."""
    kept = min(model.config.hidden_size, model.encoder.layers[12].conv.out_channels)
    components, deviations = principal_components(x, kept)
    scales = (deviations / deviations.median()) ** -FLATTENING
    start_encoder(model.encoder.layers, components, scales)
    start_decoder(model.decoder.layers, components, scales, model.config.upsampling_ratios)
