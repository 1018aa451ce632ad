#!/usr/bin/env python3
"""Makes the embedded clip: scene.m4v, its labels, its opening (for tests that need a film, but not 36 s) and its manifest.

    python3 GoldenData/generate/clips/make_scene.py [--out DIR]

Needs espeak-ng, fluidsynth with TimGM6mb.sf2, and ffmpeg. A second run with the same versions writes the same bytes.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np
import soundfile

from sounds import RATE, SOUND_FONT, band, effect, voice

DEFAULT_OUT = pathlib.Path(__file__).resolve().parents[2] / "clips"
SECONDS, WIDTH, HEIGHT, FRAME_RATE = 36.0, 192, 108, 12
OPENING = 6.0
LARGEST = 1_500_000
STEP = RATE // 100
COLOURS = {"silence": (24, 24, 28), "speech": (44, 84, 150), "music": (40, 120, 70), "effect": (150, 90, 30),
           "mix": (110, 50, 120)}
PANS = {"man": 0.38, "woman": 0.62}


class Timeline:
    """Sounds laid one after the other or over each other, and the labels of what is heard when."""

    def __init__(self):
        self.audio, self.labels, self.flashes, self.at = np.zeros((int(SECONDS * RATE), 2)), [], [], 0

    def lay(self, x, start: int, pan: float = 0.5):
        """Adds mono x from a sample on, panned with constant power, with 5 ms fades."""
        ramp = np.minimum(1, np.arange(1, len(x) + 1) / (RATE // 200))
        x = x * ramp * ramp[::-1]
        gains = np.array([np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)]) * 2**0.5
        x = x[: len(self.audio) - start]
        self.audio[start : start + len(x)] += x[:, None] * gains

    def label(self, count: int, what: str):
        """The next stretch, whole hundredths of a second long; returns its first sample."""
        start, self.at = self.at, self.at + -(-count // STEP) * STEP
        self.labels.append((start, self.at, what))
        return start

    def pause(self, seconds: float):
        self.label(int(seconds * RATE), "silence")

    def say(self, who: str, text: str):
        x = voice(who, text)
        self.lay(x, self.label(len(x), "speech"), PANS[who])

    def play(self, seconds: float):
        self.lay(band(seconds), self.label(int(seconds * RATE), "music"))

    def strike(self, name: str, pan: float):
        x = effect(name)
        start = self.label(len(x), "effect")
        self.lay(x, start, pan)
        self.flashes.append(start)

    def mix(self, parts):
        """(sound, start in seconds, pan, gain) over each other, one label for all."""
        start = self.label(max(int(at * RATE) + len(x) for x, at, _, _ in parts), "mix")
        for x, at, pan, gain in parts:
            self.lay(gain * x, start + int(at * RATE), pan)

    def finish(self):
        assert self.at <= len(self.audio) - RATE // 2, f"the scene is too long: {self.at / RATE} s"
        self.label(len(self.audio) - self.at, "silence")
        self.audio *= min(1.0, 0.9 / np.max(np.abs(self.audio)))


def scene() -> Timeline:
    line = Timeline()
    line.pause(0.8)
    line.say("man", "Did you hear that? Somebody is walking behind the old mill.")
    line.pause(0.7)
    line.say("woman", "It is only the wind. The river was louder yesterday.")
    line.pause(0.5)
    line.strike("knock", 0.3)
    line.pause(0.4)
    line.say("man", "And the wind knocks three times?")
    line.pause(0.9)
    line.play(5.4)
    line.pause(0.4)
    line.strike("bell", 0.7)
    line.strike("glide", 0.5)
    line.pause(0.4)
    spoken = voice("woman", "Listen, they have begun to dance in the square, right under the lanterns.")
    line.mix([(band(len(spoken) / RATE + 1.2), 0, 0.5, 0.6), (spoken, 0.6, PANS["woman"], 1.0)])
    line.pause(0.6)
    answer = voice("man", "Then close the shutters, the storm is coming.")
    line.mix([(effect("thunder"), 0, 0.5, 1.2), (answer, 0.5, PANS["man"], 0.9), (effect("thunder"), 2.0, 0.4, 0.8)])
    line.play(3.0)
    line.finish()
    return line


def frames(line: Timeline):
    """RGB frames: the label's colour, a bar that crosses the picture in the scene's time, white at each effect."""
    for index in range(int(SECONDS * FRAME_RATE)):
        sample = index * RATE // FRAME_RATE
        what = next(label for start, end, label in line.labels if start <= sample < end)
        picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        picture[:] = COLOURS[what]
        if any(0 <= sample - flash < RATE // FRAME_RATE * 2 for flash in line.flashes):
            picture[:] = 255
        at = index * (WIDTH - 8) // int(SECONDS * FRAME_RATE)
        picture[HEIGHT - 16 :, at : at + 8] = 230
        yield picture.tobytes()


def encode(line: Timeline, path: pathlib.Path):
    with tempfile.TemporaryDirectory() as folder:
        wav, raw = pathlib.Path(folder) / "scene.wav", pathlib.Path(folder) / "scene.rgb"
        soundfile.write(wav, line.audio, RATE, subtype="PCM_16")
        raw.write_bytes(b"".join(frames(line)))
        subprocess.run(
            ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}",
             "-r", str(FRAME_RATE), "-i", str(raw), "-i", str(wav), "-c:v", "libx264", "-threads", "1", "-preset",
             "slow", "-crf", "26", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k", "-map_metadata", "-1",
             "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-movflags", "+faststart",
             "-f", "mp4", str(path)], check=True)


def cut_opening(out: pathlib.Path):
    """The first TRs of the clip as a film of its own: the same packets, nothing encoded anew."""
    subprocess.run(
        ["ffmpeg", "-y", "-loglevel", "error", "-i", str(out / "scene.m4v"), "-t", str(OPENING), "-c", "copy",
         "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4",
         str(out / "opening.m4v")], check=True)


def write_facts(line: Timeline, out: pathlib.Path):
    rows = ["start,end,label"] + [f"{start / RATE:.2f},{end / RATE:.2f},{what}" for start, end, what in line.labels]
    (out / "scene.labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    seconds = {what: round(sum(e - s for s, e, w in line.labels if w == what) / RATE, 2) for what in COLOURS}
    version = subprocess.run(["ffmpeg", "-version"], check=True, capture_output=True, text=True).stdout.split()[2]
    manifest = {
        "producer": f"espeak-ng, fluidsynth with {pathlib.Path(SOUND_FONT).name}, ffmpeg {version}",
        "command": "python3 GoldenData/generate/clips/make_scene.py",
        "purpose": "a clip with speech of two voices, music, effects, mixes and silence, whose labels are known",
        "licence": "made by the program; may be used as the package is",
        "container": "MP4 (.m4v), H.264 and AAC-LC", "seconds": SECONDS,
        "opening": f"the first {OPENING} s of the packets of scene.m4v", "seconds_by_label": seconds,
        "audio": {"sample_rate": RATE, "channels": 2}, "flashes_at": [round(f / RATE, 4) for f in line.flashes],
        "video": {"width": WIDTH, "height": HEIGHT, "frame_rate": FRAME_RATE},
        "labels": "seconds from the start of the presentation; the edit list skips the encoder's priming samples",
        "files": {path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
                  for path in (out / "opening.m4v", out / "scene.labels.csv", out / "scene.m4v")}}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=DEFAULT_OUT)
    out = parser.parse_args().out
    for program in ("espeak-ng", "fluidsynth", "ffmpeg"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is not installed; install it with apt-get")
    out.mkdir(parents=True, exist_ok=True)
    line = scene()
    encode(line, out / "scene.m4v")
    size = (out / "scene.m4v").stat().st_size
    if size > LARGEST:
        raise SystemExit(f"scene.m4v has {size} bytes, more than {LARGEST}")
    cut_opening(out)
    write_facts(line, out)
    print(f"{size} bytes, {len(line.labels)} labels")


if __name__ == "__main__":
    main()
