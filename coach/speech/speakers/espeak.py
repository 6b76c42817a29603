"""espeak-ng behind pyttsx3: English when Kokoro cannot speak.

Its Mandarin is not offered: a recogniser could not understand one sentence of it, and neither would a trainee.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import io
import os
from pathlib import Path

from coach.speech import english_text
from coach.speech.audio import Samples, trim
from coach.speech.espeak_phonemes import espeak_paths
from coach.speech.espeak_phonemes import missing as library_missing
from coach.speech.speakers.base import Speaker, SpeakingEngine
from coach.speech.speakers.front import Front

_PLAIN_RATE = 165  # words a minute that sound unhurried in espeak


def missing(models: Path) -> str:  # noqa: ARG001 - as every engine is asked
    """What is not installed, in words; "" when espeak can speak."""
    return library_missing() or ("" if importlib.util.find_spec("pyttsx3") else "package not installed: pyttsx3")


class _Espeak:
    def __init__(self) -> None:
        library, data = espeak_paths()
        # pyttsx3 looks for a system library; both lines make it find the one of the package instead
        os.environ["ESPEAK_DATA_PATH"] = data
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
        self._front = Front("espeak", finish_seconds=30.0)

    def render(self, text: str, language: str, voice: str, speed: float) -> Samples:
        if language != "en":
            raise ValueError("espeak speaks English only")
        with contextlib.redirect_stdout(io.StringIO()):  # the driver prints each file name
            name = _voice(voice)
            return trim(self._front.render(english_text.readable(text), voice=name, rate=round(_PLAIN_RATE * speed)))


def _voice(voice: str) -> str:
    """Accent and sex of the Kokoro voice that was asked for."""
    return ("en" if voice.startswith("b") else "en-us") + ("+f2" if voice[1:2] == "f" else "+m3")


def open_speaker(models: Path, threads: int) -> Speaker:  # noqa: ARG001 - as every engine is opened
    """Loads the library; NoPhonemes when it is not installed."""
    return _Espeak()


ENGINE = SpeakingEngine(
    name="espeak",
    title="espeak-ng (pyttsx3 driver)",
    languages=("en",),
    version="espeak-1",
    licence="GPL-3.0-or-later",
    missing=missing,
    open=open_speaker,
)
