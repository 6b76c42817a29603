"""Languages of pages and calls, and text that exists in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language a person reads. Calls are spoken in Mandarin or English (`spoken`)."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"

    @property
    def spoken(self) -> str:
        """`"zh"` or `"en"`: the language as scenario files, readers and voices name it."""
        return "en" if self is Language.EN else "zh"

    @classmethod
    def of(cls, tag: str) -> Language:
        """The language for a tag such as `zh`, `zh-TW`, `zh_Hans_CN` or `en-GB`; ValueError otherwise."""
        parts = tag.replace("_", "-").lower().split("-")
        if parts[0] == "en":
            return cls.EN
        if parts[0] == "zh":
            traditional = "hant" in parts or ("hans" not in parts and bool({"tw", "hk", "mo"} & set(parts)))
            return cls.ZH_HANT if traditional else cls.ZH_HANS
        raise ValueError(f"no such language: {tag}")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in the three scripts. `hant` is derived by the loader unless the author wrote it."""

    zh: str
    en: str
    hant: str = ""

    def within(self, language: Language) -> str:
        if language is Language.EN:
            return self.en
        if language is Language.ZH_HANT:
            return self.hant or self.zh
        return self.zh
