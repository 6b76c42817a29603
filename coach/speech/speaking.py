"""The voice of the customer: cached lines, engines in order of preference, rendering ahead."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.errors import BadText, SpeechUnavailable
from coach.speech.ahead import Job, RenderAhead
from coach.speech.audio import GAIN_LIMITS, silence
from coach.speech.cache import LineCache, line_key
from coach.speech.sayable import sayable
from coach.speech.speakers.base import SpeakingEngine
from coach.speech.voices import resolve_voice
from coach.speech.worker import Worker, WorkerFailed

_log = logging.getLogger(__name__)

SPEED_LIMITS = (0.7, 1.5)
"""Outside, words smear or blur."""
_PAUSE_SECONDS = 0.6
_SECONDS, _SECONDS_A_CHARACTER = 15.0, 0.4


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    language: str
    voice: str
    speed: float
    gain: float

    def key(self, version: str) -> str:
        return line_key(self.text, self.voice, version, self.speed, self.gain)

    @property
    def seconds(self) -> float:
        """The longest that rendering may take on a busy machine."""
        return _SECONDS + _SECONDS_A_CHARACTER * len(self.text)


class SpokenVoice:
    """`Voice` on one worker process an engine. `say` also raises BadText (empty, too long) and BadInput (language)."""

    def __init__(
        self,
        cache_dir: Path,
        engines: Sequence[tuple[SpeakingEngine, Worker]],
        cache_bytes: int = 2 << 30,
        yields_to: Callable[[], bool] = lambda: False,
    ) -> None:
        self._cache = LineCache(cache_dir, cache_bytes)
        self._engines = tuple(engines)
        self._turns = {engine.name: threading.Lock() for engine, _ in engines}
        self._live = 0
        self._count = threading.Lock()
        self._ahead = RenderAhead(self._render_ahead, is_wanted_live=lambda: self._live > 0 or yields_to())

    def say(self, text: str, language: str, voice: str, *, speed: float = 1.0, gain: float = 1.0) -> bytes:
        """See `Voice.say`. A line of dots only is a short silence."""
        line = _line(text, language, voice, speed, gain)
        if not line.text:
            return silence(_PAUSE_SECONDS)
        if (kept := self._kept(line)) is not None:
            return kept
        with self._count:
            self._live += 1
        try:
            return self._rendered(line)
        finally:
            with self._count:
                self._live -= 1

    def is_ready(self, text: str, language: str, voice: str, *, speed: float = 1.0, gain: float = 1.0) -> bool:
        """See `Voice.is_ready`."""
        line = _line(text, language, voice, speed, gain)
        first = self._first_for(language)
        return not line.text or (first is not None and self._cache.has(line.key(first.version)))

    def prepare(self, lines: list[Job]) -> None:
        """See `Voice.prepare`. Newer requests go first; of more than 256 waiting lines the oldest are dropped."""
        self._ahead.add(lines)

    @property
    def waiting(self) -> int:
        """Lines asked for ahead and not rendered yet."""
        return len(self._ahead)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that run."""
        return [worker.pid for _, worker in self._engines if worker.pid is not None]

    def warm_up(self) -> None:
        """Loads the first engine that can be, so that the first line need not wait; SpeechUnavailable if none can."""
        reasons = []
        for _, worker in self._engines:
            try:
                return worker.warm_up()
            except WorkerFailed as error:
                reasons.append(str(error))
        raise SpeechUnavailable("; ".join(reasons) or "no speaking engine")

    def close(self) -> None:
        """Ends the background thread and the workers."""
        self._ahead.close()
        for _, worker in self._engines:
            worker.close()

    def _render_ahead(self, job: Job) -> None:
        line = _line(*job)
        if line.text and self._kept(line) is None:
            self._rendered(line)

    def _engines_for(self, language: str) -> list[tuple[SpeakingEngine, Worker]]:
        return [pair for pair in self._engines if language in pair[0].languages]

    def _first_for(self, language: str) -> SpeakingEngine | None:
        """The engine that would speak now; when none could, the preferred one, whose lines may still be there."""
        pairs = self._engines_for(language)
        usable = [engine for engine, worker in pairs if worker.is_usable]
        return next(iter([*usable, *(engine for engine, _ in pairs)]), None)

    def _kept(self, line: _Line) -> bytes | None:
        first = self._first_for(line.language)
        return self._cache.get(line.key(first.version)) if first is not None else None

    def _rendered(self, line: _Line) -> bytes:
        reasons = []
        for engine, worker in self._engines_for(line.language):
            try:
                return self._by(engine, worker, line)
            except WorkerFailed as error:
                reasons.append(str(error))
                _log.warning("%s did not speak: %s", engine.name, error)
        raise SpeechUnavailable("; ".join(reasons) or f"no engine speaks {line.language}")

    def _by(self, engine: SpeakingEngine, worker: Worker, line: _Line) -> bytes:
        key = line.key(engine.version)
        turn = self._turns[engine.name]
        if not turn.acquire(timeout=line.seconds):
            raise WorkerFailed(f"{engine.name} is busy")
        try:
            # whoever held the turn before may have rendered just this line
            if (kept := self._cache.get(key)) is None:
                kept = _ask(worker, line)
                self._cache.put(key, kept)
            return kept
        finally:
            turn.release()


def _ask(worker: Worker, line: _Line) -> bytes:
    ask = {"text": line.text, "language": line.language, "voice": line.voice, "speed": line.speed, "gain": line.gain}
    header, wav = worker.ask(ask, seconds=line.seconds)
    if header.get("error") == BadText.code:
        raise BadText(str(header.get("message", "")))
    if not header.get("ok"):
        raise WorkerFailed(str(header.get("message", "no answer")))
    return wav


def _line(text: str, language: str, voice: str, speed: float, gain: float) -> _Line:
    words, name = sayable(text, language), resolve_voice(voice, language)
    return _Line(words, language, name, _within(speed, SPEED_LIMITS), _within(gain, GAIN_LIMITS))


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(max(float(value), limits[0]), limits[1])
