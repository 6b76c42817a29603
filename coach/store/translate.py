"""Rows to values and back. The only place that knows how a turn looks in JSON.

Every row names the format of its JSON in `format`. To change the JSON, add a format and a decoder for it; rows that
were written before stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from coach.domain.behaviour import AmountSlot, Behaviour, Certainty, Evidence, Reading, TimeSlot
from coach.domain.language import Language, Text
from coach.domain.mood import Mood, MoodChange
from coach.domain.people import Person, Role, Team
from coach.domain.rehearsal import Channel, Event, Rehearsal, Said, Turn, Word
from coach.errors import BadInput, BadText, OurFault
from coach.practice.ports import RehearsalSummary
from coach.store.rows import PersonRow, RehearsalRow, TeamRow, TurnRow

FORMAT = 1
LONGEST_ID = 255  # PostgreSQL cannot index much longer ones
LARGEST_ID = 2**31 - 1  # its integer columns
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

# Made once: `json.dumps` makes one at each call.
_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode

Columns = dict[str, Any]
"""The columns of a row by name."""


class UnreadableRow(OurFault):
    """A row holds what this program cannot read: written by a newer one, or damaged."""

    code = "unreadable-row"


# Text that databases can hold


def is_storable(text: str) -> bool:
    """False for NUL, which PostgreSQL refuses, and for lone surrogates, which UTF-8 cannot say."""
    return _UNSTORABLE.search(text) is None


def storable(text: str, field: str) -> str:
    """The text as it is; BadText if it is not `is_storable`."""
    if is_storable(text):
        return text
    raise BadText(f"{field} holds a NUL or half a surrogate pair", field=field)


def storable_id(text: str, field: str) -> str:
    """As `storable`, for text that is looked up: BadInput when it is longer than 255 characters."""
    if len(text) > LONGEST_ID:
        raise BadInput(f"{field} is too long", field=field, longest=LONGEST_ID)
    return storable(text, field)


def can_be_id(text: str) -> bool:
    """Whether a row could have this id. Looking for others would be an error in PostgreSQL."""
    return len(text) <= LONGEST_ID and is_storable(text)


def can_be_number(id: int) -> bool:
    return 0 < id <= LARGEST_ID


def to_json(value: object, field: str) -> str:
    """Compact JSON; BadText for lone surrogates, ValueError for NaN and infinity."""
    return storable(_encoded(value), field)  # a NUL is escaped by now


# Turns


def columns_of_turn(rehearsal_id: str, turn: Turn, request: str) -> Columns:
    """A new `TurnRow`. BadText if a text cannot be stored exactly."""
    return {
        "rehearsal_id": rehearsal_id,
        "seq": turn.seq,
        "key": storable_id(turn.key, "key"),
        "request_hash": storable(request, "request"),
        "format": FORMAT,
        "event": turn.event.value,
        "channel": turn.channel.value,
        "text": storable(turn.text, "text"),
        "words_json": to_json([_word_to_json(w) for w in turn.words], "words"),
        "reading_json": to_json(_reading_to_json(turn.reading), "reading") if turn.reading else None,
        "signals_json": to_json(list(turn.signals), "signals"),
        "customer_json": to_json([{"line": s.line, "text": s.text} for s in turn.customer], "customer"),
        "anger": turn.mood.anger,
        "patience": turn.mood.patience,
        "changes_json": to_json([_change_to_json(c) for c in turn.changes], "changes"),
        "stage": storable(turn.stage, "stage"),
        "ended": storable(turn.ended, "ended"),
        "state_json": to_json(dict(turn.state), "state"),
        "at_utc": turn.at,
    }


def turn_of(row: TurnRow | Row[Any]) -> Turn:
    """The turn exactly as it was stored; UnreadableRow if that cannot be told."""
    if row.format != FORMAT:
        raise UnreadableRow(f"turn in format {row.format}, this program reads {FORMAT}", rehearsal=row.rehearsal_id)
    try:
        return _turn_of(row)
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableRow("damaged turn", rehearsal=row.rehearsal_id, seq=row.seq) from error


def _turn_of(row: TurnRow | Row[Any]) -> Turn:
    return Turn(
        seq=row.seq,
        key=row.key,
        event=Event(row.event),
        channel=Channel(row.channel),
        text=row.text,
        words=tuple(Word(**word) for word in json.loads(row.words_json)),
        reading=_reading_of(json.loads(row.reading_json)) if row.reading_json else None,
        signals=tuple(json.loads(row.signals_json)),
        customer=tuple(Said(**said) for said in json.loads(row.customer_json)),
        mood=Mood(row.anger, row.patience),
        changes=tuple(_change_of(change) for change in json.loads(row.changes_json)),
        stage=row.stage,
        ended=row.ended,
        state=json.loads(row.state_json),
        at=row.at_utc,
    )


Json = dict[str, Any]


def _word_to_json(word: Word) -> Json:
    return {"text": word.text, "start": word.start, "end": word.end, "confidence": word.confidence}


def _change_to_json(change: MoodChange) -> Json:
    because = {"zh": change.because.zh, "en": change.because.en, "hant": change.because.hant}
    return {"what": change.what, "delta": change.delta, "rule": change.rule, "because": because, "quote": change.quote}


def _change_of(change: Json) -> MoodChange:
    return MoodChange(**{**change, "because": Text(**change["because"])})


def _reading_to_json(reading: Reading) -> Json:
    return {
        "text": reading.text,
        "language": reading.language,
        "behaviours": [_behaviour_to_json(b) for b in reading.behaviours],
        "times": [{**_span(t), "latest_minutes": t.latest_minutes} for t in reading.times],
        "amounts": [{**_span(a), "value": a.value, "currency": a.currency} for a in reading.amounts],
        "reader": reading.reader,
    }


def _span(place: Evidence | TimeSlot | AmountSlot) -> Json:
    return {"start": place.start, "end": place.end, "text": place.text}


def _behaviour_to_json(found: Behaviour) -> Json:
    evidence = [_span(e) for e in found.evidence]
    return {"id": found.id, "verdict": found.verdict.value, "confidence": found.confidence, "evidence": evidence}


def _behaviour_of(found: Json) -> Behaviour:
    evidence = tuple(Evidence(**e) for e in found["evidence"])
    return Behaviour(found["id"], Certainty(found["verdict"]), found["confidence"], evidence)


def _reading_of(reading: Json) -> Reading:
    return Reading(
        text=reading["text"],
        language=reading["language"],
        behaviours=tuple(_behaviour_of(b) for b in reading["behaviours"]),
        times=tuple(TimeSlot(**t) for t in reading["times"]),
        amounts=tuple(AmountSlot(**a) for a in reading["amounts"]),
        reader=reading["reader"],
    )


# Rehearsals


def columns_of_rehearsal(rehearsal: Rehearsal) -> Columns:
    """A new `RehearsalRow`, with what lists need to know of the turns."""
    branch_id, branch_turn = rehearsal.branch_of or (None, None)
    turns = rehearsal.turns
    return {
        "id": storable_id(rehearsal.id, "id"),
        "owner_id": rehearsal.owner_id,
        "scenario_id": storable(rehearsal.scenario_id, "scenario_id"),
        "scenario_version": rehearsal.scenario_version,
        "scenario_hash": storable(rehearsal.scenario_hash, "scenario_hash"),
        "language": rehearsal.language.value,
        "channel": rehearsal.channel.value,
        "seed": str(rehearsal.seed),
        "started_utc": rehearsal.started,
        "ended_utc": rehearsal.ended,
        "branch_of_id": branch_id,
        "branch_of_turn": branch_turn,
        "next_seq": turns[-1].seq + 1 if turns else 0,
        "replies": len(rehearsal.replies),
        "anger_first": turns[0].mood.anger if turns else 0,
        "anger_last": turns[-1].mood.anger if turns else 0,
        "ending": turns[-1].ended if turns else "",
    }


def counted(head: Row[Any], turn: Turn) -> Columns:
    """What the rehearsal's row says once this turn is the newest."""
    return {
        "next_seq": turn.seq + 1,
        "replies": head.replies + (turn.event is Event.REPLY),
        "anger_first": head.anger_first if head.next_seq else turn.mood.anger,
        "anger_last": turn.mood.anger,
        "ending": turn.ended,
        "ended_utc": turn.at if turn.ended else None,
    }


