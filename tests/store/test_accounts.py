"""Accounts, demo people, and Flask-Security at work on the same rows."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import Security, auth_required, current_user, hash_password
from sqlalchemy import select

from coach.domain.language import Language
from coach.domain.people import Role
from coach.errors import BadInput, BadText, NotFound, StoreUnavailable
from coach.store.accounts import datastore_for
from coach.store.demo import BLUE, DEMO_PASSWORD, DEMO_PEOPLE, GREEN, demo_people_exist, seed_demo
from coach.store.rows import ApiTokenRow, PersonRow
from coach.store.translate import person_of
from tests.store.houses import House


def row_of(house: House, id: int) -> PersonRow:
    with house.store.read() as work:
        return work.session.get(PersonRow, id)


# Accounts


def test_an_account_holds_what_was_given(house: House) -> None:
    dana = house.accounts.add_person(
        email=" Dana@Example.com ",
        name="Dana",
        password_hash="$argon2id$…",
        roles={Role.MENTOR, Role.ADMIN},
        language=Language.ZH_HANT,
    )
    row = row_of(house, dana.id)
    assert (row.email, row.password, row.active, row.is_demo) == ("dana@example.com", "$argon2id$…", True, False)
    assert len(row.fs_uniquifier) == 32
    assert row.created_utc == house.clock.now
    assert person_of(row) == dana


def test_teams_have_names_of_their_own(house: House) -> None:
    house.accounts.add_team("Blue")
    with pytest.raises(BadInput):
        house.accounts.add_team("Blue")


def test_names_that_cannot_be_stored_are_refused(house: House) -> None:
    with pytest.raises(BadText):
        house.accounts.add_person(email="a@example.com", name="nul\0")
    with pytest.raises(BadText):
        house.accounts.add_team("half \ud800")


def test_who_leaves_a_team_is_out(house: House) -> None:
    team, alice = house.accounts.add_team("Blue"), house.hire("alice")
    house.accounts.join(alice.id, team.id)
    house.accounts.leave(alice.id, team.id)
    with house.store.read() as work:
        assert work.people.get(alice.id).trains == frozenset()


def test_unknown_people_and_teams_are_not_found(house: House) -> None:
    team, alice = house.accounts.add_team("Blue"), house.hire("alice")
    for person, joined in ((99, team.id), (alice.id, 99), (10**30, team.id), (alice.id, 10**30)):
        with pytest.raises(NotFound):
            house.accounts.join(person, joined)
    for act in (house.accounts.deactivate, house.accounts.activate):
        with pytest.raises(NotFound):
            act(99)


def test_switching_off_and_new_passwords_end_all_sign_ins(house: House) -> None:
    alice = house.hire("alice")
    seen = {row_of(house, alice.id).fs_uniquifier}
    house.accounts.deactivate(alice.id)
    seen.add(row_of(house, alice.id).fs_uniquifier)
    house.accounts.activate(alice.id)
    house.accounts.set_password(alice.id, "another hash")
    row = row_of(house, alice.id)
    assert len(seen | {row.fs_uniquifier}) == 3
    assert (row.active, row.password) == (True, "another hash")


def test_tokens_are_stored_as_hashes_only(house: House) -> None:
    alice = house.hire("alice")
    with house.store.write() as work:
        token = work.people.issue_token(alice.id, "laptop")
    with house.store.read() as work:
        (row,) = work.session.scalars(select(ApiTokenRow))
    assert token not in vars(row).values()
    assert (row.label, len(row.token_hash)) == ("laptop", 64)


# Demo people


def test_demo_people_come_once_and_two_teams_are_apart(house: House) -> None:
    hashed: list[str] = []

    def hash_it(password: str) -> str:
        hashed.append(password)
        return f"hash of {password}"

    people = seed_demo(house.store, hash_it)
    assert seed_demo(house.store, hash_it) == people
    assert hashed == [DEMO_PASSWORD]  # a hash is slow: one is enough, and none the second time
    assert [person.email for person in people] == [demo.email for demo in DEMO_PEOPLE]
    trainee, mentor, qa, admin, trainee2, mentor2 = people
    assert (trainee.roles, mentor.roles, qa.roles, admin.roles) == (
        {Role.TRAINEE},
        {Role.MENTOR},
        {Role.QA},
        {Role.ADMIN},
    )
    with house.store.read() as work:
        assert {team.name for team in work.people.teams()} == {BLUE, GREEN}
        assert work.people.trainees_of(mentor) == (trainee,)
        assert work.people.trainees_of(mentor2) == (trainee2,)


def test_a_half_seeded_demo_is_completed(house: House) -> None:
    """As after a crash between two people, or between a person and the team."""
    demo = DEMO_PEOPLE[0]
    house.accounts.add_person(email=demo.email, name=demo.name, is_demo=True)
    trainee, mentor, *_ = seed_demo(house.store, lambda password: password)
    assert trainee.trains == mentor.mentors != frozenset()


def test_production_can_see_demo_people(house: House) -> None:
    assert not demo_people_exist(house.store)
    house.hire("alice")
    assert not demo_people_exist(house.store)
    people = seed_demo(house.store, lambda password: password)
    assert demo_people_exist(house.store)
    for person in people:
        house.accounts.deactivate(person.id)
    assert not demo_people_exist(house.store)


# Flask-Security


@pytest.fixture
def client(house: House) -> Iterator[FlaskClient]:
    app = Flask("accounts")
    app.config.update(
        SECRET_KEY="a key for tests only",
        SECURITY_PASSWORD_SALT="salt",
        SECURITY_PASSWORD_HASH="plaintext",  # argon2 takes half a second
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_PASSWORD_CHECK_BREACHED=None,
        WTF_CSRF_ENABLED=False,
    )
    store = house.store
    Security(app, datastore_for(store))
    app.teardown_appcontext(lambda _error: store.account_session.remove())

    @app.get("/me")
    @auth_required("session")
    def me() -> dict[str, object]:
        person = person_of(current_user)
        return {"name": person.name, "roles": sorted(person.roles), "mentors": sorted(person.mentors)}

    with app.app_context():
        team = house.accounts.add_team("Blue")
        dana = house.accounts.add_person(
            email="dana@example.com",
            name="Dana",
            password_hash=hash_password("correct horse"),
            roles={Role.MENTOR, Role.QA},
        )
        house.accounts.join(dana.id, team.id, Role.MENTOR)
    return app.test_client()


def sign_in(client: FlaskClient, password: str = "correct horse") -> bool:
    client.post("/login", json={"email": "Dana@Example.com", "password": password})
    return client.get("/me", headers={"Accept": "application/json"}).status_code == 200


def test_signing_in_works_on_our_rows(client: FlaskClient) -> None:
    assert not sign_in(client, "wrong horse")
    assert sign_in(client)
    assert client.get("/me").json == {"name": "Dana", "roles": ["mentor", "qa"], "mentors": [1]}


def test_who_is_switched_off_is_out_at_once(house: House, client: FlaskClient) -> None:
    assert sign_in(client)
    with house.store.read() as work:
        dana = work.people.by_email("dana@example.com")
    house.accounts.deactivate(dana.id)
    assert client.get("/me", headers={"Accept": "application/json"}).status_code == 401
    assert not sign_in(client)


def test_flask_security_can_change_a_password(house: House, client: FlaskClient) -> None:
    assert sign_in(client)
    changed = {"password": "correct horse", "new_password": "battery staple", "new_password_confirm": "battery staple"}
    answer = client.post("/change", json=changed)
    assert answer.status_code == 200, answer.json
    fresh = client.application.test_client()
    assert not sign_in(fresh)
    assert sign_in(fresh, "battery staple")


def rename(house: House, id: int, name: str) -> None:
    """As sign-in code does: read first, decide to write later."""
    session = house.store.account_session
    try:
        row = session.get(PersonRow, id)
        row.name = name
        session.commit()
    finally:
        session.remove()


def test_an_account_change_waits_its_turn_among_the_writers(sqlite: House) -> None:
    alice = sqlite.hire("alice")
    with ThreadPoolExecutor(1) as pool:
        with sqlite.store.write() as work:
            work.archive.keep("s", 1, "hash", "source")
            waiting = pool.submit(rename, sqlite, alice.id, "Alicia")
            while not sqlite.store.waiting_writers:
                assert not waiting.done()
        waiting.result(timeout=5)
    assert row_of(sqlite, alice.id).name == "Alicia"


def test_another_writer_between_reading_and_writing_is_no_problem(house: House) -> None:
    alice = house.hire("alice")
    session = house.store.account_session
    row = session.get(PersonRow, alice.id)
    house.hire("bob")
    row.name = "Alicia"
    session.commit()
    session.remove()
    assert row_of(house, alice.id).name == "Alicia"


def test_an_account_change_that_fails_lets_the_next_writer_in(impatient_sqlite: House) -> None:
    house = impatient_sqlite
    alice, _ = house.hire("alice"), house.hire("bob")
    session = house.store.account_session
    session.get(PersonRow, alice.id).email = "bob@example.com"
    with pytest.raises(Exception, match="UNIQUE"):
        session.commit()
    house.hire("carol")
    session.remove()


def test_an_account_change_gives_up_as_other_writers_do(impatient_sqlite: House) -> None:
    house = impatient_sqlite
    alice = house.hire("alice")
    with house.store.write(), ThreadPoolExecutor(1) as pool, pytest.raises(StoreUnavailable):
        pool.submit(rename, house, alice.id, "Alicia").result(timeout=5)
    rename(house, alice.id, "Alicia")


def test_an_account_change_does_not_wait_for_ever_for_outsiders(impatient_sqlite: House) -> None:
    house = impatient_sqlite
    alice = house.hire("alice")
    with closing(sqlite3.connect(house.url.removeprefix("sqlite:///"), isolation_level=None)) as outsider:
        outsider.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with pytest.raises(StoreUnavailable) as refused:
            rename(house, alice.id, "Alicia")
        assert time.monotonic() - started < 2
    assert refused.value.details["reason"] == "locked"
    rename(house, alice.id, "Alicia")


def test_a_session_that_is_removed_takes_its_changes_back(sqlite: House) -> None:
    alice = sqlite.hire("alice")
    session = sqlite.store.account_session
    session.get(PersonRow, alice.id).name = "Alicia"
    session.flush()
    session.remove()
    assert row_of(sqlite, alice.id).name == "alice"
    sqlite.hire("bob")  # and its turn as a writer is over


def test_many_threads_change_accounts_while_others_write(house: House) -> None:
    alice = house.hire("alice")
    gate = threading.Barrier(12)

    def work(number: int) -> None:
        gate.wait()
        for step in range(5):
            if number % 2:
                rename(house, alice.id, f"Alice {number}.{step}")
            else:
                with house.store.write() as unit:
                    unit.archive.keep("s", 1, f"{number}.{step}", "source")

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(12)))
    assert row_of(house, alice.id).name.startswith("Alice ")
