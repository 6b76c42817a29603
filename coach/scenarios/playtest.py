"""Play-tests: a plan of replies and what should come of them, in files that writers keep beside a scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError, model_validator

from coach.domain.behaviour import Reading
from coach.domain.rehearsal import Event, join_lines
from coach.rubrics.strict_yaml import examine_yaml
from coach.scenarios.engine import Step, opening, step
from coach.scenarios.observation import event_only, observe
from coach.scenarios.program import Program
from coach.scenarios.schema import Behaviour, Id, Shape, Words

Read = Callable[[str, str, str], Reading]
"""(reply, language, the customer's last words) -> its reading."""

LANGUAGES = ("zh", "en")


class SayShape(Shape):
    zh: Words
    en: Words


class ExpectShape(Shape):
    stage: Id | None = None
    anger: Literal["up", "down", "same"] | None = None
    patience: Literal["up", "down", "same"] | None = None
    says: list[Id] = []


class MoveShape(Shape):
    say: SayShape | None = None
    silence: bool = False
    hang_up: bool = False
    reads: list[Behaviour] = []
    expect: ExpectShape = ExpectShape()

    @model_validator(mode="after")
    def _does_one_thing(self) -> MoveShape:
        if (self.say is not None) + self.silence + self.hang_up != 1:
            raise ValueError("a move is one of say, silence: true or hang_up: true")
        return self


class PlaytestShape(Shape):
    scenario: Id
    ending: Id
    seed: int = 1
    moves: list[MoveShape]


@dataclass(frozen=True, slots=True)
class Result:
    """How one play-test went in one language. `problems` is empty when it passed; `talk` is what was said."""

    file: str
    scenario: str
    ending: str
    language: str
    problems: tuple[str, ...]
    talk: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.problems


def load_playtest(path: Path) -> PlaytestShape:
    """ValueError with all problems when the file is not a play-test."""
    document = examine_yaml(path.read_text(encoding="utf-8"))
    if document.findings:
        raise ValueError("; ".join(map(str, document.findings)))
    try:
        return PlaytestShape.model_validate(document.value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        places = [f"line {document.places.line(d['loc'])}: {'.'.join(map(str, d['loc']))}: {d['msg']}" for d in details]
        raise ValueError("; ".join(places)) from error


def play(program: Program, test: PlaytestShape, language: str, read: Read, *, file: str = "") -> Result:
    """Plays it through the real reader and engine."""
    problems: list[str] = []
    last = opening(program, test.seed)
    talk = [_customer(last, language)]
    for number, move in enumerate(test.moves, 1):
        if last.state.ended:
            problems.append(f"move {number}: the call was already over ({last.state.ended})")
            break
        now, found = _move(program, last, move, language, test.seed, read, talk)
        problems += [f"move {number}: {problem}" for problem in _compare(move, last, now, found)]
        last = now
    if last.state.ended != test.ending:
        problems.append(f"ended in {last.state.ended or 'nothing: still ' + last.state.stage}, not in {test.ending}")
    return Result(file, test.scenario, test.ending, language, tuple(problems), tuple(talk))


def _move(
    program: Program, last: Step, move: MoveShape, language: str, seed: int, read: Read, talk: list[str]
) -> tuple[Step, frozenset[str]]:
    if move.say is None:
        observation = event_only(Event.SILENCE if move.silence else Event.HANG_UP, language)
        found: frozenset[str] = frozenset()
        talk.append("agent: (silence)" if move.silence else "agent: (hangs up)")
    else:
        words = move.say.en if language == "en" else move.say.zh
        reading = read(words, language, _words(last, language))
        observation = observe(program.scenario, reading, language)
        found = reading.present
        talk.append(f"agent: {words}  [{' '.join(sorted(found)) or '-'}]")
    now = step(program, last.state, observation, seed)
    talk.append(_customer(now, language))
    return now, found


def _compare(move: MoveShape, before: Step, after: Step, found: frozenset[str]) -> list[str]:
    problems = []
    missing = [id for id in move.reads if id not in found]
    if missing:
        problems.append(
            f"the reader did not find {', '.join(missing)} (found: {', '.join(sorted(found)) or 'nothing'})"
        )
    expect = move.expect
    if expect.stage and after.state.stage != expect.stage:
        problems.append(f"the call is in {after.state.stage}, not in {expect.stage}")
    for what in ("anger", "patience"):
        wanted = getattr(expect, what)
        moved = getattr(after.state, what) - getattr(before.state, what)
        actual = "up" if moved > 0 else "down" if moved < 0 else "same"
        if wanted and wanted != actual:
            problems.append(f"{what} went {actual} ({moved:+d}), not {wanted}")
    said = {line.id for line in after.lines}
    if expect.says and said.isdisjoint(expect.says):
        problems.append(f"the customer said {', '.join(sorted(said))}, none of {', '.join(expect.says)}")
    return problems


def _words(step: Step, language: str) -> str:
    return join_lines(line.text.en if language == "en" else line.text.zh for line in step.lines)


def _customer(step: Step, language: str) -> str:
    mood = f"{step.state.ended or step.state.stage}, anger {step.state.anger}, patience {step.state.patience}"
    return f"customer ({mood}): {_words(step, language)}"


def find_playtests(folder: Path, scenario: str | None = None) -> tuple[Path, ...]:
    """The play-test files of one scenario or of all, sorted."""
    return tuple(sorted(folder.glob(f"{scenario or '*'}/*.yaml")))
