"""Text as the words in scenario files are written: simplified, lower case, ordinary width."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

import opencc


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    return opencc.OpenCC("t2s")


def plain(text: str) -> str:
    """The text in that spelling. It need not be as long as before."""
    simplified: str = _simplifier().convert(unicodedata.normalize("NFKC", text).replace("’", "'"))
    return simplified.lower()
