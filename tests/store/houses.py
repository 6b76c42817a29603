"""A house: a store, its accounts and a clock that the test moves. One of each kind keeps the same promises."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from coach.domain.behaviour import Behaviour, Certainty, Evidence, Reading, TimeSlot
from coach.domain.language import Language, Text
from coach.domain.mood import Mood, MoodChange
from coach.domain.people import Person, Role
from coach.domain.rehearsal import Channel, Event, Rehearsal, Said, Turn, Word
from coach.practice.ports import Store
from coach.store import migrate
from coach.store.accounts import Accounts
from coach.store.database import SqlStore
from tests.fakes.memory_store import MemoryStore
from tests.store.postgresql import fresh_database

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **much: float) -> None:
        self.now += timedelta(**much)


@dataclass
class House:
    store: Store
    accounts: Any
    clock: Clock
    kind: str
    url: str = ""

    def hire(self, name: str, *roles: Role, language: Language = Language.EN) -> Person:
        return self.accounts.add_person(
            email=f"{name}@example.com", name=name, roles=frozenset(roles or {Role.TRAINEE}), language=language
        )

    def start(self, owner: Person, id: str = "r1", **changes: Any) -> Rehearsal:
        """A stored rehearsal with its opening."""
        started = rehearsal(owner, id, **changes)
        with self.store.write() as work:
            work.rehearsals.add(started)
        return started


def memory_house(_folder: Path, patience: float) -> House:
    clock = Clock()
    store = MemoryStore(clock=clock, patience=patience)
    return House(store, store.accounts, clock, "memory")


def sqlite_house(folder: Path, patience: float) -> House:
    shutil.copy(_sqlite_template(), folder / "coach.db")  # migrating each time would take a second
    return _sql_house(f"sqlite:///{folder}/coach.db", patience, "sqlite")


def postgresql_house(_folder: Path, patience: float) -> House:
    return _sql_house(fresh_database(), patience, "postgresql")


KINDS: dict[str, Callable[[Path, float], House]] = {
    "memory": memory_house,
    "sqlite": sqlite_house,
    "postgresql": postgresql_house,
}


def close(house: House) -> None:
    if isinstance(house.store, SqlStore):
        house.store.close()


def _sql_house(url: str, patience: float, kind: str) -> House:
    clock = Clock()
    store = SqlStore(url, clock=clock, patience=patience)
    return House(store, Accounts(store), clock, kind, url)


@functools.cache
def _sqlite_template() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="coach-template-")
    _kept.append(folder)
    path = Path(folder.name) / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


_kept: list[tempfile.TemporaryDirectory[str]] = []


# Rehearsals to store


def opening(**changes: Any) -> Turn:
    return turn(0, event=Event.OPENING, text="", words=(), reading=None, changes=(), key="opening", **changes)


def turn(seq: int, **changes: Any) -> Turn:
    """A turn with something in every field."""
    text = "I am so sorry, I will call you within two hours."
    given: dict[str, Any] = {
        "seq": seq,
        "key": f"key-{seq}",
        "event": Event.REPLY,
        "channel": Channel.VOICE,
        "text": text,
        "words": (Word("I", 0.1, 0.25, 0.93), Word("am", 0.3, 0.4, 0.5)),
        "reading": Reading(
            text,
            "en",
            (Behaviour("apologise", Certainty.PRESENT, 0.97, (Evidence(0, 13, "I am so sorry"),)),),
            (TimeSlot(34, 47, "within two hours", 120.0),),
            (),
            "rules 1",
        ),
        "signals": ("asked_fact",),
        "customer": (Said("s1.cool.1", "两小时？好吧。"),),
        "mood": Mood(60 - seq, 40),
        "changes": (MoodChange("anger", -5, "sorry", Text("道了歉", "an apology", "道了歉"), "so sorry"),),
        "stage": "listening",
        "ended": "",
        "state": {"v": 1, "facts": ["order"], "seen": {"apologise": [1]}},
        "at": NOON + timedelta(seconds=10 * seq, microseconds=7),
    }
    return Turn(**{**given, **changes})


def rehearsal(owner: Person, id: str = "r1", **changes: Any) -> Rehearsal:
    given: dict[str, Any] = {
        "id": id,
        "owner_id": owner.id,
        "scenario_id": "late-parcel",
        "scenario_version": 3,
        "scenario_hash": "ab" * 32,
        "language": Language.ZH_HANT,
        "channel": Channel.VOICE,
        "seed": 2**64 - 1,
        "started": NOON,
        "ended": None,
        "turns": (opening(),),
        "branch_of": None,
    }
    return Rehearsal(**{**given, **changes})
