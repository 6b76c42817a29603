"""Alice rehearses: she answers, falls silent, hangs up, loses her connection, tries again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.domain.language import Language
from coach.domain.people import Person
from coach.domain.rehearsal import Channel, Event, Rehearsal, Turn
from coach.errors import (
    BadInput,
    BadText,
    CallEnded,
    CoachError,
    EmptyAudio,
    EmptyReply,
    KeyReused,
    NotFound,
    NothingHeard,
    OurFault,
    OutOfStep,
    StoreUnavailable,
    TextTooLong,
    UnknownScenario,
)
from coach.practice.rehearse import LONGEST_REPLY, clean_text
from coach.scenarios.state import State
from coach.speech.fakes import FakeVoice
from tests.practice.house import House


@pytest.fixture
def call(house: House) -> Rehearsal:
    return house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT)


def newest(house: House, call: Rehearsal) -> Rehearsal:
    return house.rehearsing.find(house.alice, call.id)


class TestTheCall:
    def test_it_starts_with_the_customers_words(self, house: House, call: Rehearsal) -> None:
        assert call == newest(house, call)
        assert (call.owner_id, call.seed, call.is_over) == (house.alice.id, 7, False)
        opening = call.turns[0]
        assert (opening.seq, opening.event, opening.text, opening.reading) == (0, Event.OPENING, "", None)
        assert "kettle" in opening.customer_text.lower()
        assert (opening.mood.anger, opening.mood.patience) == (60, 50)

    def test_a_reply_is_read_and_answered_and_kept(self, house: House, call: Rehearsal) -> None:
        house.clock.goes_on(seconds=20)
        turn = house.rehearsing.reply(house.alice, call.id, "k1", "  empathise now ").turn
        assert newest(house, call).turns == (call.turns[0], turn)
        assert (turn.seq, turn.key, turn.event, turn.text) == (1, "k1", Event.REPLY, "empathise now")
        assert (turn.stage, turn.ended, turn.at) == ("telling", "", house.clock.now)
        assert [change.delta for change in turn.changes] == [-7, 5]
        assert turn.mood.anger == 53
        assert turn.reading is not None
        assert turn.reading.present == {"empathise"}
        assert house.reads == [("empathise now", "en", call.turns[0].customer_text)]

    def test_the_answer_brings_the_call_as_it_stands(self, house: House, call: Rehearsal) -> None:
        first = house.rehearsing.reply(house.alice, call.id, "k1", "empathise")
        assert first.rehearsal == newest(house, call)
        last = house.rehearsing.hang_up(house.alice, call.id, "k2")
        assert last.rehearsal == newest(house, call)
        assert last.rehearsal.is_over
        again = house.rehearsing.reply(house.alice, call.id, "k1", "empathise")
        assert (again.turn, again.rehearsal) == (first.turn, newest(house, call))

    def test_a_call_that_went_on_in_another_process_is_taken_up_where_it_is(
        self, house: House, call: Rehearsal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn
        monkeypatch.setattr(house.store, "recall", lambda _id: call)  # all that this process remembers
        assert house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn == elsewhere
        with pytest.raises(KeyReused):
            house.rehearsing.reply(house.alice, call.id, "k1", "apologise")
        with pytest.raises(OutOfStep):
            house.rehearsing.reply(house.alice, call.id, "k2", "thank", expected_seq=0)
        assert house.rehearsing.reply(house.alice, call.id, "k2", "thank", expected_seq=1).turn.seq == 2
        assert house.reads[-1] == ("thank", "en", elsewhere.customer_text)
        house.rehearsing.hang_up(house.alice, call.id, "k3")
        with pytest.raises(CallEnded):
            house.rehearsing.reply(house.alice, call.id, "k4", "hello")
        with pytest.raises(NotFound):
            house.rehearsing.reply(house.bob, call.id, "k5", "hello")

    def test_each_reply_is_read_with_what_the_customer_said_just_before(self, house: House, call: Rehearsal) -> None:
        first = house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn
        house.rehearsing.reply(house.alice, call.id, "k2", "thank")
        assert house.reads[1] == ("thank", "en", first.customer_text)

    def test_it_can_be_brought_to_a_good_end(self, house: House, call: Rehearsal) -> None:
        house.rehearsing.reply(house.alice, call.id, "k1", "empathise")
        house.rehearsing.reply(house.alice, call.id, "k2", "ask When did you order?")
        turn = house.rehearsing.reply(house.alice, call.id, "k3", "timeframe").turn
        assert turn.ended == "settled"
        assert turn.customer_text == "Good. Thank you."
        ended = newest(house, call)
        assert ended.is_over
        assert ended.ended == house.clock.now
        assert [t.text for t in ended.replies] == ["empathise", "ask When did you order?", "timeframe"]

    @pytest.mark.parametrize("event", ["be_silent", "time_out", "hang_up"])
    def test_events_are_turns_too(self, house: House, call: Rehearsal, event: str) -> None:
        turn: Turn = getattr(house.rehearsing, event)(house.alice, call.id, "k1").turn
        assert (turn.seq, turn.text, turn.reading) == (1, "", None)
        assert newest(house, call).last == turn
        assert house.reads == []
        assert newest(house, call).replies == ()
        assert {"be_silent": "", "time_out": "left", "hang_up": "left"}[event] == turn.ended

    def test_hanging_up_half_way_ends_where_the_stage_says(self, house: House, call: Rehearsal) -> None:
        house.rehearsing.reply(house.alice, call.id, "k1", "empathise")
        assert house.rehearsing.hang_up(house.alice, call.id, "k2").turn.ended == "cold"

    def test_after_the_end_nothing_more_is_taken(self, house: House, call: Rehearsal) -> None:
        house.rehearsing.hang_up(house.alice, call.id, "k1")
        house.listener.hear(b"RIFF....", "hello")
        for act in (
            lambda: house.rehearsing.reply(house.alice, call.id, "k2", "hello"),
            lambda: house.rehearsing.speak(house.alice, call.id, "k2", b"RIFF...."),
            lambda: house.rehearsing.be_silent(house.alice, call.id, "k2"),
            lambda: house.rehearsing.time_out(house.alice, call.id, "k2"),
            lambda: house.rehearsing.hang_up(house.alice, call.id, "k2"),
        ):
            with pytest.raises(CallEnded):
                act()
        assert len(newest(house, call).turns) == 2

    def test_unknown_scenarios_cannot_be_started(self, house: House) -> None:
        with pytest.raises(UnknownScenario):
            house.rehearsing.start(house.alice, "../late-kettle", Language.EN, Channel.TEXT)

    def test_starting_again_with_the_same_key_gives_the_same_call(self, house: House) -> None:
        def start(who: Person, language: Language = Language.EN) -> Rehearsal:
            return house.rehearsing.start(who, "late-kettle", language, Channel.TEXT, key="once")

        first = start(house.alice)
        assert start(house.alice) == first
        assert start(house.bob).id != first.id
        with pytest.raises(KeyReused):
            start(house.alice, Language.ZH_HANS)
        with pytest.raises(BadInput):
            house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT, key="two words")

    def test_two_starts_at_once_with_one_key_are_one_call(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither finds a call of that key; the later one is told by the store and takes what the other started."""
        find, met = house.rehearsing.find, []

        def find_too_early(person: Person, id: str) -> Rehearsal:
            if not met:
                met.append(house.rehearsing._start(person, "late-kettle", Language.EN, Channel.TEXT, id))
                raise NotFound("not yet")
            return find(person, id)

        monkeypatch.setattr(house.rehearsing, "find", find_too_early)
        assert house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT, key="once") == met[0]

    def test_a_call_nobody_came_back_to_is_closed_once(self, house: House, call: Rehearsal) -> None:
        house.rehearsing.close_left(call.id)
        house.rehearsing.close_left(call.id)
        assert [turn.event for turn in newest(house, call).turns] == [Event.OPENING, Event.TIMEOUT]
        assert newest(house, call).last.ended == "left"


