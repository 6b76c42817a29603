"""English text as it is read aloud: amounts, codes, telephones, times and dates become words.

Plain whole numbers stay digits: the phonemes engine reads those well.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_MONEY = {"£": ("pound", "penny", "pence"), "$": ("dollar", "cent", "cents"), "€": ("euro", "cent", "cents"),
          "¥": ("yuan", "", ""), "￥": ("yuan", "", "")}  # fmt: skip
_SCALES = {"k": " thousand", "m": " million", "bn": " billion"}
_CODE_WORDS = (
    r"(?:order|reference|ref|case|ticket|account|invoice|booking|tracking|confirmation|customer|complaint|claim|policy|"
    r"flight|room|extension|ext|pin|code|number|no|ending(?: in)?|ID)"
)
_SHORT = {"Mr": "Mister", "Mrs": "Missus", "Dr": "Doctor", "approx": "approximately", "vs": "versus", "St": "Street"}


def readable(text: str) -> str:
    """The text with money, codes, times and signs written out."""
    text = text.translate(str.maketrans("‘’“”–", "''\"\"-"))
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return re.sub(r"\s+", " ", text).strip()


def _spell(code: str) -> str:
    """A1-20 → A one, two zero: letters stay, digits one by one, a short pause where the writer put a break."""
    groups = (g for g in re.split(r"[\s\-()+/.]+", code) if g)
    return ", ".join(" ".join(_WORDS[int(c)] if c.isdigit() else c for c in group) for group in groups)


def _long_code(code: str) -> str:
    """Codes over five digits without breaks get a pause every three or four, as people do."""
    if not code.isdigit() or len(code) <= 5:
        return _spell(code)
    size = 4 if len(code) % 4 == 0 else 3
    return ", ".join(_spell(code[i : i + size]) for i in range(0, len(code), size))


def _money(match: re.Match[str]) -> str:
    sign, whole, part, scale = match.groups()
    one, cent, cents = _MONEY[sign]
    whole = whole.replace(",", "")
    if scale:
        return f"{whole}{'.' + part if part else ''}{_SCALES[scale.lower()]} {_plural(one, 2)}"
    if not part or not int(part) or not cents:
        return f"{whole} {_plural(one, int(whole))}"
    small = int(part.ljust(2, "0")[:2])
    said = f"{small} {cent if small == 1 else cents}"
    return said if not int(whole) else f"{whole} {_plural(one, int(whole))} {small}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 or word == "yuan" else word + "s"


def _time(match: re.Match[str]) -> str:
    hour, minute, half = match.groups()
    half = " " + " ".join(half.replace(".", "").upper()) if half else ""
    if minute == "00":
        full = "o'clock" if 0 < int(hour) < 13 else "hundred"
        return f"{int(hour)}{half}" if half else f"{int(hour)} {full}"
    return f"{int(hour)} {'oh ' if minute[0] == '0' else ''}{int(minute)}{half}"


def _iso_date(match: re.Match[str]) -> str:
    year, month, day = (int(part) for part in match.groups())
    return f"{day}{_ordinal(day)} of {_MONTHS[month - 1]} {_year(year)}"


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _year(year: int) -> str:
    if 2000 <= year < 2010 or year % 100 == 0:
        return str(year)
    return f"{year // 100} {'oh ' if year % 100 < 10 else ''}{year % 100}"


def _rule(pattern: str, replacement: Callable[[re.Match[str]], str], flags: re.RegexFlag = re.NOFLAG) -> _Rule:
    return re.compile(pattern, flags), replacement


_RULES: tuple[_Rule, ...] = (
    _rule(r"([£$€¥￥])\s?(\d+(?:,\d{3})*)(?:\.(\d{1,2}))?\s?(k|m|bn)?(?![\w])", _money, re.I),
    _rule(r"(?<!\d)((?:19|20)\d\d)-(1[0-2]|0[1-9])-(3[01]|[12]\d|0[1-9])(?!\d)", _iso_date),
    _rule(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:\s?([ap]\.?m\b\.?))?", _time, re.I),
    _rule(r"\b(\d{1,2})\s?([ap])\.?m\b\.?", lambda m: f"{m.group(1)} {m.group(2).upper()} M", re.I),
    _rule(rf"\b({_CODE_WORDS})(\.?\s?(?:is|was|:|#|number|no\.?)?\s?)([A-Z]{{0,4}}-?\d[\d-]{{2,}}\d)(?![\d.,]*\d)(?!\s?%)",
          lambda m: f"{m.group(1)}{m.group(2).replace('#', '')} {_long_code(m.group(3))}", re.I),
    _rule(r"(?<!\w)#\s?(\d+)", lambda m: f"number {_long_code(m.group(1)) if len(m.group(1)) > 3 else m.group(1)}"),
    _rule(r"(?<!\w)\+\d{1,3}(?:[ -]\(?\d{2,5}\)?){2,4}(?!,?\d)", lambda m: _spell(m.group())),
    _rule(r"(?<![\w.,])\+?\(?0?\d{2,5}\)?(?:[ -]\d{3,6}){1,3}(?!,?\d)", lambda m: _spell(m.group())),
    _rule(r"(?<![\w.,])0\d{3,}(?!\d)", lambda m: _long_code(m.group())),
    _rule(r"(?<![\w.,])\d{7,}(?![\d,])", lambda m: _long_code(m.group())),
    _rule(r"\b([A-Z]{1,4})-?(\d{2,})\b", lambda m: _spell(f"{m.group(1)} {m.group(2)}").replace(",", "")),
    _rule(r"\b(1[1-9]|20)(\d\d)\b(?!\s?(?:%|people|times|orders|customers|pounds|dollars|euros|yuan|calls))",
          lambda m: _year(int(m.group()))),
    _rule(r"(?<=\d),(?=\d{3})", lambda _: ""),
    _rule(r"(\d)\s?%", lambda m: f"{m.group(1)} percent"),
    _rule(r"(?<=\d)\s?-\s?(?=\d)", lambda _: " to "),
    _rule(r"\b24/7\b", lambda _: "24 7"),
    _rule(r"\b1/2\b", lambda _: "half"),
    _rule(r"(?<=\w)/(?=\w)", lambda _: " or "),
    _rule(r"\s?&\s?", lambda _: " and "),
    _rule(r"\s?@\s?", lambda _: " at "),
    _rule(r"(?<=\d)\s?\+\s?(?=\d)", lambda _: " plus "),
    _rule(r"\s?=\s?", lambda _: " equals "),
    _rule(r"\b(Mr|Mrs|Dr|approx|vs)\b\.?", lambda m: _SHORT[m.group(1)]),
    _rule(r"\be\.g\.,?", lambda _: "for example"),
    _rule(r"\bi\.e\.,?", lambda _: "that is"),
)  # fmt: skip
