"""Training material that this program makes: speech of espeak-ng and flite, music of fluidsynth, noises."""

import pathlib
import shutil
import struct
import subprocess
import tempfile

import numpy as np
from scipy import signal

import corpus
from network import SAMPLE_RATE

TEXTS = {
    "en-us": "The harbour was quiet before sunrise, and only the fishermen heard seven bells over the grey water.",
    "en-gb": "Six thick thistles stood by the garden wall; nobody measured how quickly they grew that judging year.",
    "de": "Zwei Boxkämpfer jagen quer durch das nasse Feld, während leise Schneeflocken auf die Straße fallen.",
    "fr": "Une petite chouette observe le jardin pendant que les voisins préparent un gâteau aux framboises.",
    "es": "El viejo reloj de la plaza marca las horas mientras los niños juegan bajo la lluvia de septiembre.",
    "it": "Quattro gatti grigi dormono sulla sedia e sognano pesci freschi, sugo caldo e lunghe giornate.",
    "pt-br": "O menino achou a chave do jardim e guardou o segredo durante toda a semana chuvosa.",
    "nl": "Achter de brede gracht schijnt een gele lamp, en iemand schrijft langzaam een brief aan zijn zus.",
    "pl": "Cicha rzeka płynie przez las, a świerszcze grają do późna w ciepłe sierpniowe wieczory.",
    "ru": "Старый мельник каждое утро чистит широкие окна и слушает, как шумит вода под мостом.",
    "cmn": "早上的市场很热闹，大家都在买新鲜的水果和蔬菜。",
    "tr": "Küçük köyün çeşmesinde soğuk su akar, çocuklar gölgede sessizce oyun oynar.",
    "sv": "Sju sjösjuka sjömän sköttes av sköna sjuksköterskor på det skakande skeppet.",
    "hi": "सुबह की ठंडी हवा में बच्चे मैदान की ओर दौड़ते हैं और ज़ोर से हँसते हैं।",
}
VOICES = ("m3", "f2", "m7", "f4")
FLITE_VOICES = ("awb", "rms", "slt", "kal16")
SOUND_FONTS = ("/usr/share/sounds/sf2/TimGM6mb.sf2", "/usr/share/sounds/sf2/FluidR3_GM.sf2")
SONGS = 10


def run_to_wav(command) -> np.ndarray:
    """The audio that a command writes to the file named OUT."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "out.wav"
        subprocess.run([str(path) if word == "OUT" else word for word in command], check=True, capture_output=True)
        return corpus.load(path)


def espeak(language: str, voice: str, text: str) -> np.ndarray:
    number = VOICES.index(voice)
    return run_to_wav(["espeak-ng", "-v", f"{language}+{voice}", "-s", str(140 + 12 * number),
                       "-p", str(40 + 10 * number), "-w", "OUT", text])


def flite(voice: str) -> np.ndarray:
    return run_to_wav(["flite", "-voice", voice, "-t", TEXTS["en-us"] + " " + TEXTS["en-gb"], "-o", "OUT"])


def quantity(value: int) -> bytes:
    """MIDI's variable-length quantity."""
    out = [value & 127]
    while value := value >> 7:
        out.insert(0, 128 | value & 127)
    return bytes(out)


def midi(events, ticks_per_beat: int = 480) -> bytes:
    """A MIDI file of one track; events are (tick, bytes), at 120 beats a minute."""
    track, now = b"", 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track += quantity(tick - now) + message
        now = tick
    track += quantity(0) + b"\xff\x2f\x00"
    return (b"MThd" + struct.pack(">IHHH", 6, 0, 1, ticks_per_beat) + b"MTrk" + struct.pack(">I", len(track)) + track)