class TestLanguages:
    def test_traditional_lines_are_shown_and_simplified_rules_read_them(self, house: House) -> None:
        call = house.rehearsing.start(house.alice, "late-kettle", Language.ZH_HANT, Channel.TEXT)
        turn = house.rehearsing.reply(house.alice, call.id, "k1", "empathise 請問哪天下單的？顏色呢？").turn
        assert turn.customer_text.startswith("九號")
        assert "asked_fact" in turn.signals
        assert State.from_json(turn.state).facts == {"date", "colour"}
        assert turn.changes[0].because.within(Language.ZH_HANT) == "聽進去了"
        assert house.reads[0][1] == "zh"

    def test_lines_of_one_breath_are_joined_as_the_language_does(self, house: House) -> None:
        asked = {Language.ZH_HANS: "哪天？颜色？", Language.EN: "When did it go? What colour?"}
        said = {}
        for language, words in asked.items():
            call = house.rehearsing.start(house.alice, "late-kettle", language, Channel.TEXT)
            said[language] = house.rehearsing.reply(house.alice, call.id, "k1", words).turn.customer_text
        assert said == {Language.ZH_HANS: "九号。红的，九号买的。", Language.EN: "The ninth. Red. Bought on the ninth."}


class TestKeys:
    def test_the_same_key_and_words_get_the_same_answer_and_one_turn(self, house: House, call: Rehearsal) -> None:
        answers = [house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn for _ in range(3)]
        answers.append(house.rehearsing.reply(house.alice, call.id, "k1", " empathise\x00").turn)
        assert len({id(answer) for answer in answers}) == 1
        assert len(newest(house, call).turns) == 2

    def test_the_same_key_with_other_words_is_a_mistake(self, house: House, call: Rehearsal) -> None:
        house.rehearsing.reply(house.alice, call.id, "k1", "empathise")
        for other in (
            lambda: house.rehearsing.reply(house.alice, call.id, "k1", "apologise"),
            lambda: house.rehearsing.be_silent(house.alice, call.id, "k1"),
            lambda: house.rehearsing.hang_up(house.alice, call.id, "k1"),
            lambda: house.rehearsing.speak(house.alice, call.id, "k1", b"RIFF...."),
        ):
            with pytest.raises(KeyReused):
                other()
        assert len(newest(house, call).turns) == 2

    def test_an_answer_can_be_fetched_again_after_the_call_is_over(self, house: House, call: Rehearsal) -> None:
        last = house.rehearsing.hang_up(house.alice, call.id, "k1").turn
        assert house.rehearsing.hang_up(house.alice, call.id, "k1").turn == last

    def test_a_duplicate_that_overtakes_while_the_reply_is_read_is_answered_the_same(
        self, house: House, call: Rehearsal
    ) -> None:
        first: list[Turn] = []
        house.while_reading = lambda: first.append(house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn)
        assert house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn == first[0]
        assert len(newest(house, call).turns) == 2

    def test_twenty_racing_duplicates_are_one_turn_and_twenty_equal_answers(
        self, house: House, call: Rehearsal
    ) -> None:
        with ThreadPoolExecutor(20) as pool:
            jobs = [pool.submit(house.rehearsing.reply, house.alice, call.id, "k1", "empathise") for _ in range(20)]
            answers = [job.result().turn for job in jobs]
        assert all(answer == answers[0] for answer in answers)
        assert newest(house, call).turns == (call.turns[0], answers[0])

    @pytest.mark.parametrize("key", ["", " ", "a b", "k" * 101, "schlüssel", "k\n"])
    def test_keys_are_short_and_plain(self, house: House, call: Rehearsal, key: str) -> None:
        with pytest.raises(BadInput):
            house.rehearsing.reply(house.alice, call.id, key, "hello")

    def test_the_opening_cannot_be_asked_for_by_its_key(self, house: House, call: Rehearsal) -> None:
        with pytest.raises(KeyReused):
            house.rehearsing.reply(house.alice, call.id, "opening", "hello")

    def test_nothing_is_kept_when_the_store_fails_and_the_same_key_works_afterwards(
        self, house: House, call: Rehearsal
    ) -> None:
        house.store.fail_with = StoreUnavailable("the disk is full")
        with pytest.raises(StoreUnavailable):
            house.rehearsing.reply(house.alice, call.id, "k1", "empathise")
        assert newest(house, call) == call
        assert house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn.seq == 1


