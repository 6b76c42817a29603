"""Calls that somebody began and never came back to are closed, so that they do not stay on the line for ever."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

from coach.practice.ports import Clock, Jobs, Rehearsals

AFTER = timedelta(hours=3)  # a call is over in half an hour; a long lunch in between is fine


class _Work(Protocol):
    @property
    def rehearsals(self) -> Rehearsals: ...

    @property
    def jobs(self) -> Jobs: ...


class _Store(Protocol):
    def write(self) -> AbstractContextManager[_Work]: ...


class CloseLeftCalls:
    """`find` adds a job for each call that was left, `work` closes one."""

    kind = "close-left-call"

    def __init__(self, store: _Store, close: Callable[[str], None], clock: Clock) -> None:
        self._store = store
        self.work = close
        self._clock = clock

    def find(self) -> None:
        with self._store.write() as work:
            for left in work.rehearsals.running_since(self._clock() - AFTER):
                work.jobs.add(self.kind, left.id)
