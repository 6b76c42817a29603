"""What Mrs Reed notices in a reply: questions, repeated words, foreign words, and promises that are too big."""

from __future__ import annotations

import pytest

from coach.domain.rehearsal import Event
from coach.domain.scenario import Earliest
from coach.scenarios.engine import opening, step
from coach.scenarios.observation import event_only, observe
from coach.scenarios.plain import plain
from coach.scenarios.program import compile_scenario
from tests.builders import NOTHING, amount, authority, fact, reading, scenario, time

REFUND_ARRIVES = Earliest("arrives", 1440, {"zh": ("到账",), "en": ("in your account",)}, NOTHING)
KETTLE = scenario(facts=(fact("date", asked_by="when did"),), authority=authority(50, 5, earliest=(REFUND_ARRIVES,)))
POOR = scenario(authority=authority(None, None))


def notices(words: str, acts: str = "", language: str = "en", **more: object) -> frozenset[str]:
    return observe(KETTLE, reading(words, acts, language, **more), language).signals  # type: ignore[arg-type]


def test_behaviours_come_with_the_words_that_show_them_and_unsure_ones_do_not_count() -> None:
    words = "I am sorry it is late. What now?"
    noticed = observe(KETTLE, reading(words, "apologise ask rude?", quotes={"apologise": "I am sorry"}), "en")
    assert noticed.behaviours == {"apologise", "ask"}
    assert noticed.quotes == {"apologise": "I am sorry", "ask": words}


class TestQuestions:
    @pytest.mark.parametrize(
        ("words", "asked"),
        [
            ("I see. When did it come?", "when did it come?"),
            ("I see. When did it come? Thank you.", "when did it come?"),
            ("It came late. I will check.", ""),
            ("您好。哪天到的？我查一下。", "哪天到的？"),
            ("您好。哪天到的？我查一下。".replace("？", "?"), "哪天到的?"),
            ("It cost 3.50 in all, right? Yes.", "it cost 3.50 in all, right?"),
        ],
    )
    def test_the_sentences_that_ask(self, words: str, asked: str) -> None:
        assert plain(observe(KETTLE, reading(words), "en").asked).strip().replace("？", "?") == asked.replace("？", "?")

    def test_a_request_without_a_mark_is_a_question_when_the_reader_says_so(self) -> None:
        words = "Thank you. Tell me your number. Good."
        noticed = observe(KETTLE, reading(words, "verify", quotes={"verify": "Tell me your number"}), "en")
        assert noticed.asked.strip() == "tell me your number."

    def test_spoken_words_without_any_marks_can_ask(self) -> None:
        assert "when did it arrive" in observe(KETTLE, reading("okay when did it arrive"), "en").asked

    def test_traditional_and_wide_characters_are_read_as_they_are_written_in_the_file(self) -> None:
        assert plain("ＡＢＣ　請問電話是哪裡？") == "abc 请问电话是哪里?"
        assert plain("It’s") == "it's"


class TestWords:
    def test_the_same_words_have_the_same_fingerprint_whatever_the_marks(self) -> None:
        one, two = (
            observe(KETTLE, reading(w), "zh").fingerprint for w in ("我馬上幫您查一下！", "我马上，帮您查一下。")
        )
        assert one == two != 0
        assert observe(KETTLE, reading("我马上帮您退一下。"), "zh").fingerprint != one

    @pytest.mark.parametrize("words", ["好的。", "Yes.", "I see.", "😀😀😀😀😀😀😀😀", "……", "?!"])
    def test_a_nod_has_none(self, words: str) -> None:
        assert observe(KETTLE, reading(words), "en").fingerprint == 0

    @pytest.mark.parametrize(
        ("words", "language", "is_other"),
        [
            ("Good morning, how are you", "zh", True),
            ("您好，有什么可以帮您", "en", True),
            ("您好，Good", "zh", False),
            ("13800138000", "zh", False),
            ("13800138000", "en", False),
            ("OK", "zh", False),
            ("Mr 王 called", "en", False),
            ("مرحبا كيف حالك", "zh", True),
            ("😀😀😀😀😀😀😀😀", "zh", False),
        ],
    )
    def test_the_other_language_is_noticed_and_numbers_and_names_are_not(
        self, words: str, language: str, is_other: bool
    ) -> None:
        assert ("other_language" in notices(words, language=language)) is is_other

    @pytest.mark.parametrize(
        ("words", "signals"),
        [
            ("好的。", set()),
            ("I see.", set()),
            ("......", {"unintelligible"}),
            ("😀", {"unintelligible"}),
            ("I like trains", {"unintelligible"}),
            ("The people down in the other room are having a word with me.", {"off_script"}),
        ],
    )
    def test_a_nod_is_nothing_a_sentence_is_let_pass_and_odd_words_are_odd(self, words: str, signals: set[str]) -> None:
        program = compile_scenario(KETTLE)
        came = step(program, opening(program, 1).state, observe(KETTLE, reading(words), "en"), 1)
        assert came.signals == signals
        assert came.lines[0].id.startswith("venting-s")

    def test_a_goodbye_is_one_only_when_nothing_else_is_said(self) -> None:
        assert observe(KETTLE, reading("Ok bye", "close"), "en").is_goodbye
        assert not observe(KETTLE, reading("I'll ring you at six, goodbye", "close follow_up"), "en").is_goodbye
        assert not observe(KETTLE, reading("Happy birthday to her!", "close"), "en").is_goodbye


class TestPromises:
    def offer(self, words: str, quote: str, value: float, acts: str = "remedy") -> bool:
        return "beyond_authority" in notices(words, acts, amounts=(amount(words, quote, value),))

    def test_money_within_the_limit_is_fine_and_a_penny_more_is_not(self) -> None:
        assert not self.offer("I will refund you £50 today.", "£50", 50)
        assert self.offer("I will refund you £51 today.", "£51", 51)

    def test_something_on_top_has_a_limit_of_its_own(self) -> None:
        assert not self.offer("I will send you a voucher of £5.", "£5", 5, "compensate")
        assert self.offer("I will send you a voucher of £6.", "£6", 6, "compensate")

    @pytest.mark.parametrize(
        "words",
        ["You want £900 from us.", "I cannot refund £900.", "Do you mean £900?", "£900 is more than I may give."],
    )
    def test_what_is_declined_asked_or_said_back_is_no_promise(self, words: str) -> None:
        assert not self.offer(words, "£900", 900)

    def test_nothing_may_be_promised_where_there_is_no_limit(self) -> None:
        words = "I will refund you £1."
        one_pound = reading(words, "remedy", amounts=(amount(words, "£1", 1),))
        assert "beyond_authority" in observe(POOR, one_pound, "en").signals

    def test_a_time_too_soon_for_what_it_is_about(self) -> None:
        for minutes, is_too_soon in ((60, True), (1439, True), (1440, False), (None, False)):
            words = "It will be in your account in an hour."
            signals = notices(words, "timeframe", times=(time(words, "in an hour", minutes),))
            assert ("beyond_authority" in signals) is is_too_soon
        words = "I will ring you in an hour."
        assert "beyond_authority" not in notices(words, "timeframe", times=(time(words, "in an hour", 60),))


def test_events_carry_no_words() -> None:
    nothing = event_only(Event.SILENCE, "zh")
    assert (nothing.behaviours, nothing.signals, nothing.asked, nothing.fingerprint) == (
        frozenset(),
        frozenset(),
        "",
        0,
    )
