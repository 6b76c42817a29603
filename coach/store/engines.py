"""Connections to SQLite and PostgreSQL, set up so that an acknowledged write survives a power cut."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from coach.errors import BadSettings
from coach.store.failures import LimitedPool, sort_failures_of

PATIENCE = 5.0
"""Seconds that a writer waits before it gives up."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Three ways into one database. `accounts` begins no transaction by itself; see `coach.store.accounts`."""

    reading: Engine
    writing: Engine
    accounts: Engine
    is_sqlite: bool

    def close(self) -> None:
        for engine in (self.reading, self.writing, self.accounts):
            engine.dispose()


def parsed(url: str) -> URL:
    """BadSettings unless it names an SQLite file or a PostgreSQL database."""
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise BadSettings("the database address makes no sense") from error
    backend = found.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise BadSettings(f"no such kind of database: {backend}")
    if backend == "sqlite" and found.database in {None, "", ":memory:"}:
        raise BadSettings("SQLite needs a file: each thread would get a memory of its own")
    return found.set(drivername="postgresql+psycopg") if backend == "postgresql" else found


def engines_for(url: str, patience: float = PATIENCE) -> Engines:
    """Engines for `sqlite:///path` or `postgresql://…`. Makes the SQLite file (600) and its folder (700)."""
    where = parsed(url)
    if where.get_backend_name() == "sqlite":
        make_private_file(Path(str(where.database)))
        return Engines(
            _sqlite(where, "BEGIN", read_only=True), _sqlite(where, "BEGIN IMMEDIATE"), _sqlite(where, ""), True
        )
    engine = _postgresql(where, patience)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(reading, engine, engine, False)


def make_private_file(path: Path) -> None:
    """An empty file that only we may read. SQLite gives its journals the same rights. Leaves what exists as it is."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise BadSettings(f"cannot make the database file: {error.strerror}", path=str(path)) from error


def wait_for_outsiders(connection: Connection, seconds: float) -> None:
    """How long SQLite may wait for other processes; ours wait in the queue, and both together have one limit."""
    raw = connection.connection.dbapi_connection
    if raw is not None:
        raw.cursor().execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")


def _sqlite(url: URL, begin: str, *, read_only: bool = False) -> Engine:
    """`begin` is the statement that starts a transaction, "" for none."""
    # Connections cost little, and whoever waits for one would wait for nothing: the lock is what counts.
    engine = create_engine(url, pool_size=8, max_overflow=-1)
    sort_failures_of(engine)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN; the driver would say it too late
        for pragma in (
            "busy_timeout=5000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "journal_size_limit=67108864",
            *(["query_only=ON"] if read_only else []),
        ):
            connection.execute(f"PRAGMA {pragma}")

    if begin:

        @event.listens_for(engine, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: URL, patience: float) -> Engine:
    options = f"-c lock_timeout={max(1, int(patience * 1000))} -c timezone=UTC"  # 0 would mean for ever
    engine = create_engine(
        url,
        poolclass=LimitedPool,
        pool_size=8,
        max_overflow=24,
        pool_timeout=patience,
        pool_pre_ping=True,  # heals after the server was away
        connect_args={"connect_timeout": int(PATIENCE), "options": options},
    )
    sort_failures_of(engine)
    return engine
