"""One thread that looks for work now and then and does what is due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

from coach.practice.ports import Job, Jobs

log = logging.getLogger("coach.jobs")

PAUSE = 60.0  # seconds between two looks; nothing here is waited for by a person
LEASE = timedelta(minutes=5)


class WorkWithJobs(Protocol):
    @property
    def jobs(self) -> Jobs: ...


class JobStore(Protocol):
    def write(self) -> AbstractContextManager[WorkWithJobs]: ...

    def read(self) -> AbstractContextManager[WorkWithJobs]: ...


class Worker:
    """Runs `finders`, which add jobs, then every due job by its kind. Several processes may do so side by side."""

    def __init__(
        self, store: JobStore, kinds: Mapping[str, Callable[[str], None]], finders: Sequence[Callable[[], None]] = ()
    ) -> None:
        self._store = store
        self._kinds = kinds
        self._finders = finders
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins in a thread of its own; call it after the fork."""
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Lets the job under way finish, for a few seconds at most."""
        self._stop.set()
        if self._thread:
            self._thread.join(5)

    def work_once(self) -> int:
        """Finds and does what is due now; how many jobs were done."""
        for find in self._finders:
            find()
        with self._store.read() as work:
            due = work.jobs.due()
        return sum(self._do(id) for id in due)

    def _run(self) -> None:
        while not self._stop.wait(PAUSE):
            try:
                self.work_once()
            except Exception:  # the database may be away for a while; the next look tries again
                log.exception("background work stopped early")

    def _do(self, id: int) -> bool:
        with self._store.write() as work:
            job = work.jobs.take(id, LEASE)
        if job is None:
            return False
        error = self._attempt(job)
        with self._store.write() as work:
            if error:
                work.jobs.failed(job, error)
            else:
                work.jobs.done(job)
        return not error

    def _attempt(self, job: Job) -> str:
        try:
            self._kinds[job.kind](job.arg)
        except Exception as error:  # kept in the row, tried again
            log.warning("job %s of kind %s failed: %s", job.arg, job.kind, error)
            return f"{type(error).__name__}: {error}"
        return ""
