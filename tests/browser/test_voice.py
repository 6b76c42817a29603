"""A call by voice: a spoken reply is heard, read and answered, and the customer's answer is heard.

The microphone hears sentences of the play-tests in our own voice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.browser.calls import Call, sentences
from tests.browser.conftest import MODELS, with_microphone

pytestmark = pytest.mark.speech

RATE = 48_000  # what Chromium's fake microphone reads


@pytest.fixture(scope="module")
def spoken(speaking_house: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`spoken(text, language)` → a WAV for the microphone, and how long the words take in seconds."""
    from coach.speech.audio import from_wav, resampled
    from coach.speech.engines import open_voice
    from tests.speech.recordings import wav

    folder = tmp_path_factory.mktemp("spoken")
    voice = open_voice(folder / "lines", MODELS, engines=["kokoro"])

    def render(text: str, language: str) -> tuple[Path, float]:
        samples, rate = from_wav(voice.say(text, language, ""))
        samples = resampled(samples, rate, RATE)
        before, after = np.zeros(RATE // 2, samples.dtype), np.zeros(RATE * 2, samples.dtype)
        path = folder / f"{language}.wav"
        path.write_bytes(wav(np.concatenate([before, samples, after]), RATE))
        return path, len(samples) / RATE

    yield render
    voice.close()


@pytest.mark.parametrize(
    ("language", "heard", "is_speaking"),
    [("zh", ["对不起", "回电"], "正在说"), ("en", ["sorry", "responsible"], "is speaking")],
)
def test_a_spoken_reply_is_heard_and_the_customer_answers_aloud(
    visit: Any, speaking_house: Any, spoken: Any, language: str, heard: list[str], is_speaking: str
) -> None:
    said = {
        "zh": "两次答应给您回电都没有打，真的对不起，这是我们的责任。",
        "en": "I am really sorry that we promised to call you back and did not. We are responsible for this.",
    }[language]
    microphone, seconds = spoken(said, language)
    page = visit(language=language, house=speaking_house, flags=with_microphone(microphone), permissions=["microphone"])
    page.context.set_default_timeout(60_000)
    with page.expect_response("**/turns/0/sound.wav") as opening:
        call = Call.start(page, channel="voice")
    assert opening.value.status in (200, 206)
    anger = call.mood("anger")
    sounds: list[int] = []
    page.on("response", lambda r: sounds.append(r.status) if r.url.endswith("/turns/1/sound.wav") else None)
    page.evaluate(WATCH_NOTE)
    page.keyboard.down("Space")
    page.locator("[data-ptt][aria-pressed=true]").wait_for()
    page.wait_for_timeout(int((seconds + 1.2) * 1000))
    assert page.locator("[data-caption] .yet, [data-caption].yet").count() == 0, "cut short, her words are all there"
    page.keyboard.up("Space")
    call.wait_for_turn(1)
    words = page.locator("#talk .heard .words").inner_text()
    assert [part for part in heard if part not in words] == [], words
    assert call.mood("anger") < anger, "a real apology calms her"
    assert call.reasons()
    page.wait_for_function("word => window.notes.some(note => note.includes(word))", arg=is_speaking)
    assert sounds, "her answer was asked for"
    assert sounds[0] in (200, 206)
    call.hang_up()
    call.to_debrief()
    assert page.locator("#turn-1 .marked").inner_text()[:2] == words[:2]
    assert page.locator("#steps a[href='#turn-1']").count() > 0, "what was said aloud is evidence"


WATCH_NOTE = """() => {
  window.notes = [];
  new MutationObserver(() => {
    const note = document.querySelector("#talk[data-seq='1'] [data-speaking-note]");
    if (note) window.notes.push(note.textContent);
  }).observe(document.querySelector(".past-and-now"), { childList: true, subtree: true, characterData: true });
}"""


def test_a_short_press_starts_and_the_next_one_sends(visit: Any, speaking_house: Any, spoken: Any) -> None:
    microphone, seconds = spoken(sentences("refund-12-days", "won-back", "zh")[1], "zh")
    page = visit(house=speaking_house, flags=with_microphone(microphone), permissions=["microphone"])
    page.context.set_default_timeout(60_000)
    call = Call.start(page, channel="voice")
    button = page.locator("[data-ptt]")
    button.focus()
    page.keyboard.press("Enter")
    page.locator("[data-ptt][aria-pressed=true]").wait_for()
    assert "再按一下" in button.inner_text()
    page.wait_for_timeout(int((seconds + 1) * 1000))
    page.keyboard.press("Enter")
    call.wait_for_turn(1)
    assert "抱歉" in page.locator("#talk .heard").inner_text()
    assert page.evaluate("document.activeElement.matches('[data-ptt]')"), "ready for the next reply"
