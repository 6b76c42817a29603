"""Rendering ahead of need: one thread, a bounded queue, the newest request first."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

_log = logging.getLogger(__name__)

Job = tuple[str, str, str, float, float]
"""text, language, voice, speed, gain"""


class RenderAhead:
    """Calls `render` for each job, one at a time, while nobody waits for a line (`is_wanted_live`).

    A job asked for again moves to the front; over `limit` the oldest are dropped. The thread starts with the first
    job, so that a process may fork before.
    """

    def __init__(self, render: Callable[[Job], None], *, is_wanted_live: Callable[[], bool], limit: int = 256) -> None:
        self._render = render
        self._is_wanted_live = is_wanted_live
        self._limit = limit
        self._jobs: OrderedDict[Job, None] = OrderedDict()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def __len__(self) -> int:
        with self._changed:
            return len(self._jobs)

    def add(self, jobs: Iterable[Job]) -> None:
        """Puts the jobs in front of all others, in the given order; returns at once."""
        with self._changed:
            if self._closed:
                return
            for job in reversed(list(dict.fromkeys(jobs))[: self._limit]):
                self._jobs[job] = None
                self._jobs.move_to_end(job, last=False)
            while len(self._jobs) > self._limit:
                self._jobs.popitem()
            if self._jobs and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="render-ahead", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Drops what waits; the line being rendered is left to its renderer."""
        with self._changed:
            self._closed = True
            self._jobs.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._render(job)
            except Exception as error:  # a line that cannot be rendered must not stop the others
                _log.info("a line was not rendered ahead: %s", error)

    def _next(self) -> Job | None:
        with self._changed:
            while not self._closed:
                if self._jobs and not self._is_wanted_live():
                    return self._jobs.popitem(last=False)[0]
                self._changed.wait(0.05 if self._jobs else None)
            return None
