"""Times a customer could hold the agent to, and money, with what the words tell about them."""

from __future__ import annotations

import pytest

from coach.behaviours.numerals import chinese_number, english_number
from coach.behaviours.reader import read


@pytest.mark.parametrize(
    ("reply", "text", "minutes"),
    [
        ("24小时内给您答复", "24小时内", 1440),
        ("两个工作日内到账", "两个工作日内", 2880),
        ("3-5个工作日内原路退回", "3-5个工作日内", 7200),
        ("十分钟内我打给您", "十分钟内", 10),
        ("半小时内师傅到", "半小时内", 30),
        ("一个半小时内送到", "一个半小时内", 90),
        ("今天下午六点前给您回电", "今天下午六点前", None),
        ("明天上午十点半师傅上门", "明天上午十点半", None),
        ("本周五之前寄出", "本周五之前", None),
        ("12月5日前会更新", "12月5日前", None),
        ("七個工作天內退回您的帳戶", "七個工作天內", 10080),
    ],
)
def test_chinese_times(reply: str, text: str, minutes: float | None) -> None:
    times = read(reply, language="zh").times
    assert [(t.text, t.latest_minutes) for t in times] == [(text, minutes)]


@pytest.mark.parametrize(
    ("reply", "text", "minutes"),
    [
        ("I'll call you back within the hour.", "within the hour", 60),
        ("It will arrive in 3-5 working days.", "in 3-5 working days", 7200),
        ("We'll have it fixed within twenty-four hours.", "within twenty-four hours", 1440),
        ("I'll ring you in half an hour.", "in half an hour", 30),
        ("You will hear from me by 6 pm.", "by 6 pm", None),
        ("He will be with you at half past four.", "at half past four", None),
        ("I'll email you by close of business on Friday.", "by close of business on Friday", None),
    ],
)
def test_english_times(reply: str, text: str, minutes: float | None) -> None:
    times = read(reply, language="en").times
    assert [(t.text, t.latest_minutes) for t in times] == [(text, minutes)]


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("我们会尽快处理", "zh"),
        ("慢一点说", "zh"),
        ("第二天他就走了", "zh"),
        ("We'll do it as soon as possible.", "en"),
        ("It may march on without me.", "en"),
        ("You waited three days ago", "en"),
    ],
)
def test_words_that_are_no_time(reply: str, language: str) -> None:
    assert read(reply, language=language).times == ()


@pytest.mark.parametrize(
    ("reply", "language", "text", "value", "currency"),
    [
        ("多收的386元退给您", "zh", "386元", 386, "CNY"),
        ("补您三十块", "zh", "三十块", 30, "CNY"),
        ("送您一张五十元券", "zh", "五十元", 50, "CNY"),
        ("一千二百元全退", "zh", "一千二百元", 1200, "CNY"),
        ("NT$1,200 会退到您的卡", "zh", "NT$1,200", 1200, "TWD"),
        ("I'll refund £38.60 today", "en", "£38.60", 38.6, "GBP"),
        ("I can add 20 dollars", "en", "20 dollars", 20, ""),
        ("that's fifty quid back", "en", "fifty quid", 50, "GBP"),
        ("the $1,250.50 charge", "en", "$1,250.50", 1250.5, ""),
    ],
)
def test_amounts(reply: str, language: str, text: str, value: float, currency: str) -> None:
    amounts = read(reply, language=language).amounts
    assert [(a.text, a.value, a.currency) for a in amounts] == [(text, value, currency)]


@pytest.mark.parametrize(
    ("reply", "language"), [("便宜百分之十", "zh"), ("打八折", "zh"), ("ten percent off", "en"), ("room 38", "en")]
)
def test_what_is_no_amount(reply: str, language: str) -> None:
    assert read(reply, language=language).amounts == ()


@pytest.mark.parametrize(
    ("words", "value"),
    [("386", 386), ("三十", 30), ("十五", 15), ("两百五", 250), ("一千零二十", 1020), ("一万二", 12000), ("半", 0.5),
     ("十几", 19), ("两三", 3), ("幺零二", 102), ("一定", None), ("", None)],
)  # fmt: skip
def test_chinese_numbers(words: str, value: float | None) -> None:
    assert chinese_number(words) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1,200", 1200),
        ("twenty-four", 24),
        ("a couple of", 2),
        ("half an", 0.5),
        ("two hundred and ten", 210),
        ("soon", None),
    ],
)
def test_english_numbers(words: str, value: float | None) -> None:
    assert english_number(words) == value


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("退您二十八块六", 28.6, "二十八块六"),
        ("二十八块六退给您", 28.6, "二十八块六"),
        ("二十八块六毛", 28.6, "二十八块六毛"),
        ("赔您一千五", 1500.0, "一千五"),
        ("一千五", 1500.0, "一千五"),
        ("我们赔您一万块", 10_000.0, "一万块"),
    ],
)
def test_money_as_it_is_spoken(text: str, value: float, words: str) -> None:
    (amount,) = read(text, language="zh").amounts
    assert (amount.value, amount.currency, amount.text) == (value, "CNY", words)


@pytest.mark.parametrize("text", ["一千五百人", "第一千五", "两万五千公里", "一百二十天"])
def test_counts_that_are_no_money(text: str) -> None:
    assert read(text, language="zh").amounts == ()
