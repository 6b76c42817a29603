"""Reloads, second windows, lost answers, a server that dies: nothing typed is lost, nothing counts twice."""

from __future__ import annotations

import signal
from typing import Any

from tests.browser.calls import Call

HELLO = "您好，我是客服小林，您请说，我听着。"
SORRY = "两次答应回电都没有打，让您白等了十二天，真的对不起，这是我们的责任。"


def test_a_reload_goes_on_where_the_call_was_with_what_was_half_typed(visit: Any) -> None:
    page = visit()
    call = Call.start(page)
    call.send(HELLO)
    said, anger = call.customer, call.mood("anger")
    call.write("真的对不起，让您")
    page.reload()
    assert (call.seq, call.customer, call.mood("anger")) == (1, said, anger)
    assert page.input_value("#reply") == "真的对不起，让您"
    call.send(SORRY)
    page.reload()
    assert page.input_value("#reply") == "", "what was sent is no draft"
    assert call.seq == 2
    id = call.id
    page.goto("/practice")
    page.locator(f".call-card a[href='/rehearsals/{id}']").click()
    page.locator("[data-call]").wait_for()
    assert call.seq == 2


def test_a_second_window_is_told_and_shows_the_newest_turn(visit: Any) -> None:
    first = visit()
    here = Call.start(first)
    second = first.context.new_page()
    second.goto(first.url)
    there = Call(second)
    here.send(HELLO)
    there.write(SORRY)
    second.press("#reply", "Enter")
    second.wait_for_function("() => document.querySelector('#talk').dataset.seq === '1'")
    assert "另一个窗口" in there.notice.inner_text()
    assert there.customer == here.customer
    assert second.input_value("#reply") == SORRY, "what was typed is still there"
    second.press("#reply", "Enter")
    there.wait_for_turn(2)


def test_an_answer_that_got_lost_is_fetched_and_not_counted_twice(visit: Any) -> None:
    page = visit()
    visit.expected.append("net::ERR")
    call = Call.start(page)

    def lose_the_answer(route: Any) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/turns", lose_the_answer, times=1)
    call.write(HELLO)
    page.press("#reply", "Enter")
    again = call.notice.locator("button")
    again.wait_for()
    assert page.input_value("#reply") == HELLO
    again.click()
    call.wait_for_turn(1)
    page.reload()
    assert call.seq == 1
    assert page.locator("#talk .heard").inner_text().count(HELLO) == 1


def test_a_server_that_dies_in_mid_call_gets_the_same_reply_once(visit: Any, new_house: Any) -> None:
    own = new_house()
    page = visit(house=own)
    visit.expected.append("net::ERR")
    call = Call.start(page)
    call.send(HELLO)
    own.stop(signal.SIGKILL)
    call.write(SORRY)
    page.press("#reply", "Enter")
    again = call.notice.locator("button")
    again.wait_for()
    assert "重新发送" in call.notice.inner_text() or "再发" in call.notice.inner_text()
    again.click()  # still down: nothing changes
    again.wait_for()
    own.start()
    again.click()
    call.wait_for_turn(2)
    page.reload()
    assert call.seq == 2
    assert page.locator("#talk").inner_text().count(SORRY) == 1
    own.stop()


def test_who_was_logged_out_meanwhile_comes_back_to_the_draft(visit: Any) -> None:
    page = visit()
    call = Call.start(page)
    address = page.url
    call.write(SORRY)
    page.context.clear_cookies()
    page.press("#reply", "Enter")
    page.wait_for_url("**/login**")
    page.fill("input[name=email]", "trainee@example.com")
    page.fill("input[name=password]", "calm-callers-only")
    page.locator("main form button").click()
    page.wait_for_url(address)
    assert page.input_value("#reply") == SORRY


def test_replies_nobody_could_say_get_a_sentence_and_cost_nothing(visit: Any) -> None:
    page = visit()
    call = Call.start(page)
    page.evaluate("document.querySelector('#reply').removeAttribute('maxlength')")
    call.write("退款" * 5000)
    page.press("#reply", "Enter")
    page.wait_for_function("() => document.querySelector('[data-notice]').textContent.length > 4")
    assert call.seq == 0
    assert len(page.input_value("#reply")) == 10_000, "what was typed stays"
    call.write("   ")
    page.press("#reply", "Enter")
    assert call.seq == 0
    call.send("<b onmouseover=alert(1)>对不起</b> 😤 \u202eتحية")
    assert page.locator("#talk .heard b").count() == 0
    assert "<b onmouseover" in page.locator("#talk .heard").inner_text()
    assert call.customer
