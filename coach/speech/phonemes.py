"""Text to the phonemes that Kokoro was trained on. Runs in the speaking worker; jieba and misaki load on first use."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from coach.speech import chinese_text, english_text
from coach.speech.espeak_phonemes import NoPhonemes, english_ipa

# Kokoro writes diphthongs and affricates as one letter each. Longest first.
_IPA = {
    "aɪɚ": "Iəɹ", "aɪə": "Iə", "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "dʒ": "ʤ", "tʃ": "ʧ", "ɚ": "əɹ",
    "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə", "ɬ": "l", "ʔ": "t",
}  # fmt: skip
_AMERICAN = {"oʊ": "O", "ɜː": "ɜɹ", "ɝ": "ɜɹ", "ɪə": "iə", "ɾ": "T", "ː": "", "e": "A"}
_BRITISH = {"əʊ": "Q", "eə": "ɛː", "iə": "ɪə", "e": "ɛ"}
# Mandarin voices were trained on open diphthongs; given those, a recogniser hears WiFi and VIP where it heard nonsense
_OPENED = str.maketrans({"A": "ei", "I": "ai", "W": "au", "O": "ou", "Y": "ɔi"})
_PAUSES = re.compile(r"([;:,.!?—…()\"]+)")
_LATIN = re.compile(r"[A-Za-z][A-Za-z' .]*[A-Za-z]|[A-Za-z]")
_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "诶 必 西 地 伊 艾弗 计 艾尺 艾 杰 开 艾勒 艾姆 恩 欧 屁 克尤 阿尔 艾丝 提 优 维 达不溜 艾克斯 歪 贼".split(),  # noqa: SIM905 - one line is easier to check
        strict=True,
    )
)


def english(text: str, *, british: bool = False) -> str:
    """Phonemes of English text, punctuation kept where it makes a pause. NoPhonemes without a source of IPA."""
    said = []
    for piece in _PAUSES.split(english_text.readable(text).replace(" - ", " — ")):
        if _PAUSES.fullmatch(piece):
            said.append(piece[0] + " ")
        elif any(c.isalnum() for c in piece):
            said.append(_mapped(english_ipa()(piece.strip(), british=british), british))
    return re.sub(r"\s+([;:,.!?…)])", r"\1", re.sub(r"\s+", " ", "".join(_spaced(said)))).strip()


def chinese(text: str) -> str:
    """Phonemes of Chinese text; Latin stretches are read as English, or letter by letter without English phonemes."""
    simplified = _to_simplified().convert(text)
    result, end = [], 0
    readable = chinese_text.readable(simplified)
    for match in _LATIN.finditer(readable):
        result += [_hanzi(readable[end : match.start()]), f" {_foreign(match.group())} "]
        end = match.end()
    result.append(_hanzi(readable[end:]))
    return re.sub(r"\s+", " ", "".join(result)).strip()


def use_cache(folder: Path) -> None:
    """Where jieba keeps its parsed dictionary. Its own choice is the shared temporary folder, where anybody could
    leave a prepared file for it to load."""
    import jieba  # type: ignore[import-untyped]

    folder.mkdir(parents=True, exist_ok=True)
    jieba.setLogLevel(30)
    jieba.dt.tmp_dir = str(folder)


def _spaced(parts: list[str]) -> list[str]:
    return [part if part[:1] in ';:,.!?—…)"' else " " + part for part in parts]


def _foreign(words: str) -> str:
    try:
        return english(words).translate(_OPENED)
    except NoPhonemes:
        return _hanzi("".join(_LETTERS.get(c, "") for c in words.upper()))


def _hanzi(text: str) -> str:
    if not text.strip():
        return ""
    said, _ = _g2p()(text.replace("～", "").replace("—", "，").replace("…", "，"))
    return str(said)


def _mapped(ipa: str, british: bool) -> str:
    text = ipa.replace("̩", "").replace("̃", "").replace("_", "").replace("͡", "")
    text = _table(british).sub(lambda match: _rows(british)[match.group()], text)
    # espeak leaves "I" without stress, and Kokoro then swallows it: "have called four times"
    return re.sub(r"(?<!\S)I(?=[a-zəɛ]?\b)", "ˌI", text)


@cache
def _rows(british: bool) -> dict[str, str]:
    return {**_IPA, **(_BRITISH if british else _AMERICAN)}


@cache
def _table(british: bool) -> re.Pattern[str]:
    return re.compile("|".join(sorted(_rows(british), key=len, reverse=True)))


@cache
def _g2p() -> Any:
    from misaki.zh import ZHG2P

    return ZHG2P()


@cache
def _to_simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
