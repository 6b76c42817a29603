"""Traditional Chinese derived from simplified."""

from __future__ import annotations

from functools import lru_cache

from opencc import OpenCC

from coach.domain.language import Text

# OpenCC keeps 賬, which Taiwan writes 帳.
_TAIWAN = str.maketrans({"“": "「", "”": "」", "‘": "『", "’": "』", "賬": "帳"})

# Where OpenCC's phrases are those of computing and ours are of the call floor: what it writes -> what is meant.
_PHRASES = {
    "許可權": "權限",
    "繫結": "綁定",
    "結束通話": "掛斷",
    "找社群": "找社區",
    "開啟過": "打開過",
    "使用者": "用戶",
}


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("s2twp")


@lru_cache(maxsize=20_000)
def traditional(simplified: str) -> str:
    """The same words in Taiwan's script and vocabulary, with its quotation marks."""
    converted = str(_converter().convert(simplified)).translate(_TAIWAN)
    for written, meant in _PHRASES.items():
        converted = converted.replace(written, meant)
    return converted


def in_all_scripts(zh: str, en: str, hant: str = "") -> Text:
    """The sentence in three scripts; `hant` is derived unless it is given."""
    return Text(zh=zh, en=en, hant=hant or traditional(zh))


@lru_cache(maxsize=1)
def _characters() -> OpenCC:
    return OpenCC("s2tw")


def same_words_traditional(simplified: str) -> str:
    """Exactly the words that somebody said, in traditional characters: the vocabulary stays the speaker's."""
    return str(_characters().convert(simplified))
