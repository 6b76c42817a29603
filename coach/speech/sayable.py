"""What may be spoken: plain words. Markup and pictures are taken out before any engine sees the text."""

from __future__ import annotations

import re
import unicodedata

from coach.errors import BadInput, BadText, TextTooLong
from coach.speech.voices import LANGUAGES

MAX_CHARACTERS = 600
"""About two minutes of speech; lines of scenarios are far shorter."""

_MARKUP = re.compile(r"<!--.*?-->|</?[A-Za-z!?][^<>]{0,300}>", re.S)
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{1,500}\)")
_ORNAMENT = re.compile(r"[*_`~#|^\\{}\[\]]+")
_SPACE = re.compile(r"\s+")
_PAUSE_ONLY = re.compile(r"[\s…—–.。·,，-]+")
_PICTURES = frozenset({"So", "Sk", "Cs", "Co", "Cn", "Cc", "Cf"})
_SPOKEN_SIGNS = "°℃℉№"


def sayable(text: str, language: str) -> str:
    """The words to speak on one line, or "" for a line that is only a pause such as "……".

    BadText when there is nothing to say, TextTooLong over MAX_CHARACTERS, BadInput for a language that no voice has.
    """
    if language not in LANGUAGES:
        raise BadInput(f"no voice speaks {language[:20]!r}")
    if len(text) > MAX_CHARACTERS * 4:
        raise TextTooLong(f"{len(text)} characters; at most {MAX_CHARACTERS} can be spoken")
    words = _plain(text)
    if len(words) > MAX_CHARACTERS:
        raise TextTooLong(f"{len(words)} characters; at most {MAX_CHARACTERS} can be spoken")
    if any(character.isalnum() for character in words):
        return words
    if "…" in words or _PAUSE_ONLY.fullmatch(words):
        return ""
    raise BadText("there are no words to speak")


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", _MARKUP.sub(" ", text))
    text = text.replace("&nbsp;", " ").replace("&lt;", " ").replace("&gt;", " ").replace("&amp;", "&")
    text = "".join(c if _is_spoken(c) else " " for c in text)
    return _SPACE.sub(" ", _ORNAMENT.sub(lambda m: _kept(m, text), text)).strip()


def _is_spoken(character: str) -> bool:
    return character in _SPOKEN_SIGNS or unicodedata.category(character) not in _PICTURES


def _kept(match: re.Match[str], text: str) -> str:
    """`#` before a number and `~` between numbers mean something; the rest is ornament."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if match.group() == "#" and after.isdigit():
        return "#"
    if match.group() == "~" and before.isdigit() and after.isdigit():
        return "~"
    return " "
