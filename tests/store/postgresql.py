"""A private PostgreSQL for the tests: in a folder of its own, on a free loopback port, gone afterwards."""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from coach.store import migrate
from coach.store.rows import Base

_numbers = itertools.count(1)
_SHARED = "coach_shared"
_EMPTIED = [name for name in Base.metadata.tables if name != "role"]  # roles come with the tables


def fresh_database() -> str:
    """The address of a database with all tables and nothing in them: always the same one, emptied.
    Skips the test where PostgreSQL is missing."""
    url = f"{_server()}/{_SHARED}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # Emptying takes a tenth of the time that a new database takes.
        connection.execute(f"TRUNCATE {', '.join(_EMPTIED)} RESTART IDENTITY CASCADE")
    return url


def empty_database() -> str:
    """The address of a new database without tables. Skips as `fresh_database` does."""
    server = _server()
    name = f"coach_{next(_numbers)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def _server() -> str:
    if missing := [tool for tool in ("initdb", "pg_ctl", "setpriv") if shutil.which(tool) is None]:
        pytest.skip(f"PostgreSQL is not installed here: no {', '.join(missing)}")
    server, problem = _started()
    if problem:
        pytest.skip(problem)
    return server


@functools.cache
def _started() -> tuple[str, str]:
    """The address of the server and "", or "" and the reason why there is none."""
    folder = Path(tempfile.mkdtemp(prefix="coach-postgresql-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")  # PostgreSQL refuses to run as root
    port = _free_port()
    try:
        _run(
            "initdb",
            "-D",
            f"{folder}/d",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        # No fsync: these tests are about behaviour; nobody pulls the plug.
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _run("pg_ctl", "-D", f"{folder}/d", "-l", f"{folder}/log", "-o", options, "-w", "start")
    except subprocess.CalledProcessError as error:
        return "", f"PostgreSQL does not start here: {error.stderr.strip()[-300:]}"
    atexit.register(_run, "pg_ctl", "-D", f"{folder}/d", "-m", "immediate", "-w", "stop")
    server = f"postgresql://postgres@127.0.0.1:{port}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_SHARED}")
    migrate.upgrade(f"{server}/{_SHARED}")
    return server, ""


def _run(*command: str) -> None:
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    # Output goes to a file: a server that inherits a pipe would keep `run` waiting for its end.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [*as_nobody, *command],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=60,
            cwd="/",
        )
        if done.returncode:
            output.seek(0)
            raise subprocess.CalledProcessError(done.returncode, command, stderr=output.read())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
