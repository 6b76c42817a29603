"""Readings and assessments as JSON values.

The shapes are a contract with outside scripts: add fields, never change one.
"""

from __future__ import annotations

from coach.domain.behaviour import Reading
from coach.domain.language import Text
from coach.domain.rubric import Assessment, CriticalResult, FaultResult, Quote, StepResult, StepVerdict

Json = dict[str, object]


def reading_to_json(reading: Reading) -> Json:
    """`{"behaviours": [{"id", "verdict", "confidence", "evidence": [{"start", "end", "text"}]}]}`.

    Offsets are code points of the reply as given.
    """
    behaviours = [
        {
            "id": behaviour.id,
            "verdict": behaviour.verdict.value,
            "confidence": round(behaviour.confidence, 4),
            "evidence": [{"start": e.start, "end": e.end, "text": e.text} for e in behaviour.evidence],
        }
        for behaviour in reading.behaviours
    ]
    return {"behaviours": behaviours}


def assessment_to_json(assessment: Assessment) -> Json:
    """The whole assessment; names and sentences come in all languages, keyed by language tag."""
    return {
        "rubric": assessment.rubric,
        "rubric_version": assessment.rubric_version,
        "rubric_hash": assessment.rubric_hash,
        "grader_version": assessment.grader,
        "lang": assessment.language,
        "total": assessment.total,
        "passed": assessment.passed,
        "steps": [_step(step) for step in assessment.steps],
        "faults": [_fault(fault) for fault in assessment.faults],
        "critical": [_critical(critical) for critical in assessment.critical],
        "unsure": [_quote(quote) for quote in assessment.unsure],
    }


_SCORED = (StepVerdict.MET, StepVerdict.PARTLY, StepVerdict.MISSED)  # in doubt or not rated, a step has no score


def text_to_json(text: Text) -> Json:
    return {"zh-Hans": text.zh, "zh-Hant": text.hant or text.zh, "en": text.en}


def _step(step: StepResult) -> Json:
    return {
        "id": step.id,
        "name": text_to_json(step.name),
        "weight": step.weight,
        "verdict": step.verdict.value,
        "score": round(step.score, 4) if step.verdict in _SCORED else None,
        "evidence": [_quote(quote) for quote in step.quotes],
        "missing": list(step.missing),
        "because": [text_to_json(sentence) for sentence in step.because],
    }


def _fault(fault: FaultResult) -> Json:
    return {"id": fault.id, "points": fault.points, "evidence": [_quote(quote) for quote in fault.quotes]}


def _critical(critical: CriticalResult) -> Json:
    evidence = [_quote(quote) for quote in critical.quotes]
    return {"id": critical.id, "because": text_to_json(critical.because), "evidence": evidence}


def _quote(quote: Quote) -> Json:
    return {
        "turn": quote.turn,
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "behaviour": quote.behaviour,
        "verdict": "unsure" if quote.unsure else "present",
    }
