"""The sounds of the scene, mono at 48 kHz: two voices, a small band, effects."""

import pathlib
import struct
import subprocess
import tempfile

import numpy as np
import soundfile
import soxr
from scipy import signal

RATE = 48000
SOUND_FONT = "/usr/share/sounds/sf2/TimGM6mb.sf2"


def written_by(command) -> np.ndarray:
    """Mono audio of the file OUT that a command writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "out.wav")
        subprocess.run([path if word == "OUT" else word for word in command], check=True, capture_output=True)
        audio, rate = soundfile.read(path, always_2d=True)
    mono = audio.mean(axis=1)
    return mono if rate == RATE else soxr.resample(mono, rate, RATE, quality="HQ")


def voice(who: str, text: str) -> np.ndarray:
    """espeak-ng, trimmed of silence at both ends; `who` is "man" or "woman"."""
    name, pitch, pace = {"man": ("en-gb+m3", "38", "150"), "woman": ("en-us+f2", "58", "158")}[who]
    x = written_by(["espeak-ng", "-v", name, "-p", pitch, "-s", pace, "-w", "OUT", text])
    loud = np.nonzero(np.abs(x) > 0.003)[0]
    x = x[loud[0] : loud[-1] + 1]
    return 0.14 * x / np.sqrt(np.mean(x**2))


def variable_length(value: int) -> bytes:
    """A number as MIDI writes it: seven bits a byte, all but the last with the top bit set."""
    groups = [value & 0x7F]
    while value > 0x7F:
        value >>= 7
        groups.append(0x80 | value & 0x7F)
    return bytes(reversed(groups))


def band_file(seconds: float) -> bytes:
    """Strings, bass, a music box and drums in D minor at 100 beats a minute, as a MIDI file."""
    tempo, events = 100, [(0, bytes([0xFF, 0x51, 0x03]) + (60_000_000 // 100).to_bytes(3, "big"))]
    events += [(0, bytes([0xC0 + channel, program])) for channel, program in ((0, 48), (1, 33), (2, 10))]

    def note(channel, beat, length, pitch, velocity):
        events.append((int(beat * 480), bytes([0x90 + channel, pitch, velocity])))
        events.append((int((beat + length) * 480) - 2, bytes([0x80 + channel, pitch, 0])))

    chords = ((62, 65, 69), (58, 62, 65), (55, 58, 62), (57, 61, 64))
    tune = (74, 77, 76, 74, 70, 74, 72, 70, 67, 70, 69, 67, 69, 73, 76, 73)
    for beat in range(int(seconds * tempo / 60)):
        chord = chords[beat // 4 % 4]
        if beat % 4 == 0:
            for pitch in chord:
                note(0, beat, 4, pitch, 58)
        note(1, beat, 0.9, chord[0] - 24 if beat % 2 == 0 else chord[2] - 24, 84)
        note(2, beat, 0.5, tune[beat % 16], 88)
        note(2, beat + 0.5, 0.5, tune[(beat + 5) % 16], 66)
        note(9, beat, 0.2, 36 if beat % 2 == 0 else 38, 76)
        note(9, beat + 0.5, 0.2, 42, 52)
    track, now = b"", 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track += variable_length(tick - now) + message
        now = tick
    track += b"\x00\xff\x2f\x00"
    return struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, 480, b"MTrk", len(track)) + track


def band(seconds: float) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "band.mid"
        path.write_bytes(band_file(seconds))
        x = written_by(["fluidsynth", "-ni", "-R", "0", "-C", "0", "-g", "0.6", "-r", str(RATE), "-F", "OUT",
                        SOUND_FONT, str(path)])
    x = np.pad(x, (0, max(0, int(seconds * RATE) - len(x))))[: int(seconds * RATE)]
    return 0.11 * x / np.sqrt(np.mean(x**2))


def ring(frequencies, seconds: float, decay: float) -> np.ndarray:
    """A struck body: partials that die away, the higher ones faster."""
    t = np.arange(int(seconds * RATE)) / RATE
    x = sum(np.sin(2 * np.pi * f * t) * np.exp(-t * decay * (1 + i)) / (1 + i) for i, f in enumerate(frequencies))
    return x * np.minimum(1, t * 2000)


def effect(name: str) -> np.ndarray:
    """knock, bell, glide or thunder; peak 0.5."""
    rng = np.random.default_rng(["knock", "bell", "glide", "thunder"].index(name))
    if name == "knock":
        one = ring((170, 331, 512), 0.22, 26)
        x = np.concatenate([one, one, 1.2 * one])
    elif name == "bell":
        x = ring((880, 1763, 2417, 3502, 5120), 1.4, 2.2)
    elif name == "glide":
        t = np.arange(int(0.9 * RATE)) / RATE
        x = signal.chirp(t, 300, 0.9, 5000, method="logarithmic") * np.sin(np.pi * t / 0.9)
    else:
        t = np.arange(int(1.6 * RATE)) / RATE
        low = signal.sosfilt(signal.butter(2, 420, "low", fs=RATE, output="sos"), rng.standard_normal(len(t)))
        x = low * np.minimum(1, t * 30) * np.exp(-1.9 * t)
    return 0.5 * x / np.max(np.abs(x))
