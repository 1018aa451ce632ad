"""Multi-scale STFT discriminator (EnCodec, section 3.4), for training with an accelerator."""

import torch
from torch.nn.utils.parametrizations import weight_norm

WINDOWS = (2048, 1024, 512, 256, 128)


def convolution(inputs: int, outputs: int, kernel, stride=(1, 1), dilation=(1, 1)):
    padding = tuple((k - 1) * d // 2 for k, d in zip(kernel, dilation))
    return weight_norm(torch.nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation))


class OneScale(torch.nn.Module):
    """Convolutions over the complex spectrum of one window length; returns (score, features)."""

    def __init__(self, length: int, filters: int = 32):
        super().__init__()
        self.length = length
        self.register_buffer("window", torch.hann_window(length), persistent=False)
        layers = [convolution(2, filters, (3, 9))]
        layers += [convolution(filters, filters, (3, 9), (1, 2), (dilation, 1)) for dilation in (1, 2, 4)]
        layers += [convolution(filters, filters, (3, 3))]
        self.layers, self.last = torch.nn.ModuleList(layers), convolution(filters, 1, (3, 3))

    def forward(self, x):
        spectrum = torch.stft(x, self.length, self.length // 4, window=self.window, normalized=True,
                              return_complex=True)
        hidden = torch.view_as_real(spectrum).permute(0, 3, 2, 1)
        features = []
        for layer in self.layers:
            hidden = torch.nn.functional.leaky_relu(layer(hidden), 0.2)
            features.append(hidden)
        return self.last(hidden), features


class Discriminator(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scales = torch.nn.ModuleList(OneScale(length) for length in WINDOWS)

    def forward(self, x):
        """x (B, T) to one (score, features) a scale."""
        return [scale(x) for scale in self.scales]


def judge_loss(true, made):
    """Hinge loss of the discriminator."""
    return sum((1 - t).relu().mean() + (1 + m).relu().mean() for (t, _), (m, _) in zip(true, made)) / len(true)


def deceive_losses(true, made):
    """(adversarial, feature matching) of the codec."""
    adversarial = sum((1 - score).relu().mean() for score, _ in made) / len(made)
    matching, count = 0.0, 0
    for (_, theirs), (_, ours) in zip(true, made):
        for t, o in zip(theirs, ours):
            matching, count = matching + (t.detach() - o).abs().mean() / (t.detach().abs().mean() + 1e-6), count + 1
    return adversarial, matching / count
