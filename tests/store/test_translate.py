"""Rows and values say the same: whatever a turn holds comes back exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.domain.behaviour import BEHAVIOURS, AmountSlot, Behaviour, Certainty, Evidence, Reading, TimeSlot
from coach.domain.language import Text
from coach.domain.mood import Mood, MoodChange
from coach.domain.rehearsal import Channel, Event, Rehearsal, Said, Turn, Word
from coach.errors import BadInput, BadText
from coach.store.rows import RehearsalRow, TurnRow
from coach.store.translate import UnreadableRow, columns_of_rehearsal, columns_of_turn, rehearsal_of, turn_of
from tests.store.houses import NOON, House, opening, rehearsal, turn


def row_of_turn(rehearsal_id: str, sent: Turn, request: str) -> TurnRow:
    return TurnRow(**columns_of_turn(rehearsal_id, sent, request))


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
number = st.floats(allow_nan=False, allow_infinity=False)
offset = st.integers(0, 10**6)
plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | number | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


def few(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


readings = st.builds(
    Reading,
    text=words,
    language=st.sampled_from(["zh", "en"]),
    behaviours=few(
        st.builds(
            Behaviour,
            id=st.sampled_from(BEHAVIOURS),
            verdict=st.sampled_from(Certainty),
            confidence=number,
            evidence=few(st.builds(Evidence, offset, offset, words)),
        )
    ),
    times=few(st.builds(TimeSlot, offset, offset, words, st.none() | number)),
    amounts=few(st.builds(AmountSlot, offset, offset, words, number, words)),
    reader=words,
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
turns = st.builds(
    Turn,
    seq=offset,
    key=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=255),
    event=st.sampled_from(Event),
    channel=st.sampled_from(Channel),
    text=words,
    words=few(st.builds(Word, words, number, number, number)),
    reading=st.none() | readings,
    signals=few(words),
    customer=few(st.builds(Said, words, words)),
    mood=st.builds(Mood, st.integers(0, 100), st.integers(0, 100)),
    changes=few(
        st.builds(
            MoodChange,
            st.sampled_from(["anger", "patience"]),
            st.integers(-100, 100),
            words,
            st.builds(Text, words, words, words),
            words,
        )
    ),
    stage=words,
    ended=words,
    state=st.dictionaries(words, plain_json, max_size=3),
    at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=zones),  # noqa: DTZ001
)


@pytest.fixture(scope="module")
def counter() -> Iterator[int]:
    return iter(range(10**9))


@given(turns)
@settings(max_examples=150, deadline=None)
def test_a_turn_survives_its_row(sent: Turn) -> None:
    assert turn_of(row_of_turn("r1", sent, "request")) == sent


@given(sent=turns)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_turn_survives_the_database(house: House, counter: Iterator[int], sent: Turn) -> None:
    owner = house.accounts.add_person(email=f"{next(counter)}@example.com", name="Alice")
    id = f"r{next(counter)}"
    with house.store.write() as work:
        work.rehearsals.add(rehearsal(owner, id, turns=(sent,)))
    with house.store.read() as work:
        (kept,) = work.rehearsals.get(id).turns
    assert kept == sent
    assert kept.at.tzinfo is UTC


def test_a_rehearsal_survives_its_row(sqlite: House) -> None:
    kept = rehearsal(sqlite.hire("alice"), turns=(opening(), turn(1)), branch_of=("r0", 4), ended=NOON)
    row = RehearsalRow(**columns_of_rehearsal(kept))
    assert rehearsal_of(row, tuple(turn_of(row_of_turn("r1", t, "")) for t in kept.turns)) == kept
    assert (row.next_seq, row.replies, row.anger_first, row.anger_last) == (2, 1, 60, 59)


@pytest.mark.parametrize("bad", ["half \ud800 a pair", "\udfff"])
def test_half_a_surrogate_pair_is_refused_wherever_it_hides(bad: str) -> None:
    hiding_places = [
        turn(1, text=bad),
        turn(1, words=(Word(bad, 0, 1, 1),)),
        turn(1, reading=Reading(bad, "en")),
        turn(1, signals=(bad,)),
        turn(1, customer=(Said("line", bad),)),
        turn(1, changes=(MoodChange("anger", 1, "rule", Text(bad, "")),)),
        turn(1, state={"deep": [{bad: 1}]}),
        turn(1, stage=bad),
        turn(1, ended=bad),
    ]
    for sent in hiding_places:
        with pytest.raises(BadText):
            row_of_turn("r1", sent, "request")


def test_nul_inside_json_comes_back_exactly(house: House) -> None:
    owner = house.hire("alice")
    house.start(owner, turns=(opening(state={"a\0b": "\0"}),))
    with house.store.read() as work:
        assert work.rehearsals.get("r1").last.state == {"a\0b": "\0"}


@pytest.mark.parametrize("bad", [math.nan, math.inf, object(), {1, 2}])
def test_a_state_that_is_no_json_is_refused(bad: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        row_of_turn("r1", turn(1, state={"x": bad}), "request")


def test_a_key_has_a_longest_length() -> None:
    with pytest.raises(BadInput):
        row_of_turn("r1", turn(1, key="k" * 256), "request")


def test_a_moment_without_a_zone_is_refused(sqlite: House) -> None:
    owner = sqlite.hire("alice")
    with pytest.raises(Exception, match="without a time zone"), sqlite.store.write() as work:
        work.rehearsals.add(rehearsal(owner, turns=(opening(at=datetime(2026, 1, 1)),)))  # noqa: DTZ001


def test_a_row_of_a_newer_format_is_not_guessed_at() -> None:
    row = row_of_turn("r1", turn(1), "request")
    row.format = 2
    with pytest.raises(UnreadableRow):
        turn_of(row)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state_json", "{"),
        ("words_json", '[{"text": "x"}]'),
        ("event", "sneeze"),
        ("reading_json", "{}"),
        ("changes_json", "[1]"),
    ],
)
def test_a_damaged_row_says_so(column: str, value: str) -> None:
    row = row_of_turn("r1", turn(1), "request")
    setattr(row, column, value)
    with pytest.raises(UnreadableRow):
        turn_of(row)


def test_every_field_of_the_values_has_a_column() -> None:
    """A field that is added to a value and forgotten here would be lost without a sound."""
    kept_elsewhere = {"mood": {"anger", "patience"}, "branch_of": {"branch_of_id", "branch_of_turn"}, "turns": set()}
    for value, row in ((Turn, TurnRow), (Rehearsal, RehearsalRow)):
        columns = set(row.__table__.columns.keys())
        for field in value.__dataclass_fields__:
            names = kept_elsewhere.get(field) or {field, f"{field}_json", f"{field}_utc"} & columns
            assert field in kept_elsewhere or names, f"{field} has no column"
            assert set(names) <= columns
