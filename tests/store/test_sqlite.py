"""SQLite in particular: durable, private, and honest about locks and full disks."""

from __future__ import annotations

import itertools
import re
import resource
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from coach.errors import BadSettings, StoreUnavailable
from coach.store import migrate
from coach.store.database import SqlStore
from tests.store.houses import House, close, opening, rehearsal, sqlite_house, turn


def file_of(house: House) -> Path:
    return Path(house.url.removeprefix("sqlite:///"))


def append(house: House, seq: int) -> None:
    with house.store.write() as work:
        work.rehearsals.append("r1", turn(seq), "request")


def test_every_connection_is_durable_and_checks_references(sqlite: House) -> None:
    def settings(way: object) -> list[object]:
        with way as work:
            names = ("journal_mode", "synchronous", "foreign_keys", "query_only")
            return [work.session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    full = 2
    assert settings(sqlite.store.write()) == ["wal", full, 1, 0]
    assert settings(sqlite.store.read()) == ["wal", full, 1, 1]


def test_folder_file_and_journals_are_private(tmp_path: Path) -> None:
    path = tmp_path / "var" / "coach.db"
    migrate.upgrade(f"sqlite:///{path}")
    store = SqlStore(f"sqlite:///{path}")
    with store.write() as work:
        work.archive.keep("s", 1, "hash", "source")

    def rights(of: Path) -> int:
        return stat.S_IMODE(of.stat().st_mode)

    assert rights(path.parent) == 0o700
    files = list(path.parent.iterdir())
    assert {f.name for f in files} == {"coach.db", "coach.db-wal", "coach.db-shm"}
    assert {rights(f) for f in files} == {0o600}
    store.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/coach", "nonsense", ""])
def test_an_address_that_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(BadSettings):
        SqlStore(url)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSettings):
        SqlStore(f"sqlite:///{tmp_path}/file/coach.db")


@contextmanager
def outsider_holding(house: House) -> Iterator[None]:
    """Another process that writes and does not come to an end."""
    with closing(sqlite3.connect(file_of(house), isolation_level=None)) as outsider:
        outsider.execute("BEGIN IMMEDIATE")
        yield
        outsider.execute("ROLLBACK")


def test_an_outsiders_lock_ends_in_an_answer_while_readers_go_on(impatient_sqlite: House) -> None:
    house = impatient_sqlite
    house.start(house.hire("alice"))
    with outsider_holding(house):
        started = time.monotonic()
        with pytest.raises(StoreUnavailable) as refused:
            append(house, 1)
        assert time.monotonic() - started < 2
        assert refused.value.details["reason"] == "locked"
        assert isinstance(refused.value.__cause__, sqlite3.OperationalError)
        started = time.monotonic()
        with house.store.read() as work:
            assert work.rehearsals.get("r1").turns == (opening(),)
        assert time.monotonic() - started < 0.15
    append(house, 1)


def test_a_short_lock_of_an_outsider_is_waited_for(sqlite: House) -> None:
    sqlite.start(sqlite.hire("alice"))
    with ThreadPoolExecutor(1) as pool:
        with outsider_holding(sqlite):
            waiting = pool.submit(append, sqlite, 1)
            time.sleep(0.1)
            assert not waiting.done()
        waiting.result(timeout=5)


def test_queue_and_outsider_together_cost_one_patience(tmp_path: Path) -> None:
    """Three writers wait behind each other for a lock that never comes: each gives up in its own time."""
    house = sqlite_house(tmp_path, 0.5)
    house.start(house.hire("alice"))

    def seconds_until_refused(_: int) -> float:
        started = time.monotonic()
        with pytest.raises(StoreUnavailable):
            append(house, 1)
        return time.monotonic() - started

    with outsider_holding(house), ThreadPoolExecutor(3) as pool:
        waits = list(pool.map(seconds_until_refused, range(3)))
    assert max(waits) < 1.0
    close(house)


