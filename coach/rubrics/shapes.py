"""From Pydantic's errors to findings that a writer can act on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from coach.rubrics.findings import Finding, Severity
from coach.rubrics.strict_yaml import Path, Places


def findings_of(error: ValidationError, places: Places, model: type[BaseModel]) -> list[Finding]:
    """One finding for each error, at the line where the value stands. `model` is what the text was checked against."""
    names = _field_names(model, set())
    return [_finding(detail, places, names) for detail in error.errors(include_url=False)]


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant, or ""."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), "")


def _finding(detail: ErrorDetails, places: Places, names: frozenset[str]) -> Finding:
    where: Path = detail["loc"]
    at, last = ".".join(str(part) for part in where), str(where[-1]) if where else ""
    line = places.line(where)
    if detail["type"] == "missing":
        return Finding("missing-field", Severity.ERROR, line, at, f"{last!r} is missing here.", f"Add {last}: …")
    if detail["type"] == "extra_forbidden":
        meant = closest(last, names - {last})
        fix = f"Did you mean {meant!r}?" if meant else "Delete it."
        return Finding("unknown-field", Severity.ERROR, line, at, f"{last!r} is not a field here.", fix)
    reason = detail["msg"].removeprefix("Value error, ").removesuffix(".") + "."
    given = str(detail["input"])
    shown = given if len(given) <= 40 else given[:40] + "…"
    return Finding("wrong-value", Severity.ERROR, line, at, reason, f"Change {shown!r}.")


def _field_names(model: type[BaseModel], visited: set[type[BaseModel]]) -> frozenset[str]:
    return frozenset(_walk(model, visited))


def _walk(model: type[BaseModel], visited: set[type[BaseModel]]) -> Iterator[str]:
    if model in visited:
        return
    visited.add(model)
    for name, info in model.model_fields.items():
        yield info.alias or name
        for inner in _models_in(info.annotation):
            yield from _walk(inner, visited)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)
