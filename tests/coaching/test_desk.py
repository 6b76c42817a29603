"""Mia's desk: the work of her team and of nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.coaching.desk import Desk
from coach.domain.language import Language
from coach.domain.rehearsal import Channel
from coach.errors import NotFound
from tests.practice.house import House, build


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house.store)


def test_her_trainees_by_name_with_the_newest_call_of_each(house: House, desk: Desk) -> None:
    assert [(at.person, at.newest) for at in desk.trainees(house.mia)] == [(house.alice, None)]
    house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT)
    house.clock.goes_on(hours=1)
    newer = house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT)
    (at_work,) = desk.trainees(house.mia)
    assert at_work.newest is not None
    assert at_work.newest.id == newer.id


def test_an_admin_sees_every_trainee_and_a_trainee_nobody(house: House, desk: Desk) -> None:
    assert [at.person.name for at in desk.trainees(house.ada)] == ["alice", "bob"]
    assert desk.trainees(house.alice) == ()


def test_one_trainee_and_the_calls_newest_first(house: House, desk: Desk) -> None:
    calls = []
    for _ in range(3):
        calls.append(house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT))
        house.clock.goes_on(hours=1)
    assert desk.trainee(house.mia, house.alice.id) == house.alice
    listed = desk.rehearsals(house.mia, house.alice.id)
    assert [summary.id for summary in listed] == [call.id for call in reversed(calls)]
    older = desk.rehearsals(house.mia, house.alice.id, limit=1, before=calls[2].started)
    assert [summary.id for summary in older] == [calls[1].id]


def test_people_outside_her_teams_do_not_exist_for_her(house: House, desk: Desk) -> None:
    for outside in (house.bob.id, house.ada.id, house.mia.id, 99):
        for look in (desk.trainee, desk.rehearsals):
            with pytest.raises(NotFound):
                look(house.mia, outside)
    with pytest.raises(NotFound):
        desk.trainee(house.alice, house.bob.id)
