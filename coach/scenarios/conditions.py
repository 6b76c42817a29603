"""When something happens in a call: a closed set of comparisons, no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.domain.scenario import Condition


@dataclass(slots=True)
class Call:
    """The call as conditions see it; mood is updated once the ledger is written."""

    now: frozenset[str]
    seen: Mapping[str, int]
    first: Mapping[str, int]
    facts: frozenset[str]
    stage: str
    turns_here: int
    turn: int
    anger: int
    patience: int


def holds(when: Condition, call: Call) -> bool:
    """Whether every given part of the condition is true."""
    now, seen = call.now, call.seen
    return (
        (not when.all or when.all <= now)
        and (not when.any or not when.any.isdisjoint(now))
        and (not when.none or when.none.isdisjoint(now))
        and (not when.stages or call.stage in when.stages)
        and when.turns_here <= call.turns_here
        and when.turns <= call.turn
        and when.anger_from <= call.anger <= when.anger_to
        and when.patience_from <= call.patience <= when.patience_to
        and (not when.seen or all(name in seen for name in when.seen))
        and (not when.seen_any or any(name in seen for name in when.seen_any))
        and (not when.unseen or not any(name in seen for name in when.unseen))
        and (not when.times or all(seen.get(name, 0) >= count for name, count in when.times.items()))
        and (not when.facts or when.facts <= call.facts)
        and (not when.facts_unknown or when.facts_unknown.isdisjoint(call.facts))
        and (not when.before or all(_came_late(first, then, call.first) for first, then in when.before))
    )


def _came_late(first: str, then: str, firsts: Mapping[str, int]) -> bool:
    return then in firsts and (first not in firsts or firsts[first] > firsts[then])
