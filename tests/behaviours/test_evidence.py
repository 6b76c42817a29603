"""Evidence is something a mentor can read: whole words, whole phrases, and the words of this behaviour only."""

from __future__ import annotations

import re

import pytest

from coach.behaviours.reader import read

LONG_EN = (
    "we will get the money over to you as soon as the people in the accounts department have had a chance to look at "
    "everything you have sent us so far today"
)
LONG_ZH = (
    "呃这个事情确实是我们失误了没有核对清楚那个单子上面的地址写错了所以后面师傅一直找不到您家的门"
    "等会儿我给您打电话的时候也会再跟您说清楚的"
)


def quoted(text: str, language: str, behaviour: str) -> list[str]:
    verdict = read(text, language=language).find(behaviour)
    assert verdict is not None, sorted(read(text, language=language).present)
    return [evidence.text for evidence in verdict.evidence]


def test_a_long_english_sentence_is_quoted_by_whole_words_and_more_than_two() -> None:
    for words in quoted(LONG_EN, "en", "vague_time"):
        assert re.search(rf"(?<!\w){re.escape(words)}(?!\w)", LONG_EN)
        assert len(words.split()) >= 5


def test_unpunctuated_chinese_is_not_cut_inside_a_phrase() -> None:
    assert "是我们失误了" in quoted(LONG_ZH, "zh", "own")[0]
    assert "我给您打电话" in quoted(LONG_ZH, "zh", "follow_up")[0]


def test_a_sum_is_not_cut_at_its_point() -> None:
    assert quoted("So that is £21.40 off your bill", "en", "remedy") == ["So that is £21.40 off your bill"]


@pytest.mark.parametrize(
    ("text", "language", "thanks"),
    [
        ("谢谢您耐心等我这么久，对不起让您等了三天", "zh", "谢谢"),
        ("您好谢谢您还愿意等真的对不起", "zh", "谢谢"),
        ("I'm sorry you were charged twice and thank you for staying.", "en", "thank"),
        ("Thank you for staying on the line and I'm sorry about the double charge.", "en", "Thank"),
    ],
)
def test_thanks_are_no_evidence_of_an_apology(text: str, language: str, thanks: str) -> None:
    reading = read(text, language=language)
    assert "apologise" in reading.present
    for behaviour in ("apologise", "apologise_specific"):
        found = reading.find(behaviour)
        assert all(thanks not in evidence.text for evidence in (found.evidence if found else ()))


def test_the_trouble_is_said_back_even_when_nothing_was_heard_before() -> None:
    reply = (
        "I'm so sorry, Mrs Whitlock. Twelve days without your refund and two calls nobody returned: "
        "anyone would be furious. Tell me what happened."
    )
    for customer in ("", "Twelve days I've been waiting for my refund. Two of your people promised to ring me back!"):
        reading = read(reply, language="en", customer_before=customer)
        assert {"apologise", "apologise_specific", "restate", "empathise", "invite"} <= reading.present
        assert not reading.present & {"timeframe", "follow_up"}
    assert "restate" not in read("I'm sorry. Let me see.", language="en").present
