"""From findings to verdicts. The seam where findings of another kind (a trained model's) join those of the rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from coach.behaviours.plain import Plain
from coach.behaviours.rules import Finding
from coach.domain.behaviour import BEHAVIOURS, Behaviour, Certainty, Evidence

_EXACT = frozenset({"timeframe", "interrupt", "restate"})
"""Behaviours whose words stand for themselves. The others are quoted by the clause: people mark evidence that way
(overlap with the marks of readers 0.39 for the bare words, 0.56 for clauses)."""

_CLAUSE_END = re.compile(r"[,;!?\n。、]|:(?!\d)|\.(?=\s)")
Widen = Callable[[str, int, int], tuple[int, int]]
_THANKS = re.compile(r"谢谢|感谢|多谢|\b(?:and )?(?:thank you|thanks)\b")
_STARTS = frozenset("我您你咱这那就但请再还把被已先然因所如要是")  # characters a spoken Chinese clause begins with
_ENDS = frozenset("了的吧吗呢啊哦呀嘛")  # and those it ends on
_WORD_EDGE = re.compile(r"(?<![\w'£$€.-])(?=[\w'£$€])")
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
    clauses = _apology if behaviour in ("apologise", "apologise_specific") else _clause
    evidence = _evidence(plain, telling, None if behaviour in _EXACT else clauses)
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


def _evidence(plain: Plain, findings: list[Finding], widen: Widen | None) -> tuple[Evidence, ...]:
    """Without overlaps, the shortest of those that overlap, in text order."""
    places = {(f.start, f.end) for f in findings}
    if widen is not None:
        places = {widen(plain.text, start, end) for start, end in places}
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(places, key=lambda place: (place[1] - place[0], place)):
        if all(end <= other_start or start >= other_end for other_start, other_end in chosen):
            chosen.append((start, end))
    spans = (plain.evidence(start, end) for start, end in sorted(chosen))
    return tuple(span for span in spans if span.text)[:_MOST_EVIDENCE]


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause around the words that told, if it is short enough to quote; else those words and a few around them."""
    left, right = max(0, start - _LONGEST_QUOTE), end + _LONGEST_QUOTE
    before = max((m.end() for m in _CLAUSE_END.finditer(text, left, start)), default=left)
    after = _CLAUSE_END.search(text, max(start, end - 1), right)
    wide = before, max(end, after.start() if after else min(right, len(text)))
    if wide[1] - wide[0] <= _LONGEST_QUOTE:
        return wide
    return _whole_words(text, start, end, wide)


def _apology(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause of an apology without the thanks that may stand in it."""
    left, right = _clause(text, start, end)
    if _THANKS.search(text, left, start):
        left = start
    after = _THANKS.search(text, end, right)
    return left, after.start() if after else right


def _whole_words(text: str, start: int, end: int, clause: tuple[int, int]) -> tuple[int, int]:
    """`start` and `end` moved out, inside the clause, so that no word and no short phrase is cut."""
    if end - start >= _LONGEST_QUOTE:
        return start, end
    if "\u3400" <= text[start] <= "\u9fff":
        return _chinese_edges(text, start, end, clause)
    reach = 40  # about five words
    lefts = [m.start() for m in _WORD_EDGE.finditer(text, max(clause[0], start - reach), start + 1)]
    left = lefts[-6:][0] if lefts else start
    spaces = [at for at in range(end, min(clause[1], end + reach)) if text[at] == " "]
    return left, (spaces[:5][-1] if spaces else clause[1] if clause[1] - end < reach else end)


def _chinese_edges(text: str, start: int, end: int, clause: tuple[int, int]) -> tuple[int, int]:
    """Chinese runs on without spaces: out to a character that opens or closes a clause, at most twelve away."""
    first, last = max(clause[0], start - 12), min(clause[1], end + 12)
    lefts = (at for at in range(start, first - 1, -1) if text[at] in _STARTS or (at and text[at - 1] in _ENDS))
    rights = (at for at in range(end + 1, last + 1) if at == len(text) or text[at] in _STARTS or text[at - 1] in _ENDS)
    return next(lefts, max(clause[0], start - 8)), next(rights, min(clause[1], end + 8))
