"""Whatever is sent as a reply, typed or spoken, is answered; nothing makes the API stumble."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from coach.speech.audio import silence
from coach.speech.fakes import FakeVoice, with_comment
from tests.web.api_house import Caller, Centre, ok, open_centre, problem


@dataclass
class Desk:
    centre: Centre
    alice: Caller


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_centre(tmp_path_factory.mktemp("centre")) as centre:
        yield Desk(centre, centre.hire("alice"))


def speak(alice: Caller, call: Any, audio: bytes, key: str = "k1", **more: Any) -> TestResponse:
    form = {"audio": (io.BytesIO(audio), "reply.wav"), **more}
    path = f"/rehearsals/{call['id']}/turns"
    return alice.post(path, data=form, content_type="multipart/form-data", key=key)


# Typed


@pytest.mark.parametrize("text", ["", " ", "\n\t \u3000", "\x00\x01\x7f"], ids=["none", "space", "blank", "controls"])
def test_nothing_is_not_a_reply(desk: Desk, text: str) -> None:
    problem(desk.alice.says(desk.alice.starts(), text, "k1"), 422, "empty-reply")


@pytest.mark.parametrize("text", ["sorry " * 1667, "对不起啊" * 2500, "😡" * 10_000], ids=["en", "zh", "emoji"])
def test_ten_thousand_characters_are_too_many(desk: Desk, text: str) -> None:
    assert len(text) >= 10_000
    told = problem(desk.alice.says(desk.alice.starts(), text, "k1"), 422, "text-too-long")
    assert told["details"]["limit"] == 2000


@pytest.mark.parametrize(
    "text",
    [
        "🙏🙏 👩‍🦽",
        "I am sor\x07ry about\x0b that.",
        "<script>alert('x')</script><b>I am sorry</b> &amp; {{ 7*7 }}",
        "أنا آسف جدًا على هذا التأخير",
        "\u202eyrros ma I\u202c",
        "真的 sorry，お詫びします, простите 👍 ＡＢＣ",
        "e\u0301" * 400,
        "'; DROP TABLE turn; --",
        "？！。，",
        "x" * 2000,
    ],
    ids=["emoji", "controls", "html", "arabic", "override", "mixed", "combining", "sql", "marks", "longest"],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_strange_replies_are_heard_without_what_steers_and_answered(desk: Desk, text: str, language: str) -> None:
    call = desk.alice.starts(language=language)
    answered = ok(desk.alice.says(call, text, "k1"))
    assert answered["heard"] == "".join(c for c in text if c not in "\x07\x0b\u202e\u202c")
    assert answered["turn"] == 1
    assert answered["customer"]["text"]
    for behaviour in answered["behaviours"]:
        for e in behaviour["evidence"]:
            assert answered["heard"][e["start"] : e["end"]] == e["text"]
    assert ok(desk.alice.get(f"/rehearsals/{call['id']}/debrief"))["assessment"]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"": "text_or_event"}),
        ({"text": "hello", "event": "silence"}, {"": "text_or_event"}),
        ({"text": None}, {"": "text_or_event"}),
        ({"text": 7}, {"text": "string_type"}),
        ({"text": ["hello"]}, {"text": "string_type"}),
        ({"event": "dance"}, {"event": "literal_error"}),
        ({"text": "hello", "mood": 3, "seq": 1}, {"mood": "extra_forbidden", "seq": "extra_forbidden"}),
    ],
)
def test_wrong_bodies_name_their_fields(desk: Desk, body: Any, faults: dict[str, str]) -> None:
    call = desk.alice.starts()
    told = problem(desk.alice.post(f"/rehearsals/{call['id']}/turns", body, key="k1"), 422, "bad-input")
    assert {e["field"]: e["code"] for e in told["details"]["errors"]} == faults


def test_a_body_beyond_all_measure_is_refused(desk: Desk) -> None:
    call = desk.alice.starts()
    problem(desk.alice.says(call, "x" * 300_000, "k1"), 413, "http-413")
    problem(speak(desk.alice, call, b"x" * (13 * 1024 * 1024)), 413, "audio-too-large")
    assert len(ok(desk.alice.get(f"/rehearsals/{call['id']}"))["turns"]) == 1


def test_faults_are_told_in_the_language_asked_for(desk: Desk) -> None:
    call = desk.alice.starts()
    path = f"/rehearsals/{call['id']}/turns"
    told = {
        tag: desk.alice.post(path, {"txt": "x"}, key="k1", headers={"Accept-Language": tag}).get_json()
        for tag in ("en", "zh-CN", "zh-TW")
    }
    assert len({t["title"] for t in told.values()}) == 3
    assert len({t["details"]["errors"][0]["message"] for t in told.values()}) == 3


# Spoken


def test_a_recording_is_heard_and_answered(desk: Desk) -> None:
    words = "I am so sorry that you had to ring three times."
    audio = FakeVoice().say(words, "en", "")
    call = desk.alice.starts(channel="voice")
    first = speak(desk.alice, call, audio)
    answered = ok(first)
    assert answered["heard"].lower().startswith("i am so sorry")
    assert [w["text"] for w in answered["words"]][:3] == ["I", "am", "so"]
    assert "apologise" in {b["id"] for b in answered["behaviours"]}
    assert speak(desk.alice, call, audio).data == first.data
    problem(speak(desk.alice, call, FakeVoice().say("Something else", "en", "")), 422, "key-reused")
    problem(desk.alice.says(call, words, "k1"), 422, "key-reused")


@pytest.mark.parametrize(
    ("audio", "status", "code"),
    [
        (b"", 422, "audio-empty"),
        (b"%PDF-1.7 this is no sound at all" * 9, 415, "audio-type"),
        (silence(1.0), 422, "nothing-heard"),
    ],
    ids=["no bytes", "another type", "silence"],
)
def test_recordings_that_say_nothing(desk: Desk, audio: bytes, status: int, code: str) -> None:
    call = desk.alice.starts(channel="voice")
    problem(speak(desk.alice, call, audio), status, code)
    assert len(ok(desk.alice.get(f"/rehearsals/{call['id']}"))["turns"]) == 1
    assert ok(desk.alice.says(call, "Then I type it.", "k1"))["turn"] == 1


def test_a_recording_cut_off_is_broken_and_the_rest_of_the_call_is_not(desk: Desk) -> None:
    call = desk.alice.starts(channel="voice")
    cut = with_comment(silence(1.0), "")[:30]
    response = speak(desk.alice, call, cut)
    assert response.status_code == 422
    assert response.get_json(force=True)["code"] in ("audio-broken", "audio-empty", "nothing-heard")


def test_a_form_holds_the_recording_and_nothing_else(desk: Desk) -> None:
    call = desk.alice.starts(channel="voice")
    path = f"/rehearsals/{call['id']}/turns"
    told = problem(speak(desk.alice, call, b"x", language="en"), 422, "bad-input")
    assert told["details"]["errors"][0] | {"message": ""} == {
        "field": "language",
        "code": "extra_forbidden",
        "message": "",
    }
    told = problem(
        desk.alice.post(path, data={"audio": "words"}, content_type="multipart/form-data", key="k1"), 422, "bad-input"
    )
    assert told["details"]["errors"][0]["field"] == "audio"
    problem(desk.alice.post(path, data=b"xx", content_type="multipart/form-data", key="k1"), 422, "bad-input")
    problem(desk.alice.post(path, data=silence(1.0), content_type="audio/wav", key="k1"), 415, "http-415")


# Anything at all

_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.sampled_from(["en", "zh", "voice", "text", "silence", "refund-12-days", "alice@example.com", "2026-03-05"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_fields = st.sampled_from(
    [
        "scenario",
        "language",
        "channel",
        "text",
        "event",
        "agent",
        "call_reference",
        "date",
        "step",
        "error_code",
        "severity",
        "note",
        "extra",
    ]
)
_bodies = _values | st.dictionaries(_fields, _values, max_size=7)
_keys = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=120)


@given(body=_bodies, key=_keys, path=st.sampled_from(["/rehearsals", "/rehearsals/ID/turns", "/flags"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_makes_it_stumble(desk: Desk, body: Any, key: str, path: str) -> None:
    call = _running_call(desk)
    response = desk.alice.post(
        path.replace("ID", call["id"]), data=json.dumps(body), content_type="application/json", key=key
    )
    assert response.status_code in (200, 201, 400, 403, 404, 409, 422), response.get_data(as_text=True)
    assert response.content_type in ("application/json", "application/problem+json")
    assert response.get_json(force=True)


@given(query=st.dictionaries(st.sampled_from(["language", "rubric", "limit", "before", "x"]), st.text(max_size=12)))
@settings(max_examples=60, deadline=None)
def test_no_query_makes_it_stumble(desk: Desk, query: dict[str, str]) -> None:
    call = _running_call(desk)
    for path in ("/scenarios", f"/rehearsals/{call['id']}", f"/rehearsals/{call['id']}/debrief", "/flags"):
        response = desk.alice.get(path, query_string=query)
        assert response.status_code in (200, 403, 404, 422), response.get_data(as_text=True)


_calls: dict[int, Any] = {}


def _running_call(desk: Desk) -> Any:
    """One call of the whole fuzz, another when it is over."""
    kept = _calls.get(id(desk))
    if kept is None or ok(desk.alice.get(f"/rehearsals/{kept['id']}"))["customer"]["ended"]:
        _calls[id(desk)] = desk.alice.starts()
    return _calls[id(desk)]
