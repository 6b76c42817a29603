"""Turns are decoded once, and only what was committed is remembered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from coach.domain.language import Language
from coach.domain.people import Person
from coach.store.kept_turns import KeptTurns
from tests.store.houses import House, opening, rehearsal, turn


def append(house: House, seq: int, text: str) -> None:
    with house.store.write() as work:
        work.rehearsals.append("r1", replace(turn(seq), text=text), f"hash-{seq}")


def say_and_fail(house: House) -> None:
    with house.store.write() as work:
        work.rehearsals.append("r1", replace(turn(2), text="never said"), "hash-2")
        assert work.rehearsals.lock("r1").turns[-1].text == "never said"
        assert work.rehearsals.get("r1").turns[-1].text == "never said"
        raise RuntimeError("the power fails")


def texts(house: House) -> list[str]:
    with house.store.read() as work:
        return [t.text for t in work.rehearsals.get("r1").turns[1:]]


def test_a_turn_that_was_rolled_back_is_not_remembered(sqlite: House) -> None:
    house = sqlite
    house.start(house.hire("alice"))
    append(house, 1, "first")
    with pytest.raises(RuntimeError, match="the power fails"):
        say_and_fail(house)
    assert texts(house) == ["first"]
    append(house, 2, "second")
    assert texts(house) == ["first", "second"]


def test_an_older_look_does_not_see_newer_turns(sqlite: House) -> None:
    house = sqlite
    house.start(house.hire("alice"))
    append(house, 1, "first")
    with house.store.read() as early:
        assert len(early.rehearsals.get("r1").turns) == 2
        append(house, 2, "second")
        assert texts(house) == ["first", "second"]
        assert [t.text for t in early.rehearsals.get("r1").turns[1:]] == ["first"]


def test_turns_that_are_known_are_not_read_again(sqlite: House) -> None:
    house = sqlite
    house.start(house.hire("alice"))
    append(house, 1, "first")
    asked: list[str] = []
    texts(house)
    with house.store.read() as work:
        connection = work.session.connection()  # type: ignore[attr-defined]
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert len(work.rehearsals.get("r1").turns) == 2
    assert asked
    assert not [statement for statement in asked if "FROM turn" in statement]


def test_a_turn_that_was_committed_is_known_at_once(sqlite: House) -> None:
    house = sqlite
    house.start(house.hire("alice"))
    for seq in (1, 2):
        with house.store.write() as work:
            work.rehearsals.lock("r1")
            work.rehearsals.append("r1", turn(seq), f"hash-{seq}")
    asked: list[str] = []
    with house.store.read() as work:
        connection = work.session.connection()  # type: ignore[attr-defined]
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
        found = work.rehearsals.get("r1")
        assert work.rehearsals.answered("r1", "a new key") is None
    assert found.turns == (opening(), turn(1), turn(2))
    assert asked
    assert not [statement for statement in asked if "FROM turn" in statement]


def test_the_calls_read_least_lately_are_forgotten() -> None:
    kept, alice = KeptTurns(limit=2), Person(1, "alice@example.com", "Alice", Language.EN, frozenset())
    for id in ("r1", "r2"):
        kept.keep(rehearsal(alice, id, turns=(opening(), turn(1))))
    kept.keep(rehearsal(alice, "r1"))  # a late reader of an old state takes nothing away
    kept.keep(rehearsal(alice, "r3"))
    assert [len(kept.first(id, 9)) for id in ("r1", "r2", "r3")] == [2, 0, 1]