class TestTwoTabs:
    def test_the_tab_that_is_behind_is_told(self, house: House, call: Rehearsal) -> None:
        house.rehearsing.reply(house.alice, call.id, "tab-1", "empathise", expected_seq=0)
        with pytest.raises(OutOfStep) as told:
            house.rehearsing.reply(house.alice, call.id, "tab-2", "apologise", expected_seq=0)
        assert told.value.details == {"expected": 0, "newest": 1}
        assert house.rehearsing.reply(house.alice, call.id, "tab-2b", "apologise", expected_seq=1).turn.seq == 2

    def test_the_tab_that_is_overtaken_while_its_reply_is_read_is_told_too(self, house: House, call: Rehearsal) -> None:
        house.while_reading = lambda: house.rehearsing.reply(house.alice, call.id, "tab-1", "empathise")
        with pytest.raises(OutOfStep):
            house.rehearsing.reply(house.alice, call.id, "tab-2", "apologise", expected_seq=0)

    def test_without_a_number_both_replies_count_and_the_later_is_read_against_the_newest_words(
        self, house: House, call: Rehearsal
    ) -> None:
        house.while_reading = lambda: house.rehearsing.reply(house.alice, call.id, "tab-1", "empathise")
        turn = house.rehearsing.reply(house.alice, call.id, "tab-2", "apologise").turn
        assert turn.seq == 2
        assert house.reads[-1] == ("apologise", "en", newest(house, call).turns[1].customer_text)

    def test_a_forgotten_tab_does_not_fall_silent_in_a_call_that_goes_on(self, house: House, call: Rehearsal) -> None:
        house.rehearsing.reply(house.alice, call.id, "tab-1", "empathise")
        with pytest.raises(OutOfStep):
            house.rehearsing.be_silent(house.alice, call.id, "tab-2", expected_seq=0)
        assert house.rehearsing.be_silent(house.alice, call.id, "tab-1b", expected_seq=1).turn.seq == 2

    def test_a_call_that_ends_while_the_reply_is_read_takes_it_no_more(self, house: House, call: Rehearsal) -> None:
        house.while_reading = lambda: house.rehearsing.hang_up(house.alice, call.id, "tab-1")
        with pytest.raises(CallEnded):
            house.rehearsing.reply(house.alice, call.id, "tab-2", "apologise")


