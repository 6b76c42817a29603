"""Play-tests tell what went otherwise, and broken play-test files what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.domain.behaviour import BEHAVIOURS, Reading
from coach.scenarios.loader import load_text
from coach.scenarios.playtest import PlaytestShape, Result, find_playtests, load_playtest, play
from coach.scenarios.program import compile_scenario
from tests.builders import reading

LOADED = load_text(Path(__file__).with_name("kettle.yaml").read_text(encoding="utf-8"), "")
assert LOADED.scenario
PROGRAM = compile_scenario(LOADED.scenario)
HEARD = {"say": {"zh": "empathise", "en": "empathise"}}
DATED = {"say": {"zh": "哪天？ timeframe", "en": "When did it go? timeframe"}}


def read(words: str, language: str, before: str) -> Reading:
    assert before
    return reading(words, " ".join(act for act in BEHAVIOURS if act in words.split()), language)


def plays(*moves: dict[str, object], ending: str = "settled", language: str = "en") -> Result:
    test = PlaytestShape.model_validate({"scenario": "late-kettle", "ending": ending, "seed": 3, "moves": list(moves)})
    return play(PROGRAM, test, language, read, file="a.yaml")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_plan_that_comes_true(language: str) -> None:
    expected = {"stage": "telling", "anger": "down", "patience": "up", "says": ["t-1", "t-2", "t-3"]}
    asks = {"say": {"zh": "哪天？", "en": "When did it go?"}, "expect": {"anger": "same", "says": ["f-date-1"]}}
    result = plays({**HEARD, "reads": ["empathise"], "expect": expected}, asks, DATED, language=language)
    assert (result.problems, result.passed) == ((), True)
    assert len(result.talk) == 7
    assert result.talk[1] == "agent: empathise  [empathise]"


def test_everything_that_went_otherwise_is_told_with_the_move() -> None:
    wrong = {"stage": "venting", "anger": "up", "patience": "same", "says": ["v-s1"]}
    told = plays({**HEARD, "reads": ["own"], "expect": wrong}, ending="gone").problems
    assert [problem.split(": ")[0] for problem in told] == ["move 1"] * 5 + ["ended in nothing"]
    assert "did not find own (found: empathise)" in told[0]
    assert "in telling, not in venting" in told[1]
    assert "anger went down (-7), not up" in told[2]
    assert "patience went up" in told[3]
    assert "none of v-s1" in told[4]


def test_a_reader_that_finds_nothing_is_told_so() -> None:
    silent = {"say": {"zh": "…", "en": "…"}, "reads": ["own"]}
    assert "(found: nothing)" in plays(silent).problems[0]


def test_moves_after_the_end_are_a_problem() -> None:
    told = plays({"hang_up": True}, HEARD, ending="left").problems
    assert told == ("move 2: the call was already over (left)",)


def test_silence_and_hanging_up_are_moves() -> None:
    result = plays(HEARD, {"silence": True}, {"hang_up": True}, ending="cold")
    assert result.passed
    assert [line for line in result.talk if line.startswith("agent: (")] == ["agent: (silence)", "agent: (hangs up)"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "nothing in the file"),
        ("null", "PlaytestShape"),
        ("scenario: a\nending: b\nmoves:\n  - {silence: true, hang_up: true}\n", "line 4: moves.0: .*a move is one of"),
        ("scenario: a\nending: b\nmoves:\n  - {}\n", "line 4"),
        ("scenario: a\nending: b\nmoves:\n  - {silence: 1}\n", "line 4"),
        ("scenario: a\nmoves: []\nending: B!\nseed: x\n", "line 3: ending: .*; line 4: seed"),
        ("scenario: a\nscenario: b\n", "duplicate-key"),
        ("scenario: a\nending: b\nmoves:\n  - {silence: true, expect: {anger: sideways}}\n", "expect.anger"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        load_playtest(file)


def test_files_are_found_by_scenario_in_order(tmp_path: Path) -> None:
    for name in ("b/two.yaml", "b/one.yaml", "a/x.yaml", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert [path.name for path in find_playtests(tmp_path)] == ["x.yaml", "one.yaml", "two.yaml"]
    assert [path.name for path in find_playtests(tmp_path, "b")] == ["one.yaml", "two.yaml"]
    assert find_playtests(tmp_path, "c") == ()
