"""What every store promises about flags: Quentin of QA flags Alice and Bob."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from coach.domain.flag import Flag, FlagState, NewFlag, Severity
from coach.domain.people import Person, Role
from coach.errors import BadText, NotFound
from tests.store.houses import NOON, House

RACERS = 12


def finding(agent: Person, by: Person, **changes: Any) -> NewFlag:
    given: dict[str, Any] = {
        "agent_id": agent.id,
        "flagged_by_id": by.id,
        "call_reference": "C-2026-0305-17",
        "date": date(2026, 3, 4),
        "step": "six-step:listen",
        "error_code": "",
        "severity": Severity.HIGH,
        "note": "“说了三遍都没听进去” — she was cut off twice.",
    }
    return NewFlag(**{**given, **changes})


def add(house: House, new: NewFlag) -> tuple[Flag, bool]:
    with house.store.write() as work:
        found: tuple[Flag, bool] = work.flags.add(new)  # type: ignore[attr-defined]
        return found


def newest(house: House, **which: Any) -> tuple[Flag, ...]:
    with house.store.read() as work:
        found: tuple[Flag, ...] = work.flags.newest(**which)  # type: ignore[attr-defined]
        return found


def test_a_flag_comes_back_as_it_was_told_with_names(house: House) -> None:
    alice, quentin = house.hire("alice"), house.hire("quentin", Role.QA)
    new = finding(alice, quentin)
    kept, is_new = add(house, new)
    assert is_new
    assert kept == Flag(kept.id, new, FlagState.OPEN, NOON, "alice@example.com", "alice", "quentin")
    assert newest(house) == (kept,)


def test_the_same_finding_again_is_the_flag_as_it_was_first_told(house: House) -> None:
    alice, quentin = house.hire("alice"), house.hire("quentin", Role.QA)
    kept, _ = add(house, finding(alice, quentin))
    again, is_new = add(house, finding(alice, quentin, severity=Severity.LOW, note="other words"))
    assert (again, is_new) == (kept, False)
    assert newest(house) == (kept,)


@pytest.mark.parametrize(
    "other",
    [
        {"call_reference": "C-18"},
        {"date": date(2026, 3, 3)},
        {"step": "six-step:apologise"},
        {"step": "", "error_code": "E-12"},
    ],
    ids="-".join,
)
def test_another_call_day_step_or_code_is_another_flag(house: House, other: dict[str, Any]) -> None:
    alice, quentin = house.hire("alice"), house.hire("quentin", Role.QA)
    first, _ = add(house, finding(alice, quentin))
    second, is_new = add(house, finding(alice, quentin, **other))
    assert is_new
    assert newest(house) == (second, first)


def test_flags_can_be_read_page_by_page_and_by_agent(house: House) -> None:
    alice, bob, quentin = house.hire("alice"), house.hire("bob"), house.hire("quentin", Role.QA)
    made = [add(house, finding(who, quentin, call_reference=f"C-{n}"))[0] for n, who in enumerate([alice, bob, alice])]
    oldest, middle, latest = made
    assert newest(house, limit=2) == (latest, middle)
    assert newest(house, limit=2, before=middle.id) == (oldest,)
    assert newest(house, agents=[alice.id]) == (latest, oldest)
    assert newest(house, agents=[alice.id], before=latest.id) == (oldest,)
    assert newest(house, agents=[]) == newest(house, limit=0) == newest(house, before=0) == ()
    assert len(newest(house, before=10**30)) == 3
    assert newest(house, agents=[10**30, -1]) == ()


def test_flags_are_about_people_who_exist(house: House) -> None:
    alice, quentin = house.hire("alice"), house.hire("quentin", Role.QA)
    for field in ("agent_id", "flagged_by_id"):
        for id in (10**6, 0, 10**30):
            with pytest.raises(NotFound):
                add(house, replace(finding(alice, quentin), **{field: id}))
    assert newest(house) == ()


@pytest.mark.parametrize("field", ["call_reference", "step", "error_code", "note"])
def test_what_cannot_be_stored_is_refused_whole(house: House, field: str) -> None:
    alice, quentin = house.hire("alice"), house.hire("quentin", Role.QA)
    for text in ("nul\0", "half \ud800"):
        with pytest.raises(BadText):
            add(house, finding(alice, quentin, **{field: text}))
    assert newest(house) == ()


def test_flags_of_somebody_who_left_are_still_read(house: House) -> None:
    alice, quentin = house.hire("alice"), house.hire("quentin", Role.QA)
    kept, _ = add(house, finding(alice, quentin))
    house.accounts.deactivate(alice.id)
    assert newest(house) == (kept,)


def test_reading_cannot_write(house: House) -> None:
    alice, quentin = house.hire("alice"), house.hire("quentin", Role.QA)
    with pytest.raises(RuntimeError), house.store.read() as work:
        work.flags.add(finding(alice, quentin))  # type: ignore[attr-defined]


def test_of_many_who_tell_the_same_one_makes_the_flag(house: House) -> None:
    alice, quentin = house.hire("alice"), house.hire("quentin", Role.QA)
    with ThreadPoolExecutor(RACERS) as pool:
        told = list(pool.map(lambda _: add(house, finding(alice, quentin)), range(RACERS)))
    assert sum(is_new for _, is_new in told) == 1
    assert {flag for flag, _ in told} == set(newest(house))