class TestOtherPeople:
    def test_nobody_else_can_act_in_or_find_her_call(self, house: House, call: Rehearsal) -> None:
        practice = house.rehearsing
        for stranger in (house.bob, house.mia, house.ada):
            for act in (
                lambda who: practice.find(who, call.id),
                lambda who: practice.reply(who, call.id, "k", "hello"),
                lambda who: practice.speak(who, call.id, "k", b"RIFF...."),
                lambda who: practice.be_silent(who, call.id, "k"),
                lambda who: practice.time_out(who, call.id, "k"),
                lambda who: practice.hang_up(who, call.id, "k"),
                lambda who: practice.retry(who, call.id, 1),
            ):
                with pytest.raises(NotFound):
                    act(stranger)

    def test_a_call_that_does_not_exist_looks_the_same(self, house: House) -> None:
        with pytest.raises(NotFound):
            house.rehearsing.find(house.alice, "call-99")


class TestText:
    @pytest.mark.parametrize(
        "words", ["", " ", "\n\t\r ", "\u3000\u00a0", "\x00\x07", "\ud800", "\u200b\u200d", "\u202e", "\ufeff"]
    )
    def test_nothing_visible_is_no_reply(self, house: House, call: Rehearsal, words: str) -> None:
        with pytest.raises(EmptyReply):
            house.rehearsing.reply(house.alice, call.id, "k1", words)
        assert newest(house, call) == call

    def test_ten_thousand_characters_are_too_many(self, house: House, call: Rehearsal) -> None:
        with pytest.raises(TextTooLong) as told:
            house.rehearsing.reply(house.alice, call.id, "k1", "好" * 10_000)
        assert told.value.details == {"length": 10_000, "limit": LONGEST_REPLY}
        assert house.rehearsing.reply(house.alice, call.id, "k1", "好" * LONGEST_REPLY).turn.seq == 1

    @pytest.mark.parametrize(
        ("words", "kept"),
        [
            ("a\x00b\x07c\x1b[31m", "abc[31m"),
            ("a\x85b\x9fc", "abc"),
            ("half \ud83d pair \udc00", "half  pair"),
            ("<b>hi</b> &amp;", "<b>hi</b> &amp;"),
            ("two\nlines\tand a tab", "two\nlines\tand a tab"),
            ("مرحبا", "مرحبا"),
            ("\u202eevil\u202c \u2066text\u2069", "evil text"),
            ("family 👩\u200d👧 ok", "family 👩\u200d👧 ok"),
            ("😀", "😀"),
        ],
    )
    def test_what_cannot_be_written_is_dropped_and_the_rest_is_kept_as_it_is(
        self, house: House, call: Rehearsal, words: str, kept: str
    ) -> None:
        assert house.rehearsing.reply(house.alice, call.id, "k1", words).turn.text == kept

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(words=st.text(st.characters(), max_size=60))
    def test_any_text_is_taken_or_refused_in_plain_words(self, house: House, words: str) -> None:
        call = house.rehearsing.start(house.alice, "late-kettle", Language.ZH_HANS, Channel.TEXT)
        try:
            turn = house.rehearsing.reply(house.alice, call.id, "k1", words).turn
        except BadText:
            return
        assert turn.customer
        assert turn.text == clean_text(turn.text)
        turn.text.encode()


