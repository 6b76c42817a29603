"""The data a mentor may edit: complete, loadable, and with errors that say where."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.behaviours import catalogue, lexicon_loader
from coach.behaviours.lexicon_loader import lexicon
from coach.domain.behaviour import ACTS, BEHAVIOURS
from coach.domain.language import Language

SEEN_BY_CONTEXT = {"timeframe", "apologise_specific"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_behaviour_has_phrases(language: str) -> None:
    assert {p.behaviour for p in lexicon(language).patterns} == set(BEHAVIOURS) - SEEN_BY_CONTEXT


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_text_without_the_needed_strings_never_matches(language: str) -> None:
    """The shortcut that spares searches must not lose matches."""
    samples = [
        "对不起，我给您退款",
        "您看是退款还是换一台",
        "I'm so sorry, I'll refund you",
        "would you rather wait or come in",
    ]
    for pattern in lexicon(language).patterns:
        for sample in samples:
            assert not pattern.regex.search(sample) or pattern.may_match(sample), pattern.source


@pytest.mark.parametrize("id", BEHAVIOURS)
def test_names_and_explanations_exist_in_all_scripts(id: str) -> None:
    name = catalogue.name(id)
    assert all(name.within(language) for language in Language)
    assert catalogue.kind(id) == ("act" if id in ACTS else "fault")
    text = catalogue.explain(id, "原话")
    for language in Language:
        sentence = text.within(language)
        assert "原话" in sentence
        assert "{" not in sentence
        assert not any(mark in sentence for mark in "!！")
    assert "您" in text.zh


def test_a_long_quote_is_shortened_in_the_middle() -> None:
    text = catalogue.explain("apologise", "前" * 100 + "后" * 100)
    assert "前…后" in text.zh
    assert len(text.zh) < 120


def test_a_quote_with_braces_is_quoted_as_it_is() -> None:
    assert "{quote}{0}" in catalogue.explain("greet", "{quote}{0}").en


def test_an_unknown_behaviour_is_an_error() -> None:
    with pytest.raises(KeyError):
        catalogue.name("smile")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("behaviours: {smile: {strong: ['x']}}\ncues: {}", "smile"),
        ("behaviours: {greet: {strong: ['(x']}}\ncues: {}", r"greet.*\(x"),
    ],
)
def test_a_broken_list_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, told: str) -> None:
    (tmp_path / "xx.yaml").write_text(source, encoding="utf-8")
    monkeypatch.setattr(lexicon_loader, "FOLDER", tmp_path)
    monkeypatch.setitem(lexicon_loader._GAPS, "xx", ("", ""))
    with pytest.raises(ValueError, match=told):
        lexicon.__wrapped__("xx")
