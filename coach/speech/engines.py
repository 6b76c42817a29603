"""Which engines there are, and opening them.

To add one: write a file in `speakers/` or `recognisers/` that ends in an ENGINE, and add its line to the registry here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coach.errors import BadSettings
from coach.speech.listening import WorkingListener
from coach.speech.recognisers import whisper
from coach.speech.recognisers.base import ListeningEngine
from coach.speech.speakers import espeak, kokoro
from coach.speech.speakers.base import SpeakingEngine
from coach.speech.speaking import SpokenVoice
from coach.speech.worker import Worker

SPEAKING: Mapping[str, SpeakingEngine] = {engine.name: engine for engine in (kokoro.ENGINE, espeak.ENGINE)}
"""In the order in which they are tried."""

LISTENING: Mapping[str, ListeningEngine] = {engine.name: engine for engine in (whisper.ENGINE,)}

_Engine = TypeVar("_Engine")


@dataclass(frozen=True, slots=True)
class EngineReport:
    """One line of `describe`. `missing` is "" when the engine can be used."""

    name: str
    kind: str  # "speaking" or "listening"
    title: str
    languages: tuple[str, ...]
    licence: str
    missing: str


def describe(models_dir: Path) -> list[EngineReport]:
    """All engines, with what is not installed. Loads nothing."""
    models = models_dir.resolve()
    kinds: tuple[tuple[str, Sequence[SpeakingEngine | ListeningEngine]], ...] = (
        ("speaking", tuple(SPEAKING.values())),
        ("listening", tuple(LISTENING.values())),
    )
    return [
        EngineReport(e.name, kind, e.title, e.languages, e.licence, e.missing(models))
        for kind, engines in kinds
        for e in engines
    ]


def open_voice(
    cache_dir: Path,
    models_dir: Path,
    *,
    engines: Sequence[str] = tuple(SPEAKING),
    threads: int = 2,
    cache_bytes: int = 2 << 30,
    yields_to: Callable[[], bool] = lambda: False,
) -> SpokenVoice:
    """A `Voice`. Starts nothing and loads nothing until the first line. `engines`: names, first choice first;
    BadSettings for an unknown one. Over `cache_bytes` the lines not heard for longest are removed. No line is begun
    ahead of need while `yields_to()`: somebody waits for the same processors."""
    chosen = [_named(SPEAKING, name) for name in engines]
    workers = [(e, _worker("speaking", e, models_dir.resolve(), threads)) for e in chosen]
    return SpokenVoice(cache_dir, workers, cache_bytes, yields_to)


def open_listener(models_dir: Path, *, engine: str = whisper.ENGINE.name, threads: int = 2) -> WorkingListener:
    """A `Listener`. Starts nothing and loads nothing until the first recording. BadSettings for an unknown engine."""
    chosen = _named(LISTENING, engine)
    return WorkingListener(chosen, _worker("listening", chosen, models_dir.resolve(), threads))


def _worker(kind: str, engine: SpeakingEngine | ListeningEngine, models: Path, threads: int) -> Worker:
    return Worker(
        ["-m", f"coach.speech.{kind}_worker", engine.name, str(models), str(threads)],
        name=f"{kind} worker {engine.name}",
        missing=lambda: engine.missing(models),
    )


def _named(registry: Mapping[str, _Engine], name: str) -> _Engine:
    if name not in registry:
        raise BadSettings(f"no speech engine {name!r}; there are {', '.join(registry)}")
    return registry[name]
