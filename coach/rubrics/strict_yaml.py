"""YAML as writers of scenarios and rubrics may use it: data and nothing else.

Refused are anchors, aliases, tags, directives, merge keys, duplicate keys, several documents and anything too big or
too deep. Plain scalars follow the YAML 1.2 core schema, so that `no` and `on` stay words. One pass over libyaml's
event stream.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import yaml

from coach.errors import CallersMistake
from coach.rubrics.findings import Finding, Severity, in_order

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50
MAX_NODES = 20_000
MAX_FINDINGS = 100
_MAX_DIGITS = 18  # more cannot be meant as a number here, and int() of megabytes of digits is slow

Path = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_INDENTED_BY_TAB = re.compile(r"^[ ]*\t", re.MULTILINE)


class BadYaml(CallersMistake):
    """The text is not YAML as allowed here; `details["findings"]` lists everything that was found."""

    code: ClassVar[str] = "bad-yaml"
    status = 422


class Places(Mapping[Path, int]):
    """Where each value stands: path of keys and indexes → line from 1."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines

    def __getitem__(self, path: Path) -> int:
        return self._lines[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, path: Path) -> int:
        """The line of that value, or of the nearest thing around it that exists."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


@dataclass(frozen=True, slots=True)
class Document:
    """What could be read. `value` is None when nothing can be made of the text; then `findings` says why."""

    value: object
    places: Places
    findings: tuple[Finding, ...]


def read_yaml(text: str) -> tuple[object, Places]:
    """The data in the text and where each piece stands; BadYaml with all findings when anything is not allowed."""
    document = examine_yaml(text)
    if document.findings:
        raise BadYaml(str(document.findings[0]), findings=document.findings)
    return document.value, document.places


def examine_yaml(text: str) -> Document:
    """As `read_yaml`, but never raises: whoever checks more than the syntax reports everything together."""
    builder = _Builder()
    text = text.removeprefix("\ufeff")
    tabs = _tabs(text)
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        line = _line_of(text, error.start)
        builder.fatal("not-unicode", line, "a character is half of a pair.", "Save the file as UTF-8.")
    else:
        if size > MAX_BYTES:
            builder.fatal("too-big", 0, f"the file has {size:,} bytes.", f"Keep it within {MAX_BYTES:,} bytes.")
        else:
            _feed(builder, text, tab_lines=frozenset(f.line for f in tabs))
    findings = in_order([*tabs, *builder.findings])[:MAX_FINDINGS]
    return Document(None if builder.is_broken else builder.root, Places(builder.lines), findings)


def _tabs(text: str) -> list[Finding]:
    lines = (_line_of(text, match.start()) for match in _INDENTED_BY_TAB.finditer(text))
    found: list[Finding] = []
    for line in lines:
        found.append(_error("tab", line, "", "the line is indented with a tab.", "Indent with spaces."))
        if len(found) == MAX_FINDINGS:
            break
    return found


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _feed(builder: _Builder, text: str, tab_lines: frozenset[int]) -> None:
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
            if builder.is_broken:
                return
    except yaml.reader.ReaderError as error:
        line = _line_of(text, int(error.position))
        builder.fatal("control-character", line, "a control character is in the text.", "Delete it.")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        if line in tab_lines:  # said already, and better
            builder.is_broken = True
        else:
            reason = f"this is not YAML: {error.problem or error.context or 'unreadable'}."
            builder.fatal("syntax", line, reason, "Check quotes, colons, brackets and indentation around this line.")


def _error(code: str, line: int, path: str, reason: str, fix: str) -> Finding:
    return Finding(code, Severity.ERROR, line, path, reason, fix)


@dataclass(slots=True)
class _Frame:
    """A collection being filled; `value` is None where it belongs to a refused key and is dropped."""

    value: dict[str, object] | list[object] | None
    path: Path
    key: str | None = None
    key_line: int = 0
    awaits_value: bool = False


@dataclass(slots=True)
class _Builder:
    """Turns events into values, noting where each stands and what is not allowed."""

    root: object = None
    is_broken: bool = False
    lines: dict[Path, int] = field(default_factory=lambda: {(): 1})
    findings: list[Finding] = field(default_factory=list)
    _stack: list[_Frame] = field(default_factory=list)
    _nodes: int = 0
    _documents: int = 0

    def fatal(self, code: str, line: int, reason: str, fix: str) -> None:
        """Notes a finding after which nothing more can be read."""
        self.is_broken = True
        self.findings.append(_error(code, line, "", reason, fix))

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._start_document(event, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event, line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._note("alias", line, f"*{event.anchor} refers to another place.", "Write the words out here.")
            self._place(None, line)
        elif isinstance(event, yaml.StreamEndEvent) and not self._documents:
            self.fatal("empty-file", 0, "there is nothing in the file.", "Start from an existing file.")

    def _note(self, code: str, line: int, reason: str, fix: str) -> None:
        path = ".".join(str(p) for p in self._here()) if self._stack else ""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(_error(code, line, path, reason, fix))

    def _start_document(self, event: yaml.DocumentStartEvent, line: int) -> None:
        self._documents += 1
        if event.version or event.tags:
            self._note("directive", line, "the file has a % directive.", "Delete that line.")
        if self._documents > 1:
            self.fatal("several-documents", line, "a second document starts here.", "Use one file for each.")

    def _node(self, event: yaml.NodeEvent, line: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self.fatal("too-many-values", line, f"the file holds more than {MAX_NODES:,} values.", "Split it.")
        if event.anchor is not None:
            self._note("anchor", line, f"&{event.anchor} names this place.", "Delete it and write the words out.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._note("tag", line, f"{tag} asks for a type.", "Delete it; quote words that look like numbers.")

    def _open(self, event: yaml.CollectionStartEvent, line: int) -> None:
        self._node(event, line)
        if len(self._stack) >= MAX_DEPTH:
            self.fatal("too-deep", line, f"values are nested more than {MAX_DEPTH} deep.", "Flatten them.")
            return
        if self._is_key():
            self._note("key-not-text", line, "a list or a mapping stands for a key.", "Use a word as the key.")
            self._take_key(None, line)
            self._stack.append(_Frame(None, ()))
            return
        value: dict[str, object] | list[object] = {} if isinstance(event, yaml.MappingStartEvent) else []
        dropped = self._drops()
        path = self._place(value, line)
        self._stack.append(_Frame(None if dropped else value, path))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._node(event, line)
        value = self._resolve(event.value, line) if event.implicit[0] else event.value
        if not self._is_key():
            self._place(value, line)
            return
        if not isinstance(value, str):
            self._note("key-not-text", line, f"the key {event.value!r} is not text.", "Put it in quotes or use a word.")
        if event.value == "<<" and event.implicit[0]:
            self._note("merge-key", line, "<< merges another mapping.", "Write the fields out here.")
        self._take_key(event.value, line)

    def _resolve(self, plain: str, line: int) -> object:
        if plain in _NULLS:
            return None
        if plain in _BOOLEANS:
            return _BOOLEANS[plain]
        if _INTEGER.fullmatch(plain):
            return self._integer(plain, line)
        if _NOT_FINITE.fullmatch(plain) or (_FLOAT.fullmatch(plain) and not math.isfinite(float(plain))):
            self._note("number-too-big", line, f"{plain[:40]} is beyond counting.", "Write a number, or quote it.")
            return None
        return float(plain) if _FLOAT.fullmatch(plain) else plain

    def _integer(self, plain: str, line: int) -> int | None:
        if len(plain) > _MAX_DIGITS:
            self._note("number-too-big", line, f"{plain[:40]} has too many digits.", "Quote it if it is a code.")
            return None
        base = {"0x": 16, "0o": 8}.get(plain[:2], 10)
        return int(plain[2:], base) if base != 10 else int(plain)

    def _is_key(self) -> bool:
        frame = self._stack[-1] if self._stack else None
        return frame is not None and isinstance(frame.value, dict) and not frame.awaits_value

    def _drops(self) -> bool:
        frame = self._stack[-1] if self._stack else None
        return frame is not None and (frame.value is None or (frame.awaits_value and frame.key is None))

    def _take_key(self, key: str | None, line: int) -> None:
        frame = self._stack[-1]
        assert isinstance(frame.value, dict)
        if key is not None and key in frame.value:
            earlier = self.lines[(*frame.path, key)]
            reason = f"{key!r} stands here a second time (first in line {earlier})."
            self._note("duplicate-key", line, reason, "Keep one of them.")
            key = None  # the first stays
        frame.key, frame.key_line, frame.awaits_value = key, line, True

    def _here(self) -> Path:
        frame = self._stack[-1]
        if isinstance(frame.value, list):
            return (*frame.path, len(frame.value))
        return frame.path if frame.key is None else (*frame.path, frame.key)

    def _place(self, value: object, line: int) -> Path:
        """Puts a value where it belongs and returns its path. Values of dropped keys go nowhere."""
        if not self._stack:
            self.root, self.lines[()] = value, line
            return ()
        frame, path = self._stack[-1], self._here()
        if isinstance(frame.value, list):
            frame.value.append(value)
            self.lines[path] = line
        elif isinstance(frame.value, dict):
            if frame.key is not None:
                frame.value[frame.key] = value
                self.lines[path] = frame.key_line
            frame.key, frame.awaits_value = None, False
        return path
