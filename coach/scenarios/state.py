"""Where a call stands: everything the engine needs to go on, as a value that survives JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = 1


@dataclass(frozen=True, slots=True)
class State:
    """The state after a step.

    `seen` counts the replies in which a behaviour or signal happened, `first` is the turn of its first time,
    `fired` counts how often a mood rule worked, `said` holds a fingerprint of each reply, `used` the line ids so far.
    `astray`: the reply before was `off_script`.
    """

    stage: str
    turn: int
    turns_here: int
    anger: int
    patience: int
    seen: Mapping[str, int]
    first: Mapping[str, int]
    facts: frozenset[str]
    used: tuple[str, ...]
    fired: Mapping[str, int]
    said: frozenset[int]
    ended: str = ""
    astray: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON with a format number; `from_json` gives an equal state back."""
        return {
            "format": FORMAT,
            "stage": self.stage,
            "turn": self.turn,
            "turns_here": self.turns_here,
            "anger": self.anger,
            "patience": self.patience,
            "seen": dict(self.seen),
            "first": dict(self.first),
            "facts": sorted(self.facts),
            "used": list(self.used),
            "fired": dict(self.fired),
            "said": sorted(self.said),
            "ended": self.ended,
            "astray": self.astray,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        """The state that was saved; ValueError for a format this version does not know."""
        if data.get("format") != FORMAT:
            raise ValueError(f"state has format {data.get('format')!r}, this version reads {FORMAT}")
        return cls(
            stage=data["stage"],
            turn=data["turn"],
            turns_here=data["turns_here"],
            anger=data["anger"],
            patience=data["patience"],
            seen=dict(data["seen"]),
            first=dict(data["first"]),
            facts=frozenset(data["facts"]),
            used=tuple(data["used"]),
            fired=dict(data["fired"]),
            said=frozenset(data["said"]),
            ended=data["ended"],
            astray=data.get("astray", False),  # not in states saved before it was looked at
        )