class TestSpeech:
    WAV = FakeVoice().say("empathise, Mrs Reed.", "en", "bf_emma")

    def test_what_was_heard_is_the_reply(self, house: House, call: Rehearsal) -> None:
        house.listener.hear(self.WAV, "empathise Mrs Reed")
        turn = house.rehearsing.speak(house.alice, call.id, "k1", self.WAV).turn
        assert (turn.channel, turn.text, turn.stage) == (Channel.VOICE, "empathise Mrs Reed", "telling")
        assert [word.text for word in turn.words] == ["empathise", "Mrs", "Reed"]

    def test_the_same_recording_again_is_not_listened_to_again(self, house: House, call: Rehearsal) -> None:
        house.listener.hear(self.WAV, "empathise Mrs Reed")
        first = house.rehearsing.speak(house.alice, call.id, "k1", self.WAV).turn
        house.listener.hear(self.WAV, "something else")
        assert house.rehearsing.speak(house.alice, call.id, "k1", self.WAV).turn == first

    def test_recordings_without_words_leave_the_call_as_it_was(self, house: House, call: Rehearsal) -> None:
        house.listener.hear(self.WAV, "")
        with pytest.raises(NothingHeard):
            house.rehearsing.speak(house.alice, call.id, "k1", self.WAV)
        with pytest.raises(EmptyAudio):
            house.rehearsing.speak(house.alice, call.id, "k1", b"")
        with pytest.raises(CoachError):
            house.rehearsing.speak(house.alice, call.id, "k1", b"not a recording")
        assert newest(house, call) == call

    def test_a_tab_that_is_behind_is_told_before_it_is_listened_to(self, house: House, call: Rehearsal) -> None:
        house.rehearsing.reply(house.alice, call.id, "k1", "empathise")
        with pytest.raises(OutOfStep):
            house.rehearsing.speak(house.alice, call.id, "k2", b"never looked at", expected_seq=0)

    def test_words_heard_in_a_traditional_call_are_written_in_traditional_characters(self, house: House) -> None:
        call = house.rehearsing.start(house.alice, "late-kettle", Language.ZH_HANT, Channel.VOICE)
        house.listener.hear(self.WAV, "请问哪天下单的")
        turn = house.rehearsing.speak(house.alice, call.id, "k1", self.WAV).turn
        assert turn.text == "請問哪天下單的"
        assert "".join(word.text for word in turn.words) == "請問哪天下單的"
        assert "asked_fact" in turn.signals


