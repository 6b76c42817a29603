"""JSON documents in and out, for the command line: lines of replies to read, a transcript to grade.

What is wrong with a document is said in one sentence that names the place (`BadInput`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NoReturn

from coach.domain.behaviour import Reading
from coach.domain.language import Language
from coach.domain.rubric import Assessment, RubricPack
from coach.domain.scenario import OUTCOMES, SIGNALS, Scenario
from coach.domain.transcript import Speaker, Transcript, Utterance
from coach.errors import BadInput, UnknownScenario
from coach.rubrics.codecs import assessment_to_json, reading_to_json

Read = Callable[[str, str | None, str], Reading]
"""Reads (reply, "zh"/"en" or None, what the customer said just before)."""

Grade = Callable[[Transcript, RubricPack, Scenario | None, Mapping[int, frozenset[str]]], Assessment]

Notice = Callable[[Scenario, Reading, str], frozenset[str]]
"""The signals that the scenario's engine notices in a reading, such as `beyond_authority`."""


def read_documents(lines: Iterable[str], read: Read) -> Iterator[str]:
    """One line of JSON for each line of JSON, in the same order, each as soon as it is read; blank lines are skipped.

    BadInput names the first line that cannot be used.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, f"line {number}", read)


def _read_line(line: str, where: str, read: Read) -> str:
    given = _object(_parsed(line.removeprefix("\ufeff"), where), where)
    if "id" not in given:
        _refuse(where, '"id" is missing')
    id = given["id"]
    if isinstance(id, bool) or not isinstance(id, str | int):
        _refuse(where, '"id" must be text or a whole number')
    reply = _string(given, "agent_reply", where)
    before = _string(given, "customer_before", where) if given.get("customer_before") is not None else ""
    language = _language(given["lang"], where) if given.get("lang") is not None else None
    return json.dumps({"id": id, **reading_to_json(read(reply, language, before))}, ensure_ascii=False)


def grade_transcript(
    text: str,
    pack: RubricPack,
    scenarios: Mapping[str, Scenario],
    grade: Grade,
    read: Read,
    notice: Notice,
) -> dict[str, object]:
    """The assessment of the transcript in the text, as JSON values.

    The document is `{"lang", "scenario"?, "turns": [{"role": "customer"|"agent", "text", "signals"?}]}`. With a
    scenario, `notice` adds the signals of each reply. BadInput, or UnknownScenario, when it cannot be graded.
    """
    given = _object(_parsed(text.removeprefix("\ufeff"), "the transcript"), "the transcript")
    if given.get("lang") is None:
        _refuse("the transcript", '"lang" is missing; say "zh" or "en"')
    language = _language(given["lang"], "the transcript")
    scenario = _scenario(given.get("scenario"), scenarios)
    utterances, signals = _turns(given, language, read)
    if scenario is not None:
        for utterance in utterances:
            if utterance.reading is not None:
                noticed = notice(scenario, utterance.reading, language)
                signals[utterance.turn] = signals.get(utterance.turn, frozenset()) | noticed
    assessment = grade(Transcript(language, utterances), pack, scenario, signals)
    return assessment_to_json(assessment) | {"scenario": scenario.id if scenario else None}


def _scenario(id: object, scenarios: Mapping[str, Scenario]) -> Scenario | None:
    if id is None:
        return None
    if not isinstance(id, str):
        _refuse("the transcript", '"scenario" must be text')
    if id not in scenarios:
        raise UnknownScenario(f"the transcript: there is no scenario {id!r}")
    return scenarios[id]


def _turns(
    given: dict[str, object], language: str, read: Read
) -> tuple[tuple[Utterance, ...], dict[int, frozenset[str]]]:
    turns = given.get("turns")
    if not isinstance(turns, list):
        missing = "is missing" if turns is None else "must be a list"
        _refuse("the transcript", f'"turns" {missing}')
    if not turns:
        _refuse("the transcript", '"turns" is empty; there is nothing to grade')
    utterances: list[Utterance] = []
    signals: dict[int, frozenset[str]] = {}
    said: list[str] = []  # by the customer since the last reply
    turn = 0
    for number, item in enumerate(turns, start=1):
        where = f"turn {number}"
        entry = _object(item, where)
        speaker, text = _speaker(entry, where), _string(entry, "text", where)
        if not text.strip():
            _refuse(where, '"text" is empty; leave silent turns out')
        if speaker is Speaker.CUSTOMER:
            said = [text] if utterances and utterances[-1].speaker is Speaker.AGENT else [*said, text]
            utterances.append(Utterance(speaker, text, turn))
            continue
        turn += 1
        utterances.append(Utterance(speaker, text, turn, read(text, language, "\n".join(filter(None, said)))))
        signals[turn] = _signals(entry, where)
    _require_both(utterances)
    return tuple(utterances), signals


def _require_both(utterances: list[Utterance]) -> None:
    speakers = {utterance.speaker for utterance in utterances}
    for speaker in Speaker:
        if speaker not in speakers:
            _refuse("the transcript", f"no turn of the {speaker.value}; a call has two sides")


def _speaker(entry: dict[str, object], where: str) -> Speaker:
    role = entry.get("role")
    if role is None:
        _refuse(where, '"role" is missing; say "customer" or "agent"')
    if role not in (Speaker.CUSTOMER.value, Speaker.AGENT.value):
        _refuse(where, f'there is no role {_shown(role)}; say "customer" or "agent"')
    return Speaker(str(role))


def _signals(entry: dict[str, object], where: str) -> frozenset[str]:
    given = entry.get("signals")
    if given is None:
        return frozenset()
    if not isinstance(given, list) or not all(isinstance(signal, str) for signal in given):
        _refuse(where, '"signals" must be a list of words')
    known = (*SIGNALS, *OUTCOMES)
    unknown = sorted(set(given) - set(known))
    if unknown:
        _refuse(where, f"there is no signal {_shown(unknown[0])}; the signals are {', '.join(known)}")
    return frozenset(given)


def _parsed(text: str, where: str) -> object:
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        _refuse(where, f"not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}")
    except (RecursionError, ValueError):  # nested thousands deep, or a number of thousands of digits
        _refuse(where, "not JSON that can be read: nested too deep, or a number too long")
    return value


def _object(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        _refuse(where, "must be a JSON object, {…}")
    return value


def _string(entry: dict[str, object], key: str, where: str) -> str:
    value = entry.get(key)
    if value is None:
        _refuse(where, f'"{key}" is missing')
    if not isinstance(value, str):
        _refuse(where, f'"{key}" must be text')
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        _refuse(where, f'"{key}" holds half a character (a lone surrogate)')
    return value


def _language(tag: object, where: str) -> str:
    try:
        return Language.of(tag).spoken if isinstance(tag, str) else _refuse(where, '"lang" must be "zh" or "en"')
    except ValueError:
        _refuse(where, f'there is no language {_shown(tag)}; say "zh" or "en"')


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:60] + "…"


def _refuse(where: str, reason: str) -> NoReturn:
    raise BadInput(f"{where}: {reason}", place=where)
