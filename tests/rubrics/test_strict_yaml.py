"""What writers may put into a file, and how they are told what they may not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.rubrics.findings import Finding, Severity
from coach.rubrics.strict_yaml import MAX_DEPTH, BadYaml, examine_yaml, read_yaml


def codes(text: str) -> list[tuple[str, int]]:
    return [(finding.code, finding.line) for finding in examine_yaml(text).findings]


def test_words_that_other_readers_mistake_stay_words() -> None:
    """`no` is an answer, `on` a preposition and 12:30 a time of day; only true and false are booleans."""
    value, _ = read_yaml("a: no\nb: on\nc: 12:30\nd: yes\ne: 1_000\nf: 2024-01-01\n")
    assert value == {"a": "no", "b": "on", "c": "12:30", "d": "yes", "e": "1_000", "f": "2024-01-01"}


def test_plain_scalars_follow_the_core_schema() -> None:
    value, _ = read_yaml("[1, -2, 0x1F, 0o17, 1.5, .5, 2e3, true, False, null, ~, '', word, '7', \"true\"]")
    assert value == [1, -2, 31, 15, 1.5, 0.5, 2000.0, True, False, None, None, "", "word", "7", "true"]
    assert isinstance(value, list)
    assert [type(v) for v in value[:6]] == [int, int, int, int, float, float]


def test_an_empty_value_is_null() -> None:
    assert read_yaml("a:\nb: 1\n")[0] == {"a": None, "b": 1}


def test_block_text_keeps_its_words() -> None:
    value, _ = read_yaml("a: |\n  one\n  two\nb: >\n  three\n  four\n")
    assert value == {"a": "one\ntwo\n", "b": "three four\n"}


def test_every_value_knows_its_line() -> None:
    value, places = read_yaml("a: 1\nb:\n  - x\n  - c: 2\n    d: [3,\n      4]\n")
    assert value == {"a": 1, "b": ["x", {"c": 2, "d": [3, 4]}]}
    assert places[("a",)] == 1
    assert places[("b", 0)] == 3
    assert places[("b", 1, "d")] == 5
    assert places[("b", 1, "d", 1)] == 6


def test_the_line_of_what_is_not_there_is_that_of_what_is_around_it() -> None:
    _, places = read_yaml("a: 1\nb:\n  c: 2\n")
    assert places.line(("b", "missing", 3)) == 2
    assert places.line(("nowhere",)) == 1


def test_a_byte_order_mark_and_foreign_line_ends_are_accepted() -> None:
    value, places = read_yaml("\ufeffa: 1\r\nb: 退款\r\n")
    assert value == {"a": 1, "b": "退款"}
    assert places[("b",)] == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\n", [("anchor", 1)]),
        ("a: 1\nb: *a\n", [("alias", 2)]),
        ("a: !!str 1\n", [("tag", 1)]),
        ("a: !python/object:os.system x\n", [("tag", 1)]),
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3)]),
        ("a: {b: 1, b: 2}\n", [("duplicate-key", 1)]),
        ("<<: {a: 1}\n", [("merge-key", 1)]),
        ("1: a\n", [("key-not-text", 1)]),
        ("a: 1\n? [x, y]\n: 2\n", [("key-not-text", 2)]),
        ("a:\n\t- 1\n", [("tab", 2)]),
        ("a: 1\n---\nb: 2\n", [("several-documents", 2)]),
        ("%TAG ! tag:example.com,2000:\n---\na: 1\n", [("directive", 1)]),
        ("a: [1, 2\n", [("syntax", 2)]),
        ("a: b: c\n", [("syntax", 1)]),
        ("a: 1\nb: \x07\n", [("control-character", 2)]),
        ("a: 1\nb: \ud800\n", [("not-unicode", 2)]),
        ("a: .inf\n", [("number-too-big", 1)]),
        ("a: 1e999\n", [("number-too-big", 1)]),
        ("a: " + "9" * 5000 + "\n", [("number-too-big", 1)]),
        ("", [("empty-file", 0)]),
        ("# only a comment\n", [("empty-file", 0)]),
        ("x" * (1024 * 1024 + 1), [("too-big", 0)]),
        ("[" * (MAX_DEPTH + 1), [("too-deep", 1)]),
        ("- 1\n" * 20_000, [("too-many-values", 20_000)]),
    ],
)
def test_what_is_refused_is_named_with_its_line(text: str, expected: list[tuple[str, int]]) -> None:
    assert codes(text) == expected
    with pytest.raises(BadYaml) as refused:
        read_yaml(text)
    assert len(refused.value.details["findings"]) == len(expected)  # type: ignore[arg-type]


def test_everything_is_reported_at_once() -> None:
    text = "a: &x 1\nb: *x\nc: !!str 2\na: 4\n"
    assert codes(text) == [("anchor", 1), ("alias", 2), ("tag", 3), ("duplicate-key", 4)]


def test_the_first_of_two_keys_is_kept_and_the_second_leaves_no_trace() -> None:
    document = examine_yaml("a: {x: 1}\nb: 2\na: {x: 9, y: [3]}\n")
    assert document.value == {"a": {"x": 1}, "b": 2}
    assert ("x",) not in document.places
    assert document.places[("a", "x")] == 1


def test_a_finding_reads_as_one_line() -> None:
    finding = Finding("tab", Severity.ERROR, 3, "steps.0", "the line is indented with a tab.", "Indent with spaces.")
    assert str(finding) == "line 3: error tab: steps.0: the line is indented with a tab. Fix: Indent with spaces."


@pytest.mark.parametrize("bomb", ["[" * 500_000, "{a: " * 250_000, "- " * 500_000, "a: &a\n" * 100_000, "? " * 300_000])
def test_hostile_files_are_refused_quickly(bomb: str) -> None:
    started = time.process_time()
    assert codes(bomb)
    assert time.process_time() - started < 2


@settings(deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!?|>'\"#%\t\n ,<~1.", max_size=60))
def test_any_text_yields_a_document_and_never_an_error(text: str) -> None:
    document = examine_yaml(text)
    assert document.value is not None or document.findings or text.strip()
    assert all(finding.reason and finding.fix for finding in document.findings)


_plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("abc 退款", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(_plain)
def test_what_json_writes_is_read_back(value: object) -> None:
    """JSON is YAML: an independent writer of the same data."""
    import json

    document = examine_yaml(json.dumps(value, ensure_ascii=False))
    assert (document.value, document.findings) == (value, ())
