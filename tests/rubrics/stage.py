"""A scenario with as little in it as a grade needs."""

from __future__ import annotations

from collections.abc import Mapping

from coach.domain.language import Text
from coach.domain.scenario import Authority, Persona, Scenario

_NOTHING = Text("", "")


def scenario(*, trains: tuple[str, ...] = (), better: Mapping[str, Text] | None = None, refund: float = 50) -> Scenario:
    persona = Persona(_NOTHING, _NOTHING, _NOTHING, _NOTHING, "cold", {}, 60, 50)
    currency, limit = {"zh": "CNY", "en": "GBP"}, {"zh": refund, "en": refund}
    authority = Authority(currency, limit, {"zh": None, "en": None})
    return Scenario(
        id="late-kettle",
        version=1,
        hash="",
        industry="other",
        situation="",
        difficulty=1,
        hard_in=(),
        rubric="four-step",
        minutes=5,
        title=_NOTHING,
        hook=_NOTHING,
        brief=_NOTHING,
        why=_NOTHING,
        goals=(),
        trains=trains,
        persona=persona,
        record=(),
        policy=(),
        authority=authority,
        facts=(),
        start="",
        stages=(),
        always=(),
        reactions=(),
        mood=(),
        soothe_limit=25,
        worsen_limit=40,
        endings=(),
        better=better or {},
        register={},
    )
