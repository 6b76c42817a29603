"""From rubric files to rubric packs. Everything that is wrong with a file is reported at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from coach.domain.language import Text
from coach.domain.rubric import CriticalRule, FaultRule, OrderRule, Part, RubricPack, Step
from coach.errors import BadRubric
from coach.rubrics.findings import Finding, Severity, in_order
from coach.rubrics.linter import lint
from coach.rubrics.schema import OrderEntry, PartEntry, RubricFile, StepEntry, TextEntry
from coach.rubrics.script import in_all_scripts
from coach.rubrics.shapes import findings_of
from coach.rubrics.strict_yaml import examine_yaml

MAX_BYTES = 256 * 1024


def check_pack(text: str) -> tuple[RubricPack | None, tuple[Finding, ...]]:
    """The pack, or None when there are errors, and all findings by line. Warnings alone do not stop a pack."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        fix = f"Keep it within {MAX_BYTES:,} bytes."
        return None, (Finding("too-big", Severity.ERROR, 0, "", "the file is too big for a rubric.", fix),)
    document = examine_yaml(text)
    findings = list(document.findings)
    entry: RubricFile | None = None
    if not (document.value is None and findings):
        try:
            entry = RubricFile.model_validate(document.value)
        except ValidationError as error:
            findings += findings_of(error, document.places, RubricFile)
    if entry is not None:
        findings += lint(entry, document.places)
    if entry is None or any(finding.is_error for finding in findings):
        return None, in_order(findings)
    return _pack(entry, content_hash(text)), in_order(findings)


def load_pack(text: str) -> RubricPack:
    """The pack in the text; BadRubric with `details["findings"]` when it has errors."""
    pack, findings = check_pack(text)
    if pack is None:
        raise BadRubric(_summary(findings), findings=findings)
    return pack


def load_packs(folder: Path) -> dict[str, RubricPack]:
    """Every `*.yaml` in the folder by id, in order of the file names, which are the ids.

    BadRubric when any file has errors: `details["files"]` maps each such file name to its findings and
    `details["findings"]` holds all of them.
    """
    packs: dict[str, RubricPack] = {}
    wrong: dict[str, tuple[Finding, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        pack, findings = check_file(path)
        if pack is None:
            wrong[path.name] = findings
        else:
            packs[pack.id] = pack
    if wrong:
        message = "; ".join(f"{name}: {_summary(findings)}" for name, findings in wrong.items())
        raise BadRubric(message, files=wrong, findings=tuple(f for findings in wrong.values() for f in findings))
    return packs


def check_file(path: Path) -> tuple[RubricPack | None, tuple[Finding, ...]]:
    """As `check_pack`, for a file; its name must be the id of the pack."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        fix = "Save the file as UTF-8."
        return None, (Finding("not-unicode", Severity.ERROR, 0, "", "the file is not UTF-8.", fix),)
    pack, findings = check_pack(text)
    if pack is not None and pack.id != path.stem:
        reason = f"the file is called {path.name} but the pack {pack.id!r}."
        named = Finding("id-not-file-name", Severity.ERROR, 0, "id", reason, f"Rename the file to {pack.id}.yaml.")
        return None, in_order([*findings, named])
    return pack, findings


def content_hash(text: str) -> str:
    """SHA-256 of the text in hexadecimal; line ends and a byte order mark make no difference."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _summary(findings: tuple[Finding, ...]) -> str:
    errors = [finding for finding in findings if finding.is_error]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0]}{more}"


def _pack(entry: RubricFile, hash: str) -> RubricPack:
    return RubricPack(
        id=entry.id,
        version=entry.version,
        hash=hash,
        name=_text(entry.name),
        about=_text(entry.about),
        pass_mark=entry.pass_mark,
        steps=tuple(map(_step, entry.steps)),
        order=tuple(map(_order, entry.order)),
        faults=tuple(FaultRule(f.id, f.points, f.at_most) for f in entry.faults),
        critical=tuple(CriticalRule(c.id, frozenset(c.any), _text(c.because)) for c in entry.critical),
    )


def _step(entry: StepEntry) -> Step:
    return Step(
        id=entry.id,
        name=_text(entry.name),
        about=_text(entry.about),
        weight=entry.weight,
        parts=tuple(map(_part, entry.parts)),
        spoiled_by=frozenset(entry.spoiled_by),
        fault_cost=entry.fault_cost,
        demanded_by=frozenset(entry.demanded_by),
    )


def _part(entry: PartEntry) -> Part:
    return Part(entry.id, frozenset(entry.any), entry.share, _text(entry.name), entry.by_reply)


def _order(entry: OrderEntry) -> OrderRule:
    first, then = frozenset(entry.first), frozenset(entry.then)
    return OrderRule(entry.id, entry.step, first, then, entry.cost, _text(entry.because))


def _text(entry: TextEntry) -> Text:
    return in_all_scripts(entry.zh, entry.en, entry.hant or "")
