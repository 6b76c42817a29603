"""Every page, wide and narrow, light and dark, Chinese and English: nothing scrolls sideways, axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.calls import Call, sentences
from tests.browser.conftest import House, Visits

REFUND = "refund-12-days"
BAD = {
    "zh": "您先冷静一下，这不归我们管，公司就是这么规定的。",
    "en": "Calm down, it is not my fault, it is the policy.",
}


@pytest.fixture(scope="module")
def rehearsals(launch: Any, house: House) -> Iterator[dict[str, dict[str, str]]]:
    """For each language: a call on the line, one that ended, and a retry of it."""
    visits = Visits(launch, house)
    made = {language: _rehearse(visits(language=language), language) for language in ("zh", "en")}
    yield made
    visits.close()


def _rehearse(page: Any, language: str) -> dict[str, str]:
    made = {}
    call = Call.start(page)
    for reply in [BAD[language], *sentences(REFUND, "settled", language)[:2]]:
        call.send(reply)
    made["open"] = call.id
    call = Call.start(page)
    for reply in [sentences(REFUND, "settled", language)[0], BAD[language]]:
        call.send(reply)
    call.hang_up()
    made["ended"] = call.id
    call.to_debrief()
    page.locator("#turn-2 form button").click()
    page.locator("[data-call]").wait_for()
    retry = Call(page)
    retry.send(sentences(REFUND, "settled", language)[1])
    made["retry"] = retry.id
    return made


def pages(made: dict[str, str]) -> list[tuple[str, str]]:
    return [
        ("", "/login"),
        ("trainee", "/practice"),
        ("trainee", f"/practice/{REFUND}"),
        ("trainee", "/practice/tenfold-compensation"),
        ("trainee", f"/rehearsals/{made['open']}"),
        ("trainee", f"/rehearsals/{made['ended']}"),
        ("trainee", f"/rehearsals/{made['ended']}/debrief"),
        ("trainee", f"/rehearsals/{made['open']}/debrief"),
        ("trainee", f"/rehearsals/{made['retry']}/compare"),
        ("trainee", "/debriefs"),
        ("trainee", "/progress"),
        ("mentor", "/mentor/"),
        ("mentor", f"/mentor/rehearsals/{made['ended']}"),
    ]


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("zh", "light", 1280), ("en", "dark", 1280), ("zh", "dark", 360), ("en", "light", 360)],
)
def test_pages_fit_and_axe_finds_nothing(
    visit: Any, rehearsals: dict[str, dict[str, str]], language: str, theme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, faults = Axe(), []
    opened = {role: visit(role, language, theme=theme, width=width) for role in ("", "trainee", "mentor")}
    for role, address in pages(rehearsals[language]):
        page = opened[role]
        response = page.goto(address)
        assert response.status == 200, address
        if role == "mentor" and address == "/mentor/":
            faults += _faults(axe, page, width)
            page.locator("main table a").first.click()
            page.wait_for_load_state()
        if role == "" and language == "en":
            page.locator("details.language > summary").click()
            page.locator("details.language button[value=en]").click()
            page.wait_for_load_state()
        faults += _faults(axe, page, width)
    assert faults == []


def _faults(axe: Any, page: Any, width: int) -> list[str]:
    path = page.url.split("/", 3)[3]
    faults = []
    if (scroll := page.evaluate("document.documentElement.scrollWidth")) > width:
        faults.append(f"/{path} is {scroll} wide")
    for found in axe.run(page).response["violations"]:
        where = [node["html"][:100] for node in found["nodes"][:3]]
        faults.append(f"/{path} {found['impact']} {found['id']}: {where}")
    return faults


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (640, 400), (1280, 740)])
def test_the_newest_words_are_in_view_above_the_dock(
    visit: Any, rehearsals: dict[str, dict[str, str]], language: str, width: int, height: int
) -> None:
    page = visit(language=language, width=width, height=height)
    page.goto(f"/rehearsals/{rehearsals[language]['open']}")
    for shown in ("[data-text-row]", "[data-voice-row]"):
        page.locator(shown).wait_for()
        said, dock = (page.locator(where).bounding_box() for where in ("[data-caption]", "#dock"))
        bar = page.locator(".callbar" if width == 1280 else ".strip").bounding_box()
        assert said["y"] >= bar["y"] + bar["height"], "not under the bar"
        assert said["y"] + said["height"] <= dock["y"] + 1, "not under the dock"
        assert dock["y"] + dock["height"] <= height + 1, "the dock is at the thumb"
        if page.locator("[data-speak]").is_visible():
            page.locator("[data-speak]").click()
