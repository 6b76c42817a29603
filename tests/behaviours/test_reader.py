"""The promises of the reader itself: offsets, languages, hostile input, speed, the same answer every time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.behaviours.plain import plain
from coach.behaviours.reader import READER_VERSION, read
from coach.domain.behaviour import BEHAVIOURS, Reading

SCRAPS = st.sampled_from(
    [
        "真的很抱歉",
        "對不起讓您久等了",
        "👩‍👩‍👧‍👦🙏",
        "24小時內給您回電",
        "I'm so sorry",
        "by 6 pm",
        "£38.60",
        "这是我们的责任",
        "軟體",
        "這個滑鼠的問題",
        "“",
        "”",
        "…",
        "　",
        "\u200f",
        "\u202e",
        "e\u0301",
        "ﬃ",
        "㍿",
        "<b>",
        "\x00",
        "\ud800",
        "İ",
        "，",
        "。",
        "?",
        "I’ll",
        "\n",
        "不",
        "123",
        "no ",
    ]
)
REPLIES = st.lists(st.one_of(SCRAPS, st.text(max_size=8)), max_size=24).map("".join)


def check(reading: Reading, text: str) -> None:
    assert reading.text == text
    order = [BEHAVIOURS.index(b.id) for b in reading.behaviours]
    assert order == sorted(set(order))
    spans = [e for b in reading.behaviours for e in b.evidence] + list(reading.times) + list(reading.amounts)
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert span.text == text[span.start : span.end]
    for behaviour in reading.behaviours:
        assert behaviour.evidence
        assert 0 < behaviour.confidence <= 1


@given(REPLIES, st.sampled_from(["zh", "en", None, "fr"]), REPLIES)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_evidence_is_cut_from_it(text: str, language: str | None, customer: str) -> None:
    reading = read(text, language=language, customer_before=customer)
    check(reading, text)
    assert reading == read(text, language=language, customer_before=customer)


@given(REPLIES)
@settings(max_examples=200, deadline=None)
def test_every_plain_character_knows_where_it_comes_from(text: str) -> None:
    folded = plain(text)
    assert len(folded.text) == len(folded.origin)
    places = list(folded.origin)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


def test_traditional_words_of_taiwan_keep_their_places() -> None:
    text = "🙏🏽 這個軟體的問題，真的非常抱歉，讓您的滑鼠壞了三天；24小時內給您回電"
    reading = read(text)
    assert reading.language == "zh"
    assert {"apologise", "timeframe", "follow_up"} <= reading.present
    assert reading.find("apologise").evidence[0].text == "真的非常抱歉"
    assert reading.times[-1].text == "24小時內"
    check(reading, text)


def test_simplified_and_traditional_are_read_alike() -> None:
    simple = read("您好，对不起让您等了三天，这是我们的责任，今天下午五点前我给您回电")
    traditional = read("您好，對不起讓您等了三天，這是我們的責任，今天下午五點前我給您回電")
    assert simple.present == traditional.present
    assert {"greet", "apologise", "apologise_specific", "own", "timeframe", "follow_up"} <= simple.present


def test_speech_without_punctuation_is_read() -> None:
    zh = read("呃那个真的对不起啊让您跑了三趟这是我们的责任我现在就给您办退款十分钟内到账有结果我打给您")
    assert {"apologise", "own", "remedy", "timeframe", "follow_up"} <= zh.present
    en = read(
        "oh gosh im so sorry that the engineer never showed up thats our mistake ill call you back within the hour"
    )
    assert {"apologise", "own", "timeframe", "follow_up"} <= en.present


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我来处理", "zh"),
        ("I'll sort it", "en"),
        ("您的order已经ship了", "zh"),
        ("", "en"),
        ("123 !?", "en"),
        ("OK 好的", "zh"),
    ],
)
def test_the_language_is_told_by_the_share_of_han(text: str, language: str) -> None:
    assert read(text).language == language


@pytest.mark.parametrize("customer", ["", "洗衣机周三就漏水，地板全泡了"])
def test_facts_said_back_need_a_customer_who_told_them(customer: str) -> None:
    reading = read("洗衣机周三漏水，地板都泡了，是这样吗？", language="zh", customer_before=customer)
    assert ("restate" in reading.present) is bool(customer)


HOSTILE = [
    "",
    " \n\t ",
    "a" * 10_000,
    "我" * 10_000,
    "?" * 10_000,
    "“" * 10_000,
    "1" * 10_000,
    "对不起，" * 2_500,
    "一" * 10_000,
    "i'm so sorry " * 770,
    "\ud800\udfff" * 500,
    "<script>alert('对不起')</script>",
    "\u202e對不起\u202c",
    "🤬" * 3_000,
    "not " * 2_500,
    "您" * 5_000 + "还是" * 2_500,
    "由" + "，" * 9_999,
    "軟體" * 5_000,
    "a " * 5_000,
    "the refund " * 900,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_read_in_good_time(text: str) -> None:
    for language in ("zh", "en"):
        started = time.process_time()
        check(read(text, language=language, customer_before=text[:2000]), text)
        assert time.process_time() - started < 2.0


def test_ten_thousand_equal_letters_take_no_time() -> None:
    read("warm up", language="en")
    best = min(_seconds("a" * 10_000) for _ in range(5))
    assert best < 0.05


def _seconds(text: str) -> float:
    started = time.process_time()
    read(text, language="en")
    return time.process_time() - started


def test_the_reader_signs_its_readings() -> None:
    assert read("您好").reader == READER_VERSION
