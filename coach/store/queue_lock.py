"""A lock that serves its waiters first come, first served."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from coach.errors import StoreUnavailable


class QueueLock:
    """One holder at a time, in the order of asking.

    `threading.Lock` promises no order, and SQLite's own busy handler is unfair too: with many writers some wait for
    seconds while others pass them. Here each waiter has a ticket, and the holder hands the lock to the oldest one.
    """

    def __init__(self, *, max_waiting: int | None = None) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False
        self._holder: int | None = None
        self._max_waiting = max_waiting

    @property
    def waiting(self) -> int:
        """How many wait just now."""
        return len(self._waiting)

    @contextmanager
    def turn(self, patience: float) -> Iterator[float]:
        """Holds the lock; yields the seconds of `patience` that are left.

        StoreUnavailable when patience runs out, or at once when `max_waiting` others wait already.
        RuntimeError when this thread holds the lock already: it would wait for itself.
        """
        left = self.acquire(patience)
        try:
            yield left
        finally:
            self.release()

    def acquire(self, patience: float) -> float:
        """As `turn`, for holders that end elsewhere; each call needs one `release`."""
        asked = time.monotonic()
        if self._held and self._holder == threading.get_ident():
            raise RuntimeError("a write inside a write: this thread would wait for itself")
        ticket = self._take_ticket()
        if ticket is not None and not self._wait(ticket, patience):
            raise StoreUnavailable("too many are writing", waited=patience)
        self._holder = threading.get_ident()
        return max(0.0, patience - (time.monotonic() - asked))

    def release(self) -> None:
        """Hands over to whoever waits longest."""
        with self._mutex:
            self._holder = None
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False

    def _take_ticket(self) -> threading.Event | None:
        """None when the lock was free and is ours now."""
        with self._mutex:
            if not self._held:
                self._held = True
                return None
            if self._max_waiting is not None and len(self._waiting) >= self._max_waiting:
                raise StoreUnavailable("too many are waiting to write", waiting=len(self._waiting))
            ticket = threading.Event()
            self._waiting.append(ticket)
            return ticket

    def _wait(self, ticket: threading.Event, patience: float) -> bool:
        try:
            if ticket.wait(patience):
                return True
        except BaseException:
            # An interrupt (Ctrl-C) must not leave a ticket behind: the lock would be handed to nobody.
            if not self._give_up(ticket):
                self.release()
            raise
        return not self._give_up(ticket)

    def _give_up(self, ticket: threading.Event) -> bool:
        """Leaves the queue; False if the lock was handed over in that very moment."""
        with self._mutex:
            if ticket.is_set():
                return False
            self._waiting.remove(ticket)
            return True
