"""Times a customer could hold the agent to, and amounts of money, in the order of the text."""
# ruff: noqa: E501 - an alternation is easier to check on one line than folded

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from coach.behaviours.numerals import chinese_number, english_number
from coach.behaviours.plain import Plain
from coach.domain.behaviour import AmountSlot, TimeSlot

_N = r"(?:(?<!\d)\d{1,6}(?:\.\d{1,3})?(?!\d)|[零一二两俩三仨四五六七八九十百半几]{1,6})"
_TO = r"(?:-|~|—|–|到|至|或)"
_DAY = (
    r"(?:今天|今日|今晚|今夜|今早|今儿|明天|明日|明早|明晚|明儿|后天|大后天|当天|当日|隔天|"
    r"(?:本|这|下|下个|这个)?(?:周|星期|礼拜)[一二三四五六日天末]|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]|"
    r"(?<!\d)\d{1,2}号(?![线楼院门店机柜窗桌厅座位])|(?:这|本)?月底|(?:这|本)?周末|年底|(?:下|本|这)(?:个)?(?:周|月|星期|礼拜)(?:内|底)?)"
)
_PART = r"(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|晚间|晌午)"
_CLOCK = (
    r"(?:(?<!\d)\d{1,2}(?:点|时(?!候|间|刻))(?!了)(?:半|整|一刻|三刻|\d{1,2}分?|钟)?|(?<!\d)\d{1,2}:\d{2}(?!\d)|"
    r"[一二两三四五六七八九十]{1,3}点(?:半|整|一刻|三刻|[零一二三四五]?十?[一二三四五六七八九十]分?|钟)?)(?![儿滴心子])"
)
_ZH_DURATION = re.compile(
    rf"(?:(?P<low>{_N})(?:个)?{_TO})?(?P<n>{_N})(?:个)?(?P<half>半)?(?P<unit>秒钟?|分钟|分(?=之?内|以内)|小时|钟头|钟(?=之?内)|天|日(?=之?内|以?内)|"
    r"(?:个)?工作[日天]|星期|礼拜|周|(?<=个)月)(?P<half2>半)?(?P<edge>之内|以内|内|里|之后|以后|后|左右|之前|前)?"
)
_ZH_CLOCK = re.compile(
    rf"(?P<day>{_DAY})?(?:的)?(?P<part>{_PART})?(?P<clock>{_CLOCK})?(?:下班|收工|打烊|放学|开门|关门)?(?P<edge>之前|以前|前|之内|内|左右|整)?"
)
_ZH_START = re.compile(rf"{_DAY}|{_PART}|{_CLOCK}|下班(?:之)?前|收工前|打烊前")
_NOT_A_CLOCK = re.compile(r"[慢差早晚多好快有大小高低轻重]一点$")
_MINUTES = {
    "秒": 1 / 60,
    "分": 1,
    "小": 60,
    "钟": 60,
    "天": 1440,
    "日": 1440,
    "工": 1440,
    "星": 10080,
    "礼": 10080,
    "周": 10080,
    "月": 43200,
}

