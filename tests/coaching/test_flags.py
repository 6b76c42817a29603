"""Quentin of QA flags; Mona sees what concerns her team. The store is in memory, the day is 5 March 2026."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from coach.coaching.flags import MOST_FLAGS, Finding, Flagging, WrongFinding
from coach.domain.flag import FlagState, Severity
from coach.domain.people import Person, Role
from coach.errors import NotAllowed
from coach.rubrics.loader import load_packs
from tests.store.houses import House, memory_house

PACKS = load_packs(Path(__file__).resolve().parents[2] / "rubrics")

FINDING = Finding(
    agent="alice@example.com",
    call_reference="C-17",
    date=date(2026, 3, 5),
    step="six-step:apologise",
    error_code="",
    severity=Severity.HIGH,
    note="没有道歉",
)


@dataclass
class Floor:
    house: House
    flagging: Flagging
    quentin: Person


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    house = memory_house(tmp_path, 5.0)
    house.hire("alice")
    flagging = Flagging(house.store, PACKS, house.clock)  # type: ignore[arg-type]
    return Floor(house, flagging, house.hire("quentin", Role.QA))


def faults_of(floor: Floor, finding: Finding) -> dict[str, str]:
    with pytest.raises(WrongFinding) as caught:
        floor.flagging.flag(floor.quentin, finding)
    assert floor.flagging.newest(floor.quentin) == ()
    return caught.value.faults


def test_what_is_missed_today_is_open_tomorrow(floor: Floor) -> None:
    flag, is_new = floor.flagging.flag(floor.quentin, FINDING)
    assert is_new
    assert (flag.state, flag.created, flag.new.step) == (FlagState.OPEN, floor.house.clock.now, "six-step:apologise")
    floor.house.clock.advance(days=1)
    assert floor.flagging.flag(floor.quentin, FINDING) == (flag, False)
    assert floor.flagging.newest(floor.quentin) == (flag,)


def test_a_reference_is_the_same_with_space_around_it(floor: Floor) -> None:
    flag, _ = floor.flagging.flag(floor.quentin, FINDING)
    spaced = replace(FINDING, call_reference="  C-17\t", agent="ALICE@example.com")
    assert floor.flagging.flag(floor.quentin, spaced) == (flag, False)


def test_a_call_may_be_of_tomorrow_only_where_it_is_tomorrow_already(floor: Floor) -> None:
    assert faults_of(floor, replace(FINDING, date=date(2026, 3, 7))) == {"date": "date_in_future"}
    assert floor.flagging.flag(floor.quentin, replace(FINDING, date=date(2026, 3, 6)))[1]


def test_all_faults_are_named_at_once(floor: Floor) -> None:
    wrong = Finding("nobody@example.com", "", date(2030, 1, 1), "six-step:juggle", "", Severity.LOW, "x" * 2001)
    assert faults_of(floor, wrong) == {
        "agent": "unknown_agent",
        "call_reference": "string_too_short",
        "date": "date_in_future",
        "step": "unknown_step",
        "note": "string_too_long",
    }


def test_somebody_who_left_is_nobody(floor: Floor) -> None:
    floor.house.accounts.deactivate(1)
    assert faults_of(floor, FINDING) == {"agent": "unknown_agent"}


def test_every_step_of_every_method_can_be_flagged(floor: Floor) -> None:
    for step in floor.flagging.steps:
        assert floor.flagging.flag(floor.quentin, replace(FINDING, step=step))[1]
    assert len(floor.flagging.steps) == sum(len(pack.steps) for pack in PACKS.values())


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.MENTOR])
def test_who_is_not_of_qa_does_not_flag(floor: Floor, role: Role) -> None:
    with pytest.raises(NotAllowed):
        floor.flagging.flag(floor.house.hire("other", role), FINDING)
    assert floor.flagging.newest(floor.quentin) == ()


def test_mentors_see_their_team_admins_all_trainees_nothing(floor: Floor) -> None:
    house = floor.house
    carol = house.hire("carol")
    blue = house.accounts.add_team("Blue").id
    house.accounts.join(1, blue)
    mona = house.hire("mona", Role.MENTOR)
    house.accounts.join(mona.id, blue, Role.MENTOR)
    with house.store.read() as work:
        mona = work.people.get(mona.id)
    of_alice, _ = floor.flagging.flag(floor.quentin, FINDING)
    of_carol, _ = floor.flagging.flag(floor.quentin, replace(FINDING, agent=carol.email))
    assert floor.flagging.newest(mona) == (of_alice,)
    assert floor.flagging.newest(house.hire("nils", Role.MENTOR)) == ()
    assert floor.flagging.newest(house.hire("ada", Role.ADMIN)) == (of_carol, of_alice)
    with pytest.raises(NotAllowed):
        floor.flagging.newest(carol)


def test_one_answer_never_holds_more_than_its_share(floor: Floor) -> None:
    for n in range(MOST_FLAGS + 1):
        floor.flagging.flag(floor.quentin, replace(FINDING, call_reference=f"C-{n}"))
    assert len(floor.flagging.newest(floor.quentin, limit=10**6)) == MOST_FLAGS
    assert floor.flagging.newest(floor.quentin, limit=-1) == ()
