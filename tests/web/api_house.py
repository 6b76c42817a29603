"""The whole application on SQLite, with a voice that hums and a listener that hears what the test says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coach.bootstrap import House as Wiring
from coach.config import read_config
from coach.domain.language import Language
from coach.domain.people import Person, Role
from coach.speech.fakes import FakeListener, FakeVoice, SilentVoice
from coach.store.rows import PersonRow
from tests.store.houses import House, close, sqlite_house

SCENARIO = "refund-12-days"


@dataclass
class Caller:
    """Somebody with a token, and what they send with it."""

    app: Flask
    person: Person
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self._headers(more), **more)

    def post(self, path: str, json: Any = None, *, key: str = "", **more: Any) -> TestResponse:
        headers = self._headers(more) | ({"Idempotency-Key": key} if key else {})
        body = more if json is None else {**more, "json": json}
        return self.client.post(f"/api/v1{path}", headers=headers, **body)

    def starts(self, **asked: Any) -> Any:
        """A rehearsal, as it was answered."""
        wanted = {"scenario": SCENARIO, "language": "en", "channel": "text", **asked}
        return ok(self.post("/rehearsals", wanted), 201)

    def says(self, rehearsal: Any, text: str, key: str) -> TestResponse:
        return self.post(f"/rehearsals/{rehearsal['id']}/turns", {"text": text}, key=key)

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def _headers(self, more: dict[str, Any]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **more.pop("headers", {})}


@dataclass
class Centre:
    """A call centre: its people, its app, its fakes."""

    house: House
    app: Flask
    listener: FakeListener
    people: dict[str, Person] = field(default_factory=dict)

    def hire(self, name: str, *roles: Role, team: int | None = None, language: Language = Language.EN) -> Caller:
        person = self.house.hire(name, *roles, language=language)
        if team is not None:
            self.house.accounts.join(person.id, team, roles[0] if roles else Role.TRAINEE)
        with self.house.store.write() as work:
            token = work.people.issue_token(person.id, "test")
        return Caller(self.app, person, token)

    def team(self, name: str) -> int:
        id: int = self.house.accounts.add_team(name).id
        return id

    def browser(self, person: Person | None) -> FlaskClient:
        """A browser in which this person is logged in."""
        client = self.app.test_client()
        if person is not None:
            with self.house.store.read() as work:
                row = work.session.get_one(PersonRow, person.id)  # type: ignore[attr-defined]
                uniquifier = row.fs_uniquifier
            with client.session_transaction() as kept:
                kept.update(_user_id=uniquifier, _fresh=True, fs_paa=time())
        return client


@contextmanager
def open_centre(folder: Path, *, voice: Any = None) -> Iterator[Centre]:
    house = sqlite_house(folder, 5.0)
    config = read_config(
        {
            "COACH_VAR": str(folder),
            "COACH_DATABASE_URL": house.url,
            "COACH_SECRET_KEY": "only for these tests, but long enough",
        }
    )
    wiring, listener = Wiring(config), FakeListener()
    wiring.__dict__.update(store=house.store, voice=voice or FakeVoice(), listener=listener, **_read_once())
    app = wiring.create_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield Centre(house, app, listener)
    close(house)


@cache
def _read_once() -> dict[str, Any]:
    """Scenarios and packs: reading them takes most of the time that an app takes to start."""
    once = Wiring(read_config({"COACH_SECRET_KEY": "nothing is signed with this"}))
    return {"library": once.library, "packs": once.packs}


def ok(response: TestResponse, status: int = 200) -> Any:
    assert response.status_code == status, f"{response.status_code}: {response.get_data(as_text=True)[:800]}"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_type == "application/json"
    return response.get_json()


def problem(response: TestResponse, status: int, code: str) -> Any:
    """The problem; fails if it is not one, or another."""
    assert response.content_type == "application/problem+json", response.get_data(as_text=True)[:500]
    told = json.loads(response.get_data(as_text=True))
    assert (response.status_code, told["status"], told["code"]) == (status, status, code), told
    assert told["type"] == f"urn:coach:problem:{code}"
    assert told["title"]
    assert told["detail"]
    assert response.headers["Cache-Control"] == "no-store"
    return told


__all__ = ["SCENARIO", "Caller", "Centre", "SilentVoice", "ok", "open_centre", "problem"]