class TestTryingAgain:
    def played(self, house: House, call: Rehearsal) -> Rehearsal:
        for number, words in enumerate(("empathise", "rude", "argue"), 1):
            house.rehearsing.reply(house.alice, call.id, f"k{number}", words)
        return newest(house, call)

    def test_the_new_call_stands_where_the_old_one_stood_before_that_reply(self, house: House, call: Rehearsal) -> None:
        old = self.played(house, call)
        house.clock.goes_on(hours=1)
        again = house.rehearsing.retry(house.alice, call.id, 2)
        assert again.turns == old.turns[:2]
        assert (again.branch_of, again.started, again.seed) == ((old.id, 2), house.clock.now, old.seed)
        turn = house.rehearsing.reply(house.alice, again.id, "n1", "timeframe ask When did it go?").turn
        assert turn.ended == "settled"
        assert newest(house, call) == old

    def test_the_same_words_bring_the_same_answer(self, house: House, call: Rehearsal) -> None:
        old = self.played(house, call)
        again = house.rehearsing.retry(house.alice, call.id, 2)
        turn = house.rehearsing.reply(house.alice, again.id, "n1", "rude").turn
        assert (turn.customer, turn.mood, turn.changes) == (
            old.turns[2].customer,
            old.turns[2].mood,
            old.turns[2].changes,
        )

    def test_a_lost_call_can_be_taken_up_before_its_end_and_a_retry_retried(
        self, house: House, call: Rehearsal
    ) -> None:
        house.rehearsing.hang_up(house.alice, call.id, "k1")
        again = house.rehearsing.retry(house.alice, call.id, 1)
        assert not again.is_over
        house.rehearsing.reply(house.alice, again.id, "n1", "empathise")
        third = house.rehearsing.retry(house.alice, again.id, 1)
        assert third.branch_of == (again.id, 1)

    @pytest.mark.parametrize("turn", [-1, 0, 4, 99])
    def test_turns_that_are_not_there_cannot_be_retried(self, house: House, call: Rehearsal, turn: int) -> None:
        self.played(house, call)
        with pytest.raises(BadInput):
            house.rehearsing.retry(house.alice, call.id, turn)

    def test_keys_of_the_old_call_mean_nothing_in_the_new_one(self, house: House, call: Rehearsal) -> None:
        self.played(house, call)
        again = house.rehearsing.retry(house.alice, call.id, 3)
        with pytest.raises(KeyReused):
            house.rehearsing.reply(house.alice, again.id, "k1", "empathise")
        assert house.rehearsing.reply(house.alice, again.id, "k3", "empathise").turn.seq == 3


class TestEditedScenarios:
    def test_a_running_call_goes_on_with_the_words_it_began_with(self, house: House, call: Rehearsal) -> None:
        house.edits("It has been a week.", "NEW WORDS.")
        house.edits("en: Seven days.", "en: NEW WORDS.")
        house.edits("en: I waited seven days.", "en: NEW WORDS.")
        turn = house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn
        assert "NEW WORDS" not in turn.customer_text
        fresh = house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT)
        assert "NEW WORDS" in house.rehearsing.reply(house.alice, fresh.id, "k1", "empathise").turn.customer_text
        assert fresh.scenario_hash != call.scenario_hash

    def test_a_scenario_that_broke_or_left_takes_no_running_call_with_it(self, house: House, call: Rehearsal) -> None:
        house.edits("format: 1", "format: 9")
        with pytest.raises(UnknownScenario):
            house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT)
        assert house.rehearsing.reply(house.alice, call.id, "k1", "empathise").turn.stage == "telling"
        (house.folder / "late-kettle.yaml").unlink()
        house.library.reload()
        assert house.library.scenarios == ()
        assert house.rehearsing.reply(house.alice, call.id, "k2", "thank").turn.seq == 2

    def test_many_old_versions_are_not_all_kept_in_memory(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("coach.practice.library.KEPT_PROGRAMS", 1)
        calls = []
        for minutes in (5, 6, 7):
            calls.append(house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.TEXT))
            house.edits(f"minutes: {minutes}", f"minutes: {minutes + 1}")
        for call in calls * 2:
            assert house.debriefing.scenario_of(call).hash == call.scenario_hash
        assert len(house.library._old) == 1

    def test_a_kept_version_that_cannot_be_read_any_more_is_our_fault(self, house: House, call: Rehearsal) -> None:
        with house.store.changing() as state:
            state.sources[call.scenario_hash] = '["format: 0", ""]'
        house.edits("minutes: 5", "minutes: 6")
        with pytest.raises(OurFault):
            house.rehearsing.reply(house.alice, call.id, "k1", "empathise")


def test_a_left_call_of_somebody_who_is_gone_is_closed_as_well(house: House, call: Rehearsal) -> None:
    """Alice left the company in the middle of a call; the call must not stay open for ever."""
    house.store.accounts.deactivate(house.alice.id)
    house.rehearsing.close_left(call.id)
    with house.store.read() as work:
        assert work.rehearsals.get(call.id).is_over
