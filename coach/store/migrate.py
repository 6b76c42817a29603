"""Brings a database to the tables that this program knows, and refuses one that is ahead of it.

Revisions are numbered (0001, 0002, …) and `migrations/HEAD` names the newest one, so that two branches which both add a
migration collide in git instead of in a database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import NullPool

from coach.errors import BadSettings
from coach.store.engines import make_private_file, parsed
from coach.store.failures import sort_failures_of
from coach.store.rows import Base

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_LOCK_NUMBER = 0x636F616368  # "coach": PostgreSQL's advisory lock, for two nodes that start at once


class Schema(StrEnum):
    """How a database compares with this program."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"


def head() -> str:
    """The newest revision, for example "0001"."""
    return (MIGRATIONS / "HEAD").read_text(encoding="ascii").strip()


def schema_of(url: str) -> Schema:
    with _transaction(url) as connection:
        return _schema(connection)


def upgrade(url: str, revision: str = "head") -> None:
    """Up to the newest revision, all or nothing; nothing to do is fine. BadSettings if the database is newer."""
    with _transaction(url) as connection:
        _refuse_newer(_schema(connection))
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Down to this revision, "base" for no tables at all. What only newer tables hold is lost."""
    with _transaction(url) as connection:
        _refuse_newer(_schema(connection))
        command.downgrade(_config(connection), revision)


def check(url: str) -> tuple[str, ...]:
    """What differs between the rows in the code and the tables in the database; empty when all is well."""
    with _transaction(url) as connection:
        settings = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=settings)
        return tuple(str(difference) for difference in compare_metadata(context, Base.metadata))


def require_current(url: str) -> None:
    """BadSettings unless this program and the database fit: what every start asks before it serves."""
    schema = schema_of(url)
    _refuse_newer(schema)
    if schema is not Schema.CURRENT:
        raise BadSettings(f"the database is {schema}: run `python -m coach prepare` first", schema=schema.value)


def _refuse_newer(schema: Schema) -> None:
    if schema is Schema.NEWER:
        raise BadSettings("the database was upgraded by a newer version of Coach", schema=schema.value)


def _schema(connection: Connection) -> Schema:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        return Schema.EMPTY
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if current not in known:
        return Schema.NEWER
    return Schema.CURRENT if current == head() else Schema.BEHIND


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    """One transaction that may change tables, alone in the database. StoreUnavailable if others do not let us."""
    where = parsed(url)
    is_sqlite = where.get_backend_name() == "sqlite"
    if is_sqlite:
        make_private_file(Path(str(where.database)))
    engine = create_engine(where, poolclass=NullPool)
    sort_failures_of(engine)
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        if not is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        yield connection
        if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("a migration left rows that point nowhere")


def _prepare_sqlite(connection: sqlite3.Connection, _entry: object) -> None:
    """Own BEGIN, so that SQLite rolls tables back too; no foreign keys, because batch mode copies and drops tables."""
    connection.isolation_level = None
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
