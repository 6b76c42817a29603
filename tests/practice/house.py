"""The trainee's world in memory: Alice trains in the north team, Bob in the south, Mia mentors the north, Ada is admin.

The reader is written by hand: an act is done when its name is in the words ("apologise and timeframe, please").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from coach.domain.behaviour import BEHAVIOURS, Reading
from coach.domain.people import Person, Role
from coach.practice.debrief import Debriefing
from coach.practice.library import Library
from coach.practice.progress import ProgressReport
from coach.practice.rehearse import Rehearsing
from coach.practice.voicing import Voicing
from coach.rubrics.loader import load_packs
from coach.speech.fakes import FakeListener, FakeVoice
from tests.builders import reading
from tests.fakes.memory_store import MemoryStore

ROOT = Path(__file__).parents[2]
KETTLE = (ROOT / "tests/scenarios/kettle.yaml").read_text(encoding="utf-8")
PACKS = load_packs(ROOT / "rubrics")


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **by: int) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    folder: Path
    store: MemoryStore
    library: Library
    clock: Clock
    listener: FakeListener = field(default_factory=FakeListener)
    voice: FakeVoice = field(default_factory=FakeVoice)
    reads: list[tuple[str, str, str]] = field(default_factory=list)
    while_reading: Callable[[], object] | None = None

    def __post_init__(self) -> None:
        ids: Iterator[int] = count(1)
        self.rehearsing = Rehearsing(
            self.store, self.library, listener=self.listener, read=self._read, clock=self.clock,
            new_id=lambda: f"call-{next(ids)}", new_seed=lambda: 7,
        )  # fmt: skip
        self.debriefing = Debriefing(self.store, self.library, PACKS)
        self.progress = ProgressReport(self.store, self.library, PACKS)
        self.voicing = Voicing(self.store, self.library, self.voice)
        accounts = self.store.accounts
        north, south = accounts.add_team("north"), accounts.add_team("south")
        self.alice, self.bob = self._person("alice"), self._person("bob")
        self.mia, self.ada = self._person("mia", Role.MENTOR), self._person("ada", Role.ADMIN)
        accounts.join(self.alice.id, north.id)
        accounts.join(self.bob.id, south.id)
        accounts.join(self.mia.id, north.id, Role.MENTOR)
        self.alice, self.bob, self.mia = (self._again(p) for p in (self.alice, self.bob, self.mia))

    def _person(self, name: str, role: Role = Role.TRAINEE) -> Person:
        return self.store.accounts.add_person(email=f"{name}@example.com", name=name, roles=frozenset({role}))

    def _again(self, person: Person) -> Person:
        with self.store.read() as work:
            return work.people.get(person.id)

    def _read(self, words: str, language: str, before: str) -> Reading:
        self.reads.append((words, language, before))
        meanwhile, self.while_reading = self.while_reading, None
        if meanwhile:
            meanwhile()
        return reading(words, " ".join(act for act in BEHAVIOURS if act in words.split()), language)

    def edits(self, old: str, new: str) -> None:
        """Somebody edits the scenario on disk and the server takes notice."""
        file = self.folder / "late-kettle.yaml"
        source = file.read_text(encoding="utf-8")
        assert old in source
        file.write_text(source.replace(old, new), encoding="utf-8")
        self.library.reload()


def build(folder: Path) -> House:
    (folder / "late-kettle.yaml").write_text(KETTLE, encoding="utf-8")
    clock = Clock()
    return House(folder, MemoryStore(clock=clock), Library(folder), clock)
