"""What drivers raise gets the name of whose fault it is."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from coach.store.failures import reason_of


def from_sqlite(code: int) -> DBAPIError:
    cause = sqlite3.OperationalError("as SQLite says it")
    cause.sqlite_errorcode = code
    return OperationalError("SELECT 1", None, cause)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (sqlite3.SQLITE_BUSY, "locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "locked"),
        (sqlite3.SQLITE_FULL, "disk"),
        (sqlite3.SQLITE_READONLY, "disk"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "disk"),
        (sqlite3.SQLITE_IOERR_FSYNC, "disk"),
        (sqlite3.SQLITE_CANTOPEN, "disk"),
        (sqlite3.SQLITE_NOMEM, "memory"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
        (sqlite3.SQLITE_ERROR, ""),  # bad SQL, a missing table: our own mistake
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, ""),
        (sqlite3.SQLITE_MISUSE, ""),
    ],
)
def test_sqlite(code: int, reason: str) -> None:
    assert reason_of(from_sqlite(code)) == reason


def from_postgresql(cause: psycopg.Error) -> DBAPIError:
    kind = OperationalError if isinstance(cause, psycopg.OperationalError) else ProgrammingError
    return kind("SELECT 1", None, cause)


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (errors.LockNotAvailable(), "locked"),
        (errors.DeadlockDetected(), "locked"),
        (errors.SerializationFailure(), "locked"),
        (errors.QueryCanceled(), "locked"),
        (errors.DiskFull(), "disk"),
        (errors.OutOfMemory(), "memory"),
        (errors.TooManyConnections(), "away"),
        (errors.AdminShutdown(), "away"),
        (psycopg.OperationalError("connection refused"), "away"),
        (errors.ReadOnlySqlTransaction(), "disk"),
        (errors.UndefinedTable(), ""),
        (errors.UniqueViolation(), ""),
    ],
)
def test_postgresql(cause: psycopg.Error, reason: str) -> None:
    assert reason_of(from_postgresql(cause)) == reason
