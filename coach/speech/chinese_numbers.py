"""Numbers as a Mandarin speaker says them."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")


def digits(number: str, *, one: str = "一") -> str:
    """Each digit by itself: 2026 → 二零二六. `one` is 幺 for telephones and codes."""
    return "".join(one if d == "1" else _DIGITS[int(d)] for d in number)


def cardinal(number: str) -> str:
    """How many: 386 → 三百八十六, 3.50 → 三点五, 0.99 → 零点九九. Numbers over 16 digits are read digit by digit."""
    whole, _, fraction = number.replace(",", "").partition(".")
    fraction = fraction.rstrip("0")
    said = digits(whole) if len(whole) > 16 else _whole(int(whole or "0"))
    return f"{said}点{digits(fraction)}" if fraction else said


def counted(number: str) -> str:
    """Before a measure word, where 2 is 两: 2 → 两, 12 → 十二, 200 → 两百, 20000 → 两万."""
    said = cardinal(number)
    if said == "二":
        return "两"
    return "两" + said[1:] if said[:2] in ("二百", "二千", "二万", "二亿") else said


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    said, position, gap = "", 0, False
    while number:
        number, group = divmod(number, 10_000)
        if group:
            said = _group(group) + _GROUPS[position] + ("零" if gap and said else "") + said
            gap = group < 1000
        elif said:
            gap = True
        position += 1
    return said[1:] if said.startswith("一十") else said


def _group(number: int) -> str:
    """1..9999."""
    said, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if zero else "") + _DIGITS[digit] + _UNITS[place]
        zero = bool(said) and (digit == 0)
    return said
