"""Every behaviour of the codebook is recognised in plain sentences, and not in those that only look like it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from coach.behaviours.reader import read
from coach.domain.behaviour import BEHAVIOURS

TABLE = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8"))


def rows(kind: str) -> list[tuple[str, str, str, str]]:
    return [
        (behaviour, language, sentence, entry.get("context", {}).get(language, ""))
        for behaviour, entry in TABLE.items()
        for language in ("zh", "en")
        for sentence in entry[language][kind]
    ]


@pytest.mark.parametrize(("behaviour", "language", "sentence", "customer"), rows("shows"))
def test_performs(behaviour: str, language: str, sentence: str, customer: str) -> None:
    reading = read(sentence, language=language, customer_before=customer)
    assert behaviour in reading.present, sorted(reading.present)
    assert all(e.text == sentence[e.start : e.end] for e in reading.find(behaviour).evidence)


@pytest.mark.parametrize(("behaviour", "language", "sentence", "customer"), rows("misses"))
def test_only_looks_like_it(behaviour: str, language: str, sentence: str, customer: str) -> None:
    reading = read(sentence, language=language, customer_before=customer)
    assert behaviour not in reading.present, [e.text for e in reading.find(behaviour).evidence]


def test_the_table_covers_the_codebook_in_both_languages() -> None:
    assert tuple(TABLE) == BEHAVIOURS
    for entry in TABLE.values():
        for language in ("zh", "en"):
            assert len(entry[language]["shows"]) >= 2
            assert len(entry[language]["misses"]) >= 2
