"""Traditional Chinese from simplified, for what authors did not write themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import opencc


@lru_cache(maxsize=1)
def _converter() -> Any:
    return opencc.OpenCC("s2twp")


@lru_cache(maxsize=20_000)
def to_traditional(text: str) -> str:
    """The text in traditional characters with Taiwanese wording, and 「」 for quotation marks."""
    converted: str = _converter().convert(text)
    return converted.replace("“", "「").replace("”", "」").replace("‘", "『").replace("’", "』")