@contextmanager
def full_disk(house: House) -> Iterator[None]:
    """No file may grow beyond what the database has now."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(f.stat().st_size for f in file_of(house).parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_refuses_turns_and_keeps_what_it_has(sqlite: House) -> None:
    sqlite.start(sqlite.hire("alice"))
    acknowledged: list[int] = []

    def append_until_refused() -> None:
        for seq in range(1, 200):
            append(sqlite, seq)
            acknowledged.append(seq)

    with full_disk(sqlite):
        with pytest.raises(StoreUnavailable) as refused:
            append_until_refused()
        assert refused.value.details["reason"] == "disk"
        with sqlite.store.read() as work:
            assert work.rehearsals.get("r1").last.seq == len(acknowledged)
    append(sqlite, len(acknowledged) + 1)  # there is room again: no restart needed
    with closing(sqlite3.connect(file_of(sqlite))) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "coach.db").write_bytes(b"not a database at all " * 500)
    store = SqlStore(f"sqlite:///{tmp_path}/coach.db")
    with pytest.raises(StoreUnavailable) as refused:
        store.ping()
    assert refused.value.details["reason"] == "damaged"


def test_our_own_mistakes_are_not_dressed_up_as_bad_luck(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/empty.db")  # nobody made the tables
    with pytest.raises(Exception, match="no such table"), store.read() as work:
        work.archive.source("hash")


def test_a_ping_answers(sqlite: House) -> None:
    sqlite.store.ping()


def test_too_many_waiting_writers_are_refused_at_once(tmp_path: Path) -> None:
    built = sqlite_house(tmp_path, 5.0)
    store = SqlStore(built.url, max_waiting=1)
    first = threading.Thread(target=lambda: _keep(store, "a"))
    with store.write() as work:
        work.archive.keep("s", 1, "hash", "source")
        first.start()
        while store.waiting_writers < 1:
            time.sleep(0.001)
        with ThreadPoolExecutor(1) as pool, pytest.raises(StoreUnavailable):
            pool.submit(_keep, store, "b").result(timeout=1)
    first.join()
    with store.read() as work:
        assert work.archive.source("a") == "source"
    store.close()


def _keep(store: SqlStore, hash: str) -> None:
    with store.write() as work:
        work.archive.keep("s", 1, hash, "source")


def test_lists_do_not_touch_turns(sqlite: House) -> None:
    alice = sqlite.hire("alice")
    for number in range(5):
        sqlite.start(alice, f"r{number}")
    sqlite.start(alice, "retry", branch_of=("r1", 0))
    asked: list[str] = []
    with sqlite.store.read() as work:
        event.listen(work.session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
        assert len(work.rehearsals.of_owner(alice.id)) == 6
        assert len(work.rehearsals.branches_of("r1")) == 1
    assert [re.search(r"FROM (\w+)", statement)[1] for statement in asked if statement != "BEGIN"] == ["rehearsal"] * 2


def test_a_page_of_a_list_is_read_from_an_index_alone_in_order(sqlite: House) -> None:
    """So it costs the same whether there are a thousand rehearsals or a million."""
    page = "SELECT id FROM rehearsal WHERE owner_id = 1 AND started_utc < ? ORDER BY started_utc DESC, id DESC LIMIT 50"
    with closing(sqlite3.connect(file_of(sqlite))) as raw:
        plan = " ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {page}", ("2026",)))
    assert "INDEX ix_rehearsal_owner_id_started_utc_id (owner_id=? AND started_utc<?)" in plan
    assert "TEMP B-TREE" not in plan


def test_sixteen_writers_share_fairly(sqlite: House) -> None:
    """Nobody is passed again and again: between two turns of one writer the others have about one each."""
    alice = sqlite.hire("alice")
    for writer in range(16):
        sqlite.start(alice, f"r{writer}")
    served: list[int] = []

    def write_ten(writer: int) -> None:
        for seq in range(1, 11):
            with sqlite.store.write() as work:
                work.rehearsals.append(f"r{writer}", turn(seq), "request")
                served.append(writer)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write_ten, range(16)))
    for writer in range(16):
        places = [place for place, who in enumerate(served) if who == writer]
        assert max(later - earlier for earlier, later in itertools.pairwise(places)) < 3 * 16


def test_the_identity_of_a_stored_rehearsal_survives_reopening(sqlite: House) -> None:
    kept = sqlite.start(sqlite.hire("alice"))
    close(sqlite)
    again = SqlStore(sqlite.url)
    with again.read() as work:
        assert work.rehearsals.get("r1") == kept == rehearsal(work.people.get(kept.owner_id))
    again.close()