_W = (
    r"(?:(?<!\d)\d{1,6}(?:\.\d{1,3})?(?!\d)|(?:a |the )?(?:couple of|few|half an|half a)|(?:twenty|thirty|forty|fifty|sixty|ninety)(?:[ -](?:one|two|three|four|five|"
    r"six|seven|eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|eighteen|an|a|the)"
)
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|wks?|months?|fortnight)"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:(?<=on )|(?<=by )|(?<=next )|(?<=this ))(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?=[ ,.)]|$)|(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?= \d)"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)"
_EN_CLOCK = (
    r"(?:\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.?|p\.m\.?|o'?clock)|\d{1,2}:\d{2}|(?:half|half past|quarter past|quarter to|ten past|ten to|twenty past|twenty to|five past|five to) "
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'?clock|"
    r"noon|midday|midnight|lunch ?time|close of (?:business|play)|cob|eod|end of (?:the )?(?:day|week|month)|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:am|pm|tonight|today|tomorrow))"
)
_EN_DAY = (
    rf"(?:(?:this|next|on) )?(?:{_WEEKDAY})(?: (?:morning|afternoon|evening|night|lunch ?time))?|today|tonight|tomorrow(?: (?:morning|afternoon|evening|night|lunch ?time))?|this (?:morning|afternoon|evening|week)|"
    rf"next week|(?:the )?\d{{1,2}}(?:st|nd|rd|th)(?: of)?(?: {_MONTH})?|\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|the (?:"
    r"eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[ -]\w+th)"
)
_EN_DURATION = re.compile(
    rf"\b(?P<edge>within|inside|in under|under|in|no (?:more|longer) than|at most|over) (?:the )?(?:next )?(?:about )?(?:(?P<low>{_W})(?:\s?(?:–|to|or)\s?|(?<!ty)\s?-\s?))?(?P<n>{_W})?[\s-]?"
    rf"(?P<work>working |business |clear )?(?P<unit>{_UNIT})\b(?!'? ago)|"
    rf"\b(?P<low2>{_W})(?:\s?(?:-|–|to)\s?)(?P<n2>{_W}) (?P<work2>working |business )?(?P<unit2>{_UNIT})\b|\b(?P<n3>{_W})[ -](?P<work3>working|business) (?P<unit3>days?)\b|"
    rf"(?<!for )(?<!been )(?<!of )\b(?:give me |in )?(?P<n4>{_W})[ -](?P<unit4>minutes?|mins?|hours?|hrs?|days?)\b(?! (?:ago|late|old|of|on|early|notice|wait|without|after|since))"
)
_EN_CLOCK_DAY = re.compile(
    rf"\b(?P<edge>no later than|by|before|at|until|till|from|on|after|around|first thing)? ?(?:the )?(?:(?P<clock>{_EN_CLOCK})(?:,? (?:on )?(?P<day>{_EN_DAY}))?|(?P<day2>{_EN_DAY})(?:,? (?:at|by|before|around) (?P<clock2>{_EN_CLOCK}|\d{{1,2}}))?)(?!\w)"
    r"|\b(?P<edge2>by|before|at|about|around|between|from) (?P<clock3>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})(?=$|[,.;!?]| (?:today|tomorrow|tonight|sharp|and|on|latest|at the latest|every|then|i|we|he|she|so|with|and \d|to \d|and (?:one|two|three|four|five|six|seven|eight|nine|ten)|to (?:see|check|confirm|make|say|tell|let)))"
)
_EN_MINUTES = {"s": 1 / 60, "mi": 1, "h": 60, "d": 1440, "w": 10080, "mo": 43200, "f": 20160}

