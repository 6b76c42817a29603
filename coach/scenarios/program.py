"""A scenario made ready to be stepped through quickly.

The engine runs once per reply in the middle of a call, so everything that can be worked out beforehand is:
look-ups by id, which mood rules a behaviour can trigger, and a number for each group of lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.domain.mood import Band
from coach.domain.scenario import (
    Condition,
    Ending,
    EndingKind,
    Fact,
    Line,
    MoodRule,
    Reaction,
    Scenario,
    Stage,
)


@dataclass(frozen=True, slots=True)
class Program:
    """What `coach.scenarios.engine` runs.

    `bands`: the mood in whose manner each line is spoken. The numbers in `..._by_trigger` (by behaviour or signal) and
    in `standing_...` point into `rules` and `reactions`.
    """

    scenario: Scenario
    stages: dict[str, Stage]
    endings: dict[str, Ending]
    ending_of_kind: dict[EndingKind, str]
    facts: dict[str, Fact]
    lines: dict[str, Line]
    bands: dict[str, Band]
    rules_by_trigger: dict[str, tuple[int, ...]]
    standing_rules: tuple[int, ...]
    reactions_by_trigger: dict[str, tuple[int, ...]]
    standing_reactions: tuple[int, ...]
    rules: tuple[MoodRule, ...]
    reactions: tuple[Reaction, ...]

    def target(self, to: str) -> str:
        """The stage or ending a transition leads to, with `@kind` looked up. KeyError if no ending is of that kind."""
        return self.ending_of_kind[EndingKind(to[1:])] if to.startswith("@") else to


def compile_scenario(scenario: Scenario) -> Program:
    """The program of a checked scenario."""
    rules_by_trigger, standing_rules = _index(rule.when for rule in scenario.mood)
    reactions_by_trigger, standing_reactions = _index(reaction.when for reaction in scenario.reactions)
    kinds: dict[EndingKind, str] = {}
    for ending in scenario.endings:
        kinds.setdefault(ending.kind, ending.id)
    return Program(
        scenario=scenario,
        stages={stage.id: stage for stage in scenario.stages},
        endings={ending.id: ending for ending in scenario.endings},
        ending_of_kind=kinds,
        facts={fact.id: fact for fact in scenario.facts},
        lines={line.id: line for line in scenario.lines},
        bands=_bands(scenario),
        rules_by_trigger=rules_by_trigger,
        standing_rules=standing_rules,
        reactions_by_trigger=reactions_by_trigger,
        standing_reactions=standing_reactions,
        rules=scenario.mood,
        reactions=scenario.reactions,
    )


def _bands(scenario: Scenario) -> dict[str, Band]:
    """How each line is spoken: in the manner of its band, or of the middle one if it is said in several moods.

    One manner a line, so that its sound can be made before anybody knows the mood it will be said in.
    """
    heard: dict[str, set[Band]] = {}
    for group in scenario.groups:
        for band in Band:
            for line in group.within(band):
                heard.setdefault(line.id, set()).add(band)
    return {id: next(iter(bands)) if len(bands) == 1 else Band.HOT for id, bands in heard.items()}


def _index(conditions: Iterable[Condition]) -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    """Numbers of the conditions that a behaviour or signal can make true, and of those that need none."""
    by_trigger: dict[str, list[int]] = {}
    standing: list[int] = []
    for number, condition in enumerate(conditions):
        triggers = sorted(condition.all)[:1] or sorted(condition.any)
        for trigger in triggers:
            by_trigger.setdefault(trigger, []).append(number)
        if not triggers:
            standing.append(number)
    return {trigger: tuple(numbers) for trigger, numbers in by_trigger.items()}, tuple(standing)
