"""How a call becomes verdicts and points: stories with the packs of the house, and laws that hold for any call."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.behaviour import ACTS, BEHAVIOURS, FAULTS, AmountSlot, Behaviour, Certainty, Reading, TimeSlot
from coach.domain.language import Text
from coach.domain.rubric import Assessment, CriticalRule, FaultRule, OrderRule, RubricPack, StepVerdict
from coach.domain.transcript import Speaker, Transcript, Utterance
from coach.grading import grade
from coach.rubrics.loader import load_packs
from tests.rubrics.calls import call, pack_of, part, reading_of, step, step_of
from tests.rubrics.stage import scenario

PACKS = load_packs(Path(__file__).parents[2] / "rubrics")
FOUR = PACKS["four-step"]

SKILLED = (
    "greet invite empathise restate",
    "apologise apologise_specific own ask verify",
    "explain remedy timeframe follow_up record escalate",
    "prevent involve confirm thank compensate close",
)


def verdicts(assessment: Assessment) -> dict[str, StepVerdict]:
    return {result.id: result.verdict for result in assessment.steps}


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: str(pack.id))
def test_a_call_that_does_everything_in_order_earns_everything(pack: RubricPack) -> None:
    assessment = grade(call(*SKILLED), pack)
    assert set(verdicts(assessment).values()) == {StepVerdict.MET}
    assert (assessment.total, assessment.passed) == (100, True)
    assert (assessment.rubric, assessment.rubric_hash) == (pack.id, pack.hash)


def test_an_apology_after_the_explanation_is_only_partly_one() -> None:
    in_order = grade(call("restate empathise", "apologise apologise_specific", "explain remedy"), FOUR)
    too_late = grade(call("restate empathise", "explain remedy", "apologise apologise_specific"), FOUR)
    assert step_of(in_order, "apologise").verdict is StepVerdict.MET
    late = step_of(too_late, "apologise")
    assert (late.verdict, late.score) == (StepVerdict.PARTLY, pytest.approx(0.6))
    assert "Turn 2" in late.because[-1].en
    assert too_late.total < in_order.total


def test_an_explanation_in_the_same_reply_as_the_apology_is_in_order() -> None:
    assert step_of(grade(call("explain apologise apologise_specific"), FOUR), "apologise").score == 1


def test_two_messages_in_a_row_are_one_reply() -> None:
    """In a chat an agent may send the reason in one bubble and the apology in the next."""
    first = Utterance(Speaker.AGENT, "Because of the storm.", 1, reading_of("Because of the storm.", "explain"))
    second = Utterance(Speaker.AGENT, "So sorry.", 2, reading_of("So sorry.", "apologise apologise_specific"))
    asked = Utterance(Speaker.CUSTOMER, "Why?", 0)
    assert step_of(grade(Transcript("en", (asked, first, second)), FOUR), "apologise").score == 1
    apart = Transcript("en", (asked, first, asked, second))
    assert step_of(grade(apart, FOUR), "apologise").score == pytest.approx(0.6)


def test_a_late_apology_is_never_worth_less_than_none() -> None:
    for pack in PACKS.values():
        none = grade(call("explain remedy", "close"), pack)
        late = grade(call("explain remedy", "apologise"), pack)
        assert late.total >= none.total


def test_magic_words_alone_do_not_pass() -> None:
    """ "I understand, I am sorry for the inconvenience, we will handle it as soon as possible", five times over."""
    recitals = {id: grade(call(*["empathise apologise template vague_time"] * 5), pack) for id, pack in PACKS.items()}
    assert not any(recital.passed for recital in recitals.values())
    assert all(recital.total < 35 for recital in recitals.values())
    recital = recitals["four-step"]
    assert step_of(recital, "solve").verdict is StepVerdict.MISSED
    assert step_of(recital, "common-ground").verdict is not StepVerdict.MET


def test_saying_the_same_twenty_times_adds_nothing() -> None:
    once = grade(call("restate empathise apologise"), FOUR)
    often = grade(call(*["restate empathise apologise"] * 20), FOUR)
    assert often.total == once.total
    assert [s.score for s in often.steps] == [s.score for s in once.steps]
    assert all(len(s.quotes) <= 9 for s in often.steps)


def test_the_first_acknowledgement_belongs_into_the_first_two_replies() -> None:
    early = step_of(grade(call("greet", "restate invite"), FOUR), "listen")
    late = step_of(grade(call("greet", "verify", "restate invite"), FOUR), "listen")
    assert (early.score, late.score) == (1, pytest.approx(0.7))
    assert late.missing == ()
    assert any("counts half" in sentence.en for sentence in late.lacking)


def test_doubt_takes_a_part_out_of_the_sum() -> None:
    pack = pack_of(step("s", part("empathise", 0.5), part("remedy", 0.5)))
    doubtful = grade(call("empathise? remedy"), pack)
    result = doubtful.steps[0]
    assert (result.verdict, result.score, result.missing) == (StepVerdict.UNSURE, 1, ())
    assert [(q.behaviour, q.unsure) for q in doubtful.unsure] == [("empathise", True)]
    assert "two ways" in result.because[-1].en
    assert grade(call("remedy"), pack).total <= doubtful.total <= grade(call("empathise remedy"), pack).total


def test_doubt_that_cannot_change_the_verdict_leaves_it() -> None:
    pack = pack_of(step("s", part("remedy", 0.8), part("thank", 0.2)))
    assert grade(call("remedy thank?"), pack).steps[0].verdict is StepVerdict.MET
    assert grade(call("thank?"), pack).steps[0].verdict is StepVerdict.MISSED


def test_a_call_of_doubts_cannot_pass_although_nothing_in_it_failed() -> None:
    pack = pack_of(step("a", part("thank"), weight=20), step("b", part("remedy"), weight=80))
    assessment = grade(call("thank remedy?"), pack)
    assert (assessment.total, assessment.passed) == (100, False)
    assert grade(call("thank remedy"), pack).passed


def test_an_unsure_fault_costs_nothing_and_fails_nothing() -> None:
    clean = grade(call(*SKILLED), FOUR)
    doubted = grade(call(*SKILLED[:-1], SKILLED[-1] + " rude? shift_blame? vague_time?"), FOUR)
    assert (doubted.total, doubted.passed, doubted.critical, doubted.faults) == (clean.total, True, (), ())
    assert [q.behaviour for q in doubted.unsure] == ["rude", "shift_blame", "vague_time"]


def test_an_unsure_apology_before_the_explanation_is_not_out_of_order() -> None:
    result = step_of(grade(call("apologise?", "explain", "apologise apologise_specific"), FOUR), "apologise")
    assert result.score == 1


def test_an_insult_fails_a_call_that_was_worth_95() -> None:
    pack = pack_of(
        step("s", part("remedy")),
        faults=(FaultRule("rude", 5, 5),),
        critical=(CriticalRule("insult", frozenset({"rude"}), Text("侮辱", "An insult")),),
    )
    assessment = grade(call("remedy", "rude"), pack)
    assert (assessment.total, assessment.passed) == (95, False)
    assert [(q.turn, q.text) for q in assessment.critical[0].quotes] == [(2, "reply 2")]
    assert grade(call("remedy", "thank"), pack).passed


def test_a_promise_outside_the_authority_fails_the_call() -> None:
    transcript = call(*SKILLED)
    assessment = grade(transcript, FOUR, signals={3: frozenset({"beyond_authority", "asked_fact"})})
    assert (assessment.total, assessment.passed) == (100, False)
    assert [(c.id, c.quotes[0].turn) for c in assessment.critical] == [("beyond-authority", 3)]


def test_a_fault_costs_each_time_up_to_its_most() -> None:
    pack = pack_of(step("s", part("remedy")), faults=(FaultRule("vague_time", 2, 5),))
    totals = [grade(call("remedy", *["vague_time"] * times), pack).total for times in range(5)]
    assert totals == [100, 98, 96, 95, 95]
    assert len(grade(call("remedy", *["vague_time"] * 4), pack).faults[0].quotes) == 4


def test_a_fault_spoils_a_step_once_for_each_kind() -> None:
    pack = pack_of(step("s", part("remedy"), spoiled_by=frozenset({"argue", "rude"}), fault_cost=0.3))
    scores = [grade(call("remedy", *acts), pack).steps[0].score for acts in (["argue"], ["argue"] * 3, ["argue rude"])]
    assert scores == [pytest.approx(0.7), pytest.approx(0.7), pytest.approx(0.4)]


def test_what_the_case_does_not_call_for_is_not_rated_and_weighs_nothing() -> None:
    steps = (
        step("always", part("remedy"), weight=40),
        step("pay", part("compensate"), weight=60, demanded_by=frozenset({"compensate"})),
    )
    pack = pack_of(*steps)
    plain, paying = scenario(trains=("remedy",)), scenario(trains=("compensate",))
    assert grade(call("remedy"), pack, scenario=paying).total == 40
    assessment = grade(call("remedy"), pack, scenario=plain)
    assert (assessment.total, assessment.passed) == (100, True)
    assert verdicts(assessment) == {"always": StepVerdict.MET, "pay": StepVerdict.NOT_RATED}
    assert grade(call("remedy"), pack).total == 40, "without a scenario everything is rated"


def test_nothing_said_is_nothing_earned() -> None:
    silent = Transcript("zh", (Utterance(Speaker.CUSTOMER, "喂？", 0),))
    for transcript in (Transcript("zh", ()), silent, call("")):
        assessment = grade(transcript, FOUR)
        assert (assessment.total, assessment.passed) == (0, False)
        assert set(verdicts(assessment).values()) == {StepVerdict.MISSED}


def test_replies_without_a_reading_are_read_with_what_the_customer_said_before() -> None:
    heard: list[tuple[str, str, str]] = []

    def read(text: str, language: str, before: str):  # type: ignore[no-untyped-def]
        heard.append((text, language, before))
        return reading_of(text, "remedy")

    said = [("customer", "A", 0), ("customer", "B", 0), ("agent", "x", 1), ("agent", "y", 2), ("customer", "C", 2)]
    utterances = tuple(Utterance(Speaker(who), text, turn) for who, text, turn in (*said, ("agent", "z", 3)))
    assessment = grade(Transcript("en", utterances), pack_of(step("s", part("remedy"))), read=read)
    assert heard == [("x", "en", "A\nB"), ("y", "en", "A\nB"), ("z", "en", "C")]
    assert [q.turn for q in assessment.steps[0].quotes] == [1, 2, 3]


def test_the_clearest_words_are_quoted_first() -> None:
    vague, clear = reading_of("perhaps", "remedy"), reading_of("refund today", "remedy")
    clear = replace(clear, behaviours=(replace(clear.behaviours[0], confidence=0.99),))
    utterances = (
        Utterance(Speaker.AGENT, "perhaps", 1, vague),
        Utterance(Speaker.CUSTOMER, "?", 1),
        Utterance(Speaker.AGENT, "refund today", 2, clear),
    )
    result = grade(Transcript("en", utterances), pack_of(step("s", part("remedy")))).steps[0]
    assert [q.text for q in result.quotes] == ["refund today", "perhaps"]


def test_five_thousand_turns_are_graded_in_a_blink() -> None:
    long = call(*["apologise vague_time remedy argue empathise?"] * 5000)
    started = time.process_time()
    assessment = grade(long, FOUR, signals={turn: frozenset({"off_script"}) for turn in range(5001)})
    assert time.process_time() - started < 2
    assert 0 <= assessment.total <= 100


_ids = st.sampled_from([*BEHAVIOURS, *(id + "?" for id in BEHAVIOURS)])
_replies = st.lists(st.lists(_ids, max_size=6, unique_by=lambda id: id.rstrip("?")).map(" ".join), max_size=6)
_packs = st.sampled_from(list(PACKS.values()))


@settings(deadline=None)  # the machine may be busy
@given(_replies, _packs)
def test_a_total_is_always_from_0_to_100_and_always_the_same(replies: list[str], pack: RubricPack) -> None:
    assessment = grade(call(*replies), pack)
    assert 0 <= assessment.total <= 100
    assert all(0 <= result.score <= 1 for result in assessment.steps)
    assert assessment == grade(call(*replies), pack)
    assert not (assessment.passed and (assessment.critical or assessment.total < pack.pass_mark))


@settings(deadline=None)  # the machine may be busy
@given(_replies.filter(len), _packs, st.sampled_from(FAULTS), st.data())
def test_one_more_fault_never_raises_a_total(
    replies: list[str], pack: RubricPack, fault: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(replies) - 1))
    words = [word for word in replies[at].split() if word.rstrip("?") != fault]
    without, with_it = [*replies], [*replies]
    without[at], with_it[at] = " ".join(words), " ".join([*words, fault])
    clean, spoilt = grade(call(*without), pack), grade(call(*with_it), pack)
    assert spoilt.total <= clean.total
    assert clean.passed or not spoilt.passed


@settings(deadline=None)  # the machine may be busy
@given(_replies.filter(len), _packs, st.sampled_from(ACTS), st.data())
def test_doubt_lies_between_having_done_it_and_not(
    replies: list[str], pack: RubricPack, act: str, data: st.DataObject
) -> None:
    """An act the reader doubts is worth no more than the act and no less than none; order rules are set aside here."""
    pack = RubricPack(pack.id, 1, pack.hash, pack.name, pack.about, pack.pass_mark, pack.steps, (), pack.faults)
    at = data.draw(st.integers(0, len(replies) - 1))
    others = [" ".join(word for word in reply.split() if word.rstrip("?") != act) for reply in replies]

    def total(extra: str) -> int:
        return grade(call(*(reply + extra * (n == at) for n, reply in enumerate(others))), pack).total

    assert total("") <= total(f" {act}?") <= total(f" {act}")


def test_doubt_about_something_late_is_doubt_about_half_of_it() -> None:
    pack = pack_of(step("s", part("invite", 0.6, by_reply=2), part("ask", 0.4)))
    late = call("", "", "ask", "invite?")
    assert grade(call("", "", "ask"), pack).total == 40
    assert grade(late, pack).total == 57, "0.4 of the 0.7 that is beyond doubt"
    assert grade(call("", "", "ask", "invite"), pack).total == 70
    assert grade(call("invite?", "", "ask", "invite"), pack).total == 100, "0.7 of 0.7"


def test_an_order_rule_speaks_of_the_turn_it_was_broken_in() -> None:
    rule = OrderRule("r", "s", frozenset({"apologise"}), frozenset({"remedy"}), 0.4, Text("晚了。", "Too late."))
    pack = pack_of(step("s", part("apologise")), order=(rule,))
    result = grade(call("greet", "remedy", "apologise"), pack).steps[0]
    assert result.score == pytest.approx(0.6)
    assert result.lacking[0].en == "Too late. (Turn 2: “reply 2”)"
    assert result.lacking[0].zh == "晚了。（第 2 轮：“reply 2”）"


def test_a_signal_is_shown_by_the_amount_or_the_time_that_was_promised() -> None:
    def quoted(**slots: object) -> str:
        reading = replace(reading_of("you get £900 by noon", "remedy"), **slots)  # type: ignore[arg-type]
        spoken = Utterance(Speaker.AGENT, reading.text, 1, reading)
        signals = {1: frozenset({"beyond_authority"})}
        return grade(Transcript("en", (spoken,)), FOUR, signals=signals).critical[0].quotes[0].text

    amount, noon = AmountSlot(8, 12, "£900", 900.0, "GBP"), TimeSlot(13, 20, "by noon")
    assert quoted(amounts=(amount,), times=(noon,)) == "£900"
    assert quoted(times=(noon,)) == "by noon"
    assert quoted() == "you get £900 by noon"


def test_a_behaviour_without_evidence_is_shown_by_the_whole_reply() -> None:
    reading = Reading("I am sorry", "en", (Behaviour("apologise", Certainty.PRESENT, 1.0, ()),))
    transcript = Transcript("en", (Utterance(Speaker.AGENT, "I am sorry", 1, reading),))
    quote = step_of(grade(transcript, FOUR), "apologise").quotes[0]
    assert (quote.text, quote.start, quote.end) == ("I am sorry", 0, 10)
