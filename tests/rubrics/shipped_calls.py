"""The play-tests we ship as calls that can be graded, and the table of what each is worth under each pack.

`python -m tests.rubrics.shipped_calls` writes the table anew; look at the difference before keeping it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from coach import grading
from coach.domain.behaviour import Reading
from coach.domain.language import Language
from coach.domain.rehearsal import Channel, Event, Rehearsal, Said, Turn
from coach.domain.rubric import Assessment, RubricPack
from coach.domain.scenario import EndingKind, Scenario
from coach.practice.debrief import assess
from coach.rubrics.loader import load_packs
from coach.scenarios.engine import Step, opening, step
from coach.scenarios.loader import load_folder
from coach.scenarios.observation import event_only, observe
from coach.scenarios.playtest import MoveShape, PlaytestShape, find_playtests, load_playtest
from coach.scenarios.program import Program, compile_scenario

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("shipped_totals.yaml")
PACKS = load_packs(ROOT / "rubrics")
LANGUAGES = (Language.ZH_HANS, Language.EN)
_LONG_AGO = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_HEAD = """\
# What each play-test is worth under each pack, Chinese / English; "-" marks a call that does not pass.
# Written by `python -m tests.rubrics.shipped_calls`, never by hand. A change here is a change of somebody's grade.
"""


@dataclass(frozen=True, slots=True)
class ShippedCall:
    """A play-test that was played to its end. `name` is its folder and file, such as "refund-12-days/settled"."""

    name: str
    scenario: Scenario
    rehearsal: Rehearsal

    @property
    def language(self) -> str:
        return self.rehearsal.language.spoken

    @property
    def kind(self) -> EndingKind:
        return self.scenario.ending(self.rehearsal.last.ended).kind

    def under(self, pack: RubricPack) -> Assessment:
        return assess(self.rehearsal, self.scenario, pack)


@cache
def shipped_calls() -> tuple[ShippedCall, ...]:
    """Every play-test in both languages, in order of their names."""
    return tuple(_all())


def _all() -> Iterator[ShippedCall]:
    folder = ROOT / "scenarios"
    programs = {one.scenario.id: compile_scenario(one.scenario) for one in load_folder(folder) if one.scenario}
    for path in find_playtests(folder / "playtests"):
        test = load_playtest(path)
        program = programs[test.scenario]
        for language in LANGUAGES:
            rehearsal = _rehearsal(program, test, language)
            yield ShippedCall(f"{path.parent.name}/{path.stem}", program.scenario, rehearsal)


def _rehearsal(program: Program, test: PlaytestShape, language: Language) -> Rehearsal:
    last = opening(program, test.seed)
    turns = [_turn(0, Event.OPENING, "", last, language)]
    for seq, move in enumerate(test.moves, start=1):
        event, words = _act(move, language)
        before = turns[-1].customer_text
        reading = None
        seen = event_only(event, language.spoken)
        if event is Event.REPLY:
            reading = grading.read_reply(words, language=language.spoken, customer_before=before)
            seen = observe(program.scenario, reading, language.spoken)
        last = step(program, last.state, seen, test.seed)
        turns.append(_turn(seq, event, words, last, language, reading))
    scenario = program.scenario
    return Rehearsal(
        "shipped", 1, scenario.id, scenario.version, scenario.hash, language, Channel.TEXT, test.seed,
        _LONG_AGO, _LONG_AGO, tuple(turns),
    )  # fmt: skip


def _act(move: MoveShape, language: Language) -> tuple[Event, str]:
    if move.say is None:
        return (Event.SILENCE if move.silence else Event.HANG_UP), ""
    return Event.REPLY, move.say.en if language is Language.EN else move.say.zh


def _turn(seq: int, event: Event, words: str, came: Step, language: Language, reading: Reading | None = None) -> Turn:
    said = tuple(Said(line.id, line.text.within(language)) for line in came.lines)
    signals = tuple(sorted(came.signals))
    return Turn(
        seq, f"k{seq}", event, Channel.TEXT, words, (), reading, signals, said, came.mood, came.changes,
        came.state.stage, came.state.ended, {}, _LONG_AGO,
    )  # fmt: skip


def totals() -> dict[str, dict[str, str]]:
    """Play-test -> pack -> what it is worth in each language, such as "83 / 78-"."""
    table: dict[str, dict[str, list[str]]] = {}
    for call in shipped_calls():
        row = table.setdefault(call.name, {id: [] for id in PACKS})
        for id, pack in PACKS.items():
            assessment = call.under(pack)
            row[id].append(f"{assessment.total}{'' if assessment.passed else '-'}")
    return {name: {id: " / ".join(worth) for id, worth in row.items()} for name, row in table.items()}


def _written(table: dict[str, dict[str, str]]) -> str:
    rows = ("  " + ", ".join(f"{id}: {worth}" for id, worth in row.items()) for row in table.values())
    return _HEAD + "".join(f"{name}: {{{row.strip()}}}\n" for name, row in zip(table, rows, strict=True))


if __name__ == "__main__":
    TABLE.write_text(_written(totals()), encoding="utf-8")
