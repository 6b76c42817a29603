"""Microphones that are refused, missing or mute, and a voice that does not come: one sentence, and typing works."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

from tests.browser.calls import Call
from tests.browser.conftest import with_microphone

HELLO = "您好，我是客服小林，您请说，我听着。"
REFUSING = ("--use-fake-device-for-media-stream",)  # there is one, and nobody answers the question for it
NO_MICROPHONE = """navigator.mediaDevices.getUserMedia =
    () => Promise.reject(new DOMException("none", "NotFoundError"))"""


def test_a_refused_microphone_gets_one_sentence_and_typing_works(visit: Any) -> None:
    page = visit(flags=REFUSING)
    call = Call.start(page, channel="voice")
    page.locator("[data-ptt]").click()
    page.locator("#reply").wait_for()
    assert "浏览器" in call.notice.inner_text()
    assert page.evaluate("document.activeElement.id") == "reply"
    call.send(HELLO)
    assert call.seq == 1


def test_no_microphone_gets_one_sentence_and_typing_works(visit: Any) -> None:
    page = visit(language="en")
    page.add_init_script(NO_MICROPHONE)
    call = Call.start(page, channel="voice")
    page.locator("h1").click(force=True)
    page.keyboard.down("Space")
    page.locator("#reply").wait_for()
    page.keyboard.up("Space")
    assert "No microphone was found" in call.notice.inner_text()
    call.send("Good morning, this is Priya, please tell me what happened.")
    assert call.seq == 1


def test_a_mute_microphone_is_noticed_before_anything_is_sent(visit: Any, tmp_path: Path) -> None:
    mute = tmp_path / "mute.wav"
    with wave.open(str(mute), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(2 * 48_000 * 5))
    page = visit(flags=with_microphone(mute), permissions=["microphone"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    call = Call.start(page, channel="voice")
    sent.clear()
    page.keyboard.down("Space")
    page.locator("[data-ptt][aria-pressed=true]").wait_for()
    page.wait_for_timeout(1200)
    page.keyboard.up("Space")
    page.wait_for_function("() => document.querySelector('[data-notice]').textContent.includes('麦克风')")
    assert sent == []
    page.locator("[data-text]").click()
    call.send(HELLO)
    assert call.seq == 1


def test_the_sound_check_says_what_it_hears(visit: Any, tmp_path: Path) -> None:
    page = visit(flags=REFUSING)
    page.goto("/practice/refund-12-days")
    page.locator("[data-mic]").click()
    status = page.locator("[data-sound-check] [role=status]")
    page.wait_for_function("() => document.querySelector('[data-sound-check] [role=status]').textContent.length > 4")
    assert "浏览器" in status.inner_text()
    page.locator("[data-play]").click()
    page.wait_for_function(
        "() => document.querySelector('[data-sound-check] [role=status]').textContent.includes('文字')"
    )


def test_a_voice_that_does_not_come_is_told_once_and_the_call_goes_on(visit: Any) -> None:
    page = visit()
    call = Call.start(page)
    page.wait_for_function("() => document.querySelector('[data-notice]').textContent.length > 4")
    assert "文字在上面" in call.notice.inner_text()
    call.send(HELLO)
    page.wait_for_function("() => !document.querySelector('[data-caption] .yet, [data-caption].yet')")
    assert call.notice.inner_text() == "", "once is enough"
    call.hang_up()
    call.to_debrief()
    page.locator("[data-sound]").first.click()
    page.wait_for_function("() => document.querySelector('[data-sound-status]').textContent.length > 4")
