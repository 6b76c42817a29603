"""How Mrs Reed answers: ways out, reactions, questions, silence, and the ends of a call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.domain.mood import Band
from coach.domain.rehearsal import Event
from coach.domain.scenario import EndingKind, Lines
from coach.scenarios.engine import Observation, opening, step, upcoming
from coach.scenarios.program import compile_scenario
from tests.builders import ENDINGS, Call, ending, fact, line, lines, reaction, said, scenario, stage, way

HEARD = stage("telling", way("solved", "settled", any="remedy"))
VENTING = stage(
    "venting", way("felt-heard", "telling", any="empathise", none="rude"), way("bored", "telling", turns_here=3)
)
NO_ANSWER = way("nobody-there", "@hangs-up", all="silence", times={"silence": 3})
OUT_OF_TIME = way("out-of-time", "@abandoned", all="timeout")
KETTLE = (
    fact("date", asked_by="when did"),
    fact("colour", asked_by="colour"),
    fact("box", asked_by="box", says=lines("box-1", reveals=["shop"])),
    fact("shop", asked_by="which shop"),
)


def test_the_customer_speaks_first() -> None:
    call = Call(scenario(VENTING, HEARD, anger=66, patience=44))
    assert said(call.last)[0] in ("venting-1", "venting-2", "venting-3")
    assert (call.last.mood.anger, call.last.mood.patience, call.last.state.turn) == (66, 44, 0)


def test_a_way_out_leads_to_the_next_stage_and_its_words() -> None:
    call = Call(scenario(VENTING, HEARD))
    came = call.does("empathise")
    assert came.way == "felt-heard"
    assert came.state.stage == "telling"
    assert came.state.turns_here == 0
    assert said(came)[0].startswith("telling-")


def test_a_reply_that_moves_nothing_gets_the_words_for_staying() -> None:
    came = Call(scenario(VENTING, HEARD)).does("greet")
    assert (came.way, came.state.stage, came.state.turns_here) == ("", "venting", 1)
    assert said(came)[0].startswith("venting-s")


def test_the_first_way_that_holds_is_taken_and_always_comes_before_the_stages_own() -> None:
    insulted = way("insulted", "gone", any="rude")
    angry = stage("venting", way("one", "telling", any="ask"), way("two", "settled", any="ask"))
    assert Call(scenario(angry, HEARD)).does("ask").way == "one"
    assert Call(scenario(angry, HEARD, always=(insulted,))).does("ask rude").way == "insulted"


def test_a_reaction_comes_first_then_answers_then_the_next_stage() -> None:
    call = Call(scenario(VENTING, HEARD, facts=KETTLE, reactions=(reaction("sighs", any="empathise"),)))
    came = call.does("empathise ask", asks="when did it arrive? what colour?")
    assert [id.rstrip("123") for id in said(came)] == ["sighs-", "date-", "colour-", "telling-"]


def test_words_said_on_the_way_stand_for_a_reaction() -> None:
    moved = stage("venting", way("felt-heard", "telling", lines("on-the-way"), any="empathise"))
    call = Call(scenario(moved, HEARD, reactions=(reaction("sighs", any="empathise"),)))
    came = call.does("empathise")
    assert said(came)[0] == "on-the-way"
    assert said(came)[1].startswith("telling-")
    assert len(said(came)) == 2


def test_the_first_reaction_that_holds_is_used_whatever_triggers_it() -> None:
    reactions = (reaction("first", turns=2), reaction("second", all="ask verify"), reaction("third", any="ask"))
    call = Call(scenario(reactions=reactions))
    assert said(call.does("ask"))[0].startswith("third")
    assert said(call.does("ask verify"))[0].startswith("first")
    assert said(Call(scenario(reactions=reactions)).does("ask verify"))[0].startswith("second")


def test_a_way_back_into_the_same_stage_is_no_new_arrival() -> None:
    round_and_round = stage("venting", way("again", "venting", any="ask"))
    came = Call(scenario(round_and_round)).does("ask")
    assert came.state.turns_here == 1
    assert said(came)[0].startswith("venting-s")


class TestQuestions:
    def test_a_fact_is_told_when_asked_and_then_known(self) -> None:
        came = Call(scenario(facts=KETTLE)).does("ask", asks="when did it come?")
        assert (came.answered, said(came)) == (("date",), ("date-1",))
        assert "asked_fact" in came.signals
        assert came.state.facts == {"date"}

    def test_asked_again_she_notices_and_does_not_tell_it_twice(self) -> None:
        call = Call(scenario(facts=KETTLE, reactions=(reaction("annoyed", any="asked_again"),)))
        call.does("ask", asks="when did it come?")
        came = call.does("ask", asks="when did it come?")
        assert "asked_again" in came.signals
        assert "asked_fact" not in came.signals
        assert said(came)[0].startswith("annoyed")
        assert came.answered == ()

    def test_something_new_beside_something_old_is_no_reason_to_be_annoyed(self) -> None:
        call = Call(scenario(facts=KETTLE))
        call.does("ask", asks="when did it come?")
        came = call.does("ask", asks="when did it come, and what colour is it?")
        assert came.answered == ("colour",)
        assert "asked_again" not in came.signals

    def test_at_most_two_are_answered_in_one_breath(self) -> None:
        call = Call(scenario(facts=KETTLE))
        asked = "when did it come, what colour, and the box?"
        assert call.does("ask", asks=asked).answered == ("date", "colour")
        assert call.does("ask", asks=asked).answered == ("box",)

    def test_a_line_can_give_another_fact_away(self) -> None:
        call = Call(scenario(facts=KETTLE))
        assert call.does("ask", asks="have you the box?").state.facts == {"box", "shop"}
        assert "asked_again" in call.does("ask", asks="which shop?").signals

    def test_opening_words_can_give_a_fact_away(self) -> None:
        talkative = stage("venting", says=lines("venting-1", reveals=["date"]))
        call = Call(scenario(talkative, facts=KETTLE))
        assert call.last.state.facts == {"date"}
        assert "asked_again" in call.does("ask", asks="when did it come?").signals

    def test_only_words_of_the_language_spoken_count(self) -> None:
        asked_in_english = Observation(Event.REPLY, asked="when did it come?", language="fr")
        program = compile_scenario(scenario(facts=KETTLE))
        assert step(program, opening(program, 1).state, asked_in_english, 1).answered == ()


class TestOddReplies:
    def test_nothing_recognisable_is_off_script(self) -> None:
        call = Call(scenario())
        assert call.does("").signals == {"off_script"}
        assert call.does("").signals == {"off_script", "off_script_again"}
        call.does("own")
        assert call.does("").signals == {"off_script"}, "only in a row is it again"

    def test_the_same_few_words_are_worn_out_the_third_time(self) -> None:
        program = compile_scenario(scenario())
        hi = Observation(Event.REPLY, frozenset({"greet"}), fingerprint=8, is_brief=True)
        came, heard = opening(program, 1), []
        for _ in range(4):
            came = step(program, came.state, hi, 1)
            heard.append("same_words" in came.signals)
        assert heard == [False, False, True, True]

    def test_a_goodbye_fits_only_where_all_is_agreed(self) -> None:
        bye = Observation(Event.REPLY, frozenset({"close"}), fingerprint=8, is_goodbye=True)
        for to, signal in (("", "goodbye_too_soon"), ("left", "goodbye_too_soon"), ("settled", "goodbye")):
            program = compile_scenario(scenario(stage("venting", hang_up_to=to)))
            signals = step(program, opening(program, 1).state, bye, 1).signals
            assert signals == {signal}

    def test_hanging_up_after_an_agreement_ends_as_well_as_a_goodbye(self) -> None:
        parted = way("parted", "settled", any="close", seen="confirm")
        agreed = stage("agreeing", parted, hang_up_to="cold")
        endings = (*ENDINGS, ending("cold", EndingKind.SETTLED_COLD))
        kindly = Call(scenario(agreed, endings=endings))
        kindly.does("confirm")
        assert kindly.hangs_up().state.ended == "settled"
        assert Call(scenario(agreed, endings=endings)).hangs_up().state.ended == "cold"

    def test_nobody_asks_for_what_was_just_given(self) -> None:
        when_line, thanks = line("when"), line("thanks")
        dated = replace(when_line, unless=("timeframe",)), replace(thanks, after=("timeframe",))
        asking = stage("asking", says=Lines(dated, dated, dated))
        for acts, heard in (("own", "when"), ("own timeframe", "thanks")):
            came = Call(scenario(stage("venting", way("on", "asking", any="own")), asking)).does(acts)
            assert said(came) == (heard,)

    def test_the_same_words_again_are_noticed(self) -> None:
        call = Call(scenario())
        assert "same_words" not in call.does("apologise", words=5).signals
        call.does("remedy", words=6)
        assert "same_words" in call.does("apologise", words=5).signals

    def test_words_too_few_to_be_repeated_are_not(self) -> None:
        program = compile_scenario(scenario())
        first = step(program, opening(program, 1).state, Observation(Event.REPLY, fingerprint=0), 1)
        assert "same_words" not in step(program, first.state, Observation(Event.REPLY, fingerprint=0), 1).signals

    def test_a_signal_that_was_noticed_already_is_answer_enough(self) -> None:
        program = compile_scenario(scenario())
        foreign = Observation(Event.REPLY, signals=frozenset({"other_language"}), fingerprint=3)
        assert step(program, opening(program, 1).state, foreign, 1).signals == {"other_language"}


class TestEnds:
    def test_three_silences_end_the_call_two_and_a_word_do_not(self) -> None:
        call = Call(scenario(always=(NO_ANSWER,)))
        assert not call.is_silent().state.ended
        assert not call.is_silent().state.ended
        assert not call.does("greet").state.ended
        came = call.is_silent()
        assert (came.state.ended, said(came)) == ("gone", ("gone-1",))

    def test_silence_and_time_out_are_signals_and_nothing_else(self) -> None:
        call = Call(scenario())
        assert call.is_silent().signals == {"silence"}
        assert call.times_out().signals == {"timeout"}

    def test_silences_do_not_count_as_words_said_before(self) -> None:
        call = Call(scenario())
        call.is_silent()
        assert "same_words" not in call.is_silent().signals

    def test_time_runs_out(self) -> None:
        came = Call(scenario(always=(OUT_OF_TIME,))).times_out()
        assert came.state.ended == "left"

    def test_the_trainee_hangs_up(self) -> None:
        came = Call(scenario()).hangs_up()
        assert (came.state.ended, said(came), came.way) == ("left", ("left-1",), "hang-up")
        assert came.changes == ()

    @pytest.mark.parametrize("to", ["cold", "@settled-cold"])
    def test_the_trainee_hangs_up_where_the_stage_says_how_that_ends(self, to: str) -> None:
        nearly_done = stage("venting", hang_up_to=to)
        cold = ending("cold", EndingKind.SETTLED_COLD)
        assert Call(scenario(nearly_done, endings=(*ENDINGS, cold))).hangs_up().state.ended == "cold"

    def test_an_ending_has_the_last_word(self) -> None:
        quick = stage("venting", way("done", "settled", any="remedy"))
        call = Call(scenario(quick, facts=KETTLE, reactions=(reaction("sighs", any="remedy"),)))
        came = call.does("remedy ask", asks="what colour?")
        assert [id.rstrip("12") for id in said(came)] == ["sighs-", "settled-"]
        assert came.state.stage == "venting"

    def test_after_the_end_there_is_no_next_step_and_nothing_to_render(self) -> None:
        call = Call(scenario())
        over = call.hangs_up().state
        assert upcoming(call.program, over, call.seed) == ()
        with pytest.raises(ValueError, match="over"):
            call.does("apologise")


class TestVariants:
    def test_none_is_said_twice_before_all_were_said_and_then_the_oldest_comes_first(self) -> None:
        call = Call(scenario())
        heard = [said(call.does("greet"))[0] for _ in range(6)]
        assert sorted(heard[:3]) == ["venting-s1", "venting-s2", "venting-s3"]
        assert heard[3:] == heard[:3]

    def test_the_mood_chooses_the_band(self) -> None:
        bands = Lines(cool=(line("c"),), hot=(line("h"),), boiling=(line("b"),))
        for anger, expected in ((0, "c"), (39, "c"), (40, "h"), (69, "h"), (70, "b"), (100, "b")):
            assert said(Call(scenario(stage("venting", says=bands), anger=anger)).last) == (expected,)
        assert [group[0].id for group in map(bands.within, Band)] == ["c", "h", "b"]

    def test_the_same_seed_gives_the_same_call_and_others_vary(self) -> None:
        def heard(seed: int) -> tuple[tuple[str, ...], ...]:
            call = Call(scenario(VENTING, HEARD), seed)
            return said(call.last), said(call.does("greet")), said(call.does("empathise")), said(call.does("thank"))

        assert heard(3) == heard(3)
        assert len({heard(seed) for seed in range(30)}) > 10
