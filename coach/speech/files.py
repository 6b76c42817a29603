"""Speech with files, for the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from coach.errors import AudioTooLarge, BadInput, NothingHeard
from coach.practice.ports import Listener, Voice
from coach.speech.engines import describe
from coach.speech.models import write_atomically
from coach.speech.sniffing import MAX_BYTES


def say_to_file(text: str, language: str, voice: str, path: Path, *, speaking: Voice) -> None:
    """Writes the words as a 24 kHz 16-bit mono WAV. `voice` may be "" for the default. Errors as `Voice.say`;
    OSError when the file cannot be written."""
    write_atomically(path, [speaking.say(text, language, voice)])


def transcribe_file(path: Path, language: str, *, listening: Listener) -> dict[str, Any]:
    """{"text", "words": [{"text", "start", "end", "confidence"}]}; both empty when the recording holds no words.
    Errors as `Listener.listen`; OSError when the file cannot be read."""
    if path.stat().st_size > MAX_BYTES:
        raise AudioTooLarge(f"{path.name}: at most {MAX_BYTES} bytes")
    try:
        heard = listening.listen(path.read_bytes(), language)
    except NothingHeard:
        return {"text": "", "words": []}
    words = [{"text": w.text, "start": w.start, "end": w.end, "confidence": w.confidence} for w in heard.words]
    return {"text": heard.text, "words": words}


class SpeechCommands:
    """The speech commands on engines that are opened when one of them is first needed."""

    def __init__(self, voice: Callable[[], Voice], listener: Callable[[], Listener], models_dir: Path) -> None:
        self._voice = voice
        self._listener = listener
        self._models_dir = models_dir

    def say_to_file(self, text: str, language: str, voice: str, path: Path) -> None:
        """See `say_to_file`; BadInput when the file cannot be written."""
        try:
            say_to_file(text, language, voice, path, speaking=self._voice())
        except OSError as error:
            raise BadInput(f"{path} cannot be written: {error.strerror or error}") from error

    def transcribe_file(self, path: Path, language: str) -> dict[str, Any]:
        """See `transcribe_file`; BadInput when the file cannot be read."""
        try:
            return transcribe_file(path, language, listening=self._listener())
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror or error}") from error

    def describe(self) -> list[str]:
        """One line an engine: what it does, its languages and licence, and what is missing."""
        return [
            f"{e.kind:9}  {e.name:14}  {' '.join(e.languages):5}  {e.missing or 'ready'}  ({e.title}; {e.licence})"
            for e in describe(self._models_dir)
        ]
