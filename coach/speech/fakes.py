"""Voices and listeners without engines, for tests and for machines without models. They keep the same promises."""

from __future__ import annotations

# ruff: noqa: ARG002 - the names of arguments are part of the ports
import hashlib
import struct
from collections.abc import Mapping
from contextlib import suppress

import numpy as np

from coach.domain.rehearsal import Word
from coach.errors import AudioTooLong, BrokenAudio, CallersMistake, NothingHeard, SpeechUnavailable
from coach.practice.ports import Heard
from coach.speech.ahead import Job
from coach.speech.audio import GAIN_LIMITS, RATE, from_wav, silence, to_wav
from coach.speech.listening import check_language, transcript
from coach.speech.sayable import sayable
from coach.speech.sniffing import MAX_SECONDS, check_recording
from coach.speech.voices import resolve_voice

_SECONDS_A_CHARACTER = {"zh": 0.22, "en": 0.065}


class SilentVoice:
    """Where speech is switched off: never ready, never speaks."""

    def say(self, text: str, language: str, voice: str, *, speed: float = 1.0, gain: float = 1.0) -> bytes:
        """Always SpeechUnavailable."""
        raise SpeechUnavailable("speaking is switched off")

    def is_ready(self, text: str, language: str, voice: str, *, speed: float = 1.0, gain: float = 1.0) -> bool:
        return False

    def prepare(self, lines: list[Job]) -> None:
        """Nothing is rendered."""

    def close(self) -> None:
        """Nothing is open."""


class DeafListener:
    """Where listening is switched off."""

    def listen(self, audio: bytes, language: str) -> Heard:
        """Always SpeechUnavailable."""
        raise SpeechUnavailable("listening is switched off")

    def close(self) -> None:
        """Nothing is open."""


class FakeVoice:
    """Hums a tone as long as the words would take; the words are in the WAV's comment, for FakeListener."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str, str, float, float], bytes] = {}

    def say(self, text: str, language: str, voice: str, *, speed: float = 1.0, gain: float = 1.0) -> bytes:
        """See `Voice.say`."""
        words = sayable(text, language)
        if not words:
            return silence(0.6)
        key = (words, language, resolve_voice(voice, language), speed, gain)
        if key not in self._lines:
            self._lines[key] = with_comment(_tone(words, language, key[2], speed, gain), words)
        return self._lines[key]

    def is_ready(self, text: str, language: str, voice: str, *, speed: float = 1.0, gain: float = 1.0) -> bool:
        """See `Voice.is_ready`."""
        words = sayable(text, language)
        return not words or (words, language, resolve_voice(voice, language), speed, gain) in self._lines

    def prepare(self, lines: list[Job]) -> None:
        """See `Voice.prepare`; humming takes no time, so that all is ready on return."""
        for text, language, voice, speed, gain in lines:
            with suppress(CallersMistake):
                self.say(text, language, voice, speed=speed, gain=gain)

    def close(self) -> None:
        """Nothing is open."""


class FakeListener:
    """Hears the words that a test gave for these bytes (`hear`), or those in the comment of a WAV."""

    def __init__(self, canned: Mapping[bytes, str] | None = None) -> None:
        self._canned = {_digest(audio): text for audio, text in (canned or {}).items()}

    def hear(self, audio: bytes, text: str) -> None:
        """From now on these bytes say `text`."""
        self._canned[_digest(audio)] = text

    def listen(self, audio: bytes, language: str) -> Heard:
        """See `Listener.listen`."""
        check_language(language)
        container = check_recording(audio)
        canned = self._canned.get(_digest(audio))
        seconds = _seconds(audio, container, canned)
        text = comment_of(audio) if canned is None else canned
        if not text:
            raise NothingHeard("no words in the recording")
        words = _words(text, language, seconds)
        return Heard(transcript(words, language), words, seconds)

    def close(self) -> None:
        """Nothing is open."""


def with_comment(wav: bytes, text: str) -> bytes:
    """The WAV with `text` as its comment (a LIST INFO chunk); players ignore it."""
    note = text.encode()
    note += b"\0" * (len(note) % 2)
    chunk = b"INFOICMT" + struct.pack("<I", len(note)) + note
    body = wav[8:] + b"LIST" + struct.pack("<I", len(chunk)) + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


def comment_of(wav: bytes) -> str:
    """The comment of a WAV, "" when it has none."""
    at = wav.rfind(b"INFOICMT")
    if at < 0 or len(wav) < at + 12:
        return ""
    (size,) = struct.unpack_from("<I", wav, at + 8)
    return wav[at + 12 : at + 12 + size].rstrip(b"\0").decode(errors="replace")


def _tone(words: str, language: str, voice: str, speed: float, gain: float) -> bytes:
    seconds = max(0.3, len(words) * _SECONDS_A_CHARACTER[language]) / speed
    time = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    hertz = 220.0 if voice[1:2] == "f" else 130.0
    loudness = 0.1 * min(max(gain, GAIN_LIMITS[0]), GAIN_LIMITS[1])
    return to_wav((loudness * np.sin(2 * np.pi * hertz * time)).astype(np.float32))


def _seconds(audio: bytes, container: str, canned: str | None) -> float:
    if container != "wav":
        if canned is None:
            raise BrokenAudio("only WAV recordings have a comment")
        return max(0.5, len(canned) * 0.2)
    try:
        samples, rate = from_wav(audio)
    except ValueError as error:
        raise BrokenAudio(str(error)) from error
    if not len(samples):
        raise BrokenAudio("it holds no sound")
    if len(samples) > MAX_SECONDS * rate:
        raise AudioTooLong(f"longer than {MAX_SECONDS:.0f} seconds")
    return len(samples) / rate


def _words(text: str, language: str, seconds: float) -> tuple[Word, ...]:
    pieces = list(text) if language == "zh" else text.split()
    step = seconds / len(pieces)
    return tuple(Word(p, round(i * step, 3), round((i + 1) * step, 3), 0.95) for i, p in enumerate(pieces))


def _digest(audio: bytes) -> str:
    return hashlib.sha256(audio).hexdigest()
