"""Calls as people would take them: the replies of all shipped play-tests, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.config import read_config
from coach.domain.scenario import Scenario
from coach.scenarios.loader import load_folder
from coach.scenarios.playtest import LANGUAGES, MoveShape, find_playtests, load_playtest

TYPICAL = {"zh": range(35, 51), "en": range(25, 38)}
"""Length of an ordinary reply: characters or words."""


@dataclass(frozen=True, slots=True)
class SampleCall:
    """What an agent says, move by move; "" is silence and None is hanging up."""

    scenario: str
    language: str
    seed: int
    replies: tuple[str | None, ...]


def scenarios() -> Mapping[str, Scenario]:
    """The shipped scenarios by id."""
    return {one.scenario.id: one.scenario for one in load_folder(read_config().scenarios) if one.scenario}


def sample_calls() -> list[SampleCall]:
    """Every play-test in every language, languages in turn."""
    tests = [load_playtest(path) for path in find_playtests(read_config().scenarios / "playtests")]
    return [
        SampleCall(test.scenario, language, test.seed, tuple(_reply(move, language) for move in test.moves))
        for test in tests
        for language in LANGUAGES
    ]


def _reply(move: MoveShape, language: str) -> str | None:
    if move.say is not None:
        return move.say.en if language == "en" else move.say.zh
    return None if move.hang_up else ""


def typical_replies(language: str) -> list[str]:
    """The different replies of ordinary length."""
    said = {reply for call in sample_calls() if call.language == language for reply in call.replies if reply}
    return sorted(reply for reply in said if _length(reply, language) in TYPICAL[language])


def _length(reply: str, language: str) -> int:
    return len(reply) if language == "zh" else len(reply.split())
