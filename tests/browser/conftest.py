"""A real server, Debian's Chromium, and people who are logged in.

Most tests use `house`, whose customers have no voice, so that they run anywhere; those marked `speech` use
`speaking_house` and the real engines. At the end of each test no script may have failed, the content policy may have
refused nothing, and nothing may have been asked of another machine.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODELS = Path(os.environ.get("COACH_TEST_MODELS", ROOT / "var" / "models"))
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "calm-callers-only"  # of the demo people; printed at every start
PEOPLE = {
    ("trainee", "zh"): "trainee@example.com",
    ("mentor", "zh"): "mentor@example.com",
    ("trainee", "en"): "trainee2@example.com",
    ("mentor", "en"): "mentor2@example.com",
    ("qa", "zh"): "qa@example.com",
}
"""Who speaks what. The Chinese two are one team, the English two another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


# ---- the server ----


@dataclass
class House:
    """A server of its own, in a folder of its own. `silent`: the customers have no voice."""

    var: Path
    silent: bool
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        chosen = {"COACH_VAR": str(self.var), "COACH_PORT": str(self.port), "COACH_MODE": "demo"}
        return {**os.environ, **chosen, **({"COACH_VOICE_ENGINE": ""} if self.silent else {})}

    def prepare(self) -> None:
        self.var.mkdir(parents=True)
        if MODELS.exists():
            (self.var / "models").symlink_to(MODELS)
        self.port = free_port()
        subprocess.run([sys.executable, "-m", "coach", "prepare"], cwd=ROOT, env=self.environ, check=True)

    def start(self) -> None:
        with (self.var / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "coach", "serve"],
                cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(self.url + "/healthz"):
                return
            assert self.process.poll() is None, (self.var / "log").read_text()[-2000:]
            time.sleep(0.05)
        raise AssertionError("the server did not come up in 30 s")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends the server and what it started. SIGKILL is a power cut."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            self.process.wait(20)
            with suppress(ProcessLookupError):  # a worker that outlived its parent
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def _built() -> None:
    """The pages' scripts, styles and catalogues as `make` leaves them; quick when nothing changed."""
    for tool in (["build_frontend.py", "--quiet"], ["translations.py", "compile"]):
        subprocess.run([sys.executable, str(ROOT / "tools" / tool[0]), *tool[1:]], check=True)


@pytest.fixture(scope="session")
def new_house(_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """`new_house(silent=True)` → a House that runs; ended with the session."""
    houses: list[House] = []

    def build(*, silent: bool = True) -> House:
        house = House(tmp_path_factory.mktemp("house") / "var", silent)
        houses.append(house)
        house.prepare()
        house.start()
        return house

    yield build
    for house in houses:
        house.stop()


@pytest.fixture(scope="session")
def house(new_house: Any) -> House:
    return new_house()


@pytest.fixture(scope="session")
def speaking_house(new_house: Any) -> House:
    """With the real engines, or a skip that says what is missing."""
    from coach.speech.engines import describe

    for engine in describe(MODELS):
        if engine.name in ("kokoro", "faster-whisper") and engine.missing:
            pytest.skip(f"real speech engine not available: {engine.missing}")
    return new_house(silent=False)


# ---- the browser ----


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"Debian's chromium is not installed ({CHROMIUM})")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def launch(playwright: Any) -> Iterator[Any]:
    """`launch("--flag", …)` → a browser; the same flags give the same browser."""
    running: dict[tuple[str, ...], Any] = {}

    def start(*more: str) -> Any:
        if more not in running:
            running[more] = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS, *more])
        return running[more]

    yield start
    for browser in running.values():
        browser.close()


def with_microphone(wav: Path) -> tuple[str, ...]:
    """Flags for a microphone that hears this file once (48 kHz PCM)."""
    fake = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    return (*fake, f"--use-file-for-fake-audio-capture={wav}%noloop")


@dataclass
class Visits:
    """Opens pages for people, and hears what their browsers complain about."""

    launch: Any
    house: House
    contexts: list[Any] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def __call__(
        self,
        role: str = "trainee",
        language: str = "zh",
        *,
        width: int = 1280,
        height: int = 800,
        theme: str = "light",
        house: House | None = None,
        flags: tuple[str, ...] = (),
        **options: Any,
    ) -> Any:
        """A page of somebody who is logged in (role "" = nobody). Nothing is loaded yet."""
        house = house or self.house
        context = self.launch(*flags).new_context(
            viewport={"width": width, "height": height}, base_url=house.url, **options
        )
        context.set_default_timeout(20_000)  # two cores may be busy with other tests
        self.contexts.append(context)
        context.add_cookies([{"name": "theme", "value": theme, "url": house.url}])
        context.on("request", self._must_be_ours)
        page = context.new_page()
        self.watch(page)
        context.on("page", self.watch)
        if role:
            self._enter(page, house, PEOPLE[role, language])
        return page

    def _enter(self, page: Any, house: House, email: str) -> None:
        """Logs in once a person and house; later pages bring the cookie along."""
        if email not in house.cookies:
            log_in(page, email)
            house.cookies[email] = [c for c in page.context.cookies() if c["name"] != "theme"]
        page.context.add_cookies(house.cookies[email])

    def watch(self, page: Any) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", self._console)

    def _console(self, message: Any) -> None:
        is_refusal = "the server responded with a status of 4" in message.text
        is_no_voice = "status of 503" in message.text and message.location.get("url", "").endswith(".wav")
        if message.type == "error" and not is_refusal and not is_no_voice:
            self.complaints.append(f"console: {message.text}")

    def _must_be_ours(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.complaints.append(f"asked another machine: {request.url}")

    def close(self) -> list[str]:
        for context in self.contexts:
            context.close()
        return [text for text in self.complaints if not any(part in text for part in self.expected)]


@pytest.fixture
def visit(launch: Any, house: House) -> Iterator[Visits]:
    visits = Visits(launch, house)
    yield visits
    assert visits.close() == []


def log_in(page: Any, email: str, password: str = PASSWORD) -> None:
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/login" not in url)
