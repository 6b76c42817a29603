"""Who may do what, on every route, with Alice's call. A route that is not in the table fails the suite.

Alice and Bob are trainees of one team, which Mona mentors; Nils mentors another team; Quentin is QA, Ada an
administrator. Columns: nobody, Alice, Bob, Mona, Nils, Quentin, Ada.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from coach.domain.people import Role
from tests.web.api_house import SCENARIO, Caller, Centre, open_centre

ACTORS = ("nobody", "alice", "bob", "mona", "nils", "quentin", "ada")

SAYS = {"text": "I am so sorry."}
STARTS = {"scenario": SCENARIO, "language": "en", "channel": "text"}
FLAG = {"agent": "alice@example.com", "call_reference": "C-1", "date": "2026-03-04", "severity": "low"}
FLAG["step"] = "six-step:listen"


@dataclass(frozen=True)
class Route:
    """One way to use a route. `{call}` is a running call of Alice's, `{retry}` her retry of it, `{alice}` her id."""

    method: str
    path: str
    expected: str
    sends: dict[str, str] = field(default_factory=dict)

    def statuses(self) -> dict[str, int]:
        return dict(zip(ACTORS, map(int, self.expected.split()), strict=True))


def page(path: str, expected: str) -> Route:
    return Route("GET", path, expected)


def form(path: str, expected: str, **sends: str) -> Route:
    return Route("POST", path, expected, sends)


# fmt: off
PUBLIC       = "200 200 200 200 200 200 200"
ANY_ACCOUNT  = "302 200 200 200 200 200 200"
OWNER_READS  = "302 200 404 404 404 404 404"
OWNER_ACTS   = "302 303 404 404 404 404 404"
MAY_SEE_WORK = "302 200 404 200 404 404 200"
MENTORS      = "302 403 403 200 200 403 200"
ITS_MENTOR   = "302 403 403 200 404 403 200"
QA_ONLY      = "302 403 403 403 403 200 200"

TABLE: dict[str, Route] = {
    # everybody
    "health.alive": page("/healthz", PUBLIC),
    "health.ready": page("/readyz", PUBLIC),
    "health.metrics": page("/metrics", PUBLIC),
    "parts.show": page("/parts", PUBLIC),  # demo mode only
    "api.openapi": page("/api/v1/openapi.json", PUBLIC),
    "shell.set_language": form("/language", "303 303 303 303 303 303 303", language="en"),
    "shell.set_theme": form("/theme", "303 303 303 303 303 303 303", theme="dark"),
    "security.login": page("/login", "200 302 302 302 302 302 302"),
    "security.logout": form("/logout", "302 302 302 302 302 302 302"),
    "security.static": page("/fs-static/nothing.js", "404 404 404 404 404 404 404"),
    # any account
    "home": page("/", "302 302 302 302 302 302 302"),
    "security.change_password": page("/password", ANY_ACCOUNT),
    "security.verify": page("/verify", ANY_ACCOUNT),
    "trainee.scenarios": page("/practice", ANY_ACCOUNT),
    "trainee.brief": page(f"/practice/{SCENARIO}", ANY_ACCOUNT),
    "trainee.sound_check": page("/help/sound-check.wav", ANY_ACCOUNT),
    "trainee.debriefs": page("/debriefs", ANY_ACCOUNT),
    "trainee.progress": page("/progress", ANY_ACCOUNT),
    "trainee.start": form("/rehearsals", "302 303 303 303 303 303 303", **STARTS),
    # a call: its owner acts, its owner's mentors and admins may read about it
    "trainee.call": page("/rehearsals/{call}", OWNER_READS),
    "trainee.reply": form("/rehearsals/{call}/turns", OWNER_ACTS, key="k1", **SAYS),
    "trainee.silence": form("/rehearsals/{call}/silence", OWNER_ACTS, key="k1"),
    "trainee.time_out": form("/rehearsals/{call}/time-out", OWNER_ACTS, key="k1"),
    "trainee.hang_up": form("/rehearsals/{call}/hang-up", OWNER_ACTS, key="k1"),
    "trainee.retry": form("/rehearsals/{call}/retry", OWNER_ACTS, turn="1"),
    "trainee.sound": page("/rehearsals/{call}/turns/0/sound.wav", MAY_SEE_WORK),
    "trainee.debrief": page("/rehearsals/{call}/debrief", MAY_SEE_WORK),
    "trainee.compare": page("/rehearsals/{retry}/compare", MAY_SEE_WORK),
    # mentors
    "mentor.trainees": page("/mentor/", MENTORS),
    "mentor.trainee": page("/mentor/trainees/{alice}", ITS_MENTOR),
    "mentor.rehearsal": page("/mentor/rehearsals/{call}", ITS_MENTOR),
    # QA
    "qa.flags": page("/qa/flags", QA_ONLY),
    "qa.add_flag": form("/qa/flags", "302 403 403 403 403 303 303", error_code="", note="", **FLAG),
    # programs: a token instead of a login
    "api.scenarios": page("/api/v1/scenarios", "401 200 200 200 200 200 200"),
    "api.start": form("/api/v1/rehearsals", "401 201 201 201 201 201 201", **STARTS),
    "api.rehearsal": page("/api/v1/rehearsals/{call}", "401 200 404 404 404 404 404"),
    "api.take_turn": form("/api/v1/rehearsals/{call}/turns", "401 200 404 404 404 404 404", **SAYS),
    "api.finish": form("/api/v1/rehearsals/{call}/finish", "401 200 404 404 404 404 404"),
    "api.audio": page("/api/v1/rehearsals/{call}/turns/0/audio", "401 200 404 200 404 404 200"),
    "api.debrief": page("/api/v1/rehearsals/{call}/debrief", "401 200 404 200 404 404 200"),
    "api.flags": page("/api/v1/flags", "401 403 403 200 200 200 200"),
    "api.flag": form("/api/v1/flags", "401 403 403 403 403 201 200", **{**FLAG, "call_reference": "C-2"}),
}
# fmt: on


