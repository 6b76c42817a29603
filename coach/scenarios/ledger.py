"""The mood ledger: which rules move the customer, by how much, and why."""

from __future__ import annotations

from collections.abc import Mapping

from coach.domain.mood import MoodChange, clamp
from coach.domain.scenario import MoodRule, Repeat
from coach.scenarios.conditions import Call, holds
from coach.scenarios.program import Program
from coach.scenarios.state import State


def move_mood(
    program: Program, state: State, call: Call, quotes: Mapping[str, str]
) -> tuple[tuple[MoodChange, ...], Mapping[str, int]]:
    """Writes the ledger and sets the call's mood to what it comes to."""
    numbers = set(program.standing_rules)
    for name in call.now:
        numbers.update(program.rules_by_trigger.get(name, ()))
    fired: dict[str, int] | None = None
    due: list[tuple[MoodRule, float]] = []
    for number in sorted(numbers):
        rule = program.rules[number]
        share = _share(rule, state.fired.get(rule.id, 0))
        if share and holds(rule.when, call):
            due.append((rule, share))
            fired = dict(state.fired) if fired is None else fired
            fired[rule.id] = fired.get(rule.id, 0) + 1
    if not due:
        return (), state.fired
    anger = _changes("anger", [(rule, rule.anger * share) for rule, share in due], program, quotes, call.anger)
    patience = _changes(
        "patience", [(rule, rule.patience * share) for rule, share in due], program, quotes, call.patience
    )
    call.anger += sum(change.delta for change in anger)
    call.patience += sum(change.delta for change in patience)
    return (*anger, *patience), fired or state.fired


def _share(rule: MoodRule, worked_before: int) -> float:
    """How much of a rule works: a customer is not soothed by the same thing for ever."""
    if worked_before == 0 or rule.repeat is Repeat.EACH:
        return 1.0
    return 0.5 if rule.repeat is Repeat.FADING and worked_before == 1 else 0.0


def _changes(
    what: str, moves: list[tuple[MoodRule, float]], program: Program, quotes: Mapping[str, str], level: int
) -> list[MoodChange]:
    """The ledger lines for anger or patience, within what one reply can move and within 0..100."""
    scenario = program.scenario
    better = -1 if what == "anger" else 1  # the sign of a change for the better
    left = {True: scenario.soothe_limit, False: scenario.worsen_limit}
    changes = []
    for rule, amount in moves:
        if not amount:
            continue
        good = amount * better > 0
        scaled = round(abs(amount) * (scenario.persona.fall if good else scenario.persona.rise))
        size = min(scaled, left[good])
        left[good] -= size
        target = clamp(level + (size if amount > 0 else -size))
        if target != level:
            quote = quotes.get(rule.quote, "") if rule.quote else ""
            changes.append(MoodChange(what, target - level, rule.id, rule.because, quote))
            level = target
    return changes
