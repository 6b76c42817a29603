"""The scenarios we ship: their play-tests, and what must hold in any call anybody could have with them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach import grading
from coach.domain.behaviour import BEHAVIOURS, Reading
from coach.domain.mood import band_of
from coach.domain.rehearsal import Event
from coach.domain.scenario import EndingKind, Line
from coach.scenarios.engine import Observation, Step, opening, step, upcoming
from coach.scenarios.loader import load_folder
from coach.scenarios.observation import observe
from coach.scenarios.playtest import LANGUAGES, PlaytestShape, find_playtests, load_playtest, play
from coach.scenarios.program import Program, compile_scenario
from coach.scenarios.state import State

FOLDER = Path(__file__).parents[2] / "scenarios"
LOADED = load_folder(FOLDER)
PROGRAMS: dict[str, Program] = {one.scenario.id: compile_scenario(one.scenario) for one in LOADED if one.scenario}
TESTS: dict[str, PlaytestShape] = {
    f"{p.parent.name}/{p.stem}": load_playtest(p) for p in find_playtests(FOLDER / "playtests")
}
MARKS = "，。！？ "


def read(text: str, language: str, before: str) -> Reading:
    return grading.read_reply(text, language=language, customer_before=before)


def test_all_are_sound() -> None:
    assert [(one.file, str(finding)) for one in LOADED for finding in one.findings] == []
    assert len(PROGRAMS) >= 6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TESTS)
def test_play_tests_pass_plainly_and_through_saving_at_each_turn(
    name: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = TESTS[name]
    plainly = play(PROGRAMS[test.scenario], test, language, read)
    assert plainly.problems == ()

    def through_a_save(program: Program, state: State, observation: Observation, seed: int) -> Step:
        return step(program, State.from_json(json.loads(json.dumps(state.to_json()))), observation, seed)

    monkeypatch.setattr("coach.scenarios.playtest.step", through_a_save)
    assert play(PROGRAMS[test.scenario], test, language, read) == plainly


@pytest.mark.parametrize("id", PROGRAMS)
def test_every_ending_has_a_play_test_named_after_it(id: str) -> None:
    reached = {test.ending for name, test in TESTS.items() if name.startswith(f"{id}/")}
    assert {ending.id for ending in PROGRAMS[id].scenario.endings} <= reached
    assert all(test.scenario == name.split("/")[0] for name, test in TESTS.items())


@dataclass
class Trainee:
    """Somebody who may do anything. `skill` is how often what they do is good."""

    chance: random.Random
    skill: float

    def acts(self) -> frozenset[str]:
        pool = BEHAVIOURS[:21] if self.chance.random() < self.skill else BEHAVIOURS
        return frozenset(self.chance.sample(pool, self.chance.randint(0, 4)))

    def turn(self, program: Program) -> Observation:
        event = self.chance.choices([Event.REPLY, Event.SILENCE, Event.TIMEOUT, Event.HANG_UP], [80, 6, 1, 1])[0]
        if event is not Event.REPLY:
            return Observation(event)
        signals = frozenset(
            self.chance.sample(["beyond_authority", "other_language"], self.chance.choice([0, 0, 0, 1]))
        )
        asked = " ".join(
            self.chance.choice(fact.asked_by["zh"])
            for fact in self.chance.sample(list(program.facts.values()), self.chance.choice([0, 0, 1, 2, 3]))
        )
        return Observation(event, self.acts(), signals, {}, asked, "zh", self.chance.randint(1, 30))


@pytest.mark.parametrize("id", PROGRAMS)
def test_whatever_the_trainee_does_the_call_stays_sound(id: str) -> None:
    program = PROGRAMS[id]
    variants = _variants(program)
    endings: set[EndingKind] = set()
    for number in range(40):
        chance = random.Random(f"{id}{number}")
        trainee, seed, came = Trainee(chance, number / 40), number, opening(program, number)
        for _ in range(80):
            before, ahead = came.state, upcoming(program, came.state, seed)
            came = step(program, before, trainee.turn(program), seed)
            assert came.lines, "a customer always answers"
            assert set(came.lines) <= set(ahead)
            assert len(ahead) == len({line.id for line in ahead})
            assert 0 <= came.mood.anger <= 100
            assert 0 <= came.mood.patience <= 100
            assert came.mood.anger - before.anger == sum(c.delta for c in came.changes if c.what == "anger")
            assert came.mood.patience - before.patience == sum(c.delta for c in came.changes if c.what == "patience")
            assert len(came.answered) <= 2
            assert State.from_json(json.loads(json.dumps(came.state.to_json()))) == came.state
            for line in came.lines:
                siblings = {
                    other.id for other in variants[line.id, band_of(came.mood.anger)] if _fits(other, came.state)
                }
                assert line.id not in before.used or siblings <= set(came.state.used)
            if came.state.ended:
                endings.add(program.endings[came.state.ended].kind)
                break
        else:
            raise AssertionError("eighty replies and no end")
    assert {EndingKind.HANGS_UP, EndingKind.ABANDONED} <= endings
    assert len(endings) >= 3


def _fits(line: Line, state: State) -> bool:
    return all(name in state.seen for name in line.after) and not any(name in state.seen for name in line.unless)


def _variants(program: Program) -> dict[tuple[str, object], set[Line]]:
    """(line, band) -> the variants beside it."""
    from coach.scenarios.linter import groups

    return {
        (line.id, band): set(group.within(band))
        for _, group in groups(program.scenario)
        for band in (band_of(0), band_of(50), band_of(100))
        for line in group.within(band)
    }


def test_what_comes_next_stands_early_in_the_list_for_rendering() -> None:
    """The line that is due is among the first 24 of the list more often than not; chosen by the seed, not by luck."""
    early = late = 0
    for program in PROGRAMS.values():
        for number in range(8):
            trainee = Trainee(random.Random(number), 0.9)
            came = opening(program, number)
            while not came.state.ended:
                ahead = [line.id for line in upcoming(program, came.state, number)]
                came = step(program, came.state, trainee.turn(program), number)
                ranks = [ahead.index(line.id) for line in came.lines]
                early += sum(rank < 24 for rank in ranks)
                late += sum(rank >= 24 for rank in ranks)
    assert early > late


ODD = [
    "😀", "👩\u200d👩\u200d👧🏳️\u200d🌈", "<script>alert(1)</script>", "{{ 7*7 }} %s %n", "\u202eolleh\u202c", "\u200b",
    "مرحبا، أين طلبي؟", "שלום עולם", "a" * 2000, "。" * 2000, "😀" * 2000, "退" * 2000, "…", "?", "？？？",
    "ＡＢＣ１２３", "谢谢thanks谢谢", "\u0301\u0301", "0", "-1", "1e400", "null",
    "12345678901234567890 元", "£9" + "9" * 400,
    "\x85\u2028\u2029",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_odd_replies_get_a_line_and_no_exception(language: str) -> None:
    program = PROGRAMS["refund-12-days"]
    for words in ODD:
        came = step(program, opening(program, 1).state, _noticed(program, words, language), 1)
        assert came.lines
        assert came.state.turn == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=80), st.sampled_from(sorted(PROGRAMS)), st.sampled_from(LANGUAGES))
def test_any_text_gets_a_line_and_no_exception(words: str, id: str, language: str) -> None:
    program = PROGRAMS[id]
    clean = "".join(c for c in words if not "\ud800" <= c <= "\udfff")
    assert step(program, opening(program, 1).state, _noticed(program, clean, language), 1).lines


def _noticed(program: Program, words: str, language: str) -> Observation:
    return observe(program.scenario, read(words, language, "喂？"), language)


def test_no_customer_repeats_a_reaction_word_for_word_within_a_call_of_ordinary_length() -> None:
    """Six replies that say nothing: the customer finds other words each time."""
    for program in PROGRAMS.values():
        came, heard = opening(program, 3), []
        while not came.state.ended and came.state.turn < 4:
            came = step(program, came.state, Observation(Event.REPLY, fingerprint=came.state.turn + 1), 3)
            heard += [line.text.zh.strip(MARKS) for line in came.lines]
        assert len(heard) == len(set(heard)), program.scenario.id
