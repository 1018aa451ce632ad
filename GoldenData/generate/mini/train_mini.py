#!/usr/bin/env python3
"""Trains `mini`, the small codec that comes with the package.

    python3 GoldenData/generate/mini/train_mini.py --work DIR [--data DIR] [--minutes N]
    python3 GoldenData/generate/mini/train_mini.py --smoke

One command goes through everything: the fitted transform, its codebooks, and the stages of `recipe.py`.
The checkpoint, the decoded audio and the log (log.csv) lie in --work. Started again with the same --work, it goes on
from the checkpoint until --minutes are used; these are minutes of processor time, so that waiting is not counted.
"""

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile
import time

import numpy as np
import torch
from transformers import EncodecModel

import corpus
import synthesis
from metrics import quick_scores
from network import SAMPLE_RATE
from recipe import MINUTES, RECIPE
from sampler import Sampler
from trainer import Log, Settings, Trainer, mean_terms

ROOT = pathlib.Path(__file__).resolve().parents[3]
SMOKE_MINUTES = 0.8
FIRST_STRETCHES = 2000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "train-audio",
                        help="folder with MANIFEST.tsv and the recordings")
    parser.add_argument("--work", type=pathlib.Path, help="folder for checkpoint, cache and log; not in the repository")
    parser.add_argument("--minutes", type=float, default=MINUTES,
                        help="processor minutes in all, earlier runs included")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--filters", type=int, default=Settings.filters)
    parser.add_argument("--hidden", type=int, default=Settings.hidden)
    parser.add_argument("--batch", type=int, default=Settings.batch)
    parser.add_argument("--seconds", type=float, default=Settings.seconds, help="length of a training stretch")
    parser.add_argument("--start-from", type=pathlib.Path,
                        help="without a checkpoint: start from exported weights (Sources/EnCodec/Resources/mini)")
    parser.add_argument("--seed", type=int, default=Settings.seed)
    parser.add_argument("--device", default=Settings.device, help="cpu or cuda")
    parser.add_argument("--bf16", action="store_true", help="bfloat16 in the convolutions")
    parser.add_argument("--adversarial", action="store_true", help="with a discriminator; for an accelerator")
    parser.add_argument("--smoke", action="store_true",
                        help="one minute on two threads with made signals; fails unless the loss falls")
    options = parser.parse_args()
    if not options.smoke and options.work is None:
        parser.error("--work is needed: a folder outside the repository")
    return options


def settings_of(options) -> Settings:
    return Settings(filters=options.filters, hidden=options.hidden, batch=options.batch, seconds=options.seconds,
                    seed=options.seed, device=options.device, bf16=options.bf16, adversarial=options.adversarial,
                    **RECIPE[0][1])


def gather(work: pathlib.Path, data: pathlib.Path):
    """(training audio by name, names of wide-band recordings, validation audio by name)."""
    train, held = corpus.split(corpus.read_manifest(data))
    real = [(r.file, lambda r=r: corpus.load(data / r.file)) for r in train + held]
    cache = corpus.Cache(work)
    cache.build(real + synthesis.entries())
    audio, valid_names = cache.open(), {r.file for r in held}
    wide = {r.file for r in train if r.wide} | {name for name in audio if name.startswith("synthetic/")}
    return ({n: a for n, a in audio.items() if n not in valid_names}, wide, {n: audio[n] for n in sorted(valid_names)})


def new_or_resumed(options, checkpoint: pathlib.Path) -> Trainer:
    if not checkpoint.exists() and options.start_from:
        model = EncodecModel.from_pretrained(options.start_from, dtype=torch.float32)
        trainer = Trainer(dataclasses.replace(settings_of(options), filters=model.config.num_filters,
                                              hidden=model.config.hidden_size))
        trainer.take(model)
        trainer.begun = True
        return trainer
    if not checkpoint.exists():
        return Trainer(settings_of(options))
    trainer, _ = Trainer.resumed(checkpoint, device=options.device, bf16=options.bf16)
    print(f"resumed at step {trainer.step}, {trainer.minutes:.1f} min", file=sys.stderr)
    return trainer


