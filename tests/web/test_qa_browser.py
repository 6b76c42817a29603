"""The flags in a real browser: accessible in both themes, no sideways scroll, faults shown beside their fields."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from coach.domain.language import Language
from coach.domain.people import Role
from tests.web.api_house import Caller, Centre, ok, open_centre

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@dataclass
class Open:
    centre: Centre
    chromium: Any
    port: int

    def page(self, who: Caller, *, width: int = 1280, theme: str = "light") -> Any:
        kept = self.centre.browser(who.person).get_cookie("coach")
        assert kept is not None
        context = self.chromium.new_context(viewport={"width": width, "height": 900})
        address = f"http://127.0.0.1:{self.port}"
        context.add_cookies(
            [{"name": n, "value": v, "url": address} for n, v in (("coach", kept.value), ("theme", theme))]
        )
        page = context.new_page()
        page.goto(f"{address}/qa/flags")
        return page


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed")
    from playwright.sync_api import sync_playwright

    with open_centre(tmp_path_factory.mktemp("centre")) as centre, sync_playwright() as playwright:
        server = make_server("127.0.0.1", 0, centre.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Open(centre, chromium, server.server_port)
        chromium.close()
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def quentin(opened: Open) -> Caller:
    return _with_flags(opened, "quentin", Language.EN)


@pytest.fixture(scope="module")
def chen(opened: Open) -> Caller:
    return _with_flags(opened, "chen", Language.ZH_HANT)


def _with_flags(opened: Open, name: str, language: Language) -> Caller:
    hired = opened.centre.hire(name, Role.QA, language=language)
    agent = opened.centre.hire(f"agent-of-{name}")
    for n, step in enumerate(("six-step:listen", "four-step:apologise")):
        told = {"agent": agent.person.email, "call_reference": f"VX-20260304-00{n}", "date": "2026-03-04"}
        ok(hired.post("/flags", {**told, "step": step, "severity": "high", "note": "“您先听我说完好不好？”"}), 201)
    return hired


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("who", ["quentin", "chen"])
def test_axe_finds_nothing_even_beside_faults(
    opened: Open, request: pytest.FixtureRequest, who: str, theme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened.page(request.getfixturevalue(who), theme=theme)
    assert page.locator("tbody tr").count() >= 2
    page.locator("form[action='/qa/flags'] button.primary").click()
    assert page.locator("[aria-invalid=true]").count() >= 3
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []


@pytest.mark.parametrize("width", [320, 720, 1081])
def test_nothing_scrolls_sideways(opened: Open, quentin: Caller, chen: Caller, width: int) -> None:
    for who in (quentin, chen):
        assert opened.page(who, width=width).evaluate("document.documentElement.scrollWidth") <= width


def test_a_flag_is_added_by_hand(opened: Open, quentin: Caller) -> None:
    page = opened.page(quentin)
    page.get_by_label("Agent's e-mail address").fill("agent-of-quentin@example.com")
    page.get_by_label("Call reference").fill("VX-77")
    page.get_by_label("Day of the call").fill("2026-03-03")
    page.get_by_label("Step that was missed").select_option("four-step:listen")
    page.get_by_label("What was heard").fill("Cut off twice.")
    page.get_by_role("button", name="Add the flag").click()
    page.get_by_text("agent-of-quentin is flagged.").wait_for()
    assert "VX-77" in page.locator("tbody tr").first.inner_text()