def song(rng: np.random.Generator, beats: int = 40) -> bytes:
    """A bass, chords, a melody on random instruments, and every other time drums."""
    scale, root = np.array([0, 2, 4, 5, 7, 9, 11]), int(rng.integers(45, 57))
    events = [(0, bytes([0xC0 + channel, int(program)]))
              for channel, program in enumerate((rng.integers(32, 40), rng.integers(0, 56), rng.integers(0, 80)))]

    def note(channel, at, length, pitch, velocity):
        events.append((int(at * 480), bytes([0x90 + channel, pitch, velocity])))
        events.append((int((at + length) * 480) - 1, bytes([0x80 + channel, pitch, 0])))

    drums = rng.random() < 0.5
    for bar in range(beats // 4):
        degree = int(rng.choice([0, 3, 4, 5]))
        note(0, 4 * bar, 3.5, root - 12 + int(scale[degree]), 90)
        for step in (0, 2, 4):
            octave, place = divmod(degree + step, 7)
            note(1, 4 * bar, 3.9, root + 12 * octave + int(scale[place]), 60)
        at = 4.0 * bar
        while at < 4 * bar + 4:
            length = float(rng.choice([0.25, 0.5, 0.5, 1.0]))
            if rng.random() < 0.85:
                note(2, at, length, root + 12 + int(rng.choice(scale)), int(rng.integers(60, 110)))
            at += length
        for beat in range(8 if drums else 0):
            note(9, 4 * bar + beat / 2, 0.2, int((36, 42, 38, 42)[beat % 4]), 80)
    return midi(events)


def music(seed: int, sound_font: str) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "song.mid"
        path.write_bytes(song(np.random.default_rng(seed)))
        return run_to_wav(["fluidsynth", "-ni", "-g", "0.7", "-r", "44100", "-F", "OUT", sound_font, str(path)])


def noises(seed: int, seconds: float = 20.0) -> np.ndarray:
    """Stretches of filtered noise, clicks and gliding tones, half a second to two seconds each."""
    rng, parts, left = np.random.default_rng(seed), [], int(seconds * SAMPLE_RATE)
    while left > 0:
        count = int(rng.uniform(0.5, 2) * SAMPLE_RATE)
        t = np.arange(count) / SAMPLE_RATE
        shape = rng.integers(3)
        if shape == 0:
            corner = np.exp(rng.uniform(np.log(200), np.log(11000)))
            part = signal.sosfilt(signal.butter(2, corner, "low", fs=SAMPLE_RATE, output="sos"),
                                  rng.standard_normal(count))
        elif shape == 1:
            part = (rng.random(count) < rng.uniform(5, 50) / SAMPLE_RATE) * rng.standard_normal(count)
            part = signal.lfilter([1], [1, -2 * 0.97 * np.cos(rng.uniform(0.1, 2)), 0.97**2], part)
        else:
            start, end = np.exp(rng.uniform(np.log(80), np.log(6000), 2))
            part = signal.chirp(t, start, count / SAMPLE_RATE, end) * np.exp(-t * rng.uniform(0, 3))
        parts.append(0.4 * part / (np.max(np.abs(part)) + 1e-9) * rng.uniform(0.1, 1))
        left -= count
    return np.concatenate(parts).astype(np.float32)


def entries() -> list:
    """(name, function) of everything that can be made here; what needs a program that is absent is left out."""
    made = [(f"synthetic/noise/{seed}", lambda seed=seed: noises(seed)) for seed in range(6)]
    if shutil.which("espeak-ng"):
        made += [(f"synthetic/speech/{language}+{voice}", lambda v=voice, a=language, t=text: espeak(a, v, t))
                 for number, (language, text) in enumerate(TEXTS.items())
                 for voice in (VOICES[number % 4], VOICES[(number + 1) % 4])]
    if shutil.which("flite"):
        made += [(f"synthetic/speech/flite {voice}", lambda voice=voice: flite(voice)) for voice in FLITE_VOICES]
    fonts = [font for font in SOUND_FONTS if pathlib.Path(font).exists()]
    if shutil.which("fluidsynth") and fonts:
        made += [(f"synthetic/music/{seed}", lambda seed=seed: music(seed, fonts[seed % len(fonts)]))
                 for seed in range(SONGS)]
    return made
