"""The voices that scenarios may name, and what is used when a name is not known."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType

KNOWN_VOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "zh": (
            "zf_xiaoxiao",
            "zf_xiaobei",
            "zf_xiaoni",
            "zf_xiaoyi",
            "zm_yunjian",
            "zm_yunxi",
            "zm_yunxia",
            "zm_yunyang",
        ),
        "en": (
            "af_heart",
            "af_bella",
            "af_nicole",
            "af_sarah",
            "am_michael",
            "am_fenrir",
            "am_puck",
            "bf_emma",
            "bf_isabella",
            "bm_george",
        ),
    }
)
"""Spoken language → voice names. Second letter: f female, m male; first: z Mandarin, a American, b British.
The first of a language is its default."""

LANGUAGES: tuple[str, ...] = tuple(KNOWN_VOICES)

_log = logging.getLogger(__name__)
_told: set[tuple[str, str]] = set()


def resolve_voice(voice: str, language: str) -> str:
    """The voice itself, or the default of the language when it is not one of that language (logged once a name)."""
    known = KNOWN_VOICES[language]
    if voice in known:
        return voice
    if voice and (voice, language) not in _told:
        _told.add((voice, language))
        _log.warning("voice %r is not known for %s; %s speaks instead", voice[:40], language, known[0])
    return known[0]