def rehearsal_of(row: RehearsalRow | Row[Any], turns: tuple[Turn, ...]) -> Rehearsal:
    branch_of = None
    if row.branch_of_id is not None and row.branch_of_turn is not None:
        branch_of = (row.branch_of_id, row.branch_of_turn)
    return Rehearsal(
        id=row.id,
        owner_id=row.owner_id,
        scenario_id=row.scenario_id,
        scenario_version=row.scenario_version,
        scenario_hash=row.scenario_hash,
        language=Language(row.language),
        channel=Channel(row.channel),
        seed=int(row.seed),
        started=row.started_utc,
        ended=row.ended_utc,
        turns=turns,
        branch_of=branch_of,
    )


def summary_of(row: Row[Any]) -> RehearsalSummary:
    return RehearsalSummary(
        id=row.id,
        owner_id=row.owner_id,
        scenario_id=row.scenario_id,
        scenario_version=row.scenario_version,
        scenario_hash=row.scenario_hash,
        language=Language(row.language),
        channel=Channel(row.channel),
        started=row.started_utc,
        ended=row.ended_utc,
        ending=row.ending,
        replies=row.replies,
        anger_first=row.anger_first,
        anger_last=row.anger_last,
        is_branch=row.branch_of_id is not None,
    )


# People


def person_of(row: PersonRow) -> Person:
    """The person behind an account, with all rights. Also for the `current_user` of the pages, which is such a row."""
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        language=Language(row.language),
        roles=frozenset(Role(role.name) for role in row.roles),
        trains=frozenset(team.team_id for team in row.trained),
        mentors=frozenset(team.team_id for team in row.mentored),
    )


def people_of(lines: Iterable[Row[Any]]) -> list[Person]:
    """People from lines that repeat a person for each combination of `role`, `trains` and `mentors`."""
    by_id: dict[int, list[Row[Any]]] = {}
    for line in lines:
        by_id.setdefault(line.id, []).append(line)
    return [_person_of_lines(same) for same in by_id.values()]


def _person_of_lines(lines: list[Row[Any]]) -> Person:
    first = lines[0]
    return Person(
        id=first.id,
        email=first.email,
        name=first.name,
        language=Language(first.language),
        roles=frozenset(Role(line.role) for line in lines if line.role is not None),
        trains=frozenset(line.trains for line in lines if line.trains is not None),
        mentors=frozenset(line.mentors for line in lines if line.mentors is not None),
    )


def team_of(row: TeamRow) -> Team:
    return Team(row.id, row.name)
