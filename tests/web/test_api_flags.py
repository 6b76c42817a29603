"""Quentin of QA flags Alice and Carol; Mona mentors Alice's team."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from coach.domain.people import Role
from tests.web.api_house import Caller, Centre, ok, open_centre, problem

_calls = count(1)


@dataclass
class Cast:
    centre: Centre
    alice: Caller
    carol: Caller
    mona: Caller
    quentin: Caller
    ada: Caller


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    with open_centre(tmp_path_factory.mktemp("centre")) as centre:
        yield hired(centre)


def hired(centre: Centre) -> Cast:
    blue, green = centre.team("Blue"), centre.team("Green")
    return Cast(
        centre,
        alice=centre.hire("alice", Role.TRAINEE, team=blue),
        carol=centre.hire("carol", Role.TRAINEE, team=green),
        mona=centre.hire("mona", Role.MENTOR, team=blue),
        quentin=centre.hire("quentin", Role.QA),
        ada=centre.hire("ada", Role.ADMIN),
    )


def finding(**changes: Any) -> dict[str, Any]:
    """A finding in a call of its own."""
    given = {
        "agent": "alice@example.com",
        "call_reference": f"C-{next(_calls)}",
        "date": "2026-03-04",
        "step": "six-step:apologise",
        "severity": "high",
        "note": "没有道歉 — <b>no apology</b> 😶",
    }
    return {name: value for name, value in {**given, **changes}.items() if value is not None}


def test_a_flag_is_kept_as_it_was_told(cast: Cast) -> None:
    told = finding()
    kept = ok(cast.quentin.post("/flags", told), 201)
    assert kept | told == kept
    assert (kept["agent_name"], kept["flagged_by"], kept["state"]) == ("alice", "quentin", "open")
    assert kept["error_code"] is None
    assert ok(cast.quentin.get("/flags"))["flags"][0] == kept


def test_the_same_finding_again_is_the_same_flag(cast: Cast) -> None:
    told = finding()
    first = ok(cast.quentin.post("/flags", told, key="one"), 201)
    again = {**told, "severity": "low", "note": "", "agent": " Alice@Example.com "}
    assert ok(cast.ada.post("/flags", again, key="two"), 200) == first
    assert ok(cast.quentin.post("/flags", {**told, "date": "2026-03-03"}), 201)["id"] != first["id"]


def test_of_many_who_send_it_at_once_one_makes_the_flag(cast: Cast) -> None:
    told = finding()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: cast.quentin.post("/flags", told), range(12)))
    assert sorted(a.status_code for a in answers) == [200] * 11 + [201]
    assert len({a.data for a in answers}) == 1


def test_an_error_code_of_the_centre_will_do(cast: Cast) -> None:
    kept = ok(cast.quentin.post("/flags", finding(step=None, error_code="E-12.3/致命")), 201)
    assert (kept["step"], kept["error_code"]) == (None, "E-12.3/致命")


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"agent": "nobody@example.com"}, {"agent": "unknown_agent"}),
        ({"agent": "x\u0000y@example.com"}, {"agent": "unknown_agent"}),
        ({"step": "six-step:juggle"}, {"step": "unknown_step"}),
        ({"step": "apologise"}, {"step": "unknown_step"}),
        ({"step": None}, {"": "step_or_error_code"}),
        ({"error_code": "E-1"}, {"": "step_or_error_code"}),
        ({"step": ""}, {"step": "step_or_error_code"}),
        ({"step": None, "error_code": "no spaces"}, {"error_code": "string_pattern_mismatch"}),
        ({"date": "2999-01-01"}, {"date": "date_in_future"}),
        ({"date": "yesterday"}, {"date": "date_parsing"}),
        ({"date": 20260304}, {"date": "date_type"}),
        ({"severity": "awful"}, {"severity": "literal_error"}),
        ({"call_reference": "  "}, {"call_reference": "string_too_short"}),
        ({"call_reference": "a\nb"}, {"call_reference": "string_pattern_mismatch"}),
        ({"call_reference": "x" * 101}, {"call_reference": "string_too_long"}),
        ({"note": "x" * 2001}, {"note": "string_too_long"}),
        ({"agent": None, "date": None}, {"agent": "missing", "date": "missing"}),
        ({"colour": "red"}, {"colour": "extra_forbidden"}),
        ({"agent": "nobody@example.com", "step": "x:y"}, {"agent": "unknown_agent", "step": "unknown_step"}),
    ],
)  # fmt: skip
def test_findings_that_cannot_be_kept_name_their_fields(
    cast: Cast, changes: dict[str, Any], faults: dict[str, str]
) -> None:
    before = ok(cast.quentin.get("/flags"))
    told = problem(cast.quentin.post("/flags", finding(**changes)), 422, "bad-input")
    assert {e["field"]: e["code"] for e in told["details"]["errors"]} == faults
    assert ok(cast.quentin.get("/flags")) == before


def test_a_note_loses_only_what_cannot_be_shown(cast: Cast) -> None:
    kept = ok(cast.quentin.post("/flags", finding(note=" a\x07b\nc\u0000 ")), 201)
    assert kept["note"] == "ab\nc"


def test_only_qa_and_admins_flag(cast: Cast) -> None:
    for person in (cast.alice, cast.mona):
        problem(person.post("/flags", finding()), 403, "not-allowed")
    assert cast.ada.post("/flags", finding()).status_code == 201


def test_mentors_see_the_flags_of_their_teams_and_trainees_none(cast: Cast) -> None:
    of_alice = ok(cast.quentin.post("/flags", finding()), 201)
    of_carol = ok(cast.quentin.post("/flags", finding(agent="carol@example.com")), 201)
    every = ok(cast.ada.get("/flags?limit=2"))["flags"]
    assert every == [of_carol, of_alice]
    seen = ok(cast.mona.get("/flags?limit=200"))["flags"]
    assert of_alice in seen
    assert {f["agent"] for f in seen} == {"alice@example.com"}
    problem(cast.alice.get("/flags"), 403, "not-allowed")


def test_flags_come_page_by_page(tmp_path: Path) -> None:
    with open_centre(tmp_path) as centre:
        cast = hired(centre)
        made = [ok(cast.quentin.post("/flags", finding()), 201)["id"] for _ in range(5)]
        first = ok(cast.quentin.get("/flags?limit=2"))
        second = ok(cast.quentin.get(f"/flags?limit=2&before={first['next']}"))
        last = ok(cast.quentin.get(f"/flags?limit=2&before={second['next']}"))
        assert [f["id"] for page in (first, second, last) for f in page["flags"]] == made[::-1]
        assert last["next"] is None
        for query in (
            "limit=-1",
            "limit=x",
            "before=1.5",
            "limit=",
            "limit=0",
            "limit=201",
            "before=" + "9" * 30,
            "page=2",
        ):
            problem(cast.quentin.get(f"/flags?{query}"), 422, "bad-input")
