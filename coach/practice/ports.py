"""What the use cases need from the world around them. A port's real adapter and its fake pass one contract test."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from coach.domain.language import Language
from coach.domain.people import Person, Team
from coach.domain.rehearsal import Channel, Rehearsal, Turn, Word

Clock = Callable[[], datetime]
"""Now, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class RehearsalSummary:
    """A rehearsal without its turns, for lists."""

    id: str
    owner_id: int
    scenario_id: str
    scenario_version: int
    scenario_hash: str
    language: Language
    channel: Channel
    started: datetime
    ended: datetime | None
    ending: str  # ending id, "" while running
    replies: int
    anger_first: int
    anger_last: int
    is_branch: bool


class Rehearsals(Protocol):
    def add(self, rehearsal: Rehearsal) -> None:
        """Stores a new rehearsal with the turns it has."""

    def get(self, id: str) -> Rehearsal:
        """The rehearsal with all its turns in order; NotFound if there is none."""

    def lock(self, id: str) -> Rehearsal:
        """As `get`; until this unit of work ends nobody else can append to it. Only inside `Store.write()`."""

    def append(self, id: str, turn: Turn, request: str) -> None:
        """Adds the next turn. `request` is a hash of what was asked, for `answered`. Sets the end when the turn ends
        the call. OutOfStep if that `seq` is taken."""

    def answered(self, id: str, key: str) -> tuple[str, Turn] | None:
        """The request hash and the turn stored under this idempotency key, if any."""

    def of_owner(
        self, owner_id: int, *, limit: int = 50, before: datetime | None = None
    ) -> tuple[RehearsalSummary, ...]:
        """Newest first, started before `before` when given."""

    def running_since(self, before: datetime, *, limit: int = 100) -> tuple[RehearsalSummary, ...]:
        """Calls that began before this moment and have not ended, oldest first."""

    def branches_of(self, id: str) -> tuple[RehearsalSummary, ...]:
        """The retries of this rehearsal, oldest first."""


class People(Protocol):
    def get(self, id: int) -> Person:
        """NotFound if there is none or the account is switched off."""

    def by_email(self, email: str) -> Person | None: ...

    def by_token(self, token: str) -> Person | None:
        """The active owner of this API token; None if it is unknown, expired or revoked. Tokens are stored hashed."""

    def issue_token(self, person_id: int, label: str) -> str:
        """A new random token, returned this once."""

    def trainees_of(self, mentor: Person) -> tuple[Person, ...]:
        """Everybody whose work this mentor may see, by name, without the mentor."""

    def teams(self) -> tuple[Team, ...]: ...

    def set_language(self, person_id: int, language: Language) -> None: ...


class ScenarioArchive(Protocol):
    """The exact text of every scenario version that somebody rehearsed."""

    def keep(self, scenario_id: str, version: int, hash: str, source: str) -> None:
        """Keeps it once; keeping it again changes nothing."""

    def source(self, hash: str) -> str:
        """NotFound if it was never kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of background work under lease. `tries` counts this try too."""

    id: int
    kind: str
    arg: str
    tries: int


class Jobs(Protocol):
    """Background work as rows, committed together with what asked for it and found again after a crash."""

    def add(self, kind: str, arg: str) -> int:
        """The id of a new waiting job. `arg` is an id or a little JSON."""

    def due(self, *, limit: int = 100) -> tuple[int, ...]:
        """Jobs that wait or whose lease ran out, oldest first."""

    def take(self, id: int, lease: timedelta) -> Job | None:
        """The job, leased to the caller; None if somebody else has it or it is over."""

    def done(self, job: Job) -> bool:
        """False if the lease ran out and somebody else took the job meanwhile."""

    def failed(self, job: Job, error: str) -> bool:
        """The job waits for another try, or is given up after several. False as for `done`."""


class UnitOfWork(Protocol):
    @property
    def rehearsals(self) -> Rehearsals: ...

    @property
    def people(self) -> People: ...

    @property
    def archive(self) -> ScenarioArchive: ...


class Store(Protocol):
    def write(self) -> AbstractContextManager[UnitOfWork]:
        """One transaction that may write. Commits at the end, rolls back on any error.
        Writers are served first come, first served; StoreUnavailable after 5 s of waiting or when the disk refuses."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """One transaction that only reads; never waits for writers."""

    def recall(self, rehearsal_id: str) -> Rehearsal | None:
        """The rehearsal as this process saw it last, without asking; None if it remembers nothing. Other processes may
        have gone on with it, so this is something to begin with, never to decide by."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recording says. `text` is in the script of the recogniser, normalised to simplified for zh."""

    text: str
    words: tuple[Word, ...]
    seconds: float


class Listener(Protocol):
    def listen(self, audio: bytes, language: str) -> Heard:
        """Transcribes a recording in any format browsers make. `language`: "zh" or "en".
        BadAudio (or one of its kinds) when the recording cannot be used, SpeechUnavailable when the engine cannot."""


class Voice(Protocol):
    def say(self, text: str, language: str, voice: str, *, speed: float = 1.0, gain: float = 1.0) -> bytes:
        """The words as a 24 kHz 16-bit mono WAV, from the cache when it was rendered before.
        SpeechUnavailable when no engine can."""

    def is_ready(self, text: str, language: str, voice: str, *, speed: float = 1.0, gain: float = 1.0) -> bool:
        """Whether `say` would answer from the cache."""

    def prepare(self, lines: list[tuple[str, str, str, float, float]]) -> None:
        """Has (text, language, voice, speed, gain) rendered in the background, in this order; returns at once."""
