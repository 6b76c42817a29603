"""Rendered lines on disk, found by content: the same words in the same voice are rendered once."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from coach.speech.models import write_atomically

_log = logging.getLogger(__name__)
_WAV_HEADER = 44
_HOUR = 3600.0


def line_key(text: str, voice: str, version: str, speed: float, gain: float) -> str:
    """SHA-256 of everything that changes how a line sounds."""
    told = json.dumps([text, voice, version, round(float(speed), 3), round(float(gain), 3)], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


class LineCache:
    """WAV files in two-letter subfolders. Safe for many processes: files appear whole or not at all.

    Over `limit_bytes` the lines not heard for longest are removed; they are rendered again when somebody wants them.
    """

    def __init__(self, folder: Path, limit_bytes: int = 2 << 30) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._until_trim = 0  # bytes that may be written before the folder is looked through again

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
            self._heard(key)
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
            return
        self._until_trim -= len(wav)
        if self._until_trim <= 0:
            self.trim()

    def trim(self) -> int:
        """Removes what is over the limit, and a tenth more so that this stays rare; returns the bytes that are left."""
        files = sorted(_lines(self._folder))
        total = sum(size for _, size, _ in files)
        if total > self._limit:
            for _, size, path in files:
                if total <= self._limit * 9 // 10:
                    break
                with suppress(OSError):
                    path.unlink()
                    total -= size
        self._until_trim = max(1, (self._limit - total) // 2)
        return total

    def _heard(self, key: str) -> None:
        """The file's time says when it was last heard, to the hour."""
        with suppress(OSError):
            path = self.path(key)
            if time.time() - path.stat().st_mtime > _HOUR:
                os.utime(path)


def _lines(folder: Path) -> Iterator[tuple[float, int, Path]]:
    for path in folder.glob("??/*.wav"):
        with suppress(OSError):
            found = path.stat()
            yield found.st_mtime, found.st_size, path
