"""Turns that were read before. What is stored of a turn never changes, so that it need be decoded only once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from coach.domain.rehearsal import Turn

KEPT_REHEARSALS = 256  # calls that go on at one time; some 50 kB each


class KeptTurns:
    """The first turns of the rehearsals read last, for all threads. Only turns that were committed may be kept."""

    def __init__(self, limit: int = KEPT_REHEARSALS) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()
        self._lock = Lock()

    def first(self, rehearsal_id: str, count: int) -> tuple[Turn, ...]:
        """Up to `count` turns from the beginning of the call, as many as are known."""
        with self._lock:
            return self._kept.get(rehearsal_id, ())[:count]

    def keep(self, rehearsal_id: str, turns: tuple[Turn, ...]) -> None:
        """All turns of the call so far. Knowing more already, it keeps that."""
        with self._lock:
            if len(turns) >= len(self._kept.get(rehearsal_id, ())):
                self._kept[rehearsal_id] = turns
            self._kept.move_to_end(rehearsal_id)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
