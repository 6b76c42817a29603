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
_PAUSES = re.compile(r"([;:,.!?—…]+)")
_BRACKETS = str.maketrans({"(": ",", ")": ",", '"': " "})
_SHORT_VOWEL = chr(0x32F)  # the mark under the second half of a diphthong
# characters with several readings that the dictionaries get wrong in sentences of complaints
_READINGS = (
    (
        "dei3",
        r"(?<=[我你您他她们还就都也又总先])得(?=等|给|去|找|打|投诉|说|问|再|多|赔|退|负责|解决|自己|花|跑|亲自|重新|把|让|交|付|"
        r"排|来|看|想|换|走|听|用|马上|赶紧|尽快)",
    ),
    ("huan2", r"还(?=钱|款|清|贷|给|[我他她你您]们?的?钱)"),
    ("chang2", r"长(?=时间)"),
)
# espeak says (cmn) when it changes language, and writes marks that Kokoro does not know
_MARKS = re.compile("\\([a-z-]+\\)|[\u0303\u0329\u0361_]")
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
    for piece in _PAUSES.split(english_text.readable(text).translate(_BRACKETS).replace(" - ", " — ")):
        if _PAUSES.fullmatch(piece):
            said.append(piece[0] + " ")
        elif any(c.isalnum() for c in piece):
            said.append(_mapped(english_ipa()(piece.strip(), british=british), british))
    return re.sub(r"\s+([;:,.!?…])", r"\1", re.sub(r"\s+", " ", "".join(_spaced(said)))).strip()


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
    return [part if part[:1] in ";:,.!?—…" else " " + part for part in parts]


def _foreign(words: str) -> str:
    try:
        return english(words).translate(_OPENED)
    except NoPhonemes:
        return _hanzi("".join(_LETTERS.get(c, "") for c in words.upper()))


def _hanzi(text: str) -> str:
    if not text.strip():
        return ""
    said, end = [], 0
    for match in _readings().finditer(text := text.replace("～", "").replace("—", "，").replace("…", "，")):
        said += [
            _by_dictionary(text[end : match.start()]),
            f" {_g2p().py2ipa(match.lastgroup).replace(_SHORT_VOWEL, '')} ",
        ]
        end = match.end()
    return "".join([*said, _by_dictionary(text[end:])])


def _by_dictionary(text: str) -> str:
    return str(_g2p()(text)[0]) if text.strip() else ""


@cache
def _readings() -> re.Pattern[str]:
    """One group a reading, named by its pinyin."""
    return re.compile("|".join(f"(?P<{pinyin}>{pattern})" for pinyin, pattern in _READINGS))


def _mapped(ipa: str, british: bool) -> str:
    text = _MARKS.sub("", ipa)
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
