"""Rendered lines on disk, found by content: the same words in the same voice are rendered once."""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from pathlib import Path

from coach.speech.models import write_atomically

_log = logging.getLogger(__name__)
_WAV_HEADER = 44


def line_key(text: str, voice: str, version: str, speed: float, gain: float) -> str:
    """SHA-256 of everything that changes how a line sounds."""
    told = json.dumps([text, voice, version, round(float(speed), 3), round(float(gain), 3)], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


class LineCache:
    """WAV files in two-letter subfolders. Safe for many processes: files appear whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, key: str) -> Path:
        """Where the line is, or would be."""
        return self._folder / key[:2] / f"{key}.wav"

    def has(self, key: str) -> bool:
        try:
            return self.path(key).stat().st_size > _WAV_HEADER
        except OSError:
            return False

    def get(self, key: str) -> bytes | None:
        """The WAV, or None. A damaged file is removed."""
        try:
            data = self.path(key).read_bytes()
        except OSError:
            return None
        if data[:4] == b"RIFF" and int.from_bytes(data[4:8], "little") + 8 == len(data):
            return data
        with suppress(OSError):
            self.path(key).unlink()
        return None

    def put(self, key: str, wav: bytes) -> None:
        """Keeps it. A full or read-only disk costs the next rendering, not this line."""
        try:
            write_atomically(self.path(key), [wav])
        except OSError as error:
            _log.warning("a rendered line could not be kept: %s", error)
