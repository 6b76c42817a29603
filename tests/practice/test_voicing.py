"""How Mrs Reed sounds, and that her next lines are ready before they are due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.domain.language import Language
from coach.domain.rehearsal import Channel
from coach.errors import NotFound, UnknownScenario
from coach.practice.voicing import RENDERED_AHEAD, Voicing
from coach.speech.fakes import FakeVoice, comment_of
from tests.practice.house import House


class RememberingVoice(FakeVoice):
    """Notes what it was asked to prepare."""

    def __init__(self) -> None:
        super().__init__()
        self.prepared: list[list[tuple[str, str, str, float, float]]] = []

    def prepare(self, lines: list[tuple[str, str, str, float, float]]) -> None:
        self.prepared.append(lines)
        super().prepare(lines)


@pytest.fixture
def voice() -> RememberingVoice:
    return RememberingVoice()


@pytest.fixture
def voicing(house: House, voice: RememberingVoice) -> Voicing:
    return Voicing(house.store, house.library, voice)


def test_the_opening_is_rendered_while_the_brief_is_read(house: House, voicing: Voicing) -> None:
    voicing.prepare_opening("late-kettle", Language.EN)
    call = house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.VOICE)
    assert voicing.is_ready(call, call.last)
    with pytest.raises(UnknownScenario):
        voicing.prepare_opening("nothing", Language.EN)


def test_whatever_she_says_next_is_ready(house: House, voicing: Voicing, voice: RememberingVoice) -> None:
    call = house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.VOICE)
    for number, words in enumerate(("thank", "ask What colour?", "empathise", "timeframe ask When did it go?")):
        voicing.prepare_next(house.rehearsing.find(house.alice, call.id))
        turn = house.rehearsing.reply(house.alice, call.id, f"k{number}", words).turn
        said = house.rehearsing.find(house.alice, call.id)
        assert voicing.is_ready(said, turn), turn.customer
    assert all(len(lines) <= RENDERED_AHEAD + 3 for lines in voice.prepared)


def test_each_line_of_a_turn_is_a_sound_in_the_voice_of_the_persona(house: House, voicing: Voicing) -> None:
    call = house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.VOICE)
    turn = house.rehearsing.reply(house.alice, call.id, "k1", "ask What colour? When did it go?").turn
    sounds = voicing.lines_of(house.alice, call.id, 1)
    assert [comment_of(sound) for sound in sounds] == [said.text for said in turn.customer]


def test_traditional_and_simplified_calls_sound_the_same(house: House, voicing: Voicing) -> None:
    sounds = set()
    for language in (Language.ZH_HANS, Language.ZH_HANT):
        call = house.rehearsing.start(house.alice, "late-kettle", language, Channel.VOICE)
        sounds.add(tuple(voicing.lines_of(house.alice, call.id, 0)))
    assert len(sounds) == 1


def test_words_written_for_a_furious_customer_are_faster_and_louder(
    house: House, voicing: Voicing, voice: RememberingVoice
) -> None:
    house.edits("anger: 60", "anger: 90")
    voicing.prepare_opening("late-kettle", Language.EN)
    house.edits("anger: 90", "anger: 10")
    voicing.prepare_opening("late-kettle", Language.EN)
    (*_, furious_speed, furious_gain), (*_, calm_speed, calm_gain) = (lines[0] for lines in voice.prepared)
    assert furious_speed > calm_speed
    assert furious_gain > calm_gain


def test_her_mentor_may_listen_and_strangers_may_not(house: House, voicing: Voicing) -> None:
    call = house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.VOICE)
    assert voicing.lines_of(house.mia, call.id, 0) == voicing.lines_of(house.alice, call.id, 0)
    with pytest.raises(NotFound):
        voicing.lines_of(house.bob, call.id, 0)
    for seq in (-1, 1, 99):
        with pytest.raises(NotFound):
            voicing.lines_of(house.alice, call.id, seq)


def test_nothing_is_rendered_for_a_call_that_is_over_but_its_last_words(
    house: House, voicing: Voicing, voice: RememberingVoice
) -> None:
    call = house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.VOICE)
    house.rehearsing.hang_up(house.alice, call.id, "k1")
    voicing.prepare_next(house.rehearsing.find(house.alice, call.id))
    assert [line[0] for line in voice.prepared[-1]] == ["Hello?"]


def test_a_sound_check_in_each_language(voicing: Voicing) -> None:
    sounds = {language: comment_of(voicing.sound_check(language)) for language in Language}
    assert "sound check" in sounds[Language.EN]
    assert sounds[Language.ZH_HANS] == sounds[Language.ZH_HANT] != ""


def test_a_turn_that_was_said_in_another_version_keeps_its_sound(house: House, voicing: Voicing) -> None:
    call = house.rehearsing.start(house.alice, "late-kettle", Language.EN, Channel.VOICE)
    before = voicing.lines_of(house.alice, call.id, 0)
    house.edits("Where is my kettle?}\n        - {id: v-2", "Other words?}\n        - {id: v-2")
    assert voicing.lines_of(house.alice, call.id, 0) == before
    assert voicing.is_ready(replace(call, channel=Channel.TEXT), call.last)
