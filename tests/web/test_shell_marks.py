"""Evidence marks, clauses and the curve: what templates get from the server."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from coach.web.curve import CurvePoint, draw
from coach.web.marks import MarkKind, Span, clauses, marked
from tests.web.shell_app import make_app

ACT, FAULT, MAYBE = MarkKind.ACT, MarkKind.FAULT, MarkKind.MAYBE


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_app()[0]


def shown(app: Flask, text: str, spans: list[Span]) -> list[tuple[str, str, list[str]]]:
    """(kind or "", words, tags) of each piece."""
    with app.test_request_context("/"):
        html = str(marked(text, spans))
    pieces = []
    for part in re.split(r"(<mark.*?</mark>)", html):
        kind = re.match(r'<mark class="(\w+)">', part)
        tags = re.findall(r'<span class="tag \w+">\u2060<span class="sr">.*?</span>(.*?)<span class="sr">', part)
        words = re.sub(r'<span class="tag.*', "", part) if kind else part
        words = unescape(re.sub(r"<[^>]+>", "", words))
        if words:
            pieces.append((kind[1] if kind else "", words, tags))
    return pieces


def test_a_span_is_marked_with_its_tag_inside(app: Flask) -> None:
    assert shown(app, "I am sorry, really.", [Span(0, 10, "apology")]) == [
        ("act", "I am sorry", ["apology"]),
        ("", ", really.", []),
    ]


def test_spans_that_overlap_are_cut_and_each_tag_stands_once(app: Flask) -> None:
    pieces = shown(app, "abcdefghij", [Span(0, 6, "one"), Span(4, 9, "two", FAULT)])
    assert pieces == [("act", "abcd", []), ("fault", "ef", ["one"]), ("fault", "ghi", ["two"]), ("", "j", [])]


def test_a_span_inside_another_does_not_end_it(app: Flask) -> None:
    pieces = shown(app, "abcdefghij", [Span(0, 10, "outer"), Span(3, 5, "inner", MAYBE)])
    assert pieces == [("act", "abc", []), ("maybe", "de", ["inner"]), ("act", "fghij", ["outer"])]


def test_two_behaviours_in_the_same_words_have_two_tags(app: Flask) -> None:
    assert shown(app, "我来办", [Span(0, 3, "担责"), Span(0, 3, "办法")]) == [("act", "我来办", ["担责", "办法"])]


@pytest.mark.parametrize("span", [Span(-5, 99), Span(0, 3)])
def test_spans_that_reach_outside_are_cut(app: Flask, span: Span) -> None:
    assert shown(app, "abc", [span]) == [("act", "abc", [])]


@pytest.mark.parametrize("span", [Span(2, 2), Span(3, 1), Span(7, 9), Span(-4, -1)])
def test_empty_spans_are_left_out(app: Flask, span: Span) -> None:
    assert shown(app, "abc", [span]) == [("", "abc", [])]


def test_offsets_count_code_points(app: Flask) -> None:
    assert shown(app, "😤好的", [Span(1, 3)]) == [("", "😤", []), ("act", "好的", [])]


def test_words_and_tags_are_escaped_even_where_a_span_cuts_them(app: Flask) -> None:
    text = "<script>alert('x')</script> & more"
    with app.test_request_context("/"):
        html = str(marked(text, [Span(3, 12, "<b>tag</b>"), Span(5, 20)]))
    assert "<script" not in html
    assert "<b>" not in html
    assert unescape(re.sub(r"<span class=\"tag.*?</span></span>|</?mark[^>]*>", "", html)) == text


def test_nothing_of_the_text_is_lost_wherever_spans_fall(app: Flask) -> None:
    import random

    chance = random.Random(7)
    text = "先生，害您白等了两天 & <真的> 对不起。I’ll call at 5."
    for _ in range(200):
        spans = [
            Span(chance.randint(-3, 40), chance.randint(-3, 40), "", chance.choice([ACT, FAULT, MAYBE]))
            for _ in range(5)
        ]
        assert "".join(words for _, words, _ in shown(app, text, spans)) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("你们到底管不管？我等了九天，没人来。", ["你们到底管不管？", "我等了九天，", "没人来。"]),
        ("他说“会尽快”，然后呢……没了", ["他说“会尽快”，", "然后呢……", "没了"]),
        ("，怎么办", ["，", "怎么办"]),
    ],
)
def test_chinese_breaks_between_clauses(text: str, parts: list[str]) -> None:
    assert re.findall(r"<span>(.*?)</span>", str(clauses(text))) == parts


def test_other_text_is_only_escaped() -> None:
    assert str(clauses("Well, <yes>.")) == "Well, &lt;yes&gt;."
    assert "&lt;b&gt;" in str(clauses("好<b>，"))


def test_the_curve_runs_through_its_dots_from_left_to_right() -> None:
    curve = draw([CurvePoint("Start", 72, 52), CurvePoint("Turn 1", 64, 54, -8), CurvePoint("Turn 2", 100, 0, 36)])
    assert [(p.x, p.anger_y, p.patience_y) for p in curve.placed] == [(0, 28, 48), (33.33, 36, 46), (66.67, 0, 100)]
    assert curve.anger_path.startswith("M0 28C")
    assert curve.anger_path.endswith("66.67 0")
    assert [p.is_last for p in curve.placed] == [False, False, True]


def test_a_curve_of_nothing_is_empty() -> None:
    assert draw([]).anger_path == ""
