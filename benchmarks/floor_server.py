"""The least a stored turn can cost: one Flask view under the settings of Coach's own server.

    COACH_PORT=… COACH_VAR=… python -m benchmarks.floor_server

It parses JSON, stores a turn, its readings and an event in one durable transaction (four indexes), and answers JSON.
Nobody is authenticated, nothing is read, decided or checked. Writers wait in the same fair queue as in Coach.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication

from coach.config import read_config
from coach.store.queue_lock import QueueLock

TABLES = """
CREATE TABLE turn (id INTEGER PRIMARY KEY, rehearsal TEXT, seq INTEGER, key TEXT, text TEXT, state TEXT, at TEXT);
CREATE UNIQUE INDEX turn_key ON turn (rehearsal, key);
CREATE INDEX turn_at ON turn (at);
CREATE TABLE reading (id INTEGER PRIMARY KEY, turn INTEGER REFERENCES turn, behaviours TEXT);
CREATE INDEX reading_turn ON reading (turn);
CREATE TABLE event (id INTEGER PRIMARY KEY, rehearsal TEXT, kind TEXT, detail TEXT, at TEXT);
CREATE INDEX event_rehearsal ON event (rehearsal);
"""
_STATE = json.dumps({"stage": "telling", "seen": {"greet": 1, "apologise": 2}, "used": ["a"] * 12, "anger": 50})
_BEHAVIOURS = json.dumps([{"id": "apologise", "evidence": [{"start": 0, "end": 5, "text": "sorry"}]}] * 3)


def make_app(database: Path) -> Flask:
    app = Flask(__name__)
    mine = threading.local()
    lock = QueueLock()

    def connection() -> sqlite3.Connection:
        if not hasattr(mine, "connection"):
            mine.connection = sqlite3.connect(database, isolation_level=None, timeout=5)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                mine.connection.execute(f"PRAGMA {pragma}")
        made: sqlite3.Connection = mine.connection
        return made

    with connection() as fresh:
        fresh.executescript(TABLES)
    connection().close()
    del mine.connection

    @app.get("/healthz")
    def alive() -> str:
        return "ok"

    @app.post("/rehearsals/<rehearsal>/turns")
    def turn(rehearsal: str) -> Response:
        text, key = request.get_json()["text"], request.headers["Idempotency-Key"]
        writer = connection()
        with lock.turn(5):
            writer.execute("BEGIN IMMEDIATE")
            row = writer.execute(
                "INSERT INTO turn (rehearsal, seq, key, text, state, at) VALUES (?, 1, ?, ?, ?, datetime('now'))",
                (rehearsal, key, text, _STATE),
            ).lastrowid
            writer.execute("INSERT INTO reading (turn, behaviours) VALUES (?, ?)", (row, _BEHAVIOURS))
            writer.execute(
                "INSERT INTO event (rehearsal, kind, detail, at) VALUES (?, 'turn', ?, datetime('now'))",
                (rehearsal, key),
            )
            writer.execute("COMMIT")
        answer = {"turn": row, "heard": text, "customer": {"text": "Well?", "ended": False}}
        return Response(json.dumps(answer), content_type="application/json")

    return app


class _Server(BaseApplication):  # type: ignore[misc]
    """As `coach.serving` sets gunicorn up."""

    def load_config(self) -> None:
        config = read_config()
        settings: dict[str, Any] = {
            "bind": f"127.0.0.1:{config.port}", "workers": 1, "worker_class": "gthread", "threads": config.threads,
            "timeout": 60, "keepalive": 15, "accesslog": None, "loglevel": "warning", "control_socket_disable": True,
        }  # fmt: skip
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return make_app(read_config().var / "floor.sqlite3")


if __name__ == "__main__":
    _Server().run()
