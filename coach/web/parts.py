"""/parts, for developers: every part the pages are made of, in its states. Only where `ShellSettings.demo` is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from coach.domain.language import Language
from coach.domain.rubric import StepVerdict
from coach.web.curve import CurvePoint
from coach.web.forms import Form
from coach.web.i18n import language_of_request
from coach.web.marks import MarkKind, Span

parts = Blueprint("parts", __name__)

COLOURS = [
    "paper",
    "surface",
    "sunk",
    "ink",
    "ink-2",
    "ink-3",
    "line-strong",
    "accent",
    "accent-soft",
    "focus",
    "stop",
    "anger",
    "anger-soft",
    "patience",
    "patience-soft",
    "met",
    "met-soft",
    "partly",
    "partly-soft",
    "missed",
    "missed-soft",
    "unsure",
    "unsure-soft",
    "unrated",
    "unrated-soft",
]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a customer and an agent might say, with marks that overlap."""

    customer: str
    reply: str
    spans: tuple[Span, ...]
    reasons: tuple[str, ...]


def _span(reply: str, words: str, tag: str, kind: MarkKind = MarkKind.ACT) -> Span:
    start = reply.index(words)
    return Span(start, start + len(words), tag, kind)


def _sample(
    customer: str, reply: str, marks: tuple[tuple[str, str, MarkKind], ...], reasons: tuple[str, ...]
) -> Sample:
    return Sample(customer, reply, tuple(_span(reply, *mark) for mark in marks), reasons)


_EN = _sample(
    "I sat in my kitchen for two whole days. Nobody came, and nobody even rang.",
    "I’m so sorry you lost two working days waiting for us. I’ll ask them to come as soon as possible. It’s mine now.",
    (
        ("I’m so sorry you lost two working days", "specific apology", MarkKind.ACT),
        ("you lost two working days waiting for us", "says it back", MarkKind.ACT),
        ("I’ll ask them to come as soon as possible", "no time given", MarkKind.FAULT),
        ("It’s mine now", "takes it on", MarkKind.MAYBE),
    ),
    (
        "Nine days, two missed visits.",
        "You said the problem back before asking anything.",
        "Your apology named the two lost days.",
        "Another department, and “as soon as possible” again.",
        "You took it on, with a day, an hour and a call.",
    ),
)
_HANS = _sample(
    "我在家白白等了两天，没人来，连个电话都没有。你们到底管不管？",
    "害您白等了两天，实在对不起。我们会尽快处理。到我这儿为止。",
    (
        ("害您白等了两天，实在对不起", "具体道歉", MarkKind.ACT),
        ("白等了两天", "复述", MarkKind.ACT),
        ("我们会尽快处理", "没说时间", MarkKind.FAULT),
        ("到我这儿为止", "担责", MarkKind.MAYBE),
    ),
    (
        "等了九天，两次没人上门。",
        "您先把事情复述了一遍，再问问题。",
        "道歉时说出了白等的两天。",
        "又是别的部门，又是“尽快”。",
        "您接了下来，说了哪天、几点，还会回电。",
    ),
)
_HANT = _sample(
    "我在家白白等了兩天，沒人來，連個電話都沒有。你們到底管不管？",
    "害您白等了兩天，真的很抱歉。我們會盡快處理。到我這裡為止。",
    (
        ("害您白等了兩天，真的很抱歉", "具體道歉", MarkKind.ACT),
        ("白等了兩天", "複述", MarkKind.ACT),
        ("我們會盡快處理", "沒說時間", MarkKind.FAULT),
        ("到我這裡為止", "擔責", MarkKind.MAYBE),
    ),
    (
        "等了九天，兩次沒人上門。",
        "您先把事情複述了一遍，再問問題。",
        "道歉時說出了白等的兩天。",
        "又是別的部門，又是「盡快」。",
        "您接了下來，說了哪天、幾點，還會回電。",
    ),
)
SAMPLES = {Language.EN: _EN, Language.ZH_HANS: _HANS, Language.ZH_HANT: _HANT}
MOODS = ((72, 52, None), (64, 54, -8), (50, 60, -14), (68, 44, 18), (46, 56, -22))


# Any: the stubs know only pairs, which WTForms itself no longer wants.
METHODS: Any = ["Four-step method"]


class SampleForm(Form):
    reason = TextAreaField(validators=[InputRequired()])
    name = StringField()
    method = SelectField(choices=METHODS)
    keep = BooleanField()


@parts.get("/parts")
def show() -> ResponseReturnValue:
    sample = SAMPLES[language_of_request()]
    form = SampleForm(request.args if "reason" in request.args else None, meta={"csrf": False})
    if "reason" in request.args:
        form.validate()
    if "toast" in request.args:
        flash(_("Saved."), "message")
    return render_template(
        "parts.html",
        colours=COLOURS,
        verdicts=tuple(StepVerdict),
        samples=SAMPLES,
        sample=sample,
        points=points_of_sample(sample),
        form=form,
    )


def points_of_sample(sample: Sample) -> list[CurvePoint]:
    return [
        CurvePoint(
            _("Start") if turn == 0 else _("Turn %(n)s", n=turn), anger, patience, delta, because, is_key=turn == 3
        )
        for turn, ((anger, patience, delta), because) in enumerate(zip(MOODS, sample.reasons, strict=True))
    ]
