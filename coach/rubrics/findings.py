"""What is wrong with a file somebody wrote: code, place, reason and fix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps the file from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change. `line` counts from 1 (0 = the file as a whole); `path` is like `steps.2.weight`, or "".

    `code` is stable: tests, documentation and suppressions hang on it.
    """

    code: str
    severity: Severity
    line: int
    path: str
    reason: str
    fix: str

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "file"
        at = f" {self.path}:" if self.path else ""
        return f"{where}: {self.severity.value} {self.code}:{at} {self.reason} Fix: {self.fix}"


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by place in the file, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda f: (f.line, f.path, f.code)))
