"""Alice's progress: her steps over her last calls, compared with nobody."""

from __future__ import annotations

import pytest

from coach.domain.language import Language
from coach.domain.rehearsal import Channel
from coach.domain.rubric import StepVerdict
from coach.errors import NotFound
from coach.practice.progress import LOOKED_AT
from tests.practice.house import House
from tests.practice.test_debrief import GOOD, plays


def test_nobody_starts_with_progress(house: House) -> None:
    progress = house.progress.of(house.alice, house.alice.id)
    assert (progress.person, progress.attempts, progress.steps, progress.weakest) == (house.alice, (), (), None)


def test_attempts_come_newest_first_and_steps_oldest_first(house: House) -> None:
    for replies in (("rude", "rude", "rude"), GOOD):
        house.clock.goes_on(minutes=10)
        call = plays(house, *replies)
        if not call.is_over:
            house.rehearsing.hang_up(house.alice, call.id, "bye")
    progress = house.progress.of(house.alice, house.alice.id)
    assert [attempt.summary.ending for attempt in progress.attempts] == ["settled", "left"]
    assert progress.steps
    for line in progress.steps:
        assert len(line.verdicts) == 2
        assert line.met == sum(verdict is StepVerdict.MET for verdict in line.verdicts)
    better = [line for line in progress.steps if line.verdicts == (StepVerdict.MISSED, StepVerdict.MET)]
    assert better


def test_running_and_wordless_calls_are_listed_and_not_graded(house: House) -> None:
    plays(house, "empathise")
    silent = plays(house)
    house.rehearsing.hang_up(house.alice, silent.id, "bye")
    progress = house.progress.of(house.alice, house.alice.id)
    assert [attempt.assessment for attempt in progress.attempts] == [None, None]
    assert progress.weakest is None


def test_the_weakest_step_is_the_one_met_least_often(house: House) -> None:
    call = plays(house, "empathise restate apologise_specific own")
    house.rehearsing.hang_up(house.alice, call.id, "bye")
    weakest = house.progress.of(house.alice, house.alice.id).weakest
    assert weakest is not None
    assert weakest.met == 0
    assert weakest.pack.id == "four-step"
    assert weakest.step_id in {step.id for step in weakest.pack.steps}


def test_only_the_newest_calls_are_graded(house: House) -> None:
    for _ in range(LOOKED_AT + 2):
        house.clock.goes_on(minutes=1)
        house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT)
    assert len(house.progress.of(house.alice, house.alice.id).attempts) == LOOKED_AT


def test_her_mentor_may_look_and_others_may_not(house: House) -> None:
    plays(house, "empathise")
    assert house.progress.of(house.mia, house.alice.id) == house.progress.of(house.alice, house.alice.id)
    for stranger, whom in ((house.bob, house.alice), (house.mia, house.bob), (house.alice, house.mia)):
        with pytest.raises(NotFound):
            house.progress.of(stranger, whom.id)
    with pytest.raises(NotFound):
        house.progress.of(house.ada, 99)
