"""The mood curve as numbers for the template: one column a turn, a dot above its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.domain.language import Language
from coach.domain.rehearsal import Turn


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The mood after a turn. `label` such as "Turn 3"; `because` is one sentence, "" if nothing moved.

    `delta` is what anger did in this turn (None at the start); `is_key` marks the turn to talk about.
    """

    label: str
    anger: int
    patience: int
    delta: int | None = None
    because: str = ""
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A point with its place in per cent of the plot, y downwards."""

    point: CurvePoint
    x: float
    anger_y: int
    patience_y: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """`anger_path` and `patience_path` are SVG path data in a box of 100 by 100."""

    placed: tuple[Placed, ...]
    anger_path: str
    patience_path: str


def draw(points: Sequence[CurvePoint]) -> Curve:
    width = 100 / max(1, len(points))
    last = len(points) - 1
    placed = tuple(
        Placed(point, round(i * width, 2), 100 - point.anger, 100 - point.patience, i == last)
        for i, point in enumerate(points)
    )
    return Curve(
        placed,
        _path([(p.x, p.anger_y) for p in placed]),
        _path([(p.x, p.patience_y) for p in placed]),
    )


def _path(places: list[tuple[float, int]]) -> str:
    """Level at each dot, so that the line never overshoots what was measured."""
    if not places:
        return ""
    (x, y), *rest = places
    data = f"M{x:g} {y}"
    for next_x, next_y in rest:
        middle = (x + next_x) / 2
        data += f"C{middle:g} {y} {middle:g} {next_y} {next_x:g} {next_y}"
        x, y = next_x, next_y
    return data


def points_of(
    turns: Iterable[Turn], language: Language, start: str, turn: str, key: int | None = None
) -> list[CurvePoint]:
    """The points of a rehearsal. `start` and `turn` are the translated labels, `turn` with `%(n)s` in it;
    `key` is the `seq` of the turn to talk about."""
    points = []
    for t in turns:
        moved = sorted((c for c in t.changes if c.what == "anger"), key=lambda change: -abs(change.delta))
        reasons = moved or list(t.changes)
        points.append(
            CurvePoint(
                label=start if t.seq == 0 else turn % {"n": t.seq},
                anger=t.mood.anger,
                patience=t.mood.patience,
                delta=None if t.seq == 0 else sum(change.delta for change in moved),
                because=reasons[0].because.within(language) if reasons else "",
                is_key=t.seq == key,
            )
        )
    return points
