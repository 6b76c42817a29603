"""From findings to verdicts. The seam where findings of another kind (a trained model's) join those of the rules."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.behaviours.plain import Plain
from coach.behaviours.rules import Finding
from coach.domain.behaviour import BEHAVIOURS, Behaviour, Certainty, Evidence

_EXACT = frozenset({"timeframe", "interrupt", "restate"})
"""Behaviours whose words stand for themselves. The others are quoted by the clause: people mark evidence that way
(overlap with the marks of readers 0.39 for the bare words, 0.56 for clauses)."""

_CLAUSE_END = re.compile(r"[,;!?\n。、]|:(?!\d)|\.(?=\s|$)")
_LONGEST_QUOTE = 60  # code points
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
    evidence = _evidence(plain, telling, widen=behaviour not in _EXACT)
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


def _evidence(plain: Plain, findings: list[Finding], *, widen: bool) -> tuple[Evidence, ...]:
    """Without overlaps, the shortest of those that overlap, in text order."""
    places = {(f.start, f.end) for f in findings}
    if widen:
        places = {_clause(plain.text, start, end) for start, end in places}
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(places, key=lambda place: (place[1] - place[0], place)):
        if all(end <= other_start or start >= other_end for other_start, other_end in chosen):
            chosen.append((start, end))
    spans = (plain.evidence(start, end) for start, end in sorted(chosen))
    return tuple(span for span in spans if span.text)[:_MOST_EVIDENCE]


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause around the words that told, if it is short enough to quote; else those words."""
    left, right = max(0, start - _LONGEST_QUOTE), end + _LONGEST_QUOTE
    before = max((m.end() for m in _CLAUSE_END.finditer(text, left, start)), default=left if left else 0)
    after = _CLAUSE_END.search(text, max(start, end - 1), right)
    wide = before, max(end, after.start() if after else min(right, len(text)))
    return wide if wide[1] - wide[0] <= _LONGEST_QUOTE else (start, end)
