"""What a listening engine is to the worker and to the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from coach.domain.rehearsal import Word
from coach.speech.audio import Samples


class Recogniser(Protocol):
    def words(self, samples: Samples, language: str) -> list[Word]:
        """The words in 16 kHz samples, in order; none for silence and noise. Texts joined are the transcript."""


@dataclass(frozen=True, slots=True)
class ListeningEngine:
    """A registry line. `missing(models folder)` says in words what is not installed, cheaply;
    `open(models folder, threads)` loads the engine and runs in the worker only."""

    name: str
    title: str
    languages: tuple[str, ...]
    licence: str
    missing: Callable[[Path], str]
    open: Callable[[Path, int], Recogniser]
