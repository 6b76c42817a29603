"""PostgreSQL in particular: connections that die, and what its refusals are called."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from coach.domain.rehearsal import Turn
from coach.errors import StoreUnavailable
from coach.store.database import SqlStore
from coach.store.rows import PersonRow, RehearsalRow
from tests.store.houses import House, close, opening, postgresql_house, turn


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[House]:
    built = postgresql_house(tmp_path, 0.5)
    yield built
    close(built)


def cut_all_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_server_that_was_away_is_found_again(postgresql: House) -> None:
    postgresql.start(postgresql.hire("alice"))
    cut_all_connections(postgresql.url)
    with postgresql.store.read() as work:
        assert work.rehearsals.get("r1").turns == (opening(),)


def test_a_connection_that_dies_in_mid_write_loses_nothing_it_promised(postgresql: House) -> None:
    postgresql.start(postgresql.hire("alice"))

    def write() -> None:
        with postgresql.store.write() as work:
            work.rehearsals.append("r1", turn(1), "request")
            cut_all_connections(postgresql.url)

    with pytest.raises(StoreUnavailable) as refused:
        write()
    assert refused.value.details["reason"] == "away"
    assert isinstance(refused.value.__cause__, psycopg.OperationalError)
    with postgresql.store.write() as work:
        assert work.rehearsals.lock("r1").turns == (opening(),)
        work.rehearsals.append("r1", turn(1), "request")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    store = SqlStore("postgresql://postgres@127.0.0.1:9/coach")
    with pytest.raises(StoreUnavailable) as refused:
        store.ping()
    assert refused.value.details["reason"] == "away"


def test_a_row_locked_by_an_outsider_ends_in_an_answer(postgresql: House) -> None:
    postgresql.start(postgresql.hire("alice"))
    with psycopg.connect(postgresql.url) as outsider:
        outsider.execute("SELECT * FROM rehearsal WHERE id = 'r1' FOR UPDATE")
        with pytest.raises(StoreUnavailable) as refused, postgresql.store.write() as work:
            work.rehearsals.lock("r1")
        with postgresql.store.read() as work:
            assert work.rehearsals.get("r1").last == opening()
    assert refused.value.details["reason"] == "locked"


def test_the_database_itself_keeps_readers_from_writing(postgresql: House) -> None:
    with pytest.raises(StoreUnavailable), postgresql.store.read() as work:
        work.session.connection().exec_driver_sql("DELETE FROM turn")


def test_more_readers_than_connections_get_an_answer(postgresql: House) -> None:
    with ExitStack() as stack:
        for _ in range(8 + 24):
            stack.enter_context(postgresql.store.read())
        with pytest.raises(StoreUnavailable), postgresql.store.read():
            pass
    postgresql.store.ping()


def test_accounts_too_say_when_the_server_is_not_there() -> None:
    store = SqlStore("postgresql://postgres@127.0.0.1:9/coach")
    with pytest.raises(StoreUnavailable):
        store.account_session.get(PersonRow, 1)
    store.close()


def test_a_lock_sees_what_was_written_since_the_first_look(postgresql: House) -> None:
    postgresql.start(postgresql.hire("alice"))

    def append(sent: Turn) -> None:
        with postgresql.store.write() as work:
            work.rehearsals.append("r1", sent, "request")

    with postgresql.store.write() as work:
        seen = work.session.get(RehearsalRow, "r1")  # held, so that it cannot be read anew by chance
        assert not seen.ending
        append_elsewhere = threading.Thread(target=append, args=(turn(1, ended="calm"),))
        append_elsewhere.start()
        append_elsewhere.join()
        now = work.rehearsals.lock("r1")
    assert now.last == turn(1, ended="calm")
    assert now.is_over
