"""Findings: where the phrase lists match, and whether the words around a match cast doubt on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from coach.behaviours.lexicon_loader import Lexicon

_QUOTED = re.compile(r'[“"「『《][^”"」』》\n]{1,200}[”"」』》]')
_REACH = {"zh": 14, "en": 44}  # how far before a match a cue still bears on it

_MOST_MATCHES = 24  # of one phrase in one reply; a reply that repeats itself more says nothing new

_CAN_BE_NEGATED = frozenset(
    [
        "invite",
        "empathise",
        "record",
        "apologise",
        "apologise_specific",
        "thank",
        "own",
        "remedy",
        "compensate",
        "follow_up",
        "prevent",
        "escalate",
        "blame_customer",
        "overpromise",
        "timeframe",
    ]
)
_CAN_BE_REPORTED = frozenset(
    ["apologise", "apologise_specific", "thank", "own", "empathise", "overpromise", "rude"],
)  # what others do counts only for deeds: "the engineer will replace it" is a remedy
_CAN_BE_RHETORICAL = frozenset(["apologise", "apologise_specific", "thank", "own", "empathise"])
_CAN_HAVE_FAILED = frozenset(["remedy", "follow_up", "timeframe", "compensate", "escalate"])
_CAN_BE_HYPOTHETICAL = frozenset(
    ["apologise", "apologise_specific", "own", "remedy", "compensate", "empathise", "follow_up", "escalate", "prevent"]
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A behaviour seen at `text[start:end]` of the plain text.

    `weight` is 0..1: how sure words alone make us; `doubt` names the cue that speaks against it, "" if none.
    """

    behaviour: str
    start: int
    end: int
    weight: float
    doubt: str = ""

    @property
    def is_certain(self) -> bool:
        return self.weight >= 0.5 and not self.doubt


def findings(text: str, lexicon: Lexicon) -> list[Finding]:
    """Every match of every pattern, in the order of the lists."""
    quotes = [match.span() for match in _QUOTED.finditer(text)] if any(q in text for q in '“"「『') else []
    found: list[Finding] = []
    for pattern in lexicon.patterns:
        if not pattern.may_match(text):
            continue
        veto = lexicon.vetoes.get(pattern.behaviour)
        for match in islice(pattern.regex.finditer(text), _MOST_MATCHES):
            start, end = match.span()
            if end == start or (veto and _is_vetoed(veto, text, start, end)):
                continue
            doubt = doubt_about(pattern.behaviour, text, start, end, lexicon, quotes)
            found.append(Finding(pattern.behaviour, start, end, 0.9 if pattern.is_strong else 0.4, doubt))
    return found


def _is_vetoed(veto: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """A veto counts when it overlaps the match or touches it."""
    return any(m.start() <= end and m.end() >= start for m in veto.finditer(text, max(0, start - 30), end + 30))


def doubt_about(
    behaviour: str, text: str, start: int, end: int, lexicon: Lexicon, quotes: list[tuple[int, int]] | None = None
) -> str:
    """ "quoted", "negated", "disowned", "reported", "cited", "hypothetical", "asked", "failed" (told as a promise that
    was not kept), or "" if nothing speaks against it."""
    if any(left < start and end < right for left, right in quotes or ()):
        return "quoted"
    if behaviour in _CAN_BE_RHETORICAL and lexicon.cues["rhetorical"].search(_around(text, start, end)):
        return "asked"
    if behaviour in _CAN_HAVE_FAILED and _has_failed(text, start, end, lexicon):
        return "failed"
    return next(_cues(behaviour, _before(text, start, lexicon.language), text[start:end], lexicon), "")


def _cues(behaviour: str, before: str, match: str, lexicon: Lexicon) -> Iterator[str]:
    cues = lexicon.cues
    if behaviour in _CAN_BE_NEGATED and _is_negated(before, match, cues):
        yield "negated"
    if behaviour in _CAN_BE_NEGATED and cues["disowned"].search(before):
        yield "disowned"
    if behaviour in _CAN_BE_REPORTED and cues["reported"].search(before):
        yield "reported"
    if behaviour == "rude" and cues["cited"].search(before):
        yield "cited"
    if behaviour in _CAN_BE_HYPOTHETICAL and cues["hypothetical"].search(before):
        yield "hypothetical"


def _has_failed(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether the deed is told as one that was promised and never done."""
    if lexicon.cues["promised_before"].search(_before(text, start, lexicon.language)):
        return True
    stop = min((at for mark in "。.!?;\n" if (at := text.find(mark, end, end + 60)) >= 0), default=end + 60)
    tail = text[end:stop]
    if lexicon.language == "zh":
        tail = text[start:end] + tail[:14]
    return bool(lexicon.cues["failed"].search(tail))


def _around(text: str, start: int, end: int) -> str:
    """The clause of a match with its closing mark, at most 60 characters either side."""
    left = max(max(text.rfind(mark, max(0, start - 60), start) for mark in ",。.;!?\n") + 1, start - 60, 0)
    rights = [at for mark in "。.;!?\n" if (at := text.find(mark, end, end + 60)) >= 0]
    return text[left : (min(rights) + 1 if rights else end + 60)]


def _is_negated(before: str, match: str, cues: dict[str, re.Pattern[str]]) -> bool:
    """In speech without punctuation a match with a subject of its own begins a new clause, which a "not" before it
    does not reach, unless somebody is not *saying* it."""
    if cues["own_subject"].match(match):
        return bool(cues["negated_saying"].search(before))
    return bool(cues["negation"].search(before))


def _before(text: str, start: int, language: str) -> str:
    """The words of the same clause before a match, as far as a cue can reach."""
    left = max(0, start - _REACH[language])
    cut = max(text.rfind(mark, left, start) for mark in ",。.;!?\n:")
    return text[cut + 1 if cut >= left else left : start]
