"""What mentors' and QA's use cases need from the world around them, besides `coach.practice.ports`."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Protocol

from coach.domain.flag import Flag, NewFlag
from coach.practice.ports import UnitOfWork


class Flags(Protocol):
    def add(self, new: NewFlag) -> tuple[Flag, bool]:
        """The flag and whether it is new: the same agent, call, date, step and error code are one flag, and the first
        one stays as it was. Both people must exist: NotFound. BadText for what cannot be stored."""

    def newest(
        self, *, agents: Collection[int] | None = None, limit: int = 50, before: int | None = None
    ) -> tuple[Flag, ...]:
        """Newest first: flags of these agents (None: of everybody), older than the flag `before` when given."""


class CoachingWork(UnitOfWork, Protocol):
    @property
    def flags(self) -> Flags: ...


class CoachingStore(Protocol):
    """As `coach.practice.ports.Store`, with the coaching tables."""

    def write(self) -> AbstractContextManager[CoachingWork]: ...

    def read(self) -> AbstractContextManager[CoachingWork]: ...
