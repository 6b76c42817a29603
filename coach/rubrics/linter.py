"""What makes no sense in a rubric file although its shape is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coach.domain.behaviour import ACTS, BEHAVIOURS, FAULTS
from coach.domain.scenario import OUTCOMES, SIGNALS
from coach.rubrics.findings import Finding, Severity
from coach.rubrics.schema import OrderEntry, RubricFile, StepEntry
from coach.rubrics.shapes import closest
from coach.rubrics.strict_yaml import Path, Places

_TOLERANCE = 0.001  # shares are written with two or three decimals


def lint(pack: RubricFile, places: Places) -> list[Finding]:
    """Every finding about the meaning of the pack, in no particular order."""
    return list(_Linter(pack, places).run())


@dataclass(frozen=True, slots=True)
class _Linter:
    pack: RubricFile
    places: Places

    def run(self) -> Iterator[Finding]:
        for name in ("steps", "order", "faults", "critical"):
            entries = getattr(self.pack, name)
            yield from self._twice(((name, index, "id"), entry.id) for index, entry in enumerate(entries))
        yield from self._weights()
        for index, step in enumerate(self.pack.steps):
            yield from self._step(("steps", index), step)
        for index, rule in enumerate(self.pack.order):
            yield from self._order(("order", index), rule)
        yield from self._faults()
        for index, critical in enumerate(self.pack.critical):
            yield from self._known(("critical", index, "any"), critical.any, (*BEHAVIOURS, *SIGNALS, *OUTCOMES))

    def _error(self, code: str, path: Path, reason: str, fix: str, *, severity: Severity = Severity.ERROR) -> Finding:
        return Finding(code, severity, self.places.line(path), ".".join(map(str, path)), reason, fix)

    def _twice(self, entries: Iterable[tuple[Path, str]]) -> Iterator[Finding]:
        seen: set[str] = set()
        for path, id in entries:
            if id in seen:
                yield self._error("duplicate-id", path, f"{id!r} is used a second time.", "Give each its own id.")
            seen.add(id)

    def _weights(self) -> Iterator[Finding]:
        total = sum(step.weight for step in self.pack.steps)
        if total != 100:
            fix = f"Take {total - 100} away." if total > 100 else f"Add {100 - total}."
            reason = f"the weights of the steps add up to {total}, not 100."
            yield self._error("weights-not-100", ("steps",), reason, fix)

    def _step(self, at: Path, step: StepEntry) -> Iterator[Finding]:
        yield from self._twice(((*at, "parts", index, "id"), part.id) for index, part in enumerate(step.parts))
        shares = sum(part.share for part in step.parts)
        if abs(shares - 1) > _TOLERANCE:
            reason = f"the shares of the parts add up to {shares:g}, not 1."
            yield self._error("shares-not-1", (*at, "parts"), reason, "Change the shares so that they add up to 1.")
        for index, part in enumerate(step.parts):
            yield from self._acts((*at, "parts", index, "any"), part.any)
        yield from self._are_faults((*at, "spoiled_by"), step.spoiled_by)
        yield from self._known((*at, "demanded_by"), step.demanded_by, BEHAVIOURS)
        if step.spoiled_by and step.fault_cost == 0:
            reason = "faults spoil this step but cost nothing."
            fix = "Raise fault_cost or empty spoiled_by."
            yield self._error("fault-costs-nothing", (*at, "fault_cost"), reason, fix, severity=Severity.WARNING)

    def _order(self, at: Path, rule: OrderEntry) -> Iterator[Finding]:
        yield from self._acts((*at, "first"), rule.first)
        yield from self._known((*at, "then"), rule.then, BEHAVIOURS)
        both = sorted(set(rule.first) & set(rule.then))
        if both:
            reason = f"{', '.join(both)} cannot come before itself."
            yield self._error("order-overlap", (*at, "then"), reason, "Take it out of first or then.")
        step = next((step for step in self.pack.steps if step.id == rule.step), None)
        if step is None:
            meant = closest(rule.step, [step.id for step in self.pack.steps])
            fix = f"Did you mean {meant!r}?" if meant else "Name the id of a step of this file."
            yield self._error("unknown-step", (*at, "step"), f"there is no step {rule.step!r}.", fix)
            return
        yield from self._order_cost(at, rule, step)

    def _order_cost(self, at: Path, rule: OrderEntry, step: StepEntry) -> Iterator[Finding]:
        """Doing it late must never be worth less than not doing it at all."""
        worth = sum(part.share for part in step.parts if set(part.any) & set(rule.first))
        if worth == 0:
            reason = f"no part of the step {step.id!r} asks for {' or '.join(rule.first)}."
            fix = "Name the step that asks for it."
            yield self._error("order-of-another-step", (*at, "step"), reason, fix, severity=Severity.WARNING)
        elif rule.cost > worth + _TOLERANCE:
            reason = f"late costs {rule.cost:g} of the step but never costs only {worth:g}."
            yield self._error("late-worse-than-never", (*at, "cost"), reason, f"Lower it to {worth:g} or less.")

    def _faults(self) -> Iterator[Finding]:
        for index, rule in enumerate(self.pack.faults):
            yield from self._are_faults(("faults", index, "id"), [rule.id])
            if rule.at_most < rule.points:
                reason = f"at_most {rule.at_most:g} is less than one time, {rule.points:g}."
                fix = "Raise at_most or lower points."
                yield self._error("at-most-too-low", ("faults", index, "at_most"), reason, fix)

    def _acts(self, path: Path, names: list[str]) -> Iterator[Finding]:
        yield from self._known(path, names, BEHAVIOURS)
        for name in names:
            if name in FAULTS:
                yield self._error("not-an-act", path, f"{name!r} is a fault.", "Name something a good reply does.")

    def _are_faults(self, path: Path, names: list[str]) -> Iterator[Finding]:
        yield from self._known(path, names, BEHAVIOURS)
        for name in names:
            if name in ACTS:
                yield self._error("not-a-fault", path, f"{name!r} is not a fault.", "Name a fault, or delete it.")

    def _known(self, path: Path, names: list[str], known: tuple[str, ...]) -> Iterator[Finding]:
        for index, name in enumerate(names):
            at = (*path, index)
            if name not in known:
                meant = closest(name, known)
                fix = f"Did you mean {meant!r}?" if meant else "The ids are listed in docs/rubrics.md."
                yield self._error("unknown-behaviour", at, f"there is no behaviour {name!r}.", fix)
            if name in names[:index]:
                reason = f"{name!r} stands here twice."
                yield self._error("named-twice", at, reason, "Delete one.", severity=Severity.WARNING)
