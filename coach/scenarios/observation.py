"""What the customer notices in a reply: its reading, its questions, and promises beyond the agent's authority."""

from __future__ import annotations

import re
from zlib import crc32

from coach.domain.behaviour import Evidence, Reading
from coach.domain.rehearsal import Event
from coach.domain.scenario import Scenario
from coach.scenarios.authority import exceeds
from coach.scenarios.engine import Observation
from coach.scenarios.intelligible import is_goodbye, is_nod, is_unintelligible
from coach.scenarios.plain import plain

LEAST_REPEATED = 6  # letters or characters; less may be said twice

_SAID_IN_PARTING = frozenset({"close", "thank", "greet"})
_QUESTIONING = ("ask", "verify", "involve", "confirm")
_SENTENCE = re.compile(r"(?:[^。！？!?；;\n.]|\.(?!\s|$))*[。！？!?；;\n.]?")
_LETTER = re.compile(r"\w")
_ALPHABETIC = re.compile(r"[^\W\d_]")  # a phone number is in no language
_HAN = re.compile(r"[\u3400-\u9fff]")

_GIFT = re.compile(
    r"券|红包|积分|补偿|赔|减免|抵扣|送您|"
    r"voucher|coupon|store credit|credit of|gift|goodwill|compensat|discount|\bpoints\b"
)

_MARK = re.compile(r"[?？]\s*$")

# Transcribed speech has no marks: there a question is known by its words, clause by clause. Only clauses that also hold
# the words of a fact count, so this may be generous.
_ANY_MARK = re.compile(r"[。！？!?；;]|\.(?=\s|$)")
_SPOKEN_CLAUSE = re.compile(r"[^，,、]+")
_ASKS = re.compile(
    r"吗|呢|么|什么|哪|几|多少|怎么|谁|是不是|有没有|还是|(.)不\1|告诉我|说一下|说下|报一下|提供|给我|念一下|呗|吧"
    r"|\b(?:what|when|where|which|who|whose|how|why|did|do|does|is|was|were|are|have|has|had|can|could|may|would|"
    r"tell me|give me|read me|let me have)\b",
    re.IGNORECASE,
)


def observe(scenario: Scenario, reading: Reading, language: str) -> Observation:
    """The reply as this scenario's customer takes it. `language`: "zh" or "en", what the customer speaks."""
    words = plain(reading.text)
    names_the_case = any(word in words for fact in scenario.facts for word in fact.asked_by.get(language, ()))
    goodbye = is_goodbye(words) and reading.present <= _SAID_IN_PARTING
    signals = set()
    if exceeds(scenario.authority, reading, language):
        signals.add("beyond_authority")
    if _GIFT.search(words):
        signals.add("offers_gift")
    if _is_other_language(reading.text, language):
        signals.add("other_language")
    elif not (reading.present or names_the_case or goodbye) and is_unintelligible(words, language):
        signals.add("unintelligible")
    return Observation(
        event=Event.REPLY,
        behaviours=reading.present,
        signals=frozenset(signals),
        quotes={b.id: b.evidence[0].text for b in reading.behaviours if b.is_present and b.evidence},
        asked=_questions(reading),
        language=language,
        fingerprint=_fingerprint(words),
        on_topic=_is_brief(words) or is_nod(words),
        is_brief=_is_brief(words),
        is_goodbye=goodbye,
    )


def _fingerprint(words: str) -> int:
    """0 for a nod and for signs without words: nobody minds hearing "I see" again."""
    letters = "".join(_LETTER.findall(words))
    return crc32(letters.encode()) if letters and not is_nod(words) else 0


def _is_brief(words: str) -> bool:
    """Whether it is hardly more than "I see": nothing that could be beside the point."""
    return 0 < len(_LETTER.findall(words)) < LEAST_REPEATED


def event_only(event: Event, language: str) -> Observation:
    """Silence, a time-out or hanging up: nothing was said."""
    return Observation(event=event, language=language)


def _questions(reading: Reading) -> str:
    """The sentences that ask something, plain."""
    spans = [e for b in reading.behaviours if b.id in _QUESTIONING for e in b.evidence]
    is_marked = bool(_ANY_MARK.search(reading.text))
    pattern, asks = (_SENTENCE, _MARK) if is_marked else (_SPOKEN_CLAUSE, _ASKS)
    asked = [
        match.group()
        for match in pattern.finditer(reading.text)
        if match.group() and (asks.search(match.group()) or _overlaps(match, spans))
    ]
    return plain(" ".join(asked))


def _overlaps(match: re.Match[str], spans: list[Evidence]) -> bool:
    return any(span.start < match.end() and match.start() < span.end for span in spans)


def _is_other_language(text: str, language: str) -> bool:
    """Whether hardly anything is in the customer's language; a short word or a name is no other language."""
    han = len(_HAN.findall(text))
    letters = len(_ALPHABETIC.findall(text))
    if letters < 6:
        return False
    return han / letters < 0.1 if language == "zh" else han / letters > 0.5
