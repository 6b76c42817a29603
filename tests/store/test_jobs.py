"""Background work survives whoever was doing it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from coach.practice.ports import Job
from coach.store.jobs import MOST_TRIES
from coach.store.rows import JobRow
from tests.store.houses import House

LEASE = timedelta(seconds=30)


def add(house: House, kind: str = "render", arg: str = "r1") -> int:
    with house.store.write() as work:
        return work.jobs.add(kind, arg)


def take(house: House, id: int) -> Job | None:
    with house.store.write() as work:
        return work.jobs.take(id, LEASE)


def finish(house: House, job: Job, error: str = "") -> bool:
    with house.store.write() as work:
        return work.jobs.failed(job, error) if error else work.jobs.done(job)


def due(house: House) -> tuple[int, ...]:
    with house.store.read() as work:
        return work.jobs.due()


def state(house: House) -> list[tuple[str, int, str]]:
    with house.store.read() as work:
        rows = work.session.scalars(select(JobRow).order_by(JobRow.id))
        return [(row.state, row.tries, row.error) for row in rows]


def test_a_job_is_done_once(house: House) -> None:
    id = add(house)
    assert due(house) == (id,)
    job = take(house, id)
    assert job == Job(id, "render", "r1", 1)
    assert (due(house), take(house, id)) == ((), None)
    assert finish(house, job)
    assert (due(house), take(house, id)) == ((), None)
    assert state(house) == [("done", 1, "")]


def test_a_job_that_is_not_committed_never_was(house: House) -> None:
    def stumble() -> None:
        with house.store.write() as work:
            work.jobs.add("render", "r1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert due(house) == ()


def test_of_twenty_workers_one_gets_the_job(house: House) -> None:
    id = add(house)
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda _: take(house, id), range(20)))
    assert [job for job in taken if job] == [Job(id, "render", "r1", 1)]


def test_a_dead_workers_job_is_due_again_and_the_late_one_is_told(house: House) -> None:
    id = add(house)
    first = take(house, id)
    house.clock.advance(seconds=31)
    assert due(house) == (id,)
    second = take(house, id)
    assert second == Job(id, "render", "r1", 2)
    assert not finish(house, first)
    assert finish(house, second)
    assert state(house) == [("done", 2, "")]


def test_a_job_that_keeps_failing_is_given_up(house: House) -> None:
    id = add(house)
    for _ in range(MOST_TRIES):
        assert due(house) == (id,)
        assert finish(house, take(house, id), "no voice")
    assert due(house) == ()
    assert state(house) == [("failed", MOST_TRIES, "no voice")]


def test_a_job_that_keeps_killing_its_worker_is_given_up(house: House) -> None:
    id = add(house)
    for _ in range(MOST_TRIES):
        assert take(house, id)
        house.clock.advance(seconds=31)
    assert due(house) == ()


def test_who_only_reads_takes_no_jobs(house: House) -> None:
    id = add(house)
    with house.store.read() as work:
        for act in (lambda: work.jobs.take(id, LEASE), lambda: work.jobs.add("render", "r2")):
            with pytest.raises(RuntimeError):
                act()


def test_deeds_and_their_audit_events_are_one(house: House) -> None:
    alice = house.hire("alice")
    with house.store.write() as work:
        work.audit.record(alice.id, "played", "rehearsal:r1", {"turn": 3})
        work.audit.record(None, "erased", "rehearsal:r1")
    with house.store.read() as work:
        erased, played = work.audit.about("rehearsal:r1")
        assert work.audit.about("rehearsal:nul\0") == ()
        with pytest.raises(RuntimeError):
            work.audit.record(None, "erased", "rehearsal:r1")
    assert (played.at, played.actor, played.action, played.detail) == (house.clock.now, alice.id, "played", {"turn": 3})
    assert (erased.actor, erased.detail) == (None, {})
