"""The design's models in PyTorch, with free widths: written from their description, for goldens only."""

import torch
from torch import nn


class VectorEncoder(nn.Module):
    def __init__(self, inputs, widths, rates):
        super().__init__()
        for index, width in enumerate(widths, start=1):
            setattr(self, f"fc{index}", nn.Linear(inputs, width))
            setattr(self, f"bn{index}", nn.BatchNorm1d(width))
            inputs = width
        self.rates = rates

    def forward(self, x):
        x = x.flatten(1).to(self.fc1.weight.dtype)
        for index, rate in enumerate(self.rates, start=1):
            x = getattr(self, f"bn{index}")(getattr(self, f"fc{index}")(x))
            x = nn.functional.dropout(torch.relu(x), rate, self.training)
        return x


class ConvolutionalAudioEncoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        if "codes" in c["format"]:
            shape = c["format"]["codes"]
            count, vocabulary, width = shape["codebookCount"], shape["vocabularySize"], c["embeddingWidth"]
            if c["tables"] == "shared":
                self.code_embedding = nn.Embedding(vocabulary, width)
            else:
                self.embeddings = nn.ModuleList([nn.Embedding(vocabulary, width) for _ in range(count)])
            channels = count * width
        else:
            channels = c["format"]["mel"]["binCount"]
        for kernel in (3, 5, 7):
            setattr(self, f"temporal_conv_k{kernel}",
                    nn.Conv1d(channels, c["scaleWidth"], kernel, padding=kernel // 2))
            setattr(self, f"bn_k{kernel}", nn.BatchNorm1d(c["scaleWidth"]))
        self.fc = nn.Sequential(
            nn.Linear(3 * c["scaleWidth"], c["hiddenWidth"]), nn.BatchNorm1d(c["hiddenWidth"]), nn.ReLU(),
            nn.Dropout(0.2 if c["usesDropout"] else 0), nn.Linear(c["hiddenWidth"], c["outputWidth"]))

    def channels_first(self, x):
        if "mel" in self.c["format"]:
            return x
        x = x.long()
        tables = [self.code_embedding] * x.shape[1] if self.c["tables"] == "shared" else self.embeddings
        stacked = torch.stack([table(x[:, i]) for i, table in enumerate(tables)], dim=1)
        batch, books, frames, width = stacked.shape
        if self.c["reshape"] == "seedView":
            return stacked.view(batch, books * width, frames)
        return stacked.permute(0, 1, 3, 2).reshape(batch, books * width, frames)

    def forward(self, x):
        x = self.channels_first(x)
        pooled = []
        for kernel in (3, 5, 7):
            y = getattr(self, f"temporal_conv_k{kernel}")(x)
            y = torch.relu(getattr(self, f"bn_k{kernel}")(y))
            pooled.append(nn.functional.adaptive_max_pool1d(y, 1).squeeze(-1))
        return self.fc(torch.cat(pooled, dim=1))


def audio_encoder(c):
    if c["design"] == "convolution":
        return ConvolutionalAudioEncoder(c)
    (shape,) = c["format"].values()
    count = shape["frameCount"] * shape.get("codebookCount", shape.get("binCount"))
    rates = (0.3, 0.2) if c["usesDropout"] else (0, 0)
    return VectorEncoder(count, [c["hiddenWidth"], c["outputWidth"]], rates)


def block(inputs, outputs, rate, is_rectified=True):
    parts = [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs)]
    return nn.Sequential(*parts, nn.ReLU(), nn.Dropout(rate)) if is_rectified else nn.Sequential(*parts)


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        rate = (lambda r: r) if c["usesDropout"] else (lambda r: 0)
        rates = lambda v: [rate(r) for r in v["dropoutRates"]]
        vector = lambda v: VectorEncoder(v["inputCount"], v["widths"], rates(v)) if v else None
        video, text = c.get("video"), c.get("text")
        self.video_encoder = vector(video)
        self.audio_encoder = audio_encoder(c["audio"])
        self.text_encoder = vector(text)
        width = c["audio"]["outputWidth"] + sum(v["widths"][-1] for v in (video, text) if v)
        self.feature_conv = block(width, width, rate(0.2))
        self.layer5 = block(width, c["hiddenWidths"][0], rate(0.3))
        self.layer6 = block(*c["hiddenWidths"], rate(0.3))
        self.layer7_bottleneck = block(c["hiddenWidths"][1], c["bottleneckWidth"], 0, is_rectified=False)
        self.bottleneck_to_voxels = nn.Sequential(
            *block(c["bottleneckWidth"], c["voxelHiddenWidth"], rate(0.3)),
            nn.Linear(c["voxelHiddenWidth"], c["voxelCount"])) if c.get("voxelCount") else None

    def forward(self, video, audio, text):
        parts = [(self.video_encoder, video), (self.audio_encoder, audio), (self.text_encoder, text)]
        x = torch.cat([encoder(features) for encoder, features in parts if encoder], dim=1)
        x = self.layer7_bottleneck(self.layer6(self.layer5(self.feature_conv(x))))
        return x, self.bottleneck_to_voxels(x) if self.bottleneck_to_voxels else None


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c, rate = c, c["dropoutRate"]
        widths = [c["bottleneckWidth"], *c["trunkWidths"]]
        for index in range(4):
            setattr(self, f"layer{8 + index}", block(widths[index], widths[index + 1], rate))
        self.has = {"video": "videoCount" in c, "audio": True, "text": "textCount" in c}
        for name in (name for name, is_there in self.has.items() if is_there):
            first, second = c[f"{name}Widths"]
            setattr(self, f"layer12_{name}", nn.Sequential(*block(widths[4], first, rate), *block(first, second, rate)))
        if self.has["video"]:
            self.layer13_video = nn.Sequential(nn.Linear(c["videoWidths"][1], c["videoCount"]), nn.Sigmoid())
        if self.has["text"]:
            self.layer13_text = nn.Linear(c["textWidths"][1], c["textCount"])
        (self.kind,) = c["audioHead"]
        (self.shape,) = c["audio"].values()
        wide, frames = c["audioWidths"][1], self.shape["frameCount"]
        if self.kind == "mel":
            bins = self.shape["binCount"]
            self.layer13_audio = nn.Linear(wide, bins * 8)
            up = lambda: (nn.ConvTranspose1d(bins, bins, 4, 2, 1), nn.BatchNorm1d(bins), nn.ReLU())
            self.audio_temporal_upsample = nn.Sequential(*up(), *up(), *up())
            self.audio_temporal_adjust = nn.Conv1d(bins, bins, 3, padding=1)
            return
        books, vocabulary = self.shape["codebookCount"], self.shape["vocabularySize"]
        each = {"regression": books * frames, "classification": books * frames * vocabulary}
        if self.kind == "factorizedClassification":
            width = c["audioHead"][self.kind]["width"]
            each[self.kind] = frames * width
            self.code_heads = nn.ModuleList([nn.Linear(width, vocabulary) for _ in range(books)])
        self.layer13_audio = nn.Linear(wide, each[self.kind])

    def audio(self, x):
        y = self.layer13_audio(x)
        frames = self.shape["frameCount"]
        if self.kind == "mel":
            y = y.view(len(y), self.shape["binCount"], 8)
            y = self.audio_temporal_adjust(self.audio_temporal_upsample(y))[..., :frames]
            missing = frames - y.shape[-1]
            if self.c["audioHead"]["mel"]["tail"] == "zero":
                return nn.functional.pad(y, (0, missing))
            return torch.cat([y] + [y[..., -1:]] * missing, dim=-1)
        books, vocabulary = self.shape["codebookCount"], self.shape["vocabularySize"]
        if self.kind == "regression":
            return torch.sigmoid(y.view(len(y), books, frames)) * (vocabulary - 1)
        if self.kind == "classification":
            return y.view(len(y), books, frames, vocabulary)
        y = y.view(len(y), frames, -1)
        return torch.stack([head(y) for head in self.code_heads], dim=1)

    def forward(self, bottleneck):
        x = self.layer11(self.layer10(self.layer9(self.layer8(bottleneck))))
        return (self.layer13_video(self.layer12_video(x)) if self.has["video"] else None,
                self.audio(self.layer12_audio(x)),
                self.layer13_text(self.layer12_text(x)) if self.has["text"] else None)


class Autoencoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.encoder, self.decoder = Encoder(c["encoder"]), Decoder(c["decoder"])

    def forward(self, video, audio, text):
        bottleneck, voxels = self.encoder(video, audio, text)
        return (bottleneck, voxels, *self.decoder(bottleneck))
