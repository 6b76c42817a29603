"""pyttsx3, used so that its traps do not matter.

One engine per process, one thread; each line waits for its own `finished-utterance`; errors that pyttsx3 swallows
are collected; the file is looked for before anybody is told that it is there.
"""

from __future__ import annotations

import tempfile
import threading
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np

from coach.errors import CoachError
from coach.speech.audio import Samples, resampled

_LONGEST_HEADER = 512  # bytes of a WAV before its samples


class SpeechFailed(Exception):
    """pyttsx3 or its driver made no sound."""


class Front:
    """A pyttsx3 engine that renders to samples."""

    def __init__(self, driver: str, *, finish_seconds: float = 120.0) -> None:
        import pyttsx3

        self._engine: Any = pyttsx3.init(driver)
        self._finished = threading.Event()
        self._errors: list[BaseException] = []
        self._finish_seconds = finish_seconds
        self._engine.connect("finished-utterance", self._on_finished)
        self._engine.connect("error", self._on_error)

    def render(self, text: str, *, voice: str, rate: int) -> Samples:
        """The words at 24 kHz; SpeechFailed when no file came out, or what the driver
        raised of ours. `rate` in words a minute, 200 is plain."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "line.wav"
            self._run(text, path, voice, rate)
            return _samples(path)

    def _on_finished(self, name: object, completed: object) -> None:  # noqa: ARG002 - pyttsx3 calls by these names
        self._finished.set()

    def _on_error(self, name: object, exception: BaseException) -> None:  # noqa: ARG002 - pyttsx3 calls by these names
        self._errors.append(exception)

    def _run(self, text: str, path: Path, voice: str, rate: int) -> None:
        self._finished.clear()
        self._errors.clear()
        self._engine.setProperty("voice", voice)
        self._engine.setProperty("rate", rate)
        self._engine.save_to_file(text, str(path))
        self._engine.runAndWait()
        finished = bool(self._errors) or self._finished.wait(self._finish_seconds)
        if self._errors and isinstance(self._errors[0], CoachError):
            raise self._errors[0]
        if self._errors:
            raise SpeechFailed(str(self._errors[0])) from self._errors[0]
        if not finished or not _is_complete(path):
            raise SpeechFailed("no file was written")


def _is_complete(path: Path, *, seconds: float = 3.0) -> bool:
    """Whether the file holds what its header promises; the signal of the line before may come late."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with wave.open(str(path)) as source:
                promised = source.getnframes() * source.getnchannels() * source.getsampwidth()
            if 0 <= path.stat().st_size - promised <= _LONGEST_HEADER:
                return True
        except (OSError, EOFError, wave.Error):
            pass
        time.sleep(0.01)
    return path.exists()


def _samples(path: Path) -> Samples:
    with wave.open(str(path)) as source:
        pcm = source.readframes(source.getnframes())
        rate = source.getframerate()
    return resampled(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768), rate)
