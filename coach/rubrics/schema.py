"""What a rubric file looks like. `docs/rubrics.md` explains each field to writers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Behaviours = Annotated[list[str], Field(min_length=1, max_length=32)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class TextEntry(_Strict):
    """A sentence in both languages. `hant` only where the derived traditional Chinese would be wrong."""

    zh: Words
    en: Words
    hant: Words | None = None


class PartEntry(_Strict):
    id: Id
    name: TextEntry
    any: Behaviours
    share: Annotated[float, Field(gt=0, le=1)]
    by_reply: Annotated[int, Field(ge=0, le=20)] = 0


class StepEntry(_Strict):
    id: Id
    name: TextEntry
    about: TextEntry
    weight: Annotated[int, Field(ge=1, le=100)]
    parts: Annotated[list[PartEntry], Field(min_length=1, max_length=12)]
    spoiled_by: list[str] = []
    fault_cost: Annotated[float, Field(ge=0, le=1)] = 0.34
    demanded_by: list[str] = []


class OrderEntry(_Strict):
    id: Id
    step: Id
    first: Behaviours
    then: Behaviours
    cost: Annotated[float, Field(gt=0, le=1)]
    because: TextEntry


class FaultEntry(_Strict):
    id: str
    points: Annotated[float, Field(gt=0, le=100)]
    at_most: Annotated[float, Field(gt=0, le=100)]


class CriticalEntry(_Strict):
    id: Id
    any: Behaviours
    because: TextEntry


class RubricFile(_Strict):
    """The whole file."""

    format: Literal[1]
    id: Id
    version: Annotated[int, Field(ge=1)]
    name: TextEntry
    about: TextEntry
    pass_mark: Annotated[int, Field(ge=1, le=100)]
    steps: Annotated[list[StepEntry], Field(min_length=1, max_length=20)]
    order: list[OrderEntry] = []
    faults: list[FaultEntry] = []
    critical: list[CriticalEntry] = []
