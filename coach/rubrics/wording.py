"""The sentences of an assessment. They judge the reply, never the person; quoted words stay as they were said."""

from __future__ import annotations

from coach.domain.behaviour import FAULTS
from coach.domain.language import Language, Text
from coach.domain.rubric import Quote, StepVerdict
from coach.rubrics.script import in_all_scripts, traditional

_QUOTE_LIMIT = 120  # code points of a quote in a sentence; the evidence itself is never shortened

VERDICTS: dict[StepVerdict, Text] = {
    StepVerdict.MET: in_all_scripts("达成", "Met"),
    StepVerdict.PARTLY: in_all_scripts("部分达成", "Partly"),
    StepVerdict.MISSED: in_all_scripts("未达成", "Missed"),
    StepVerdict.UNSURE: in_all_scripts("拿不准", "Unsure"),
    StepVerdict.NOT_RATED: in_all_scripts("本次不评", "Not rated"),
}

# What the words do, and what to try in their place. Each follows "Turn 3, “…”: ".
_FAULTS: dict[str, tuple[str, str]] = {
    "interrupt": (
        "打断了客户。先让客户说完，再接话",
        "this cuts the customer off. Let them finish, then answer",
    ),
    "argue": (
        "在跟客户争对错。先把客户说的记下来，核实了再谈",
        "this disputes what the customer tells. Note it down first, then check",
    ),
    "blame_customer": (
        "把责任放到了客户身上。先说您能做什么",
        "this puts the fault on the customer. Say what you can do instead",
    ),
    "shift_blame": (
        "把事情推了出去。可以说由您去联系、由您回话",
        "this passes the matter on. Say that you will ask them, and come back with the answer",
    ),
    "flat_refusal": (
        "只有拒绝，没有理由，也没有别的办法。办不到时说明原因，再给一条走得通的路",
        "this refuses with neither a reason nor another way. Give the reason, and what is possible",
    ),
    "minimise": (
        "把客户的事说轻了。先承认这件事给客户添了多少麻烦",
        "this makes light of the matter. Say first how much trouble it has been",
    ),
    "overpromise": (
        "答应了您未必做得到的结果。只承诺自己手里的事",
        "this promises more than you can secure. Promise what is in your own hands",
    ),
    "vague_time": (
        "没有说准时间。下次可以给一个日子和钟点",
        "this names no time. Try a day and an hour",
    ),
    "jargon": (
        "客户可能听不懂这个说法。换成平常的话",
        "a customer may not know this word. Say it in everyday words",
    ),
    "rude": (
        "这样的话会伤到客户。换一句平和的说法",
        "this hurts the customer. Choose calm words",
    ),
    "template": (
        "这句话放在谁身上都能说。提一件客户刚刚讲的事",
        "this would fit anybody. Mention one thing the customer has just told you",
    ),
}
assert set(_FAULTS) == set(FAULTS)

_CURES: dict[str, tuple[str, ...]] = {
    "interrupt": ("invite",),
    "argue": ("empathise", "restate"),
    "blame_customer": ("own", "empathise"),
    "shift_blame": ("own", "follow_up"),
    "flat_refusal": ("involve", "explain"),
    "minimise": ("empathise",),
    "overpromise": ("timeframe", "follow_up"),
    "vague_time": ("timeframe",),
    "jargon": ("explain",),
    "rude": ("empathise", "apologise"),
    "template": ("restate", "empathise"),
}


def cures(fault: str) -> tuple[str, ...]:
    """What could have been done in place of a fault; empty for anything else."""
    return _CURES.get(fault, ())


def shown(quote: Quote, part: Text) -> Text:
    return _sentence("第 {turn} 轮“{quote}”：{part}。", "Turn {turn}, “{quote}”: {part}.", quote, part)


def late(quote: Quote, part: Text, by_reply: int) -> Text:
    zh_place, en_place = ("第一次回复", "first reply") if by_reply == 1 else ("前 {by} 次回复", "first {by} replies")
    zh = "第 {turn} 轮“{quote}”：{part}，只是晚了；放在" + zh_place + "里更好，所以只算一半。"
    en = "Turn {turn}, “{quote}”: {part}, but late; it belongs in the " + en_place + " and counts half."
    return _sentence(zh, en, quote, part, by=by_reply)


def missing(part: Text) -> Text:
    return _sentence("还缺：{part}。", "Still open: {part}.", None, part)


def doubtful(quote: Quote, part: Text) -> Text:
    zh = "第 {turn} 轮“{quote}”是不是{part}，这里拿不准，所以不算分，可以请导师看。"
    en = "Turn {turn}, “{quote}” can be read two ways ({part}), so it does not count either way. A mentor can look."
    return _sentence(zh, en, quote, part)


def fault(quote: Quote) -> Text:
    """What these words do, and what to try."""
    zh, en = _FAULTS.get(quote.behaviour, (quote.behaviour, quote.behaviour))
    return _sentence("第 {turn} 轮“{quote}”：" + zh + "。", "Turn {turn}, “{quote}”: " + en + ".", quote)


def with_place(because: Text, quote: Quote) -> Text:
    """A rule's own sentence, and where it happened."""
    return _sentence("{part}（第 {turn} 轮：“{quote}”）", "{part} (Turn {turn}: “{quote}”)", quote, because)


def strength(step: Text, quote: Quote) -> Text:
    return _sentence("{part}：第 {turn} 轮您说“{quote}”。", "{part}: in turn {turn} you said “{quote}”.", quote, step)


def work_on(step: Text, lacking: Text) -> Text:
    """The one thing to work on: the step and what was lacking in it."""
    lead = _sentence("先练“{part}”这一步。", "Work on “{part}” first. ", None, step)
    return Text(zh=lead.zh + lacking.zh, en=lead.en + lacking.en, hant=lead.hant + lacking.hant)


def not_rated() -> Text:
    return in_all_scripts("这个案例没有用到这一步，不计分。", "This case does not call for it, so it is not counted.")


def summary(passed: bool, critical: tuple[Text, ...]) -> Text:
    if critical:
        return critical[0]
    if passed:
        return in_all_scripts("这通电话达到了要求。", "This call does what the method asks for.")
    zh, en = "这通电话离要求还差一点，先改一件事。", "This call is not there yet. One thing first."
    return in_all_scripts(zh, en)


def _sentence(zh: str, en: str, quote: Quote | None, part: Text | None = None, **numbers: int) -> Text:
    """Fills a template in each script. Only the template is converted to traditional; quotes stay as they were said."""
    values: dict[str, int | str] = dict(numbers)
    if quote is not None:
        values |= {"turn": quote.turn, "quote": _clipped(quote.text)}

    def fill(template: str, language: Language) -> str:
        return template.format(**values, part=part.within(language) if part else "")

    return Text(zh=fill(zh, Language.ZH_HANS), en=fill(en, Language.EN), hant=fill(traditional(zh), Language.ZH_HANT))


def _clipped(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTE_LIMIT else words[:_QUOTE_LIMIT].rstrip() + "…"
