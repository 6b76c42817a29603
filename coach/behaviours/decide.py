"""From findings to verdicts. The seam where findings of another kind (a trained model's) join those of the rules."""

from __future__ import annotations

from collections.abc import Iterable

from coach.behaviours.plain import Plain
from coach.behaviours.rules import Finding
from coach.domain.behaviour import BEHAVIOURS, Behaviour, Certainty, Evidence

_MOST_EVIDENCE = 5  # spans per behaviour; more would bury the reader


def decide(plain: Plain, findings: Iterable[Finding]) -> tuple[Behaviour, ...]:
    """One verdict per behaviour found, in the order of the codebook.

    One certain finding makes a behaviour present, and only certain findings are then evidence; otherwise it is unsure.
    """
    sorted_by: dict[str, list[Finding]] = {}
    for finding in findings:
        sorted_by.setdefault(finding.behaviour, []).append(finding)
    verdicts = (_verdict(plain, behaviour, sorted_by[behaviour]) for behaviour in BEHAVIOURS if behaviour in sorted_by)
    return tuple(verdict for verdict in verdicts if verdict is not None)


def _verdict(plain: Plain, behaviour: str, findings: list[Finding]) -> Behaviour | None:
    certain = [f for f in findings if f.is_certain]
    telling = certain or findings
    evidence = _evidence(plain, telling)
    if not evidence:
        return None
    if certain:
        return Behaviour(behaviour, Certainty.PRESENT, _together(certain), evidence)
    best = max(0.35 if f.doubt else f.weight for f in findings)
    return Behaviour(behaviour, Certainty.UNSURE, round(best, 2), evidence)


def _together(certain: list[Finding]) -> float:
    """Each further place adds a little: 0.9, 0.93, 0.96, never above 0.98."""
    places = len({f.start for f in certain})
    return round(min(0.98, max(f.weight for f in certain) + 0.03 * (places - 1)), 2)


def _evidence(plain: Plain, findings: list[Finding]) -> tuple[Evidence, ...]:
    """Without overlaps, the shortest of those that overlap, in text order."""
    chosen: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.end - f.start, f.start)):
        if all(finding.end <= other.start or finding.start >= other.end for other in chosen):
            chosen.append(finding)
    spans = (plain.evidence(f.start, f.end) for f in sorted(chosen, key=lambda f: f.start))
    return tuple(span for span in spans if span.text)[:_MOST_EVIDENCE]
