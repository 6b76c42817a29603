"""Turns that were read before. What is stored of a turn never changes, so that it need be decoded only once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from coach.domain.rehearsal import Rehearsal, Turn

KEPT_REHEARSALS = 256  # calls that go on at one time; some 50 kB each


class KeptTurns:
    """The rehearsals read last, for all threads. Only turns that were committed may be kept."""

    def __init__(self, limit: int = KEPT_REHEARSALS) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Rehearsal] = OrderedDict()
        self._lock = Lock()

    def recall(self, rehearsal_id: str) -> Rehearsal | None:
        """The rehearsal as it was when it was kept."""
        with self._lock:
            return self._kept.get(rehearsal_id)

    def first(self, rehearsal_id: str, count: int) -> tuple[Turn, ...]:
        """Up to `count` turns from the beginning of the call, as many as are known."""
        kept = self.recall(rehearsal_id)
        return kept.turns[:count] if kept else ()

    def keep(self, rehearsal: Rehearsal) -> None:
        """The call with all its turns so far. Knowing more already, it keeps that."""
        with self._lock:
            known = self._kept.get(rehearsal.id)
            if known is None or len(rehearsal.turns) >= len(known.turns):
                self._kept[rehearsal.id] = rehearsal
            self._kept.move_to_end(rehearsal.id)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
