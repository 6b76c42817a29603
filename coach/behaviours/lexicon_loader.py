"""The phrase lists of `lexicon/*.yaml`, compiled once per language.

In a pattern `…` is a gap inside one clause, `……` a wider gap inside one sentence, and `{NAME}` stands for a macro of
the same file. English patterns match whole words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from re import _parser as syntax  # type: ignore[attr-defined]
from typing import Any

import yaml

from coach.domain.behaviour import BEHAVIOURS

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER = Path(__file__).parent / "lexicon"
_MACRO = re.compile(r"\{([A-Z][A-Z_]*)\}")
_MOST_NEEDS = 32  # looking for more strings than this takes longer than the search it spares
_GAPS = {
    "zh": ("[^,。.;!?\n]{0,8}?", "[^。.;!?\n]{0,22}?"),
    "en": ("[^,.;!?\n]{0,28}?", "[^.;!?\n]{0,70}?"),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase. `needs`: text without any of these strings cannot match, which spares most searches."""

    behaviour: str
    regex: re.Pattern[str]
    is_strong: bool
    needs: tuple[str, ...]
    source: str

    def may_match(self, text: str) -> bool:
        for need in self.needs:
            if need in text:
                return True
        return not self.needs


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The patterns of one language, and named cue expressions that other rules ask for."""

    language: str
    patterns: tuple[Pattern, ...]
    vetoes: dict[str, re.Pattern[str]]
    cues: dict[str, re.Pattern[str]]


@lru_cache(maxsize=2)
def lexicon(language: str) -> Lexicon:
    """The lexicon for "zh" or "en"; ValueError names the file, behaviour and pattern that cannot be used."""
    raw = load(FOLDER / f"{language}.yaml")
    macros = _expanded(raw.get("macros", {}))
    patterns = []
    for behaviour, lists in raw["behaviours"].items():
        if behaviour not in BEHAVIOURS:
            raise ValueError(f"{language}.yaml: no such behaviour: {behaviour}")
        for strength in ("strong", "weak"):
            for source in lists.get(strength) or ():
                patterns.append(_pattern(behaviour, source, macros, language, strength == "strong"))
    vetoes = {
        behaviour: _compiled(_whole_words("|".join(f"(?:{v})" for v in lists["not"]), language), macros, language)
        for behaviour, lists in raw["behaviours"].items()
        if lists.get("not")
    }
    cues = {
        name: _compiled("|".join(f"(?:{v})" for v in alternatives), macros, language)
        for name, alternatives in raw["cues"].items()
    }
    return Lexicon(language, tuple(patterns), vetoes, cues)


def load(path: Path) -> Any:
    """The plain values of a YAML file of ours."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, in C where there is one


def _expanded(macros: dict[str, str]) -> dict[str, str]:
    """Macros may use macros above them."""
    done: dict[str, str] = {}
    for name, source in macros.items():
        done[name] = _fill(source, done)
    return done


def _fill(source: str, macros: dict[str, str]) -> str:
    return _MACRO.sub(lambda found: f"(?:{macros[found.group(1)]})", source)


def _compiled(source: str, macros: dict[str, str], language: str) -> re.Pattern[str]:
    short, long = _GAPS[language]
    return re.compile(_fill(source, macros).replace("……", long).replace("…", short))


def _whole_words(source: str, language: str) -> str:
    return rf"(?<!\w)(?:{source})(?!\w)" if language == "en" else source


def _pattern(behaviour: str, source: str, macros: dict[str, str], language: str, is_strong: bool) -> Pattern:
    try:
        regex = _compiled(_whole_words(source, language), macros, language)
    except (re.error, KeyError) as problem:
        raise ValueError(f"{language}.yaml, {behaviour}: {source!r}: {problem}") from problem
    return Pattern(behaviour, regex, is_strong, _needs(regex.pattern), source)


def _needs(pattern: str) -> tuple[str, ...]:
    """Strings of which every match holds at least one; () when none can be told."""
    best = _needed(syntax.parse(pattern))
    return tuple(sorted(best)) if best else ()


def _needed(tree: Any) -> set[str] | None:
    """The most telling set of alternatives among the parts that must all be there."""
    candidates: list[set[str]] = []
    run = ""
    for operation, value in tree:
        name = str(operation)
        if name == "LITERAL":
            run += chr(value)
            continue
        if run:
            candidates.append({run})
            run = ""
        if name == "SUBPATTERN":
            inner = _needed(value[-1])
        elif name == "BRANCH":
            inner = _needed_of_branches(value[1])
        elif name == "MAX_REPEAT" and value[0] >= 1:
            inner = _needed(value[2])
        else:
            inner = None
        if inner:
            candidates.append(inner)
    if run:
        candidates.append({run})
    usable = [c for c in candidates if len(c) <= _MOST_NEEDS and all(s.strip() for s in c)]
    return max(usable, key=lambda c: (min(len(s) for s in c) >= 2, -len(c), min(len(s) for s in c)), default=None)


def _needed_of_branches(branches: list[Any]) -> set[str] | None:
    together: set[str] = set()
    for branch in branches:
        inner = _needed(branch)
        if inner is None:
            return None
        together |= inner
    return together
