"""The OpenAPI document tells the truth: every route is in it, and answers have the shapes that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from coach.domain.people import Role
from coach.web.api import words
from tests.web.api_house import SCENARIO, Caller, Centre, ok, open_centre, problem


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with open_centre(tmp_path_factory.mktemp("centre")) as opened:
        yield opened


@pytest.fixture(scope="module")
def spec(centre: Centre) -> Any:
    """The document, which needs no token."""
    return ok(centre.app.test_client().get("/api/v1/openapi.json"))


def operations(spec: Any) -> dict[str, Any]:
    return {operation["operationId"]: operation for path in spec["paths"].values() for operation in path.values()}


def test_every_route_is_in_it_and_nothing_else(centre: Centre, spec: Any) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)), method.lower())
        for rule in centre.app.url_map.iter_rules()
        for method in rule.methods or ()
        if str(rule).startswith("/api/") and rule.endpoint != "api.openapi" and method not in ("HEAD", "OPTIONS")
    }
    assert {(path, method) for path, found in spec["paths"].items() for method in found} == routes
    assert spec["openapi"].startswith("3.1")


def test_it_asks_for_a_bearer_token(spec: Any) -> None:
    (scheme,) = spec["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert spec["security"] == [{"bearer": []}]


def test_every_operation_has_words_and_its_problems(spec: Any) -> None:
    for name, operation in operations(spec).items():
        assert operation["summary"], name
        assert "401" in operation["responses"], name
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (name, status)
                assert response["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


def test_a_turn_is_json_or_a_recording_and_needs_a_key(spec: Any) -> None:
    turn = operations(spec)["take_turn"]
    assert set(turn["requestBody"]["content"]) == {"application/json", "multipart/form-data"}
    required = {p["name"]: p["required"] for p in turn["parameters"]}
    assert required == {"rehearsal_id": True, "Idempotency-Key": True, "language": False}
    sound = operations(spec)["hear_turn"]["responses"]["200"]["content"]
    assert list(sound) == ["audio/wav"]


def test_every_reference_leads_somewhere(spec: Any) -> None:
    known = {f"#/components/schemas/{name}" for name in spec["components"]["schemas"]}
    used = set(re.findall(r"'\$ref': '([^']+)'", str(spec)))
    assert used
    assert used <= known


def test_answers_have_the_shapes_that_it_shows(centre: Centre) -> None:
    alice, quentin = centre.hire("alice"), centre.hire("quentin", Role.QA)
    _checked(words.ScenarioList, alice.get("/scenarios"))
    started = alice.post("/rehearsals", {"scenario": SCENARIO, "language": "zh"})
    path = f"/rehearsals/{_checked(words.RehearsalStarted, started, 201)['id']}"
    _checked(words.TurnAnswer, alice.post(f"{path}/turns", {"text": "真的很抱歉。"}, key="k"))
    _checked(words.RehearsalState, alice.post(f"{path}/finish"))
    _checked(words.DebriefAnswer, alice.get(f"{path}/debrief"))
    flag = {
        "agent": "alice@example.com",
        "call_reference": "C-1",
        "date": "2026-03-04",
        "error_code": "E1",
        "severity": "low",
    }
    _checked(words.FlagEntry, quentin.post("/flags", flag), 201)
    _checked(words.FlagList, quentin.get("/flags"))
    for response in (alice.get("/nothing"), alice.post("/rehearsals", {}), alice.get("/flags")):
        words.Problem.model_validate(response.get_json(force=True), extra="forbid")


def test_a_limit_of_requests_is_told_as_a_problem(centre: Centre) -> None:
    """A proxy or a limiter in front may say 429: our error page passes on when to come back."""
    from werkzeug.exceptions import TooManyRequests

    alice: Caller = centre.hire("busy-alice")

    def too_many() -> None:
        raise TooManyRequests(retry_after=7)

    centre.app.before_request_funcs.setdefault("api", []).append(too_many)
    try:
        limited = alice.get("/scenarios")
    finally:
        centre.app.before_request_funcs["api"].remove(too_many)
    problem(limited, 429, "http-429")
    assert limited.headers["Retry-After"] == "7"


def _checked(shape: type[words.Answer], response: Any, status: int = 200) -> Any:
    """The answer; fails if it has a field that the shape does not show."""
    answered = ok(response, status)
    shape.model_validate(answered, extra="forbid")
    return answered
