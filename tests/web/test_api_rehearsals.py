"""Alice rehearses by program; Bob is another trainee, Mona mentors Alice's team and Nils another one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coach.domain.language import Language
from coach.domain.people import Role
from tests.web.api_house import SCENARIO, Caller, Centre, SilentVoice, ok, open_centre, problem

RACERS = 20
SORRY = "I am so sorry about these twelve days. I will call you back by 5 pm today."


@dataclass
class Cast:
    centre: Centre
    alice: Caller
    bob: Caller
    mona: Caller
    nils: Caller


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """One for all: every test starts calls of its own."""
    with open_centre(tmp_path_factory.mktemp("centre")) as centre:
        blue, green = centre.team("Blue"), centre.team("Green")
        yield Cast(
            centre,
            centre.hire("alice", Role.TRAINEE, team=blue),
            centre.hire("bob", Role.TRAINEE, team=blue),
            centre.hire("mona", Role.MENTOR, team=blue),
            centre.hire("nils", Role.MENTOR, team=green),
        )


# Coming in


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "token-needed"),
        ("Bearer", "token-needed"),
        ("Bearer ", "token-needed"),
        ("Basic YWxpY2U6cGFzcw==", "token-needed"),
        ("Bearer nonsense", "token-refused"),
        ("Bearer " + "x" * 5000, "token-refused"),
        ("Bearer \xff\xfe", "token-refused"),
    ],
)
def test_without_a_good_token_nobody_comes_in(cast: Cast, header: str, code: str) -> None:
    given = {"Authorization": header} if header else {}
    response = cast.alice.client.get("/api/v1/scenarios", headers={**given, "Accept-Language": "en"})
    problem(response, 401, code)
    challenge = response.headers["WWW-Authenticate"]
    assert challenge.startswith("Bearer realm=")
    assert ("invalid_token" in challenge) == (code == "token-refused")


def test_a_logged_in_browser_does_not_open_the_api(cast: Cast) -> None:
    browser = cast.centre.browser(cast.alice.person)
    assert browser.get("/practice").status_code == 200
    problem(browser.get("/api/v1/scenarios"), 401, "token-needed")
    problem(browser.post("/api/v1/rehearsals", json={"scenario": SCENARIO}), 401, "token-needed")


def test_a_browsers_cookie_changes_nothing_for_a_program(cast: Cast) -> None:
    alice = cast.alice
    browser = cast.centre.browser(alice.person)
    before = browser.get_cookie("coach")
    answer = browser.get("/api/v1/scenarios", headers={"Authorization": f"Bearer {alice.token}"})
    ok(answer)
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers
    assert browser.get_cookie("coach") == before
    assert "Cookie" in browser.get("/practice").headers["Vary"]


def test_revoked_tokens_and_closed_accounts_are_out(cast: Cast) -> None:
    rita, sam = cast.centre.hire("rita"), cast.centre.hire("sam")
    cast.centre.house.accounts.revoke_tokens(rita.person.id)
    problem(rita.get("/scenarios"), 401, "token-refused")
    cast.centre.house.accounts.deactivate(sam.person.id)
    problem(sam.get("/scenarios"), 401, "token-refused")


def test_the_scheme_is_read_without_case(cast: Cast) -> None:
    headers = {"Authorization": f"bearer {cast.alice.token}"}
    assert cast.alice.client.get("/api/v1/scenarios", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"), [("get", "/nothing", 404), ("delete", "/scenarios", 405), ("get", "/flags/7/x", 404)]
)
def test_addresses_that_are_not_there_answer_in_the_same_form(cast: Cast, method: str, path: str, status: int) -> None:
    response = getattr(cast.alice.client, method)("/api/v1" + path, headers={"Accept-Language": "en"})
    problem(response, status, f"http-{status}")


# Choosing


def test_scenarios_come_easiest_first_in_the_language_asked_for(cast: Cast) -> None:
    english = ok(cast.alice.get("/scenarios?language=en"))["scenarios"]
    traditional = ok(cast.alice.get("/scenarios?language=zh-Hant"))["scenarios"]
    by_header = ok(cast.alice.get("/scenarios", headers={"Accept-Language": "zh-TW"}))["scenarios"]
    assert [s["difficulty"] for s in english] == sorted(s["difficulty"] for s in english)
    assert by_header == traditional
    for one, other in zip(english, traditional, strict=True):
        assert (one["title"], other["title"]) == (one["titles"]["en"], one["titles"]["zh-Hant"])
        assert one["titles"].keys() == {"zh-Hans", "zh-Hant", "en"}
        assert one["trains"]
        assert one["channels"] == ["voice", "text"]
    assert SCENARIO in {s["id"] for s in english}


def test_a_language_nobody_has_is_refused(cast: Cast) -> None:
    told = problem(cast.alice.get("/scenarios?language=fr&x=1"), 422, "bad-input")
    assert {e["field"]: e["code"] for e in told["details"]["errors"]} == {
        "language": "literal_error",
        "x": "extra_forbidden",
    }


# Starting


@pytest.mark.parametrize(
    ("asked", "became"), [("zh", "zh-Hans"), ("zh-Hans", "zh-Hans"), ("zh-Hant", "zh-Hant"), ("en", "en")]
)
def test_the_customer_speaks_first_in_each_language(cast: Cast, asked: str, became: str) -> None:
    started = cast.alice.starts(language=asked, channel="voice")
    assert (started["language"], started["channel"], started["turn"]) == (became, "voice", 0)
    assert started["customer"]["text"]
    assert started["customer"]["ended"] is False
    assert started["customer"]["ending"] is None
    assert 0 < started["mood"]["anger"] <= 100


def test_language_and_channel_may_be_left_out(cast: Cast) -> None:
    mei = cast.centre.hire("mei", language=Language.ZH_HANT)
    started = ok(mei.post("/rehearsals", {"scenario": SCENARIO}), 201)
    assert (started["language"], started["channel"]) == ("zh-Hant", "text")


def test_an_unknown_scenario_is_not_found(cast: Cast) -> None:
    for id in ("no-such", "../defaults/mood", "Refund-12-Days", "茶壶"):
        problem(cast.alice.post("/rehearsals", {"scenario": id}), 404, "unknown-scenario")


def test_every_wrong_field_is_named_at_once(cast: Cast) -> None:
    body = {"scenario": 7, "language": "fr", "channel": "video", "speed": 2}
    told = problem(cast.alice.post("/rehearsals", body), 422, "bad-input")
    faults = {e["field"]: e["code"] for e in told["details"]["errors"]}
    assert faults == {
        "scenario": "string_type",
        "language": "literal_error",
        "channel": "literal_error",
        "speed": "extra_forbidden",
    }
    assert all(e["message"] for e in told["details"]["errors"])


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"scenario": "\\ud800"}'])
def test_broken_json_is_a_bad_request(cast: Cast, body: bytes) -> None:
    problem(cast.alice.post("/rehearsals", data=body, content_type="application/json"), 400, "http-400")


@pytest.mark.parametrize("body", [[], "text", 7, [{"scenario": SCENARIO}], True])
def test_a_body_that_is_no_object_is_refused(cast: Cast, body: Any) -> None:
    told = problem(cast.alice.post("/rehearsals", body), 422, "bad-input")
    assert told["details"]["errors"][0]["field"] == ""


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_other_content_is_not_understood(cast: Cast, kind: str) -> None:
    problem(cast.alice.post("/rehearsals", data=b'{"scenario": "x"}', content_type=kind), 415, "http-415")


def test_starting_twice_with_one_key_is_one_call(cast: Cast) -> None:
    body = {"scenario": SCENARIO, "language": "en", "channel": "text"}
    first = cast.alice.post("/rehearsals", body, key="start-1")
    started = ok(first, 201)
    ok(cast.alice.says(started, SORRY, "k1"))
    again = cast.alice.post("/rehearsals", body, key="start-1")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    problem(cast.alice.post("/rehearsals", {**body, "language": "zh"}, key="start-1"), 422, "key-reused")
    assert ok(cast.bob.post("/rehearsals", body, key="start-1"), 201)["id"] != started["id"]
    assert cast.alice.starts()["id"] != started["id"]
    problem(cast.alice.post("/rehearsals", body, key="ключ"), 422, "bad-input")


def test_of_many_starts_with_one_key_one_call_is_made(cast: Cast) -> None:
    body = {"scenario": SCENARIO, "language": "en", "channel": "text"}
    tina = cast.centre.hire("tina")
    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(lambda _: tina.post("/rehearsals", body, key="race"), range(RACERS)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.data for a in answers}) == 1
    with cast.centre.house.store.read() as work:
        assert len(work.rehearsals.of_owner(tina.person.id)) == 1


# Talking


def test_a_whole_call(cast: Cast) -> None:
    call = cast.alice.starts()
    answered = ok(cast.alice.says(call, SORRY, "k1"))
    assert answered["turn"] == 1
    assert answered["heard"] == SORRY
    found = {b["id"]: b for b in answered["behaviours"]}
    assert found["apologise"]["verdict"] == "present"
    for behaviour in found.values():
        for e in behaviour["evidence"]:
            assert SORRY[e["start"] : e["end"]] == e["text"]
    assert answered["customer"]["text"]
    assert answered["mood"]["changes"]
    moved = sum(c["delta"] for c in answered["mood"]["changes"] if c["what"] == "anger")
    assert call["mood"]["anger"] + moved == answered["mood"]["anger"]
    assert all(c["because"] for c in answered["mood"]["changes"])

    quiet = ok(cast.alice.post(f"/rehearsals/{call['id']}/turns", {"event": "silence"}, key="k2"))
    assert (quiet["turn"], quiet["event"], quiet["heard"], quiet["behaviours"]) == (2, "silence", "", [])

    now = ok(cast.alice.get(f"/rehearsals/{call['id']}"))
    assert [t["turn"] for t in now["turns"]] == [0, 1, 2]
    assert now["turns"][1] == answered
    assert now["customer"] == quiet["customer"]
    assert now["ended_at"] is None

    over = ok(cast.alice.post(f"/rehearsals/{call['id']}/finish"))
    assert over["customer"]["ended"] is True
    assert over["customer"]["ending"]["kind"] == "abandoned"
    assert over["ended_at"]
    assert ok(cast.alice.post(f"/rehearsals/{call['id']}/finish")) == over
    assert ok(cast.alice.get(f"/rehearsals/{call['id']}")) == over

    told = ok(cast.alice.get(f"/rehearsals/{call['id']}/debrief"))
    assert told["outcome"]["kind"] == "abandoned"
    assert told["assessment"]["steps"]
    assert told["explanation"]["language"] == "en"
    assert [p["turn"] for p in told["curve"]] == [0, 1, 2, 3]
    assert told["curve"][1]["changes"] == answered["mood"]["changes"]


def test_the_same_key_and_words_get_the_very_same_answer_even_after_the_end(cast: Cast) -> None:
    call = cast.alice.starts()
    first = cast.alice.says(call, SORRY, "k1")
    ok(cast.alice.says(call, "May I have your order number?", "k2"))
    ok(cast.alice.post(f"/rehearsals/{call['id']}/finish"))
    assert cast.alice.says(call, SORRY, "k1").data == first.data
    problem(cast.alice.says(call, SORRY, "k3"), 409, "call-ended")


def test_the_same_key_with_other_content_is_refused(cast: Cast) -> None:
    call = cast.alice.starts()
    ok(cast.alice.says(call, SORRY, "k1"))
    problem(cast.alice.says(call, "Something else.", "k1"), 422, "key-reused")
    problem(cast.alice.post(f"/rehearsals/{call['id']}/turns", {"event": "silence"}, key="k1"), 422, "key-reused")
    assert len(ok(cast.alice.get(f"/rehearsals/{call['id']}"))["turns"]) == 2


@pytest.mark.parametrize(("key", "status", "code"), [("", 400, "key-missing"), ("x" * 101, 422, "bad-input")])
def test_a_turn_needs_a_key(cast: Cast, key: str, status: int, code: str) -> None:
    problem(cast.alice.says(cast.alice.starts(), SORRY, key), status, code)


def test_of_twenty_racing_duplicates_one_turn_is_kept_and_all_get_its_answer(cast: Cast) -> None:
    call = cast.alice.starts()
    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(lambda _: cast.alice.says(call, SORRY, "race"), range(RACERS)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.data for a in answers}) == 1
    with cast.centre.house.store.read() as work:
        assert [t.key for t in work.rehearsals.get(call["id"]).turns] == ["opening", "race"]


def test_reasons_come_in_the_language_of_the_call_or_the_one_asked_for(cast: Cast) -> None:
    call = cast.alice.starts(language="zh")
    chinese = ok(cast.alice.says(call, "真的很抱歉，让您等了十二天。", "k1"))
    english = ok(
        cast.alice.post(
            f"/rehearsals/{call['id']}/turns?language=en", {"text": "真的很抱歉，让您等了十二天。"}, key="k1"
        )
    )
    assert chinese["customer"]["text"] == english["customer"]["text"]
    reasons = [c["because"] for c in chinese["mood"]["changes"]]
    assert reasons
    assert all(any("\u4e00" <= c <= "\u9fff" for c in r) for r in reasons)
    assert all(c["because"].isascii() for c in english["mood"]["changes"])


def test_the_debrief_speaks_the_readers_language_or_the_one_asked_for(cast: Cast) -> None:
    call = cast.alice.starts(language="zh")
    ok(cast.alice.says(call, "真的很抱歉，让您等了十二天。", "k1"))
    path = f"/rehearsals/{call['id']}/debrief"
    running = ok(cast.alice.get(path))
    assert running["outcome"] is None
    assert running["explanation"]["language"] == "en"
    asked = ok(cast.alice.get(path + "?language=zh-Hant&rubric=six-step"))
    assert asked["explanation"]["language"] == "zh-Hant"
    assert asked["assessment"]["rubric"] == "six-step"
    assert running["assessment"]["rubric"] != "six-step"
    problem(cast.alice.get(path + "?rubric=nine-step"), 404, "unknown-rubric")


# Others


def test_nobody_else_can_touch_a_call_and_only_its_mentor_reads_it(cast: Cast) -> None:
    call = cast.alice.starts()
    ok(cast.alice.says(call, SORRY, "k1"))
    path = f"/rehearsals/{call['id']}"
    for other in (cast.bob, cast.mona, cast.nils):
        problem(other.get(path), 404, "not-found")
        problem(other.says(call, "Hello.", "k1"), 404, "not-found")
        problem(other.post(path + "/finish"), 404, "not-found")
    for other in (cast.bob, cast.nils):
        problem(other.get(path + "/debrief"), 404, "not-found")
        problem(other.get(path + "/turns/0/audio"), 404, "not-found")
    assert ok(cast.mona.get(path + "/debrief"))["id"] == call["id"]
    assert cast.mona.get(path + "/turns/0/audio").status_code == 200
    assert len(ok(cast.alice.get(path))["turns"]) == 2


@pytest.mark.parametrize("id", ["nobody", "x" * 3000, "%00", "%ff%fe", "..", "客户", "a%20b"])
def test_calls_that_are_not_there(cast: Cast, id: str) -> None:
    for path in (f"/rehearsals/{id}", f"/rehearsals/{id}/debrief", f"/rehearsals/{id}/turns/0/audio"):
        assert problem(cast.alice.get(path), 404, "not-found")
    problem(cast.alice.post(f"/rehearsals/{id}/finish"), 404, "not-found")
    problem(cast.alice.post(f"/rehearsals/{id}/turns", {"text": "hello"}, key="k"), 404, "not-found")


# Sound


def test_what_the_customer_said_can_be_heard(cast: Cast) -> None:
    call = cast.alice.starts(channel="voice")
    heard = cast.alice.client.get(
        call["customer"]["audio_url"], headers={"Authorization": f"Bearer {cast.alice.token}"}
    )
    assert (heard.status_code, heard.content_type) == (200, "audio/wav")
    assert heard.data[:4] == b"RIFF"
    assert heard.headers["Cache-Control"] == "no-store"
    for turn in (1, 99, 10**20):
        problem(cast.alice.get(f"/rehearsals/{call['id']}/turns/{turn}/audio"), 404, "not-found")


def test_where_no_voice_can_speak_the_call_goes_on_in_text(tmp_path: Path) -> None:
    with open_centre(tmp_path, voice=SilentVoice()) as centre:
        alice = centre.hire("alice")
        call = alice.starts(channel="voice")
        silent = alice.get(f"/rehearsals/{call['id']}/turns/0/audio")
        problem(silent, 503, "speech-unavailable")
        assert int(silent.headers["Retry-After"]) > 0
        assert ok(alice.says(call, SORRY, "k1"))["turn"] == 1
