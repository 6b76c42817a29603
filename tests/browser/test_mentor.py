"""A mentor reads the rehearsals of the own team, and only those; a trainee has no way in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.calls import Call, sentences


@pytest.fixture
def rehearsal(visit: Any) -> str:
    page = visit()
    call = Call.start(page)
    call.send(sentences("refund-12-days", "settled", "zh")[0])
    call.hang_up()
    return call.id


def test_a_mentor_opens_the_rehearsal_and_can_only_read(visit: Any, rehearsal: str) -> None:
    page = visit("mentor")
    page.goto("/mentor/")
    page.get_by_role("link", name="林晓雨").click()
    page.locator(f"main a[href='/mentor/rehearsals/{rehearsal}']").click()
    page.locator("#steps").wait_for()
    assert "林晓雨" in page.locator("main").inner_text()
    assert page.locator("#turn-1").is_visible()
    assert page.locator("main form[action$='/retry']").count() == 0
    assert page.locator("nav.nav [aria-current=page]").get_attribute("href") == "/mentor/"
    assert page.goto(f"/rehearsals/{rehearsal}").status == 404, "the call itself is the trainee's"


@pytest.mark.parametrize(
    "path", ["/mentor/rehearsals/{}", "/rehearsals/{}", "/rehearsals/{}/debrief", "/rehearsals/{}/turns/0/sound.wav"]
)
@pytest.mark.parametrize("role", ["mentor", "trainee"])
def test_the_other_team_finds_nothing(visit: Any, rehearsal: str, role: str, path: str) -> None:
    page = visit(role, "en")
    answer = page.context.request.get(path.format(rehearsal))
    assert answer.status == (403 if role == "trainee" and path.startswith("/mentor") else 404)
    assert "林晓雨" not in answer.text()


def test_a_trainee_has_no_way_to_the_mentors_pages(visit: Any) -> None:
    page = visit()
    page.goto("/practice")
    assert page.locator("nav.nav a[href^='/mentor']").count() == 0
    assert page.goto("/mentor/").status == 403
    assert page.locator("h1").inner_text()
