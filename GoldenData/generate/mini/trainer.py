"""One training run: the codec, its optimiser, its averages, and saving all of it."""

import copy
import csv
import dataclasses
import math
import os
import pathlib

import numpy as np
import torch

import discriminator
import losses
import start
from network import new_model
from quantiser import ResidualQuantiser, draw_counts

TRANSFORM_STRETCHES = 400
COLUMNS = ["step", "minutes", "stage", "rate", "total", "relative_l1", "snr", "mel", "convergence", "log_magnitude",
           "envelope", "commitment", "valid_si_sdr", "valid_stoi"]


@dataclasses.dataclass
class Settings:
    """What a run is made of; stored in its checkpoint."""

    filters: int = 8
    hidden: int = 64
    batch: int = 8
    seconds: float = 0.64
    rate: float = 8e-5
    encoder_factor: float = 0.0
    final_rate: float = 4e-6
    warm_steps: int = 100
    decay_share: float = 0.5
    average: float = 0.999
    codebook_decay: float = 1.0
    seed: int = 1
    adversarial: bool = False
    device: str = "cpu"
    bf16: bool = False

    @property
    def length(self) -> int:
        """Samples of a stretch, a whole number of frames."""
        return int(self.seconds * 75) * 320


class Trainer:
    def __init__(self, settings: Settings):
        self.settings, self.step, self.since, self.minutes = settings, 0, 0, 0.0
        self.stage, self.opened, self.budget = 0, 0.0, 0.0
        self.begun = False
        torch.manual_seed(settings.seed)
        self.model = new_model(settings.filters, settings.hidden).to(settings.device)
        self.quantiser = ResidualQuantiser(settings.hidden, decay=settings.codebook_decay).to(settings.device)
        self.averaged = copy.deepcopy(self.model).eval()
        self.parameters = [p for n, p in self.model.named_parameters() if not n.startswith("quantizer")]
        groups = [{"params": list(self.model.decoder.parameters()), "factor": 1.0},
                  {"params": list(self.model.encoder.parameters()), "factor": settings.encoder_factor}]
        self.optimiser = torch.optim.AdamW(groups, lr=settings.rate, betas=(0.9, 0.999), weight_decay=1e-4)
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.judge = discriminator.Discriminator().to(settings.device) if settings.adversarial else None
        if self.judge:
            self.judge_optimiser = torch.optim.AdamW(self.judge.parameters(), lr=3e-4, betas=(0.5, 0.9))

    @torch.no_grad()
    def begin(self, x):
        """Starting weights from audio x (B, T), and codebooks fitted to its latents."""
        start.as_transform(self.model, x[:TRANSFORM_STRETCHES])
        self.averaged.load_state_dict(self.model.state_dict())
        self.refit(x)
        self.begun = True

    @torch.no_grad()
    def refit(self, x, rounds: int = 6):
        """Fits the codebooks anew to the latents of audio x (B, T)."""
        latents = torch.cat([self.model.encoder(part[:, None].to(self.settings.device)) for part in x.split(32)])
        flat = latents.permute(0, 2, 1).reshape(-1, self.settings.hidden)
        self.quantiser.start(flat, self.generator, rounds)
        self.quantiser.rescale(self.settings.batch * latents.shape[2])

    def rate(self, until: float) -> float:
        """Warm-up, constant, and a cosine over the last share of the stage, which ends at minute `until`."""
        s = self.settings
        done = min(1.0, (self.minutes - self.opened) / max(until - self.opened, 1e-6))
        phase = max(0.0, (done - (1 - s.decay_share)) / s.decay_share)
        decayed = s.final_rate + (s.rate - s.final_rate) * 0.5 * (1 + math.cos(math.pi * phase))
        return decayed * min(1.0, (self.step - self.since + 1) / s.warm_steps)

    def train_step(self, x, until: float) -> dict:
        """One step on x (B, T) of a stage that ends at minute `until`; returns the loss terms."""
        rate = self.rate(until)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["factor"]
        x = x.to(self.settings.device)
        with (torch.autocast(self.settings.device, dtype=torch.bfloat16, enabled=self.settings.bf16),
              torch.set_grad_enabled(self.settings.encoder_factor > 0)):
            latents = self.model.encoder(x[:, None])
        counts = draw_counts(len(x), self.generator).to(x.device)
        quantised, commitment = self.quantiser(latents.float(), counts, self.generator, learn=True)
        with torch.autocast(self.settings.device, dtype=torch.bfloat16, enabled=self.settings.bf16):
            y = self.model.decoder(quantised)
        y = y.float()[:, 0]
        terms = {**losses.reconstruction(y, x), "commitment": commitment}
        total = losses.weighted(terms)
        if self.judge:
            total = total + self.compete(y, x)
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 3.0)
        self.optimiser.step()
        self.follow()
        self.step += 1
        return {"rate": rate, "total": total.item(), **{name: float(value.detach()) for name, value in terms.items()}}

    @torch.no_grad()
    def measure(self, x) -> float:
        """The loss on x (B, T) with all codebooks; nothing learns from it."""
        latents = self.model.encoder(x[:, None])
        counts = torch.full((len(x),), len(self.quantiser.embed))
        quantised, commitment = self.quantiser(latents, counts, self.generator, learn=False)
        terms = losses.reconstruction(self.model.decoder(quantised)[:, 0], x)
        return float(losses.weighted({**terms, "commitment": commitment}))

    def compete(self, y, x):
        """Trains the discriminator on every other step; returns the codec's adversarial loss."""
        if self.step % 2 == 0:
            cost = discriminator.judge_loss(self.judge(x), self.judge(y.detach()))
            self.judge_optimiser.zero_grad(set_to_none=True)
            cost.backward()
            self.judge_optimiser.step()
        with torch.no_grad():
            true = self.judge(x)
        adversarial, matching = discriminator.deceive_losses(true, self.judge(y))
        return 0.1 * adversarial + 0.2 * matching

    @torch.no_grad()
    def follow(self):
        """The averaged weights, which are the ones that get evaluated and exported."""
        decay = min(self.settings.average, (1 + self.step) / (10 + self.step))
        for ours, theirs in zip(self.averaged.parameters(), self.model.parameters()):
            ours.lerp_(theirs, 1 - decay)

    def finished_model(self):
        """The averaged network with the codebooks and their averages in Hugging Face's places."""
        model, quantiser = copy.deepcopy(self.averaged).cpu().eval(), self.quantiser
        for index, layer in enumerate(model.quantizer.layers):
            layer.codebook.embed.copy_(quantiser.embed[index])
            layer.codebook.embed_avg.copy_(quantiser.sums[index])
            layer.codebook.cluster_size.copy_(quantiser.sizes[index])
            layer.codebook.inited.fill_(True)
        return model

    @torch.no_grad()
    def take(self, model):
        """Goes on from an exported model: weights, codebooks and their averages, without an optimiser's memory."""
        for ours in (self.model, self.averaged):
            ours.load_state_dict(model.state_dict())
        for index, layer in enumerate(model.quantizer.layers):
            self.quantiser.sizes[index] = layer.codebook.cluster_size.clamp(min=1e-3)
            self.quantiser.embed[index] = layer.codebook.embed
            self.quantiser.sums[index] = layer.codebook.embed * self.quantiser.sizes[index][:, None]

    def state(self) -> dict:
        held = {"settings": dataclasses.asdict(self.settings), "step": self.step, "since": self.since,
                "minutes": self.minutes, "stage": self.stage, "opened": self.opened,
                "budget": self.budget,
                "model": self.model.state_dict(), "averaged": self.averaged.state_dict(),
                "quantiser": self.quantiser.state_dict(),
                "optimiser": self.optimiser.state_dict(), "generator": self.generator.get_state()}
        if self.judge:
            held |= {"judge": self.judge.state_dict(), "judge_optimiser": self.judge_optimiser.state_dict()}
        return held

    def save(self, path: pathlib.Path, **more):
        """Under a temporary name first, so that an interrupted save leaves the last one whole."""
        partial = path.with_suffix(".partial")
        torch.save({**self.state(), **more}, partial)
        os.replace(partial, path)

    @classmethod
    def resumed(cls, path: pathlib.Path, **changes):
        """(trainer, whatever else was saved). `changes` override stored settings, such as the device."""
        held = torch.load(path, map_location="cpu", weights_only=True)
        return cls.restored(held, **changes), held

    @classmethod
    def restored(cls, held: dict, afresh: bool = False, **changes):
        """From `state()`; `afresh` goes on from the averaged weights, with an optimiser that remembers nothing."""
        trainer = cls(Settings(**{**held["settings"], **changes}))
        trainer.step, trainer.minutes, trainer.begun = held["step"], held["minutes"], True
        trainer.stage, trainer.opened = held["stage"], held["opened"]
        trainer.budget = held["budget"]
        trainer.model.load_state_dict(held["averaged" if afresh else "model"])
        trainer.since = trainer.step if afresh else held["since"]
        trainer.averaged.load_state_dict(held["averaged"])
        trainer.quantiser.load_state_dict(held["quantiser"])
        if not afresh:
            trainer.optimiser.load_state_dict(held["optimiser"])
        trainer.generator.set_state(held["generator"])
        if trainer.judge and "judge" in held:
            trainer.judge.load_state_dict(held["judge"])
            trainer.judge_optimiser.load_state_dict(held["judge_optimiser"])
        return trainer

    def next_stage(self, **changes):
        """A trainer that opens the next stage of a recipe from the averaged weights, with these settings changed."""
        trainer = Trainer.restored(self.state(), afresh=True, **changes)
        trainer.stage, trainer.opened = self.stage + 1, self.minutes
        return trainer


class Log:
    """Appends rows to a CSV; the file is readable at any time."""

    def __init__(self, path: pathlib.Path):
        self.path = path
        if not path.exists():
            self.write(COLUMNS)

    def write(self, row):
        with open(self.path, "a", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerow(row)

    def add(self, values: dict):
        self.write([f"{values[name]:.6g}" if name in values else "" for name in COLUMNS])


def mean_terms(rows) -> dict:
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
