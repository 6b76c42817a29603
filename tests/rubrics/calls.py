"""Calls to grade, told in a line: who did what in which reply. The readings are given, so no reader is involved."""

from __future__ import annotations

from coach.domain.behaviour import Behaviour, Certainty, Evidence, Reading
from coach.domain.language import Text
from coach.domain.rubric import Assessment, Part, RubricPack, Step, StepResult
from coach.domain.transcript import Speaker, Transcript, Utterance


def reading_of(text: str, acts: str, language: str = "en") -> Reading:
    """`acts` names behaviours; one with a question mark is unsure. The evidence is the whole text."""
    found = tuple(_behaviour(word, text) for word in acts.split())
    return Reading(text=text, language=language, behaviours=found, reader="by hand")


def _behaviour(word: str, text: str) -> Behaviour:
    id, unsure = word.removesuffix("?"), word.endswith("?")
    certainty = Certainty.UNSURE if unsure else Certainty.PRESENT
    return Behaviour(id, certainty, 0.5 if unsure else 0.9, (Evidence(0, len(text), text),))


def call(*replies: str, language: str = "en") -> Transcript:
    """A call whose n-th reply does what the n-th string names; its words are "reply n"."""
    utterances = [Utterance(Speaker.CUSTOMER, "It is still broken.", 0)]
    for turn, acts in enumerate(replies, start=1):
        text = f"reply {turn}"
        utterances.append(Utterance(Speaker.AGENT, text, turn, reading_of(text, acts, language)))
        utterances.append(Utterance(Speaker.CUSTOMER, "And now?", turn))
    return Transcript(language, tuple(utterances))


def step_of(assessment: Assessment, id: str) -> StepResult:
    return next(step for step in assessment.steps if step.id == id)


def pack_of(*steps: Step, **more: object) -> RubricPack:
    text = Text("名", "name")
    return RubricPack("tiny", 1, "hash", text, text, 60, steps, **more)  # type: ignore[arg-type]


def step(id: str, *parts: Part, weight: int = 100, **more: object) -> Step:
    return Step(id, Text("步骤", f"the {id} step"), Text("", ""), weight, parts, **more)  # type: ignore[arg-type]


def part(ids: str, share: float = 1.0, by_reply: int = 0) -> Part:
    any = frozenset(ids.split())
    return Part(ids.replace(" ", "-"), any, share, Text("这一点", f"the {ids} part"), by_reply)
