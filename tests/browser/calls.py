"""What a trainee does on the pages of a call, and the sentences of the play-tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

PLAYTESTS = Path(__file__).resolve().parents[2] / "scenarios" / "playtests"


def sentences(scenario: str, playtest: str, language: str) -> list[str]:
    """What is said in that play-test, in order."""
    moves = yaml.safe_load((PLAYTESTS / scenario / f"{playtest}.yaml").read_text(encoding="utf-8"))["moves"]
    return [move["say"][language] for move in moves]


class Call:
    """A call on a page."""

    def __init__(self, page: Any) -> None:
        self.page = page

    @classmethod
    def start(cls, page: Any, scenario: str = "refund-12-days", channel: str = "text") -> Call:
        page.goto(f"/practice/{scenario}")
        page.check(f"input[name=channel][value={channel}]")
        page.locator("form[action='/rehearsals'] button.primary").click()
        page.wait_for_url("**/rehearsals/*")
        return cls(page)

    @property
    def id(self) -> str:
        return str(self.page.locator("[data-call]").get_attribute("data-call"))

    @property
    def seq(self) -> int:
        return int(self.page.locator("#talk").get_attribute("data-seq"))

    @property
    def customer(self) -> str:
        return str(self.page.locator("[data-caption]").inner_text()).replace("\n", "")

    @property
    def notice(self) -> Any:
        return self.page.locator("#dock [data-notice]")

    @property
    def is_over(self) -> bool:
        return bool(self.page.locator("#talk").get_attribute("data-ended"))

    def mood(self, what: str) -> int:
        return int(self.page.locator(f"#feel .mood.{what}").get_attribute("aria-valuenow"))

    def reasons(self, turn: int = 0) -> list[str]:
        """Why the mood moved, of the newest turn first."""
        return self.page.locator(f"#feel .ledger > li:nth-child({turn + 1}) .reason").all_inner_texts()

    def write(self, text: str) -> None:
        self.page.fill("#reply", text)

    def send(self, text: str) -> None:
        """Types a reply and waits for the customer's answer."""
        self.write(text)
        before = self.seq
        self.page.press("#reply", "Enter")
        self.wait_for_turn(before + 1)

    def wait_for_turn(self, seq: int) -> None:
        self.page.wait_for_function("seq => Number(document.querySelector('#talk').dataset.seq) >= seq", arg=seq)

    def hang_up(self) -> None:
        self.page.locator("[data-hang-up] button").click()
        self.page.locator("[data-confirm-end] button[value=end]").click()
        self.page.locator(".the-end").wait_for()

    def to_debrief(self) -> None:
        self.page.locator(".the-end a").click()
        self.page.wait_for_url("**/debrief")
