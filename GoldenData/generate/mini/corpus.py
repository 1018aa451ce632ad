"""Real recordings: reading the manifest, holding sources out, and keeping the audio at 24 kHz in one cache."""

import csv
import dataclasses
import hashlib
import json
import pathlib
import re
import sys

import numpy as np
import soundfile
import soxr

from network import SAMPLE_RATE

HELD_OUT_SHARE = 0.10
WIDE_BAND_RATE = 44100


@dataclasses.dataclass(frozen=True)
class Recording:
    """One file of the manifest. `kind` is speech, music or env."""

    file: str
    kind: str
    seconds: float
    source: str
    licence: str
    rate: int
    speaker: str

    @property
    def wide(self) -> bool:
        return self.rate >= WIDE_BAND_RATE

    @property
    def identity(self) -> str:
        """Who is heard, equal across sources where a corpus names its speakers; the source's own otherwise."""
        libri = re.match(r"Libri(?:Speech|TTS) (\d+)", self.speaker)
        if libri:
            return f"libri {libri.group(1)}"
        if re.match(r"(VCTK|CMU ARCTIC|AMI|AISHELL|MLS)", self.speaker):
            return self.speaker
        if self.kind == "music" and "," in self.speaker:
            return self.speaker.rsplit(",", 1)[1].strip().lower()
        return f"{self.source} {self.speaker}"


def read_manifest(folder: pathlib.Path) -> list[Recording]:
    path = folder / "MANIFEST.tsv"
    if not path.exists():
        raise SystemExit(f"{path} does not exist; name the folder with the recordings by --data")
    with open(path, encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Recording(row["file"], row["kind"], float(row["seconds"]), row["source repository"], row["licence"],
                      int(row["original rate"]), row["speaker/title"]) for row in rows]


def order(text: str) -> str:
    """A fixed pseudo-random order."""
    return hashlib.sha256(text.encode()).hexdigest()


def held_out_sources(recordings, share: float = HELD_OUT_SHARE) -> set:
    """Whole sources, about `share` of the seconds of each stratum (kind, and for speech also the band)."""
    strata = {}
    for r in recordings:
        stratum = strata.setdefault((r.kind, r.wide if r.kind == "speech" else None), {})
        stratum[r.source] = stratum.get(r.source, 0) + r.seconds
    chosen = set()
    for sources in strata.values():
        goal, taken = share * sum(sources.values()), 0.0
        for source in sorted(sources, key=order):
            if taken < goal and taken + sources[source] <= 1.6 * goal:
                chosen.add(source)
                taken += sources[source]
    return chosen


def split(recordings) -> tuple[list, list]:
    """(training, validation). No source and no speaker is on both sides."""
    sources = held_out_sources(recordings)
    identities = {r.identity for r in recordings if r.source in sources}
    held = [r for r in recordings if r.source in sources or r.identity in identities]
    return [r for r in recordings if r not in held], held


def load(path: pathlib.Path) -> np.ndarray:
    """Mono float32 at 24 kHz; channels are averaged."""
    audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = audio.mean(axis=1)
    return mono if rate == SAMPLE_RATE else soxr.resample(mono, rate, SAMPLE_RATE, quality="HQ").astype(np.float32)


class Cache:
    """Decoded audio, 16-bit at 24 kHz, in one array on disk that is mapped into memory."""

    def __init__(self, folder: pathlib.Path):
        self.samples, self.index_path = folder / "audio.i16", folder / "audio.json"

    def build(self, entries):
        """Writes `entries`, pairs of a name and a function that returns the audio, unless all are there already."""
        names = [name for name, _ in entries]
        if self.index_path.exists() and list(json.loads(self.index_path.read_text())) == names:
            return
        index, at = {}, 0
        with open(self.samples, "wb") as out:
            for name, read in entries:
                audio = np.round(np.clip(read(), -1, 1) * 32767).astype("<i2")
                out.write(audio.tobytes())
                index[name] = [at, len(audio)]
                at += len(audio)
        self.index_path.write_text(json.dumps(index))
        print(f"cached {at / SAMPLE_RATE / 60:.1f} min of audio", file=sys.stderr)

    def open(self) -> dict:
        """Name to int16 samples."""
        data = np.memmap(self.samples, dtype="<i2", mode="r")
        return {name: data[at : at + count] for name, (at, count) in json.loads(self.index_path.read_text()).items()}
