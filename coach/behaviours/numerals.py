"""Numbers as people write and say them in Chinese and English. None where a word is not a number."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3, "〇": 0, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_ENGLISH: dict[str, float] = {word: float(value) for value, word in enumerate(_SMALL.split())}
_ENGLISH.update(twenty=20, thirty=30, forty=40, fifty=50, sixty=60, seventy=70, eighty=80, ninety=90)
_ENGLISH.update(a=1, an=1, the=1, half=0.5, couple=2, few=3)
_JOINTS = re.compile(r"[\s-]+")
_LONGEST = 18


def chinese_number(words: str) -> float | None:
    """386, 3.5, 三十, 两百五, 一千零二十, 半, 十几 (its upper end); None for anything else."""
    words = words.replace(",", "").strip()
    if not words or len(words) > _LONGEST:
        return None
    if re.fullmatch(r"\d+(?:\.\d+)?", words):
        return float(words)
    if words == "半":
        return 0.5
    if words.endswith("几"):
        tens = chinese_number(words[:-1]) if len(words) > 1 else 0.0
        return None if tens is None else tens + 9
    if words.startswith("几"):
        rest = chinese_number("一" + words[1:]) if len(words) > 1 else 1.0
        return None if rest is None else rest * 9
    if all(c in _DIGITS for c in words):
        return _spoken_digits(words)
    return _with_units(words)


def _spoken_digits(words: str) -> float:
    """三八六 is 386; 两三 and 一二 are a guess whose upper end counts."""
    if len(words) == 2 and _DIGITS[words[1]] == _DIGITS[words[0]] + 1:
        return float(_DIGITS[words[1]])
    return float("".join(str(_DIGITS[c]) for c in words))


def _with_units(words: str) -> float | None:
    total, section, digit, last_unit = 0, 0, 0, 1
    for char in words:
        if char in _DIGITS:
            digit = _DIGITS[char]
            last_unit = 1 if char == "零" else last_unit
        elif char == "万":
            total, section, digit, last_unit = (section + digit) * 10_000, 0, 0, 10_000
        elif char in _UNITS:
            section += (digit or 1) * _UNITS[char]
            digit, last_unit = 0, _UNITS[char]
        else:
            return None
    if digit and last_unit >= 100:  # 两百五 is 250
        digit *= last_unit // 10
    return float(total + section + digit)


def english_number(words: str) -> float | None:
    """386, 1,200, twenty-four, a, half, a couple of; None for anything else."""
    words = words.replace(",", "").strip().lower()
    if re.fullmatch(r"\d{1,12}(?:\.\d+)?", words):
        return float(words)
    total, seen = 0.0, False
    for word in _JOINTS.split(words):
        if word in ("of", "and", ""):
            continue
        if word == "hundred":
            total = (total or 1) * 100
        elif word == "thousand":
            total = (total or 1) * 1000
        elif word in ("a", "an", "the") and len(words.split()) > 1:
            continue
        elif word in _ENGLISH:
            total += _ENGLISH[word]
        else:
            return None
        seen = True
    return total if seen else None
