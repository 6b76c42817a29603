"""The debrief of Alice's call: for Alice, for her mentor Mia, for nobody in another team."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from coach.domain.language import Language
from coach.domain.rehearsal import Channel, Rehearsal, Said, join_lines
from coach.domain.scenario import EndingKind
from coach.domain.transcript import Speaker
from coach.errors import NotFound, UnknownRubric
from coach.practice.debrief import assess, transcript_of
from tests.practice.house import PACKS, House

GOOD = (
    "empathise restate apologise_specific own I hear you",
    "ask verify explain When did it go? remedy involve",
    "timeframe follow_up confirm close thank prevent",
)


def plays(house: House, *replies: str, language: Language = Language.EN) -> Rehearsal:
    call = house.rehearsing.start(house.alice, "late-kettle", language, Channel.TEXT)
    for number, words in enumerate(replies):
        house.rehearsing.reply(house.alice, call.id, f"k{number}", words)
    return house.rehearsing.find(house.alice, call.id)


class TestWhoMayRead:
    def test_she_her_mentor_and_an_admin_read_the_same(self, house: House) -> None:
        call = plays(house, *GOOD)
        debriefs = [house.debriefing.debrief(reader, call.id) for reader in (house.alice, house.mia, house.ada)]
        assert {debrief.owner for debrief in debriefs} == {house.alice}
        assert len({debrief.assessment for debrief in debriefs}) == 1

    def test_nobody_else_learns_that_it_exists(self, house: House) -> None:
        call = plays(house, *GOOD)
        other_mentor = replace(house.mia, mentors=frozenset({99}))
        for stranger in (house.bob, other_mentor, replace(house.mia, roles=house.bob.roles)):
            with pytest.raises(NotFound):
                house.debriefing.debrief(stranger, call.id)
        with pytest.raises(NotFound):
            house.debriefing.debrief(house.alice, "call-99")

    def test_each_reads_it_in_their_own_language(self, house: House) -> None:
        call = plays(house, "empathise")
        mia = replace(house.mia, language=Language.ZH_HANT)
        english = house.debriefing.debrief(house.alice, call.id).explanation
        chinese = house.debriefing.debrief(mia, call.id).explanation
        assert english != chinese


class TestWhatItTells:
    def test_a_good_call(self, house: House) -> None:
        debrief = house.debriefing.debrief(house.alice, plays(house, *GOOD).id)
        assert debrief.ending is not None
        assert debrief.ending.id == "settled"
        assert debrief.assessment.passed
        assert debrief.assessment.rubric == debrief.scenario.rubric == "four-step"
        assert debrief.assessment.critical == ()
        assert [quote.text for step in debrief.assessment.steps for quote in step.quotes]

    def test_the_curve_has_a_point_for_each_turn_and_adds_up(self, house: House) -> None:
        call = plays(house, "empathise", "thank")
        curve = house.debriefing.debrief(house.alice, call.id).curve
        assert [point.turn for point in curve] == [0, 1, 2]
        assert curve[0].changes == ()
        for before, after in pairwise(curve):
            moved = sum(change.delta for change in after.changes if change.what == "anger")
            assert after.mood.anger - before.mood.anger == moved

    def test_a_running_call_has_a_debrief_and_no_ending(self, house: House) -> None:
        debrief = house.debriefing.debrief(house.alice, plays(house).id)
        assert debrief.ending is None
        assert not debrief.assessment.passed

    def test_retries_are_listed_with_the_first_attempt(self, house: House) -> None:
        call = plays(house, "rude", "empathise")
        again = house.rehearsing.retry(house.alice, call.id, 1)
        debrief = house.debriefing.debrief(house.alice, call.id)
        assert [retry.id for retry in debrief.retries] == [again.id]
        assert house.debriefing.debrief(house.alice, again.id).rehearsal.branch_of == (call.id, 1)

    def test_both_outcomes_can_be_compared(self, house: House) -> None:
        call = plays(house, "rude", "argue")
        again = house.rehearsing.retry(house.alice, call.id, 1)
        for number, words in enumerate(GOOD):
            house.rehearsing.reply(house.alice, again.id, f"n{number}", words)
        first, second = (house.debriefing.debrief(house.alice, id) for id in (call.id, again.id))
        assert second.assessment.total > first.assessment.total
        assert second.curve[-1].mood.anger < first.curve[-1].mood.anger

    def test_it_is_graded_by_any_pack_one_asks_for(self, house: House) -> None:
        call = plays(house, *GOOD)
        debriefs = {pack.id: house.debriefing.debrief(house.mia, call.id, pack.id) for pack in house.debriefing.packs}
        assert set(debriefs) == set(PACKS)
        assert all(debrief.assessment.rubric == id for id, debrief in debriefs.items())
        with pytest.raises(UnknownRubric):
            house.debriefing.debrief(house.alice, call.id, "no-such-pack")

    def test_a_scenario_whose_pack_is_gone_is_graded_by_another(self, house: House) -> None:
        house.edits("rubric: four-step", "rubric: gone-step")
        call = plays(house, *GOOD)
        assert house.debriefing.debrief(house.alice, call.id).assessment.rubric == min(PACKS)
        assert house.progress.of(house.alice, house.alice.id).attempts[0].assessment is not None

    def test_it_is_derived_from_the_version_that_was_played(self, house: House) -> None:
        call = plays(house, *GOOD)
        house.edits("Reassured", "Overjoyed")
        debrief = house.debriefing.debrief(house.alice, call.id)
        assert debrief.ending is not None
        assert debrief.ending.title.en == "Reassured"


class TestLostCalls:
    """However well it began: a call in which somebody hangs up is not passed."""

    def lost(self, house: House, kind: EndingKind) -> Rehearsal:
        call = plays(house, *GOOD)
        ending = next(e.id for e in house.debriefing.scenario_of(call).endings if e.kind is kind)
        return replace(call, turns=(*call.turns[:-1], replace(call.last, ended=ending)))

    @pytest.mark.parametrize(
        ("kind", "critical"),
        [
            (EndingKind.SATISFIED, False),
            (EndingKind.SETTLED_COLD, False),
            (EndingKind.HANGS_UP, True),
            (EndingKind.ABANDONED, True),
        ],
    )
    @pytest.mark.parametrize("pack", sorted(PACKS))
    def test_only_the_ending_makes_the_difference(
        self, house: House, kind: EndingKind, critical: bool, pack: str
    ) -> None:
        call = self.lost(house, kind)
        assessment = assess(call, house.debriefing.scenario_of(call), PACKS[pack])
        assert bool(assessment.critical) is critical
        if critical:
            assert not assessment.passed
        else:
            assert assessment.passed

    @pytest.mark.parametrize("how", ["time_out", "hang_up"])
    def test_a_call_left_without_a_word_is_no_pass_and_no_crash(self, house: House, how: str) -> None:
        call = plays(house)
        getattr(house.rehearsing, how)(house.alice, call.id, "k")
        assessment = house.debriefing.debrief(house.alice, call.id).assessment
        assert (assessment.passed, assessment.total) == (False, 0)


class TestTranscript:
    def test_the_call_as_words(self, house: House) -> None:
        call = plays(house, "empathise")
        house.rehearsing.be_silent(house.alice, call.id, "s")
        house.rehearsing.reply(house.alice, call.id, "k9", "thank")
        call = house.rehearsing.find(house.alice, call.id)
        transcript = transcript_of(call)
        assert transcript.language == "en"
        assert [(u.turn, u.text) for u in transcript.replies] == [(1, "empathise"), (3, "thank")]
        assert all(u.reading is not None for u in transcript.replies)
        assert [u.turn for u in transcript.utterances if u.speaker is Speaker.CUSTOMER] == [0, 1, 2, 3]

    def test_traditional_calls_are_read_as_chinese(self, house: House) -> None:
        assert transcript_of(plays(house, language=Language.ZH_HANT)).language == "zh"

    def test_lines_of_one_breath(self, house: House) -> None:
        assert join_lines(["One.", "Two."]) == "One. Two."
        assert join_lines(["一。", "二。"]) == "一。二。"
        assert join_lines([]) == ""
        last = replace(plays(house).last, customer=(Said("a", "A."), Said("b", "B.")))
        assert last.customer_text == "A. B."