_MONEY_N = r"(?:(?<![\d,])\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?|(?<!\d)\d{1,9}(?:\.\d{1,2})?|[零一二两三四五六七八九十百千万]{1,8})"
_ZH_MONEY = re.compile(
    rf"(?P<sign>[¥$£€]|nt\$|hk\$|人民币|港币|新台币|台币)\s?(?P<n1>\d[\d,]*(?:\.\d{{1,2}})?)|(?P<n2>{_MONEY_N})(?:多)?(?P<unit>美元|港元|港币|欧元|英镑|日元|新台币|台币|元|块钱?|圆)(?P<tail>[一二三四五六七八九\d](?![\d零十百千万])(?:毛|角|(?=[,。!?;我您你全退给也的就马已都,]|$)))?"
    r"|(?<![\d一二三四五六七八九十百千万零第两])(?P<n3>[一二两三四五六七八九](?:千|百|万)[一二三四五六七八九])(?=[,。!?;吧吗呢]|$)"
    r"|(?:赔偿?|补偿?|退|返|还|给|付|收|扣)(?:您|你|我们|我|了|给您|给你)(?P<n4>[一二两三四五六七八九]{1,2}(?:千|百|万)[一二三四五六七八九]?)(?=[,。!?;吧吗呢]|$)"
)
_WORD_MONEY = (
    r"(?:(?:a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|"
    r"eight|nine|hundred|thousand)){0,4})"
)
_EN_MONEY = re.compile(
    rf"(?P<sign>[£$€¥]|(?:usd|gbp|eur|rmb|cny) ?)(?P<n1>\d[\d,]*(?:\.\d{{1,2}})?)|\b(?P<n2>\d[\d,]*(?:\.\d{{1,2}})?|{_WORD_MONEY})[ -]?(?P<unit>pounds?|quid|dollars?|bucks?|euros?|yuan|rmb|pence|cents?|gbp|usd|eur)\b"
)
_CURRENCY = {
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "quid": "GBP", "pence": "GBP", "$": "", "usd": "USD", "dollar": "", "buck": "", "cent": "",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "¥": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "元": "CNY", "块": "CNY", "圆": "CNY", "人民币": "CNY",
    "美元": "USD", "港元": "HKD", "港币": "HKD", "hk$": "HKD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "新台币": "TWD", "台币": "TWD", "nt$": "TWD",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Time:
    """A time in plain text. `is_deadline`: the words set an end to it (之内, 前, by, within)."""

    start: int
    end: int
    minutes: float | None
    is_deadline: bool


def times(text: str, language: str) -> tuple[Time, ...]:
    """Times of the future named in plain text, in order, without overlaps; a bare "last Tuesday" or 昨天 is none."""
    found = list(_chinese_times(text) if language == "zh" else _english_times(text))
    return tuple(_without_overlaps(found))


def _without_overlaps(found: list[Time]) -> Iterator[Time]:
    end = 0
    for time in sorted(found, key=lambda t: (t.start, -t.end)):
        if time.start >= end:
            yield time
            end = time.end


def _chinese_times(text: str) -> Iterator[Time]:
    for match in _ZH_DURATION.finditer(text):
        amount = chinese_number(match["n"])
        edge = match["edge"] or ""
        if amount is None or edge in ("前", "之前") or text[match.end() : match.end() + 1] == "前":
            continue
        if match["half"] or match["half2"]:
            amount += 0.5
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        if before in tuple("第这那连了断延每请满差慢多晚半") or (not edge and after in tuple("的多前")):
            continue  # 第二天, 这七天, 三天的: told, not promised
        unit = match["unit"].removeprefix("个")[0]
        yield Time(match.start(), match.end(), round(amount * _MINUTES[unit], 2), edge not in ("", "左右"))
    for start in _ZH_START.finditer(text):
        clock = _ZH_CLOCK.match(text, start.start())
        if (
            clock is None
            or clock.end() == start.start()
            or re.search(r"[昨前去上]天?$", text[max(0, start.start() - 2) : start.start()])
        ):
            continue
        if not clock["day"] and not clock["clock"] and not clock["edge"]:
            continue
        if text[clock.end() : clock.end() + 1] in tuple("起的") or _NOT_A_CLOCK.search(
            text, start.start() - 1, clock.end()
        ):
            continue
        yield Time(start.start(), clock.end(), None, bool(clock["edge"]) and clock["edge"] not in ("左右", "整"))


def _english_times(text: str) -> Iterator[Time]:
    for match in _EN_DURATION.finditer(text):
        group = match.groupdict()
        words = group["n"] or group["n2"] or group["n3"] or group["n4"] or "a"
        unit = group["unit"] or group["unit2"] or group["unit3"] or group["unit4"]
        amount = english_number(words)
        if amount is None or unit is None:
            continue
        size = _EN_MINUTES[unit[:2] if unit[:2] in ("mi", "mo") else unit[0]]
        yield Time(match.start(), match.end(), round(amount * size, 2), group["edge"] not in (None, "over"))
    for match in _EN_CLOCK_DAY.finditer(text):
        edge = match["edge"] or match["edge2"] or ""
        if (edge in ("from", "after", "until", "till") and not match["clock"]) or re.search(
            r"\b(?:last|since|every|on)$", text[: match.start()].rstrip()[-6:]
        ):
            continue
        start = match.start() + (len(match.group()) - len(match.group().lstrip()))
        yield Time(start, match.end(), None, edge in ("by", "before", "no later than"))


@dataclass(frozen=True, slots=True)
class Amount:
    start: int
    end: int
    value: float
    currency: str


@lru_cache(maxsize=1)
def _zh_units() -> tuple[str, ...]:
    return tuple(sorted(_CURRENCY, key=len, reverse=True))


def amounts(text: str, language: str) -> tuple[Amount, ...]:
    """Money named in plain text; percentages and plain numbers are none."""
    pattern = _ZH_MONEY if language == "zh" else _EN_MONEY
    number = chinese_number if language == "zh" else english_number
    found = []
    for match in pattern.finditer(text):
        group = match.groupdict()
        words = next(w for name in ("n1", "n2", "n3", "n4") if (w := group.get(name)))
        value = number(words)
        if value is None:
            continue
        unit = (group["sign"] or group["unit"] or "元").strip()  # 一千五: money is spoken of without its name
        currency = next((code for mark in _zh_units() if unit.startswith(mark) for code in (_CURRENCY[mark],)), "")
        if unit.startswith(("pence", "cent")):
            value /= 100
        if tail := (group.get("tail") or "").rstrip("毛角"):
            value += (number(tail) or 0) / 10
        start = match.start("n4") if group.get("n4") else match.start()
        found.append(Amount(start, match.end(), round(value, 2), currency))
    return tuple(found)


def time_slots(plain: Plain, found: tuple[Time, ...]) -> tuple[TimeSlot, ...]:
    return tuple(
        TimeSlot(e.start, e.end, e.text, t.minutes) for t in found if (e := plain.evidence(t.start, t.end)).text
    )


def amount_slots(plain: Plain, found: tuple[Amount, ...]) -> tuple[AmountSlot, ...]:
    return tuple(
        AmountSlot(e.start, e.end, e.text, a.value, a.currency)
        for a in found
        if (e := plain.evidence(a.start, a.end)).text
    )
