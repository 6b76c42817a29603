"""Names that lead nowhere, found in a file whose shape is still wrong, so that a writer sees everything at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coach.domain.scenario import EndingKind
from coach.rubrics.strict_yaml import Path

KINDS = frozenset(f"@{kind.value}" for kind in EndingKind)


def loose_ends(value: object) -> Iterator[tuple[Path, str]]:
    """(place, reason) of each start, way out and `hang_up_to` that names no stage and no ending. Never raises."""
    if not isinstance(value, dict):
        return
    stages, endings = _ids(value.get("stages")), _ids(value.get("endings"))
    start = value.get("start")
    if isinstance(start, str) and stages and start not in stages:
        yield ("start",), f"there is no stage {start}."
    known = stages | endings | KINDS
    for path, to in _targets(value):
        if stages and to not in known:
            yield path, f"there is no stage or ending {to}."


def _targets(value: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for number, way in _items(value.get("always")):
        if isinstance(way.get("to"), str):
            yield ("always", number), way["to"]
    for place, stage in _items(value.get("stages")):
        if isinstance(stage.get("hang_up_to"), str):
            yield ("stages", place, "hang_up_to"), stage["hang_up_to"]
        for number, way in _items(stage.get("go")):
            if isinstance(way.get("to"), str):
                yield ("stages", place, "go", number), way["to"]


def _ids(entries: object) -> set[str]:
    return {entry["id"] for _, entry in _items(entries) if isinstance(entry.get("id"), str)}


def _items(entries: object) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield number, entry
