"""What a customer can make something of, and what not."""

from __future__ import annotations

import pytest

from coach.scenarios.intelligible import is_goodbye, is_nod, is_unintelligible
from coach.scenarios.plain import plain


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("哈哈哈哈", "zh"), ("我要吃火锅", "zh"), ("香蕉", "zh"), ("asdfgh", "zh"), ("退退退退退退退", "zh"),
        ("hahaha", "en"), ("I want hotpot", "en"), ("asdf qwer zxcv uiop", "en"), ("<b>hi</b>", "en"),
        ("<script>alert(1)</script>", "zh"), ("{{ 7*7 }}", "en"), ("......", "zh"), ("？？？", "zh"), ("😀", "en"),
    ],
)  # fmt: skip
def test_nonsense_is_nonsense(words: str, language: str) -> None:
    assert is_unintelligible(plain(words), language)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("那確實挺折騰人的，換成我也受不了。", "zh"), ("稍等", "zh"), ("真不容易", "zh"),
        ("我去跟仓库那边说一声", "zh"),
        ("今天天气不错，咱们出去走走", "zh"), ("嗯嗯", "zh"), ("好的明白", "zh"),
        ("Let me see.", "en"), ("Oh dear.", "en"), ("Fair enough", "en"), ("Mr Penrose?", "en"), ("Hi", "en"),
        ("Nobody ought to sit by a window for two mornings waiting for a van.", "en"), ("I understand.", "en"),
    ],
)  # fmt: skip
def test_what_a_person_could_say_on_the_line_is_not(words: str, language: str) -> None:
    assert not is_unintelligible(plain(words), language)


@pytest.mark.parametrize(
    "words", ["ok bye", "再见", "好的，再见。", "謝謝您的來電，祝您生活愉快，再見", "Thanks, goodbye."]
)
def test_a_goodbye(words: str) -> None:
    assert is_goodbye(plain(words))


@pytest.mark.parametrize("words", ["I'll ring you at six, bye", "祝小朋友生日快乐", "好的", "四点前到账，再见"])
def test_no_goodbye_or_more_than_one(words: str) -> None:
    assert not is_goodbye(plain(words))


def test_nods() -> None:
    assert all(is_nod(plain(words)) for words in ("好的。", "嗯", "I see.", "Yes, I see", "明白了"))
    assert not any(is_nod(plain(words)) for words in ("Hi", "您好", "Sorry", "对不起"))
