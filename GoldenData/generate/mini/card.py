"""The model card: GoldenData/mini/README.md with its pictures and tables, and card.json beside the weights."""

import collections
import csv
import dataclasses
import io
import json
import pathlib

import corpus
import synthesis
from losses import WEIGHTS
from network import CODEBOOKS_AT
from recipe import MINUTES, RECIPE
from tables import cell, codebooks, inversion, quality
from trainer import Settings

CARD_NOTES = pathlib.Path(__file__).resolve().parents[2] / "mini/notes.md"
TARGETS = (("STOI at 6 kbps, speech, at least 0.85", "stoi", 0.85),
           ("SI-SDR at 6 kbps, speech, at least 4 dB", "si_sdr", 4.0))
RISING, FALLING = ("si_sdr", "stoi", "estoi"), ("mel", "stft")


def loss_picture(rows, path: pathlib.Path):
    """An SVG of the reconstruction's error in dB and of the mel loss over the minutes."""
    width, height, margin = 640, 240, 40
    minutes = [float(row["minutes"]) for row in rows]

    def curve(name, colour, top, bottom):
        span = max(max(minutes), 1e-6)
        points = " ".join(
            f"{margin + (width - 2 * margin) * m / span:.1f},"
            f"{margin + (height - 2 * margin) * (top - min(max(float(row[name]), bottom), top)) / (top - bottom):.1f}"
            for m, row in zip(minutes, rows))
        return f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>'

    def text(x, y, what, colour="#333", anchor="start"):
        return f'<text x="{x}" y="{y}" fill="{colour}" font-size="11" text-anchor="{anchor}">{what}</text>'

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">',
             f'<rect width="{width}" height="{height}" fill="white"/>',
             f'<path d="M{margin},{margin} V{height - margin} H{width - margin} V{margin}" fill="none" stroke="#999"/>',
             curve("snr", "#1f6fb2", 2, -10), curve("mel", "#c2571a", 2, 0.4),
             text(margin, 16, "error below the signal, dB, mean over 1.5 to 6 kbps (2 to -10)", "#1f6fb2"),
             text(width - margin, 32, "mel loss (2 to 0.4)", "#c2571a", "end"),
             text(margin, height - 22, "0"), text(width - margin, height - 22, f"{max(minutes):.0f} min", anchor="end"),
             "</svg>"]
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def sources_table(data: pathlib.Path) -> str:
    """Every source with its minutes and licences, and on which side of the split it is."""
    train, held = corpus.split(corpus.read_manifest(data))
    found = collections.defaultdict(lambda: {"train": 0.0, "held": 0.0, "licences": set(), "kinds": set()})
    for side, recordings in (("train", train), ("held", held)):
        for r in recordings:
            entry = found[r.source]
            entry[side] += r.seconds / 60
            entry["licences"].add(r.licence)
            entry["kinds"].add(r.kind)
    lines = ["| source | kinds | minutes trained on | minutes held out | licence |", "|---|---|---|---|---|"]
    for source, entry in sorted(found.items()):
        lines.append(f"| {source} | {', '.join(sorted(entry['kinds']))} | {entry['train']:.1f} | {entry['held']:.1f} | "
                     f"{'; '.join(sorted(entry['licences']))} |")
    return "\n".join(lines)


def verdicts(result: dict) -> str:
    """Which targets of the project are reached, computed from the numbers."""
    groups = {"held-out": result["held_out"]["speech"], "shared/audio": result.get("unseen_speech")}
    lines = []
    for text, name, least in TARGETS:
        for label, group in groups.items():
            value = group and group["bandwidths"]["6"][name]
            reached = value is not None and value >= least
            lines.append(f"- {text} ({label}): {cell(value, 3)}, {'reached' if reached else 'NOT reached'}.")
    use = min(result["held_out_all"]["usage"][:4])
    lines.append(f"- At least 90 % of the codes of the first four codebooks used: least {100 * use:.1f} %, "
                 f"{'reached' if use >= 0.9 else 'NOT reached'}.")
    broken = not_improving(result)
    lines.append("- Every metric improves from 1.5 to 3 to 6 kbps on every kind: "
                 + ("reached." if not broken else "NOT reached; exceptions: " + ", ".join(broken) + "."))
    return "\n".join(lines)


