"""The public face of grading: read a reply, grade a call, explain the grade.

Nothing here is stored or remembered. The same words under the same pack give the same assessment, always, so a call can
be graded again at any time, under any pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from coach.behaviours import reader
from coach.domain.behaviour import Reading
from coach.domain.language import Language
from coach.domain.rubric import Assessment, RubricPack
from coach.domain.scenario import Scenario
from coach.domain.transcript import Transcript
from coach.rubrics.assess import assess
from coach.rubrics.codecs import assessment_to_json, reading_to_json
from coach.rubrics.documents import Notice, grade_transcript, read_documents
from coach.rubrics.explanation import Better, Explanation, Focus, StepExplanation
from coach.rubrics.explanation import explain as _explain
from coach.rubrics.occurrences import ReadReply, occurrences
from coach.scenarios.observation import observe

__all__ = [
    "GRADER_VERSION",
    "Better",
    "Explanation",
    "Focus",
    "StepExplanation",
    "assessment_to_json",
    "explain",
    "grade",
    "grade_document",
    "read_lines",
    "read_reply",
    "reading_to_json",
]

GRADER_VERSION = f"grader-1+{reader.READER_VERSION}"
"""Changes whenever the same call could get another assessment."""

_NO_SIGNALS: Mapping[int, frozenset[str]] = {}


def read_reply(text: str, *, language: str | None = None, customer_before: str = "") -> Reading:
    """What one reply does, with the words that show it.

    `language` is "zh" or "en" (None: told from the text); `customer_before` is what the customer said just before.
    """
    return reader.read(text, language=language, customer_before=customer_before)


def grade(
    transcript: Transcript,
    pack: RubricPack,
    *,
    scenario: Scenario | None = None,
    signals: Mapping[int, frozenset[str]] = _NO_SIGNALS,
    read: ReadReply | None = None,
) -> Assessment:
    """The call under the pack. Never raises for any transcript; a call without replies earns nothing.

    Replies that carry no reading are read here. `signals` are what the engine noticed, such as `beyond_authority`,
    by the agent's turn number. With a scenario, steps that its case does not call for are not rated and weigh nothing.
    """
    happened = occurrences(transcript, signals, read or _read_any)
    trains = frozenset(scenario.trains) if scenario is not None else None
    return assess(happened, pack, trains=trains, language=transcript.language, grader=GRADER_VERSION)


def explain(assessment: Assessment, language: Language, *, scenario: Scenario | None = None) -> Explanation:
    """The assessment in sentences of that language: why each verdict, what went well, and one thing to work on first.

    Better wordings come from the scenario; without one there are none.
    """
    return _explain(assessment, language, scenario)


def read_lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines `{"id", "lang"?, "customer_before"?, "agent_reply"}` to lines `{"id", "behaviours"}`, as they come.

    BadInput names the first line that cannot be used; the lines before it have been answered by then.
    """
    return read_documents(lines, _read_any)


def _notice(scenario: Scenario, reading: Reading, language: str) -> frozenset[str]:
    return observe(scenario, reading, language).signals


def grade_document(
    json_text: str, pack: RubricPack, scenarios: Mapping[str, Scenario], *, notice: Notice = _notice
) -> dict[str, object]:
    """The assessment, as JSON values, of a transcript `{"lang", "scenario"?, "turns": [{"role", "text"}]}`.

    With a scenario, `notice` tells the signals of each reply, as in a rehearsal; a turn may also bring `"signals"` of
    its own. BadInput or UnknownScenario say in one sentence what is wrong with the document.
    """

    def judge(
        transcript: Transcript, pack: RubricPack, scenario: Scenario | None, signals: Mapping[int, frozenset[str]]
    ) -> Assessment:
        return grade(transcript, pack, scenario=scenario, signals=signals)

    return grade_transcript(json_text, pack, scenarios, judge, _read_any, notice)


def _read_any(text: str, language: str | None, customer_before: str) -> Reading:
    return read_reply(text, language=language, customer_before=customer_before)
