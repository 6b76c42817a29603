"""What is negated, quoted, reported, supposed or meant in mockery is never credited."""

from __future__ import annotations

import pytest

from coach.behaviours.reader import read
from coach.domain.behaviour import Certainty

NOT_CREDITED = [
    # negated
    ("apologise", "zh", "我不会道歉的"),
    ("apologise", "zh", "凭什么要我跟您道歉"),
    ("apologise", "en", "I'm not going to say I'm sorry."),
    ("apologise", "en", "We never apologise for weather."),
    ("remedy", "zh", "我们不会给您退款的"),
    ("remedy", "en", "We won't be able to refund you."),
    ("follow_up", "zh", "我不会再给您回电"),
    ("follow_up", "en", "I won't call you back."),
    ("escalate", "en", "I'm not going to transfer you to a supervisor."),
    ("escalate", "zh", "别找主管了，找主管也没用"),
    ("overpromise", "zh", "这个我不能跟您保证一定能追回来"),
    ("overpromise", "en", "I can't guarantee it will arrive."),
    ("blame_customer", "zh", "这不是您自己的问题"),
    ("own", "en", "It isn't our responsibility."),
    ("compensate", "en", "We can't offer you a voucher."),
    # quoted
    ("apologise", "zh", "通知里写的是“非常抱歉”，别的我不清楚"),
    ("apologise", "en", 'The letter says "we are very sorry" and that is all.'),
    ("remedy", "zh", "您念的那句“我现在给您退款”是上个月的通知"),
    ("overpromise", "en", 'His note reads "I guarantee it will arrive" and nothing else.'),
    # reported or wanted by others
    ("apologise", "zh", "我同事会跟您说对不起的"),
    ("apologise", "en", "My colleague would say he's really sorry."),
    ("apologise", "en", "You want me to say I'm sorry."),
    ("own", "zh", "您是要我说这是我们的责任"),
    # supposed
    ("apologise", "zh", "要是我在场，可能会说对不起"),
    ("remedy", "en", "Normally I would have refunded you."),
    ("apologise", "en", "If it were up to me, I would apologise."),
    # mockery
    ("apologise", "en", "Oh I'm so sorry, your majesty."),
    ("thank", "zh", "那可太谢谢您了，您真有本事，有完没完"),
]


@pytest.mark.parametrize(("behaviour", "language", "reply"), NOT_CREDITED)
def test_is_not_credited(behaviour: str, language: str, reply: str) -> None:
    found = read(reply, language=language).find(behaviour)
    assert found is None or found.verdict is Certainty.UNSURE, found


@pytest.mark.parametrize(
    ("behaviour", "language", "reply"),
    [
        ("apologise", "zh", "没能按时送到，真的很抱歉"),
        ("apologise", "zh", "不好意思让您久等了"),
        ("apologise", "en", "I can't tell you how sorry I am that nobody came."),
        ("remedy", "zh", "您不用跑一趟，我现在给您退款"),
        ("remedy", "en", "You don't need to send it back, I'm refunding you now."),
        ("own", "zh", "不怪您，是我们的责任"),
        ("own", "en", "This isn't on you. That's our mistake."),
    ],
)
def test_a_negation_elsewhere_takes_nothing_away(behaviour: str, language: str, reply: str) -> None:
    assert behaviour in read(reply, language=language).present


def test_a_doubtful_match_goes_to_a_mentor_with_its_words() -> None:
    found = read("他应该会跟您说对不起", language="zh").find("apologise")
    assert found is not None
    assert found.verdict is Certainty.UNSURE
    assert found.evidence[0].text == "他应该会跟您说对不起"
    assert found.confidence < 0.5


def test_soon_is_not_vague_beside_a_clear_time() -> None:
    assert "vague_time" in read("我们尽快给您处理", language="zh").present
    assert "vague_time" not in read("我们尽快给您处理，今天下午五点前给您回电", language="zh").present


def test_a_refusal_with_a_reason_or_another_way_is_not_flat() -> None:
    assert "flat_refusal" in read("不行，退不了", language="zh").present
    assert "flat_refusal" not in read("退不了，因为已经拆封，不过我可以给您换一台", language="zh").present


def test_a_stock_sentence_beside_a_question_of_fact_is_not_template() -> None:
    stock = "Your satisfaction is our top priority."
    assert "template" in read(stock, language="en").present
    assert "template" not in read(f"{stock} When did it start leaking?", language="en").present
