"""Lin Xiao closes her laptop in the middle of a call; the call ends by itself, once, and nothing of it is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach import grading
from coach.domain.language import Language
from coach.domain.people import Role
from coach.domain.rehearsal import Channel, Event
from coach.jobs.left_calls import AFTER, CloseLeftCalls
from coach.jobs.worker import Worker
from coach.practice.library import Library
from coach.practice.rehearse import Rehearsing
from coach.speech.fakes import FakeListener
from coach.store import migrate
from coach.store.accounts import Accounts
from coach.store.database import SqlStore

SCENARIOS = Path(__file__).parents[2] / "scenarios"


class House:
    def __init__(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'coach.sqlite3'}"
        migrate.upgrade(url)
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.store = SqlStore(url, clock=lambda: self.now)
        self.lin = Accounts(self.store).add_person(email="lin@example.com", name="Lin Xiao", roles=(Role.TRAINEE,))
        ids = iter(f"call-{n}" for n in range(9))
        self.desk = Rehearsing(
            self.store,
            Library(SCENARIOS),
            listener=FakeListener(),
            read=lambda text, lang, before: grading.read_reply(text, language=lang, customer_before=before),
            clock=lambda: self.now,
            new_id=lambda: next(ids),
            new_seed=lambda: 7,
        )
        self.close_left = CloseLeftCalls(self.store, self.desk.close_left, lambda: self.now)
        self.worker = Worker(self.store, {self.close_left.kind: self.close_left.work}, [self.close_left.find])


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_call_that_was_left_is_closed_and_keeps_its_turns(house: House) -> None:
    call = house.desk.start(house.lin, "refund-12-days", Language.EN, Channel.TEXT)
    house.desk.reply(house.lin, call.id, "k1", "I'm so sorry nobody called you back.")
    house.now += AFTER + timedelta(minutes=1)
    assert house.worker.work_once() == 1
    closed = house.desk.find(house.lin, call.id)
    assert closed.is_over
    assert [turn.event for turn in closed.turns] == [Event.OPENING, Event.REPLY, Event.TIMEOUT]


def test_a_call_that_goes_on_is_left_alone(house: House) -> None:
    call = house.desk.start(house.lin, "refund-12-days", Language.EN, Channel.TEXT)
    house.now += AFTER - timedelta(minutes=1)
    assert house.worker.work_once() == 0
    assert not house.desk.find(house.lin, call.id).is_over


def test_two_machines_close_it_once(house: House) -> None:
    call = house.desk.start(house.lin, "refund-12-days", Language.EN, Channel.TEXT)
    house.now += AFTER + timedelta(minutes=1)
    house.close_left.find()
    house.close_left.find()
    house.worker.work_once()
    closed = house.desk.find(house.lin, call.id)
    assert [turn.event for turn in closed.turns] == [Event.OPENING, Event.TIMEOUT]


def test_a_job_that_fails_is_tried_again(house: House) -> None:
    tries: list[str] = []

    def fails_first(arg: str) -> None:
        tries.append(arg)
        if len(tries) == 1:
            raise OSError("the disk was away")

    worker = Worker(house.store, {"chore": fails_first})
    with house.store.write() as work:
        work.jobs.add("chore", "once")
    assert worker.work_once() == 0
    assert worker.work_once() == 1
    assert tries == ["once", "once"]
