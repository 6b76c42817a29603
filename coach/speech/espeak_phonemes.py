"""English phonemes from espeak-ng, as IPA.

espeak-ng is GPL-3 and therefore a plug-in: it is loaded at run time from a package of its own, only here and in the
espeak speaker. Without it English cannot be spoken, and `english_ipa` says so; another source of IPA can stand in.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import Protocol

from coach.errors import SpeechUnavailable

_UTF8 = 1
_IPA = 0x02
_SYNCHRONOUS = 0x02
_BRITISH, _AMERICAN = "en", "en-us"  # espeak-ng calls plain British "en"


class Ipa(Protocol):
    def __call__(self, words: str, *, british: bool) -> str:
        """IPA of a few English words without punctuation."""


class NoPhonemes(SpeechUnavailable):
    """The plug-in is not installed or cannot be loaded."""


def missing() -> str:
    """What is not installed, in words; "" when English phonemes are available."""
    return "" if importlib.util.find_spec("espeakng_loader") else "package not installed: espeakng-loader"


def espeak_paths() -> tuple[str, str]:
    """The shared library, and the folder that holds `espeak-ng-data`; NoPhonemes when not installed."""
    try:
        import espeakng_loader

        return espeakng_loader.get_library_path(), str(Path(espeakng_loader.get_data_path()).parent)
    except Exception as error:  # the loader raises RuntimeError, OSError or plain Exception
        raise NoPhonemes(f"espeak-ng cannot be loaded: {error}") from error


@cache
def english_ipa() -> Ipa:
    """The source of phonemes; NoPhonemes when there is none. One per process, used from one thread."""
    return _Espeak()


class _Espeak:
    def __init__(self) -> None:
        library, data = espeak_paths()
        try:
            self._lib = ctypes.CDLL(library)
        except OSError as error:
            raise NoPhonemes(f"espeak-ng cannot be loaded: {error}") from error
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._lib.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
        if self._lib.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), 0) < 0:
            raise NoPhonemes("espeak-ng did not start")
        self._voice = ""

    def __call__(self, words: str, *, british: bool) -> str:
        self._use(_BRITISH if british else _AMERICAN)
        rest = ctypes.c_char_p(words.encode())
        parts = []
        while rest.value:
            parts.append((self._lib.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA) or b"").decode())
        return " ".join(filter(None, parts))

    def _use(self, voice: str) -> None:
        if voice != self._voice:
            if self._lib.espeak_SetVoiceByName(voice.encode()):
                raise NoPhonemes(f"espeak-ng has no voice {voice}")
            self._voice = voice
