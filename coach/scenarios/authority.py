"""Whether a reply promises more than the policy card allows: more money, or something sooner.

Looked at clause by clause, with and without the help of the reader: a promise that the reader missed still binds. What
is declined ("a thousand is more than I may give"), asked, or said back to the customer is no promise.
"""

from __future__ import annotations

import re

from coach.domain.behaviour import Reading
from coach.domain.scenario import Authority
from coach.scenarios.plain import plain

_CLAUSE_END = re.compile(r"[，,。！？!?；;\n]|\.(?=\s|$)|\bbut\b")
_PROMISING = ("remedy", "compensate", "timeframe", "follow_up", "overpromise", "own")

# Words that make money a gift on top, for which the coupon limit holds; money back has the larger limit of the two.
_ON_TOP = re.compile(r"赔|补偿|补您|送您|券|红包|减免|抵扣|compensat|goodwill|voucher|coupon|gift|credit")
_BACK = re.compile(r"退|返还|refund|pay (?:you )?back|money back|return")
_GIVING = re.compile(r"给您|付您|退|返还|打到|refund|give you|get you|offer you|pay you|send you|money back")

_DECLINED = re.compile(
    r"超出|超过|权限|做不了主|批不|给不了|办不了|没法|没有办法|不能|无法|不可能|最多|"
    r"can't|cannot|can not|unable|not able|not allowed|more than|beyond|above|over my|won't|wouldn't"
)
_THEIRS = re.compile(
    r"您(?:要|想|说|提|希望|要求)|你(?:要|想|说|提)|要求|you (?:want|ask|asked|said|mention|demand)|you're asking"
)
_ASKED = re.compile(r"[?？]\s*$|吗|是不是|是吧")


def exceeds(authority: Authority, reading: Reading, language: str) -> bool:
    """Whether any amount or time in the reply is promised and not allowed."""
    return _too_much(authority, reading, language) or _too_early(authority, reading, language)


def _too_much(authority: Authority, reading: Reading, language: str) -> bool:
    refund, coupon = authority.refund_limit.get(language) or 0.0, authority.coupon_limit.get(language) or 0.0
    for amount in reading.amounts:
        clause = plain(_clause(reading.text, amount.start))
        if not _is_promise(clause):
            continue
        on_top = bool(_ON_TOP.search(clause)) and not _BACK.search(clause)
        if amount.value > (coupon if on_top else max(refund, coupon)) and (
            on_top or _GIVING.search(clause) or _is_evidence(reading, amount.start, amount.end)
        ):
            return True
    return False


def _too_early(authority: Authority, reading: Reading, language: str) -> bool:
    for slot in reading.times:
        clause = plain(_clause(reading.text, slot.start))
        if slot.latest_minutes is None or not _is_promise(clause):
            continue
        for earliest in authority.earliest:
            if slot.latest_minutes < earliest.minutes and any(w in clause for w in earliest.words.get(language, ())):
                return True
    return False


def _is_promise(clause: str) -> bool:
    return not (_DECLINED.search(clause) or _THEIRS.search(clause) or _ASKED.search(clause))


def _is_evidence(reading: Reading, start: int, end: int) -> bool:
    return any(
        e.start <= start and end <= e.end
        for b in reading.behaviours
        if b.is_present and b.id in _PROMISING
        for e in b.evidence
    )


def _clause(text: str, place: int) -> str:
    """The clause around a place, with the mark that ends it."""
    before = max((m.end() for m in _CLAUSE_END.finditer(text, 0, place)), default=0)
    after = _CLAUSE_END.search(text, place)
    return text[before : after.end() if after else len(text)]
