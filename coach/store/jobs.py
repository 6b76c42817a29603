"""Background work as rows: committed together with what asked for it, and found again after a crash.

Whoever works takes a lease by one conditional UPDATE. When a worker dies its lease runs out and the job is due again.
`tries` tells the leases of one job apart: a worker that comes back late cannot finish a job that another has taken.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from coach.practice.ports import Clock, Job
from coach.store.rows import JobRow
from coach.store.translate import storable

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
MOST_TRIES = 5


class SqlJobs:
    def __init__(self, session: Session, clock: Clock, *, writable: bool) -> None:
        self._session = session
        self._clock = clock
        self._writable = writable

    def add(self, kind: str, arg: str) -> int:
        """The id of a new waiting job. `arg` is an id or a little JSON."""
        self._must_write()
        row = JobRow(
            kind=storable(kind, "kind"),
            arg=storable(arg, "arg"),
            state=WAITING,
            lease_until_utc=None,
            tries=0,
            error="",
            created_utc=self._clock(),
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def due(self, *, limit: int = 100) -> tuple[int, ...]:
        """Jobs that wait or whose lease ran out, oldest first."""
        query = select(JobRow.id).where(_is_due(self._clock())).order_by(JobRow.id).limit(limit)
        return tuple(self._session.scalars(query))

    def take(self, id: int, lease: timedelta) -> Job | None:
        """The job, leased to the caller; None if somebody else has it or it is over."""
        self._must_write()
        now = self._clock()
        leased = (
            update(JobRow)
            .where(JobRow.id == id, _is_due(now))
            .values(state=RUNNING, lease_until_utc=now + lease, tries=JobRow.tries + 1)
            .returning(JobRow.id, JobRow.kind, JobRow.arg, JobRow.tries)
        )
        row = self._session.execute(leased).one_or_none()
        return Job(*row) if row else None

    def done(self, job: Job) -> bool:
        """False if the lease ran out and somebody else took the job meanwhile."""
        return self._finish(job, DONE, "")

    def failed(self, job: Job, error: str) -> bool:
        """The job waits for another try, or is given up after `MOST_TRIES`. False as for `done`."""
        return self._finish(job, WAITING if job.tries < MOST_TRIES else FAILED, error)

    def _finish(self, job: Job, state: str, error: str) -> bool:
        self._must_write()
        ours = and_(JobRow.id == job.id, JobRow.state == RUNNING, JobRow.tries == job.tries)
        values = {"state": state, "lease_until_utc": None, "error": storable(error, "error")}
        finished = update(JobRow).where(ours).values(values).returning(JobRow.id)
        return self._session.scalar(finished) is not None

    def _must_write(self) -> None:
        if not self._writable:
            raise RuntimeError("only inside Store.write()")


def _is_due(now: datetime) -> ColumnElement[bool]:
    """A job that killed its worker `MOST_TRIES` times is not tried again."""
    ran_out = and_(JobRow.state == RUNNING, JobRow.lease_until_utc < now, JobRow.tries < MOST_TRIES)
    return or_(JobRow.state == WAITING, ran_out)