def not_improving(result: dict) -> list:
    groups = {**result["held_out"], **({"shared/audio": result["unseen_speech"]} if "unseen_speech" in result else {})}
    broken = []
    for kind, group in groups.items():
        rows = list(group["bandwidths"].items())
        for (low, worse), (high, better) in zip(rows, rows[1:]):
            for name in RISING + FALLING:
                sign = 1 if name in RISING else -1
                known = worse[name] is not None and better[name] is not None
                if not known or sign * (better[name] - worse[name]) <= 0:
                    broken.append(f"{name} of {kind} from {low} to {high} kbps")
    return broken


def stages(budget: float) -> str:
    """A line for each stage of the recipe, of `budget` minutes."""
    lines, began = [], 0.0
    for share, changes in RECIPE:
        s, until = Settings(**changes), share * budget
        sides = "the decoder" + (f", the encoder at {s.encoder_factor:g} of it" if s.encoder_factor else " alone")
        books = "codebooks fixed" if s.codebook_decay == 1 else f"codebooks by moving averages ({s.codebook_decay:g})"
        lines.append(f"- Minutes {began:g} to {until:g}: rate {s.rate:g} for {sides}, falling to {s.final_rate:g} "
                     f"over the last {100 * s.decay_share:g} %; {books}.")
        began = until
    return "\n".join(lines)


def minutes_option(budget: float) -> str:
    return "" if budget == MINUTES else f" --minutes {budget:g}"


def readme(trainer, result: dict, digest: str, data: pathlib.Path, size: int) -> str:
    settings, model = trainer.settings, trainer.model
    weights = sum(p.numel() for n, p in model.named_parameters() if not n.startswith("quantizer"))
    template = (pathlib.Path(__file__).parent / "card_template.md").read_text(encoding="utf-8")
    notes = CARD_NOTES
    synthetic = collections.Counter("/".join(name.split("/")[:2]) for name, _ in synthesis.entries())
    return template.format(
        filters=settings.filters, hidden=settings.hidden, weights=f"{weights:,}".replace(",", " "), digest=digest,
        size=f"{size:,}".replace(",", " "), steps=trainer.step, minutes=f"{trainer.minutes:.0f}",
        batch=settings.batch, seconds=settings.seconds, seed=settings.seed, average=settings.average,
        stages=stages(trainer.budget), minutes_option=minutes_option(trainer.budget),
        notes=notes.read_text(encoding="utf-8").strip() if notes.exists() else "One uninterrupted run.",
        weights_of_losses=", ".join(f"{name} {value:g}" for name, value in WEIGHTS.items()),
        synthetic=", ".join(f"{count} x {name}" for name, count in sorted(synthetic.items())),
        seconds_measured=f"{result['excerpt_seconds']:g}", quality=quality(result), codebooks=codebooks(result),
        inversion=inversion(result), verdicts=verdicts(result), sources=sources_table(data))


def small_card(trainer, result: dict, digest: str) -> dict:
    """What `codecgate codec inspect mini` needs; numbers rounded to four digits."""
    def rounded(row):
        return {name: None if value is None else round(value, 4) for name, value in row.items()}

    kinds = dict(result["held_out"])
    if "unseen_speech" in result:
        kinds["unseen_speech"] = result["unseen_speech"]
    return {"name": "mini", "sha256": digest, "settings": dataclasses.asdict(trainer.settings), "steps": trainer.step,
            "minutes": round(trainer.minutes, 1), "codebooks": {f"{b:g}": n for b, n in CODEBOOKS_AT.items()},
            "units": {"si_sdr": "dB", "stoi": "0 to 1", "estoi": "0 to 1", "mel": "dB", "stft": "no unit"},
            "validation": {kind: {b: rounded(row) for b, row in found["bandwidths"].items()}
                           for kind, found in kinds.items()},
            "codebook_usage": [round(v, 4) for v in result["held_out_all"]["usage"]],
            "codebook_entropy_bits": [round(v, 4) for v in result["held_out_all"]["entropy_bits"]],
            "griffin_lim": {name: rounded(row) for name, row in result["griffin_lim"].items()}}


def write(folder: pathlib.Path, resources: pathlib.Path, trainer, log: str, result: dict, digest: str, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "training.csv").write_text(log, encoding="utf-8")
    loss_picture(list(csv.DictReader(io.StringIO(log))), folder / "loss.svg")
    (folder / "validation.json").write_text(json.dumps(result, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    size = (resources / "model.safetensors").stat().st_size
    (folder / "README.md").write_text(readme(trainer, result, digest, data, size), encoding="utf-8")
    text = json.dumps(small_card(trainer, result, digest), indent=1, allow_nan=False) + "\n"
    (resources / "card.json").write_text(text, encoding="utf-8")
