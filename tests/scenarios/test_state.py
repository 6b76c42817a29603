"""State that can be saved, and steps that take no longer in a big scenario."""

from __future__ import annotations

import json
import sys
from time import process_time

import pytest

from coach.domain.rehearsal import Event
from coach.domain.scenario import Scenario
from coach.scenarios.engine import Observation, opening, step
from coach.scenarios.program import compile_scenario
from coach.scenarios.state import FORMAT, State
from tests.builders import Call, fact, reaction, rule, scenario, stage, way


def test_a_saved_state_is_the_state() -> None:
    call = Call(scenario(facts=(fact("date", asked_by="when"),), mood=(rule("hurt", anger=4, any="rude"),)))
    call.does("rude ask", asks="when?")
    call.is_silent()
    saved = json.dumps(call.last.state.to_json())
    assert State.from_json(json.loads(saved)) == call.last.state
    assert json.loads(saved)["format"] == FORMAT


@pytest.mark.parametrize("format", [0, FORMAT + 1, None, str(FORMAT)])
def test_a_state_of_another_format_is_refused(format: object) -> None:
    saved = {**Call(scenario()).last.state.to_json(), "format": format}
    with pytest.raises(ValueError, match="format"):
        State.from_json(saved)
    with pytest.raises(ValueError, match="format"):
        State.from_json({})


def _ring(stages: int) -> Scenario:
    ring = [stage(f"s{n}", way(f"w{n}", f"s{(n + 1) % stages}", any="ask")) for n in range(stages)]
    rules = tuple(rule(f"r{n}", anger=1, all="ask", stages=f"s{n}") for n in range(10))
    return scenario(*ring, mood=rules, reactions=tuple(reaction(f"x{n}", all="rude") for n in range(10)))


def _lines_run(played: Scenario) -> int:
    """How many lines of Python forty steps execute."""
    program, count = compile_scenario(played), 0

    def trace(frame: object, event: str, arg: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    came = opening(program, 1)
    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        for turn in range(40):
            acts = frozenset({"ask" if turn % 2 else "rude"})
            came = step(program, came.state, Observation(Event.REPLY, acts, fingerprint=turn + 1), 1)
    finally:
        sys.settrace(before)
    return count


def test_a_step_does_as_much_in_a_thousand_stages_as_in_ten() -> None:
    small, large = _lines_run(_ring(10)), _lines_run(_ring(1000))
    assert small > 1000
    assert large <= small * 1.1


def test_a_step_is_as_fast_in_a_thousand_stages_as_in_ten() -> None:
    def fastest(program: object) -> float:
        best = 1.0
        for _ in range(15):
            came, started = opening(program, 1), process_time()  # type: ignore[arg-type]
            for turn in range(40):
                came = step(program, came.state, Observation(Event.REPLY, frozenset({"ask"}), fingerprint=turn + 1), 1)  # type: ignore[arg-type]
            best = min(best, process_time() - started)
        return best

    assert fastest(compile_scenario(_ring(1000))) <= 3 * fastest(compile_scenario(_ring(10)))