def loop(trainer, sampler, until: float, log: Log, after_row=None, row_steps: int = 25) -> list:
    """Steps until minute `until`; returns every step's terms."""
    rows = []
    if not trainer.begun:
        trainer.begin(sampler.batch(FIRST_STRETCHES))
    while trainer.minutes < until:
        began = time.process_time()
        rows.append(trainer.train_step(sampler.batch(trainer.settings.batch), until))
        trainer.minutes += (time.process_time() - began) / 60
        if trainer.step % row_steps == 0:
            values = {"step": trainer.step, "minutes": trainer.minutes, "stage": trainer.stage + 1,
                      **mean_terms(rows[-row_steps:])}
            log.add({**values, **(after_row(trainer) if after_row else {})})
    return rows


def stages(trainer, sampler, minutes: float, log: Log, after_row):
    """The rest of the recipe; returns the trainer of its last stage."""
    while True:
        loop(trainer, sampler, RECIPE[trainer.stage][0] * minutes, log, after_row)
        if trainer.stage + 1 == len(RECIPE):
            return trainer
        trainer = trainer.next_stage(**RECIPE[trainer.stage + 1][1])


def keeper(checkpoint: pathlib.Path, validation: dict, log_path: pathlib.Path, every: float):
    """Validates and saves every few minutes; what it returns joins the log's row."""
    last = [0.0]

    def keep(trainer) -> dict:
        if trainer.minutes - last[0] < every:
            return {}
        last[0] = trainer.minutes
        trainer.save(checkpoint, log=log_path.read_text(encoding="utf-8"))
        return quick_scores(trainer.finished_model(), validation)

    return keep


def train(options):
    options.work.mkdir(parents=True, exist_ok=True)
    audio, wide, validation = gather(options.work, options.data)
    checkpoint, log = options.work / "checkpoint.pt", Log(options.work / "log.csv")
    trainer = new_or_resumed(options, checkpoint)
    sampler = Sampler(audio, wide, trainer.settings.length, trainer.settings.seed + 1000 * trainer.step)
    trainer.budget = options.minutes
    trainer = stages(trainer, sampler, options.minutes, log, keeper(checkpoint, validation, log.path, every=1.5))
    scores = quick_scores(trainer.finished_model(), validation)
    trainer.save(checkpoint, log=log.path.read_text(encoding="utf-8"))
    print(json.dumps({"step": trainer.step, "minutes": round(trainer.minutes, 2), **scores}))


def smoke() -> int:
    """Less than a minute of training on made signals; 0 only when the reconstruction got better."""
    torch.set_num_threads(2)
    rng = np.random.default_rng(3)
    audio = {f"synthetic/noise/{seed}": (synthesis.noises(seed, 10.0) * 32767).astype(np.int16) for seed in range(4)}
    tone = np.sin(np.cumsum(2 * np.pi * rng.uniform(100, 900, 40).repeat(SAMPLE_RATE // 4)) / SAMPLE_RATE)
    audio["speech/tones"] = (tone * 8000).astype(np.int16)
    trainer = Trainer(Settings(batch=4, seconds=0.32, warm_steps=10, rate=3e-4, decay_share=0.8))
    with tempfile.TemporaryDirectory() as folder:
        sampler = Sampler(audio, set(), trainer.settings.length, 5)
        trainer.begin(sampler.batch(96))
        fixed = sampler.batch(12)
        first, codebooks = trainer.measure(fixed), trainer.quantiser.embed.clone()
        rows = loop(trainer, sampler, SMOKE_MINUTES, Log(pathlib.Path(folder) / "log.csv"))
        trainer.save(pathlib.Path(folder) / "checkpoint.pt")
        again, _ = Trainer.resumed(pathlib.Path(folder) / "checkpoint.pt")
    last, same = trainer.measure(fixed), again.measure(fixed)
    trainer.quantiser.embed.copy_(codebooks)
    network = trainer.measure(fixed)
    print(f"{len(rows)} steps, loss {first:.4f} to {last:.4f} ({network:.4f} with the first codebooks), "
          f"{same:.4f} when resumed at step {again.step}")
    return 0 if max(last, network) < 0.97 * first and abs(same - last) < 1e-4 and again.step == trainer.step else 1


def main() -> int:
    options = arguments()
    torch.set_num_threads(options.threads)
    if options.smoke:
        return smoke()
    train(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