@dataclass
class Cast:
    centre: Centre
    people: dict[str, Caller]


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    with open_centre(tmp_path_factory.mktemp("centre")) as centre:
        centre.app.config["WTF_CSRF_ENABLED"] = False  # what a forged request may do is the shell's test
        blue, green = centre.team("Blue"), centre.team("Green")
        people = {
            "alice": centre.hire("alice", Role.TRAINEE, team=blue),
            "bob": centre.hire("bob", Role.TRAINEE, team=blue),
            "mona": centre.hire("mona", Role.MENTOR, team=blue),
            "nils": centre.hire("nils", Role.MENTOR, team=green),
            "quentin": centre.hire("quentin", Role.QA),
            "ada": centre.hire("ada", Role.ADMIN),
        }
        yield Cast(centre, people)


def test_every_route_is_in_the_table(cast: Cast) -> None:
    assert {rule.endpoint for rule in cast.centre.app.url_map.iter_rules()} == set(TABLE)


@pytest.mark.parametrize("endpoint", list(TABLE))
def test_each_may_do_what_the_table_says(cast: Cast, endpoint: str) -> None:
    route = TABLE[endpoint]
    if endpoint not in cast.centre.app.view_functions:
        pytest.fail(f"{endpoint} is no route any more; take it out of the table")
    path = route.path.format(**_places(cast, route.path))
    assert _leads_to(cast, route.method, path) == endpoint
    came = {name: _send(cast, name, route, path) for name in ACTORS}
    assert came == route.statuses()


def _places(cast: Cast, path: str) -> dict[str, Any]:
    """A fresh call of Alice's with one reply in it, and what else the path names."""
    alice = cast.people["alice"]
    places: dict[str, Any] = {"alice": alice.person.id}
    if "{call}" in path or "{retry}" in path:
        call = alice.starts()
        assert alice.says(call, "Good morning.", "k0").status_code == 200
        places["call"] = call["id"]
    if "{retry}" in path:
        retried = cast.centre.browser(alice.person).post(f"/rehearsals/{places['call']}/retry", data={"turn": "1"})
        places["retry"] = retried.headers["Location"].rsplit("/", 1)[1]
        assert alice.says({"id": places["retry"]}, "I am so sorry.", "k1").status_code == 200
    return places


def _leads_to(cast: Cast, method: str, path: str) -> str:
    return str(cast.centre.app.url_map.bind("localhost").match(path, method)[0])


def _send(cast: Cast, name: str, route: Route, path: str) -> int:
    caller = cast.people.get(name)
    if not path.startswith("/api/"):
        browser = cast.centre.browser(caller.person if caller else None)
        return browser.open(path, method=route.method, data=route.sends or None).status_code
    client = cast.centre.app.test_client()
    headers = {"Idempotency-Key": "k1"} | ({"Authorization": f"Bearer {caller.token}"} if caller else {})
    body = {"json": route.sends} if route.method == "POST" else {}
    return client.open(path, method=route.method, headers=headers, **body).status_code
