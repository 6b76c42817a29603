"""What a speaking engine is to the worker and to the registry."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from coach.speech.audio import Samples


class Speaker(Protocol):
    def render(self, text: str, language: str, voice: str, speed: float) -> Samples:
        """The words at 24 kHz, loudness as the engine makes it. Any exception means that it failed."""


@dataclass(frozen=True, slots=True)
class SpeakingEngine:
    """A registry line. `version` is part of the cache key: change it when the same text would sound different.

    `missing(models folder)` says in words what is not installed, cheaply;
    `open(models folder, threads)` loads the engine and runs in the worker only.
    """

    name: str
    title: str
    languages: tuple[str, ...]
    version: str
    licence: str
    missing: Callable[[Path], str]
    open: Callable[[Path, int], Speaker]


_END = re.compile(r"(?<=[。！？；!?;…])(?![。！？；!?;…”’\"」』）)])\s*|(?<=[.])\s+|\n+")


def sentences(text: str) -> list[str]:
    """The text cut after sentence ends."""
    return [part.strip() for part in _END.split(text) if part and part.strip()]
