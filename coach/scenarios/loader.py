"""Loading scenario files. A broken file is reported with all its findings; the others still load."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from coach.domain.scenario import Scenario
from coach.errors import BadScenario
from coach.rubrics.findings import Finding, Severity, in_order
from coach.rubrics.strict_yaml import Places, examine_yaml
from coach.scenarios.build import build_scenario
from coach.scenarios.linter import lint
from coach.scenarios.references import loose_ends
from coach.scenarios.schema import DefaultsShape, ScenarioShape

Shape = TypeVar("Shape", bound=BaseModel)

_SUFFIX = ".yaml"
_FIXES: Mapping[str, tuple[str, str]] = {
    "missing": ("missing-field", "Add it; docs/scenario-format.md shows what it holds."),
    "extra_forbidden": ("unknown-field", "Check how it is spelt; a sentence with a comma in it needs quotes."),
    "literal_error": ("unknown-word", "Use one of the words it names."),
    "enum": ("unknown-word", "Use one of the words it names."),
    "string_pattern_mismatch": ("bad-id", "Use lower-case letters, digits and hyphens; text may not be blank."),
    "too_short": ("too-few", "Add what is missing."),
    "too_long": ("too-many", "Take some out."),
}


_REASONS: Mapping[str, str] = {
    "model_type": "fields are wanted here, each on a line of its own",
    "dict_type": "fields are wanted here, each on a line of its own",
    "list_type": "a list is wanted here",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file: its scenario (None when it has errors), its exact text and everything found in it."""

    file: str
    source: str
    scenario: Scenario | None
    findings: tuple[Finding, ...]


def load_folder(folder: Path) -> tuple[Loaded, ...]:
    """Every `*.yaml` directly in the folder, by name. Ids that two files share are findings of the second."""
    defaults = load_defaults(folder / "defaults")
    loaded = [load_file(path, defaults) for path in sorted(folder.glob(f"*{_SUFFIX}"))]
    return _without_collisions(loaded)


def load_file(path: Path, defaults: str) -> Loaded:
    """One scenario file; never raises for what is in it."""
    try:
        source = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        finding = _error("unreadable", 0, "", f"the file cannot be read as UTF-8: {error}.", "Save it as UTF-8.")
        return Loaded(path.name, "", None, (finding,))
    loaded = load_text(source, defaults, file=path.name)
    if loaded.scenario and loaded.scenario.id + _SUFFIX != path.name:
        reason = f"the id is {loaded.scenario.id} but the file is called {path.name}."
        finding = _error("file-name", 1, "id", reason, "Give the file the name of the id.")
        return Loaded(path.name, source, None, (*loaded.findings, finding))
    return loaded


def load_text(source: str, defaults: str, *, file: str = "") -> Loaded:
    """A scenario from its text and that of the shared defaults (as `load_defaults` gives it)."""
    shape, places, findings = _shape(ScenarioShape, source)
    if shape is None:
        ends = [
            _error("unknown-target", places.line(path), ".".join(map(str, path)), reason, "Name one, or add it.")
            for path, reason in loose_ends(examine_yaml(source).value)
        ]
        return Loaded(file, source, None, in_order((*findings, *ends)))
    scenario = build_scenario(shape, _defaults(defaults), _hash(source, defaults))
    findings = in_order((*findings, *lint(scenario, places)))
    broken = any(finding.is_error for finding in findings)
    return Loaded(file, source, None if broken else scenario, findings)


def rebuild(source: str, defaults: str) -> Scenario | None:
    """A scenario that was once loaded from these texts, by the shape of the files alone: what the checks have learnt
    to find since then does not take away what people rehearsed. None when even the shape is unknown by now."""
    shape, _, _ = _shape(ScenarioShape, source)
    try:
        return build_scenario(shape, _defaults(defaults), _hash(source, defaults)) if shape else None
    except BadScenario:
        return None


def load_defaults(folder: Path) -> str:
    """The shared rules and reactions as one text, files in the order of their names. BadScenario if one is broken."""
    texts = [_sound(path) for path in sorted(folder.glob(f"*{_SUFFIX}"))]
    return _SEPARATOR.join(texts)


def _sound(path: Path) -> str:
    """The text of a file of shared defaults. BadScenario names the file and everything found in it."""
    try:
        source = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise BadScenario(f"{path.parent.name}/{path.name}: cannot be read as UTF-8: {error}") from error
    shape, _, findings = _shape(DefaultsShape, source)
    if shape is None:
        told = " ".join(map(str, findings))
        raise BadScenario(f"{path.parent.name}/{path.name}: {told}", findings=findings)
    return source


_SEPARATOR = "\n# ---- next file ----\n"


@lru_cache(maxsize=32)
def _defaults(joined: str) -> DefaultsShape:
    shapes = []
    for source in joined.split(_SEPARATOR) if joined else []:
        shape, _, findings = _shape(DefaultsShape, source)
        if shape is None:
            raise BadScenario(f"shared defaults: {findings[0]}", findings=findings)
        shapes.append(shape)
    return DefaultsShape(
        always=[way for shape in shapes for way in shape.always],
        reactions=[reaction for shape in shapes for reaction in shape.reactions],
        mood=[rule for shape in shapes for rule in shape.mood],
    )


def _shape(model: type[Shape], source: str) -> tuple[Shape | None, Places, tuple[Finding, ...]]:
    document = examine_yaml(source)
    if document.value is None:
        nothing = _error("empty-file", 0, "", "there is nothing in the file.", "Start from an existing file.")
        return None, document.places, document.findings or (nothing,)
    try:
        shape = model.model_validate(document.value)
    except ValidationError as error:
        found = [_from_pydantic(detail, document.places) for detail in error.errors(include_url=False)]
        return None, document.places, in_order((*document.findings, *found))
    return (None if document.findings else shape), document.places, document.findings


def _from_pydantic(detail: Any, places: Places) -> Finding:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    code, fix = _FIXES.get(detail["type"], ("wrong-value", "Correct it; docs/scenario-format.md shows what it holds."))
    reason = _REASONS.get(detail["type"], detail["msg"])
    return _error(code, places.line(path), ".".join(map(str, path)), f"{reason}.", fix)


def _error(code: str, line: int, path: str, reason: str, fix: str) -> Finding:
    return Finding(code, Severity.ERROR, line, path, reason, fix)


def _hash(source: str, defaults: str) -> str:
    return hashlib.sha256(f"{source}\0{defaults}".encode()).hexdigest()


def _without_collisions(loaded: list[Loaded]) -> tuple[Loaded, ...]:
    taken: dict[str, str] = {}
    result = []
    for one in loaded:
        if one.scenario is None:
            result.append(one)
            continue
        other = taken.setdefault(one.scenario.id, one.file)
        if other != one.file:
            finding = _error("id-taken", 1, "id", f"{other} has the same id.", "Give one of them another id.")
            result.append(Loaded(one.file, one.source, None, (*one.findings, finding)))
        else:
            result.append(one)
    return tuple(result)
