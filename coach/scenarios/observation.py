"""What the customer notices in a reply: its reading, its questions, and promises beyond the agent's authority."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any
from zlib import crc32

import opencc

from coach.domain.behaviour import Behaviour, Evidence, Reading
from coach.domain.rehearsal import Event
from coach.domain.scenario import Authority, Scenario
from coach.scenarios.engine import Observation

_QUESTIONING = ("ask", "verify", "involve", "confirm")
_SENTENCE = re.compile(r"(?:[^。！？!?；;\n.]|\.(?!\s|$))*[。！？!?；;\n.]?")
_QUESTION_MARK = re.compile(r"[?？]\s*$")
_LETTER = re.compile(r"\w")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PROMISES = ("remedy", "compensate", "timeframe", "follow_up", "overpromise", "prevent", "own")


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    return opencc.OpenCC("t2s")


def plain(text: str) -> str:
    """Lower case, simplified, ordinary width: as the words in scenario files are written."""
    simplified: str = _simplifier().convert(unicodedata.normalize("NFKC", text).replace("’", "'"))
    return simplified.lower()


def observe(scenario: Scenario, reading: Reading, language: str) -> Observation:
    """The reply as this scenario's customer takes it. `language`: "zh" or "en", what the customer speaks."""
    signals = set()
    if exceeds_authority(scenario.authority, reading, language):
        signals.add("beyond_authority")
    if _is_other_language(reading.text, language):
        signals.add("other_language")
    quotes = {b.id: b.evidence[0].text for b in reading.behaviours if b.is_present and b.evidence}
    return Observation(
        event=Event.REPLY,
        behaviours=reading.present,
        signals=frozenset(signals),
        quotes=quotes,
        asked=_questions(reading),
        language=language,
        fingerprint=crc32("".join(_LETTER.findall(plain(reading.text))).encode()),
    )


def event_only(event: Event, language: str) -> Observation:
    """Silence, a time-out or hanging up: nothing was said."""
    return Observation(event=event, language=language)


def _questions(reading: Reading) -> str:
    """The sentences that ask something, plain."""
    spans = [e for b in reading.behaviours if b.id in _QUESTIONING for e in b.evidence]
    asked = [
        match.group()
        for match in _SENTENCE.finditer(reading.text)
        if match.group() and (_QUESTION_MARK.search(match.group()) or _overlaps(match, spans))
    ]
    return plain(" ".join(asked))


def _overlaps(match: re.Match[str], spans: list[Evidence]) -> bool:
    return any(span.start < match.end() and match.start() < span.end for span in spans)


def _is_other_language(text: str, language: str) -> bool:
    han = len(_HAN.findall(text))
    letters = len(_LETTER.findall(text))
    if letters < 6:
        return False
    return han / letters < 0.1 if language == "zh" else han / letters > 0.5


def exceeds_authority(authority: Authority, reading: Reading, language: str) -> bool:
    """Whether a promise in the reply names more money, or an earlier time, than the policy card allows."""
    promised = [b for b in reading.behaviours if b.id in _PROMISES and b.is_present]
    return bool(promised) and (
        _too_much(authority, reading, promised, language) or _too_early(authority, reading, promised, language)
    )


def _too_much(authority: Authority, reading: Reading, promised: list[Behaviour], language: str) -> bool:
    refund, coupon = authority.refund_limit.get(language), authority.coupon_limit.get(language)
    for amount in reading.amounts:
        near = {b.id for b in promised if any(_same_clause(reading.text, amount.start, e) for e in b.evidence)}
        if "compensate" in near and amount.value > (coupon or 0) and amount.value > (refund or 0):
            return True
        if "remedy" in near and amount.value > max(refund or 0, coupon or 0):
            return True
    return False


def _too_early(authority: Authority, reading: Reading, promised: list[Behaviour], language: str) -> bool:
    for slot in reading.times:
        if slot.latest_minutes is None or not any(
            _same_clause(reading.text, slot.start, e) for b in promised for e in b.evidence
        ):
            continue
        clause = plain(_clause_around(reading.text, slot.start))
        for earliest in authority.earliest:
            if slot.latest_minutes < earliest.minutes and any(w in clause for w in earliest.words.get(language, ())):
                return True
    return False


_CLAUSE_END = re.compile(r"[，,。！？!?；;\n]|\.(?=\s|$)")


def _clause_around(text: str, place: int) -> str:
    before = max((m.end() for m in _CLAUSE_END.finditer(text, 0, place)), default=0)
    after = _CLAUSE_END.search(text, place)
    return text[before : after.start() if after else len(text)]


def _same_clause(text: str, place: int, evidence: Evidence) -> bool:
    """Whether the words at `place` belong to what the evidence says: inside it, or with no full stop between."""
    low, high = min(place, evidence.start), max(place, evidence.end)
    return evidence.start <= place <= evidence.end or not re.search(r"[。！？!?；;\n]|\.(?=\s)", text[low:high])
