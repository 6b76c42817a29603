"""One step of the dialogue engine, beside a table of words in a dictionary, and with ever more stages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.measure import Line, at_most, cpu_each, interleaved, medians, step
from benchmarks.sample_calls import SampleCall, sample_calls, scenarios
from coach import grading
from coach.domain.language import Text
from coach.domain.rehearsal import Event, join_lines
from coach.domain.scenario import Condition, Lines, Scenario, Stage, Transition
from coach.domain.scenario import Line as Said
from coach.scenarios import engine
from coach.scenarios.observation import event_only, observe
from coach.scenarios.program import Program, compile_scenario
from coach.scenarios.state import State

SIZES = (10, 100, 1000)
CALL_LENGTH = 12  # replies before a synthetic call starts again
MOST_MICROSECONDS = 50


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything one step needs."""

    program: Program
    state: State
    observation: engine.Observation
    seed: int


def run(rounds: int) -> list[Line]:
    with step("reading the replies of all play-tests"):
        programs = {id: compile_scenario(scenario) for id, scenario in scenarios().items()}
        calls = sample_calls()
        shipped = [moment for call in calls for moment in _moments(programs[call.scenario], call)]
        words = [reply for call in calls for reply in call.replies if reply]
    with step(f"making scenarios of {', '.join(map(str, SIZES))} stages"):
        pattern = next(iter(programs.values())).scenario
        synthetic = {size: _walk(compile_scenario(with_stages(pattern, size)), size) for size in SIZES}
    sides: dict[str, Callable[[], float]] = {
        "shipped": lambda: _time(shipped),
        "table": lambda: cpu_each(lambda: _by_table(words), 3) / len(words),
        "save": lambda: cpu_each(lambda: [State.from_json(m.state.to_json()) for m in shipped], 3) / len(shipped),
    }
    for size, moments in synthetic.items():
        sides[str(size)] = lambda moments=moments: _time(moments)  # type: ignore[misc]
    with step(f"stepping through {len(shipped)} moments of {len(calls)} calls"):
        _time(shipped)
        took = {name: value * 1e6 for name, value in medians(interleaved(max(5, rounds), sides)).items()}
    return _lines(took)


def _lines(took: dict[str, float]) -> list[Line]:
    table = took["table"]
    goal = at_most(MOST_MICROSECONDS, took["shipped"], "µs")
    flat = took[str(SIZES[-1])] / took[str(SIZES[0])]
    return [
        Line("step on the shipped scenarios", took["shipped"], "µs CPU", table, "µs, table + 4 patterns", *goal),
        Line("state to JSON and back", took["save"], "µs CPU"),
        *(
            Line(
                f"step with {size} stages", took[str(size)], "µs CPU", took[str(SIZES[0])], f"µs, {SIZES[0]} stages",
                *at_most(MOST_MICROSECONDS, took[str(size)], "µs"),
            )
            for size in SIZES
        ),
        Line(f"{SIZES[-1]} stages to {SIZES[0]}", flat, "times", None, "", *at_most(1.5, flat, "times")),
    ]  # fmt: skip


def _time(moments: list[Moment]) -> float:
    def once() -> None:
        for moment in moments:
            engine.step(moment.program, moment.state, moment.observation, moment.seed)

    return cpu_each(once, max(1, 2000 // len(moments))) / len(moments)


def _moments(program: Program, call: SampleCall) -> list[Moment]:
    """The call as the engine sees it, read beforehand."""
    now, moments = engine.opening(program, call.seed), []
    for reply in call.replies:
        if now.state.ended:
            break
        observation = _observation(program, call, reply, now)
        moments.append(Moment(program, now.state, observation, call.seed))
        now = engine.step(program, now.state, observation, call.seed)
    return moments


def _observation(program: Program, call: SampleCall, reply: str | None, now: engine.Step) -> engine.Observation:
    if not reply:
        return event_only(Event.HANG_UP if reply is None else Event.SILENCE, call.language)
    before = join_lines(line.text.en if call.language == "en" else line.text.zh for line in now.lines)
    reading = grading.read_reply(reply, language=call.language, customer_before=before)
    return observe(program.scenario, reading, call.language)


# ---- scenarios of any size: the rules and reactions of a shipped one around a ring of stages ----


def with_stages(pattern: Scenario, count: int) -> Scenario:
    """A scenario with `count` stages, each with four ways out; nothing in it ends the call."""
    return replace(pattern, stages=tuple(_stage(n, count) for n in range(count)), start="stage-0", always=())


def _stage(number: int, count: int) -> Stage:
    ways = (
        Transition(
            f"skip-{number}", Condition(all=frozenset({"explain", "timeframe"})), f"stage-{(number + 3) % count}"
        ),
        Transition(f"next-{number}", Condition(any=frozenset({"empathise", "apologise"})), _after(number, count)),
        Transition(f"solve-{number}", Condition(all=frozenset({"remedy"})), _after(number, count)),
        Transition(f"bored-{number}", Condition(turns_here=3), _after(number, count)),
    )
    return Stage(f"stage-{number}", _text(f"{number}"), _variants(f"in-{number}"), _variants(f"on-{number}"), ways)


def _after(number: int, count: int) -> str:
    return f"stage-{(number + 1) % count}"


def _variants(id: str) -> Lines:
    lines = tuple(Said(f"{id}-{n}", _text(f"{id} {n}")) for n in range(3))
    return Lines(cool=lines, hot=lines, boiling=lines)


def _text(words: str) -> Text:
    return Text(zh=words, en=words)


def _walk(program: Program, count: int) -> list[Moment]:
    """Calls that begin at places spread over all stages."""
    found = (("empathise",), ("explain", "timeframe"), (), ("remedy", "own"), ("ask",), ("apologise", "dismiss"))
    moments = []
    for start in range(0, count, max(1, count // 10)):
        state = replace(engine.opening(program, 1).state, stage=f"stage-{start}")
        for turn in range(CALL_LENGTH):
            behaviours = frozenset(found[turn % len(found)])
            observation = engine.Observation(Event.REPLY, behaviours, quotes={}, fingerprint=turn)
            moments.append(Moment(program, state, observation, 1))
            state = engine.step(program, state, observation, 1).state
    return moments


# ---- the least there could be ----

_PATTERNS = (
    ("sorry", re.compile(r"抱歉|对不起|sorry|apolog")),
    ("money", re.compile(r"退款|赔|refund|compensat")),
    ("time", re.compile(r"小时|明天|分钟|hours|tomorrow|minutes")),
    ("ask", re.compile(r"[?？]|请问")),
)
_TABLE = {
    stage: {intent: (f"{stage}-{intent}", (stage + 1) % 12) for intent in ("sorry", "money", "time", "ask", "")}
    for stage in range(12)
}


def _by_table(replies: list[str]) -> int:
    """Which pattern fits decides what is said and where the call goes; no mood, no reasons, no memory."""
    stage = 0
    for reply in replies:
        intent = next((name for name, pattern in _PATTERNS if pattern.search(reply)), "")
        _line, stage = _TABLE[stage][intent]
    return stage
