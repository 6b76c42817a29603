"""The main job by text: log in, choose, read the brief, talk the customer down, read the debrief, try again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.calls import Call, sentences
from tests.browser.conftest import PASSWORD

REFUND = "refund-12-days"


def test_a_wrong_password_says_so_and_the_right_one_leads_to_the_calls(visit: Any) -> None:
    page = visit("")
    page.goto("/practice")
    for password, waits_for in (("not-the-password", "main [role=alert]"), (PASSWORD, ".calls")):
        page.fill("input[name=email]", "trainee@example.com")
        page.fill("input[name=password]", password)
        page.locator("main form button").click()
        page.locator(waits_for).first.wait_for()
    assert page.url.endswith("/practice"), "one comes where one wanted to go"


def test_filters_narrow_the_calls_without_a_new_page(visit: Any) -> None:
    page = visit()
    page.goto("/practice")
    cards = page.locator(".call-card")
    assert cards.count() == 6
    page.evaluate("window.sameDocument = true")
    page.fill("#q", "退款")
    page.wait_for_function("() => document.querySelectorAll('.call-card').length < 6")
    assert "退款" in cards.first.inner_text()
    page.fill("#q", "没有这样的电话")
    page.locator("#calls .empty").wait_for()
    page.fill("#q", "")
    page.wait_for_function("() => document.querySelectorAll('.call-card').length === 6")
    page.select_option("#difficulty", "5")
    page.wait_for_function("() => document.querySelectorAll('.call-card').length === 1")
    assert page.evaluate("window.sameDocument"), "only the list was changed"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["386 元", "补偿券，最多 30 元", "不能承诺当场或当天到账", "约好由您亲自回电", "四步法", "70 分"]),
        ("en", ["£38.60", "coupon of up to £5", "No promise that the money", "Agree a call", "Four-step", "70 points"]),
    ],
)
def test_the_brief_shows_record_policy_goals_and_rules(visit: Any, language: str, words: list[str]) -> None:
    page = visit(language=language)
    page.goto("/practice")
    page.locator(f".call-card a[href$='{REFUND}']").click()
    page.wait_for_url(f"**/practice/{REFUND}")
    text = page.locator("main").inner_text()
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_text_call_from_hello_to_a_satisfied_customer(visit: Any, language: str) -> None:
    page = visit(language=language)
    call = Call.start(page)
    assert call.customer
    assert page.locator("#feel .ledger").count() == 0, "nothing has moved yet"
    anger, patience = call.mood("anger"), call.mood("patience")
    replies = sentences(REFUND, "settled", language)
    call.send(replies[0])
    assert call.mood("anger") < anger
    assert call.mood("patience") > patience
    assert call.reasons(), "each change has its reason"
    for number, reply in enumerate(replies[1:], start=2):
        assert not call.is_over
        call.send(reply)
        assert call.seq == number
        assert reply in page.locator("#talk .heard").inner_text()
    assert call.is_over
    assert not page.locator("[data-hang-up]").is_visible(), "there is nothing left to end"
    page.locator(".the-end").wait_for()
    call.to_debrief()
    assert page.locator("main h1").inner_text()
    assert page.locator("nav.nav [aria-current=page]").get_attribute("href") == "/debriefs"
    verdicts = page.locator("#steps .step .chip")
    assert verdicts.count() == 4
    assert {"达成", "Met"} & set(verdicts.all_inner_texts())
    assert page.locator("#steps .step a[href^='#turn-']").count() >= 4, "steps quote the turns they were seen in"
    assert page.locator(".turn .marked mark, .turn .marked .mark, .turn .marked span").count() > 3
    assert int(page.locator(".total .num").inner_text()) >= 70


def test_one_may_stay_on_the_line_or_end_the_call(visit: Any) -> None:
    page = visit()
    call = Call.start(page)
    end = page.locator("[data-hang-up] button")
    end.click()
    dialog = page.locator("[data-confirm-end]")
    dialog.locator("button[value=stay]").click()
    assert not dialog.is_visible()
    assert not call.is_over
    end.click()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    call.send("您好，我是客服小林，我在听，您请说。")
    call.hang_up()
    assert call.is_over
    call.to_debrief()
    assert page.locator(".note.wrong").count() == 1, "a call that was left is not passed, and it says why"


def test_a_bad_reply_costs_a_reason_a_better_wording_and_another_try(visit: Any) -> None:
    page = visit()
    call = Call.start(page)
    call.send("您好，我是客服小林，请问有什么可以帮您？")
    anger = call.mood("anger")
    call.send("您先冷静一下，这不归我们管，您去找财务。")
    assert call.mood("anger") > anger
    assert any("财务" in reason or "不归我们管" in reason or "冷静" in reason for reason in call.reasons())
    bad = call.customer
    call.hang_up()
    call.to_debrief()
    focus = page.locator(".focus-card")
    assert "不归我们管" in focus.inner_text()
    assert len(focus.locator(".side").nth(1).locator("blockquote").first.inner_text()) > 10, "a better wording"
    page.locator("#steps details summary").first.click()
    assert page.locator("#steps details blockquote").first.is_visible()

    page.locator("#turn-2 form button").click()
    page.locator("[data-call]").wait_for()
    again = Call(page)
    assert again.seq == 1, "the retry stands before the reply that went wrong"
    again.send("让您等了十二天，两次答应回电都没有打，真的对不起。这件事由我负责到底。")
    assert again.customer != bad
    assert again.mood("anger") < anger
    page.goto(f"/rehearsals/{again.id}/compare")
    first, second = page.locator(".sides > section").all()
    assert "不归我们管" in first.inner_text()
    assert "真的对不起" in second.inner_text()
    assert "财务" not in second.inner_text()


def test_a_call_in_traditional_characters_is_read_and_answered_in_them(visit: Any) -> None:
    page = visit("qa")
    page.goto(f"/practice/{REFUND}")
    page.check("input[name=channel][value=text]")
    page.check("input[name=language][value=zh-Hant]")
    page.locator("form[action='/rehearsals'] button.primary").click()
    call = Call(page)
    anger = call.mood("anger")
    heard = call.customer
    call.send("讓您等了十二天，兩次答應回電都沒有打，真的對不起。這是我們的責任。")
    assert call.mood("anger") < anger
    assert not set("这钱说们没还给电") & set(heard + call.customer), "the customer writes traditional characters"


def test_language_and_theme_follow_the_person(visit: Any) -> None:
    page = visit("qa")
    page.goto("/practice")
    headings = {"zh-Hant": "今天接哪一通電話？", "en": "Which call do you take today?", "zh-Hans": "今天接哪一通电话？"}
    for language, heading in headings.items():
        page.locator("details.language > summary").click()
        page.locator(f"details.language button[value={language}]").click()
        page.wait_for_function("lang => document.documentElement.lang === lang", arg=language)
        assert page.locator("h1").inner_text() == heading
    page.locator("details.account > summary").click()
    with page.expect_response("**/theme"):
        page.locator("button[name=theme][value=dark]").click()
    page.goto("/progress")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    ink, paper = (page.evaluate(f"getComputedStyle(document.body).{name}") for name in ("color", "backgroundColor"))
    assert brightness(ink) > brightness(paper)


def brightness(rgb: str) -> int:
    return sum(int(part) for part in rgb.partition("(")[2].rstrip(")").split(",")[:3])


def test_a_whole_call_by_keyboard_alone(visit: Any) -> None:
    page = visit("")
    page.goto("/login")
    keys = page.keyboard
    tab_to(page, "input[name=email]")
    keys.type("trainee2@example.com")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/practice")
    tab_to(page, f".call-card a[href$='{REFUND}']")
    keys.press("Enter")
    page.wait_for_url(f"**/{REFUND}")
    tab_to(page, "input[name=channel]")
    keys.press("ArrowRight")
    assert page.locator("input[name=channel]:checked").get_attribute("value") == "text"
    tab_to(page, "form[action='/rehearsals'] button.primary")
    keys.press("Enter")
    page.wait_for_url("**/rehearsals/*")
    call = Call(page)
    keys.press("t")
    for number, reply in enumerate(sentences(REFUND, "settled", "en"), start=1):
        assert page.evaluate("document.activeElement.id") == "reply", "after each turn one can type on"
        keys.insert_text(reply)
        keys.press("Enter")
        call.wait_for_turn(number)
    assert call.is_over
    assert page.evaluate("document.activeElement.matches('.the-end a')")
    keys.press("Enter")
    page.wait_for_url("**/debrief")
    keys.press("j")
    assert page.evaluate("document.activeElement.id") == "turn-1"


def tab_to(page: Any, selector: str, most: int = 60) -> None:
    for _ in range(most):
        if page.evaluate("selector => Boolean(document.activeElement?.matches(selector))", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")
