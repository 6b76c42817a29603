"""The behaviours by name, and a sentence that tells a trainee why one was marked."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from coach.behaviours.lexicon_loader import FOLDER, load
from coach.domain.language import Text

_QUOTE_LIMIT = 60


@lru_cache(maxsize=1)
def _entries() -> dict[str, Any]:
    entries: dict[str, Any] = load(FOLDER / "behaviours.yaml")
    return entries


def name(id: str) -> Text:
    """The name of a behaviour; KeyError for an id the codebook does not have."""
    entry = _entries()[id]["name"]
    return Text(entry["zh"], entry["en"], _traditional(entry["zh"]))


def kind(id: str) -> str:
    """ "act" or "fault"; KeyError for an id the codebook does not have."""
    return str(_entries()[id]["kind"])


def explain(id: str, quote: str) -> Text:
    """One sentence on what these words do; a long quote is shortened in the middle. KeyError for an unknown id."""
    entry = _entries()[id]["explain"]
    shown = _shortened(quote)
    zh, en = entry["zh"].replace("{quote}", shown), entry["en"].replace("{quote}", shown)
    hant = _traditional(entry["zh"]).replace("{quote}", shown)
    return Text(zh, en, hant)


def _shortened(quote: str) -> str:
    if len(quote) <= _QUOTE_LIMIT:
        return quote
    half = _QUOTE_LIMIT // 2
    return f"{quote[:half].rstrip()}…{quote[-half:].lstrip()}"


@lru_cache(maxsize=128)
def _traditional(zh: str) -> str:
    return str(_converter().convert(zh))


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC  # loading its tables takes a while; asked for only when a page shows traditional text

    return OpenCC("s2twp")
