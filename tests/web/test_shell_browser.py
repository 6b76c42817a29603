"""The shell in a real browser: accessibility, the content policy, menus, theme, narrow screens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.web.shell_app import make_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app()[0], threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def is_a_complaint(message: Any) -> bool:
    """Errors of scripts and of the content policy; a 4xx answer is also written to the console, and is no fault."""
    return message.type == "error" and "the server responded with a status of 4" not in message.text


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Any]:
    """`opened(path, width=…, language=…, theme=…)` → a page; at the end no script and no policy may have complained."""
    contexts, complaints = [], []

    def open_page(path: str, *, width: int = 1280, language: str = "en", theme: str = "light", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        context.add_cookies(
            [{"name": n, "value": v, "url": address} for n, v in (("language", language), ("theme", theme))]
        )
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if is_a_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "language"), [("/parts?toast&reason=", "en"), ("/parts", "zh-Hans"), ("/login", "zh-Hant")]
)
def test_axe_finds_nothing(opened: Any, path: str, language: str, theme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(path, language=language, theme=theme)
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []


@pytest.mark.parametrize("width", [320, 360, 860, 861, 1280])
@pytest.mark.parametrize(
    ("path", "language"), [("/parts?toast", "en"), ("/parts", "zh-Hans"), ("/login", "en"), ("/parts", "zh-Hant")]
)
def test_nothing_scrolls_sideways(opened: Any, path: str, language: str, width: int) -> None:
    page = opened(path, width=width, language=language)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_escape_closes_a_menu_and_gives_the_focus_back(opened: Any) -> None:
    page = opened("/login")
    page.locator("details.language > summary").click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "zh-Hans"
    page.keyboard.press("Escape")
    assert page.locator("details.language").get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_theme_changes_without_a_new_page_and_stays(opened: Any) -> None:
    page = opened("/login", theme="system", color_scheme="light")
    page.fill("input[name=email]", "half typed")
    page.locator("details.account > summary").click()
    with page.expect_response("**/theme") as answer:
        page.get_by_role("button", name="Dark", exact=True).click()
    assert answer.value.status == 204
    assert page.input_value("input[name=email]") == "half typed"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("scripts", [True, False])
def test_language_is_switched_with_and_without_scripts(opened: Any, scripts: bool) -> None:
    page = opened("/login", java_script_enabled=scripts)
    page.locator("details.language > summary").click()
    page.get_by_role("button", name="繁體中文").click()
    page.wait_for_url("**/login")
    assert page.locator("h1").inner_text() == "登入"


def test_a_message_can_be_put_away(opened: Any) -> None:
    page = opened("/parts?toast")
    page.get_by_role("button", name="Put this message away").click()
    assert page.locator(".toast").count() == 0


def test_the_first_tab_leads_past_the_menu(opened: Any) -> None:
    page = opened("/parts")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_htmx_sends_the_token_and_swaps_answers_and_errors(opened: Any) -> None:
    page = opened("/swap")
    for text, answer in (("hello", "heard hello"), ("late", "This call is over.")):
        page.fill("#text", text)
        page.get_by_role("button", name="Send").click()
        page.get_by_text(answer).wait_for(timeout=3000)
    assert page.locator("h1").count() == 1, "a note, not a page in the page"
