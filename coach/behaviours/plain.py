"""Plain text: one spelling for matching, with the way back to what was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from coach.domain.behaviour import Evidence

_APOSTROPHES = "’‘ʼ`´＇"
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_HAN_CHARS = re.compile(f"[{_HAN}]")
_LETTERS = re.compile(r"[^\W\d_]")
_PAUSE = re.compile(rf"(?<=[{_HAN}])[ \t]+(?=[{_HAN}])")
_FILLER_SPACE = re.compile(r"\s")
_SENTENCE_END = re.compile(r"[。.!?;\n]+")
_PIECE = 64  # code points per piece when two spellings differ in length; keeps the alignment linear


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` is what rules match; `origin[i]` is the place in `original` where `text[i]` comes from."""

    original: str
    text: str
    origin: Sequence[int]

    def evidence(self, start: int, end: int) -> Evidence:
        """The words of the original behind `text[start:end]`, without white space at either end."""
        text = self.text
        while start < end and text[start] in " ,。.;!?\n":
            start += 1
        while end > start and text[end - 1] in " ,。.;!?\n":
            end -= 1
        if end <= start:
            return Evidence(0, 0, "")
        first, last = self.origin[start], self.origin[end - 1] + 1
        return Evidence(first, last, self.original[first:last])

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The bounds of the sentence around `text[start:end]`."""
        return _around(self.text, start, end, "。.!?;\n")

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The bounds of the clause around `text[start:end]`."""
        return _around(self.text, start, end, "。.!?;,\n:")


def _around(text: str, start: int, end: int, marks: str) -> tuple[int, int]:
    left, right = start, end
    while left > 0 and start - left < 200 and not _is_mark(text, left - 1, marks):
        left -= 1
    while right < len(text) and right - end < 200 and not _is_mark(text, right, marks):
        right += 1
    return left, right


def _is_mark(text: str, at: int, marks: str) -> bool:
    """A stop between digits (38.60, 1,200, 9:12) ends nothing."""
    if text[at] not in marks:
        return False
    between_digits = 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()
    return not between_digits


def language_of(text: str) -> str:
    """ "zh" when at least a fifth of the letters are Han characters (each says a word), else "en"."""
    letters = len(_LETTERS.findall(text))
    han = len(_HAN_CHARS.findall(text))
    return "zh" if han and han * 5 >= letters else "en"


def plain(text: str) -> Plain:
    """Folds width, case, apostrophes and script; invisible characters vanish. Works for any str."""
    folded, origin = _fold_all(text)
    if not folded.isascii():
        folded, origin = _simplify(folded, origin)
        folded = _PAUSE.sub(lambda gap: "," * len(gap.group()), folded)
    return Plain(text, folded, origin)


def _fold_all(text: str) -> tuple[str, Sequence[int]]:
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.replace("`", "'").lower(), range(len(text))
    out: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        for folded in _fold(char):
            if folded == " " and out and out[-1] == " ":
                continue  # phrases are written with single spaces
            out.append(folded)
            origin.append(at)
    return "".join(out), origin


@lru_cache(maxsize=8192)
def _fold(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if char in "\n\r\u2028\u2029":
        return "\n"
    if char in "、，":
        return ","
    if char == "～":
        return "~"
    kind = unicodedata.category(char)
    if kind in ("Cf", "Mn"):  # zero-width marks, direction marks, variation selectors
        return ""
    if kind in ("Cc", "Cs", "Co", "Cn"):
        return " "
    if char == "…":
        return "."
    folded = unicodedata.normalize("NFKC", char)
    lower = folded.lower()
    return lower if len(lower) == len(folded) else folded


def _simplify(text: str, origin: Sequence[int]) -> tuple[str, Sequence[int]]:
    if not _HAN_CHARS.search(text) or _converter("t2s").convert(text) == text:
        return text, origin
    converter = _converter("tw2sp")  # also turns Taiwan's words (軟體) into the mainland's (软件)
    parts: list[str] = []
    places: list[int] = []
    for start, piece in _pieces(text):
        changed: str = converter.convert(piece)
        parts.append(changed)
        places.extend(origin[start + at] for at in _alignment(piece, changed))
    return "".join(parts), places


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while start < len(text):
        end = min(len(text), start + _PIECE)
        if end < len(text):
            cut = max(text.rfind(mark, start, end) for mark in ",。!? ")
            end = cut + 1 if cut > start else end
        yield start, text[start:end]
        start = end


def _alignment(before: str, after: str) -> Sequence[int]:
    """For each character of `after` the index in `before` it stems from."""
    if len(before) == len(after):
        return range(len(before))
    simple = _converter("t2s").convert(before)
    simple = simple if len(simple) == len(before) else before
    places: list[int] = []
    for _, b1, b2, a1, a2 in SequenceMatcher(None, simple, after, autojunk=False).get_opcodes():
        places.extend(min(b1 + step, max(b2 - 1, b1), len(before) - 1) for step in range(a2 - a1))
    return places


@lru_cache(maxsize=2)
def _converter(name: str) -> Any:
    from opencc import OpenCC  # 10 ms to import; replies in English never need it

    return OpenCC(name)
