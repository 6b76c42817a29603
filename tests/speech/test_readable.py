"""Numbers, codes and signs are read as a person reads them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.speech import chinese_text, english_text
from coach.speech.chinese_numbers import cardinal

CHINESE = {
    "一共386元": "一共三百八十六元",
    "等了12天": "等了十二天",
    "等了2天": "等了两天",
    "订单号20261103": "订单号二零二六幺幺零三",
    "订单号：CN-2026": "订单号：C N-二零二六",
    "打13800138000": "打幺三八，零零幺三，八零零零",
    "010-12345678": "零幺零，幺二三四五六七八",
    "拨打400-820-8820": "拨打四零零，八二零，八八二零",
    "10:30之前": "十点半之前",
    "10:05和22:15": "十点零五分和二十二点十五",
    "9:00-18:00": "九点到十八点",
    "打3.5折": "打三点五折",
    "85折": "八五折",
    "2026年11月3日": "二零二六年十一月三日",
    "2026-11-03": "二零二六年十一月三日",
    "3-5个工作日": "三到五个工作日",
    "￥1,280.50": "一千二百八十点五元",
    "扣了99.9元": "扣了九十九点九元",
    "涨了10%": "涨了百分之十",
    "10%-20%": "百分之十到百分之二十",
    "尾号3721": "尾号三七二幺",
    "工号1024": "工号幺零二四",
    "打12315投诉": "打幺二三幺五投诉",
    "排了110人": "排了一百一十人",
    "第2次": "第二次",
    "2月2号2楼": "二月二号二楼",
    "20000元": "两万元",
    "10005元": "一万零五元",
    "1001000元": "一百万一千元",
    "-5度": "负五度",
    "1/2": "二分之一",
    "300元/月": "三百元每月",
    "２０天": "二十天",
    "VIP客户的WiFi": "V I P客户的WiFi",
    "A20261103": "A二零二六幺幺零三",
    "2小时内": "两小时内",
    "0.99元": "零点九九元",
    "房间号305": "房间号三零五",
    "电话打了3次": "电话打了三次",
    "订单3个": "订单三个",
}

ENGLISH = {
    "I paid £386.50": "I paid 386 pounds 50",
    "£0.99 or £1": "99 pence or 1 pound",
    "£1,280": "1280 pounds",
    "$5k": "5 thousand dollars",
    "order 20261103": "order two zero two six, one one zero three",
    "order number AB-12345": "order number A B, one two three four five",
    "Call 0800 123 4567.": "Call zero eight zero zero, one two three, four five six seven.",
    "+44 20 7946 0958": "four four, two zero, seven nine four six, zero nine five eight",
    "07700 900123": "zero seven seven zero zero, nine zero zero one two three",
    "10:30 and 10:05": "10 30 and 10 oh 5",
    "10:00": "10 o'clock",
    "9am": "9 A M",
    "at 10:05 p.m.": "at 10 oh 5 P M",
    "50% off": "50 percent off",
    "2026-11-03": "3rd of November 20 26",
    "3-5 days": "3 to 5 days",
    "in 2019": "in 20 19",
    "I called 5 times": "I called 5 times",
    "45 minutes": "45 minutes",
    "24/7 & free": "24 7 and free",
    "Mr Jones": "Mister Jones",
    "1,500 people": "1500 people",
    "Order #4471": "Order four four seven one",
}


@pytest.mark.parametrize(("written", "said"), CHINESE.items())
def test_chinese(written, said):
    assert chinese_text.readable(written) == said


@pytest.mark.parametrize(("written", "said"), ENGLISH.items())
def test_english(written, said):
    assert english_text.readable(written) == said


@given(st.text(alphabet="0123456789.,:-/%元天折号¥￥£$+年月日次第ABab约是的 #~～", max_size=40))
def test_no_digit_is_left_in_chinese_and_nothing_hangs(text):
    assert not re.search(r"[0-9]", chinese_text.readable(text))


@given(st.text(alphabet="0123456789.,:-/%£$+ABapm#&@ ", max_size=40))
def test_english_never_fails(text):
    english_text.readable(text)


@given(st.integers(0, 10**16 - 1))
def test_chinese_cardinals_mean_the_number(number):
    assert value(cardinal(str(number))) == number


def value(said):
    """Reads a Chinese cardinal back, by another way than it was written."""
    for unit, size in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        if unit in said:
            left, right = said.split(unit, 1)
            return value(left) * size + (value(right) if right else 0)
    total, digit = 0, 1 if said.startswith("十") else 0
    for character in said:
        if character in "十百千":
            total += digit * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(character)
    return total + digit
