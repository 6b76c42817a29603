"""From the checked shape of a file to the values of `coach.domain.scenario`."""

from __future__ import annotations

from coach.domain.language import Text
from coach.domain.scenario import (
    Authority,
    Condition,
    Earliest,
    Ending,
    Fact,
    Line,
    Lines,
    MoodRule,
    Persona,
    PolicyEntry,
    Reaction,
    RecordEntry,
    Scenario,
    Stage,
    Transition,
)
from coach.rubrics.script import in_all_scripts
from coach.scenarios import schema
from coach.scenarios.schema import DefaultsShape, ScenarioShape


def build_scenario(shape: ScenarioShape, defaults: DefaultsShape, hash: str) -> Scenario:
    """The scenario with the shared rules and reactions behind its own."""
    return Scenario(
        id=shape.id,
        version=shape.version,
        hash=hash,
        industry=shape.industry,
        situation=shape.situation,
        difficulty=shape.difficulty,
        hard_in=tuple(shape.hard_in),
        rubric=shape.rubric,
        minutes=shape.minutes,
        title=text(shape.title),
        hook=text(shape.hook),
        brief=text(shape.brief),
        why=text(shape.why),
        goals=tuple(text(goal) for goal in shape.goals),
        trains=tuple(shape.trains),
        persona=_persona(shape.persona),
        record=tuple(RecordEntry(text(entry.label), text(entry.value)) for entry in shape.record),
        policy=tuple(PolicyEntry(text(entry.text), entry.allowed) for entry in shape.policy),
        authority=_authority(shape.authority),
        facts=tuple(_fact(fact) for fact in shape.facts),
        start=shape.start,
        stages=tuple(_stage(stage) for stage in shape.stages),
        always=tuple(_transition(way) for way in (*shape.always, *defaults.always)),
        reactions=tuple(_reaction(reaction) for reaction in (*shape.reactions, *defaults.reactions)),
        mood=_mood(shape.mood, defaults.mood),
        soothe_limit=shape.limits.soothe,
        worsen_limit=shape.limits.worsen,
        endings=tuple(_ending(ending) for ending in shape.endings),
        better={behaviour: text(words) for behaviour, words in shape.better.items()},
        register={field: text(words) for field, words in shape.register_.items()},
        abusive=shape.abusive,
    )


def text(shape: schema.TextShape) -> Text:
    return in_all_scripts(shape.zh, shape.en, shape.hant or "")


def lines(shape: schema.LinesShape) -> Lines:
    """The group with every band filled: by `any`, else by the nearest band."""
    groups = {band: _variants(getattr(shape, band) or []) for band in ("any", "cool", "hot", "boiling")}
    near = {"cool": ("hot", "boiling"), "hot": ("boiling", "cool"), "boiling": ("hot", "cool")}
    filled = {
        band: next((groups[other] for other in (band, "any", *others) if groups[other]), ())
        for band, others in near.items()
    }
    return Lines(**filled)


def _variants(shapes: list[schema.LineShape]) -> tuple[Line, ...]:
    return tuple(Line(s.id, text(s), tuple(s.reveals), tuple(s.after), tuple(s.unless)) for s in shapes)


def _condition(shape: schema.ConditionShape) -> Condition:
    return Condition(
        all=frozenset(shape.all),
        any=frozenset(shape.any),
        none=frozenset(shape.none),
        seen=frozenset(shape.seen),
        seen_any=frozenset(shape.seen_any),
        unseen=frozenset(shape.unseen),
        times=dict(shape.times),
        before=tuple((first, then) for first, then in shape.before),
        facts=frozenset(shape.facts),
        facts_unknown=frozenset(shape.facts_unknown),
        stages=frozenset(shape.stages),
        turns_here=shape.turns_here,
        turns=shape.turns,
        anger_from=shape.anger.from_,
        anger_to=shape.anger.to,
        patience_from=shape.patience.from_,
        patience_to=shape.patience.to,
    )


def _transition(shape: schema.TransitionShape) -> Transition:
    return Transition(shape.id, _condition(shape.when), shape.to, lines(shape.says) if shape.says else None)


def _reaction(shape: schema.ReactionShape) -> Reaction:
    return Reaction(shape.id, _condition(shape.when), lines(shape.says))


def _stage(shape: schema.StageShape) -> Stage:
    ways = tuple(_transition(way) for way in shape.go)
    return Stage(shape.id, text(shape.name), lines(shape.says), lines(shape.stays), ways, shape.hang_up_to or "")


def _ending(shape: schema.EndingShape) -> Ending:
    return Ending(shape.id, shape.kind, text(shape.title), text(shape.because), lines(shape.says))


def _fact(shape: schema.FactShape) -> Fact:
    asked_by = {language: tuple(words.lower() for words in ways) for language, ways in shape.asked_by.items()}
    return Fact(shape.id, text(shape.about), asked_by, lines(shape.says))


def _mood(own: list[schema.MoodRuleShape], shared: list[schema.MoodRuleShape]) -> tuple[MoodRule, ...]:
    """The file's own rules, and the shared ones that it does not replace."""
    replaced = {rule.id for rule in own}
    return tuple(_rule(rule) for rule in (*own, *(rule for rule in shared if rule.id not in replaced)))


def _rule(shape: schema.MoodRuleShape) -> MoodRule:
    when = _condition(shape.when)
    return MoodRule(shape.id, when, shape.anger, shape.patience, text(shape.because), shape.repeat, shape.quote or "")


def _persona(shape: schema.PersonaShape) -> Persona:
    return Persona(
        name=text(shape.name),
        address=text(shape.address),
        about=text(shape.about),
        talks=text(shape.talks),
        temperament=shape.temperament,
        voice=dict(shape.voice),
        anger=shape.anger,
        patience=shape.patience,
        rise=shape.rise,
        fall=shape.fall,
    )


def _authority(shape: schema.AuthorityShape) -> Authority:
    def limit(money: schema.MoneyShape | None) -> dict[str, float | None]:
        return {"zh": money.zh if money else None, "en": money.en if money else None}

    return Authority(
        currency={"zh": shape.currency.zh, "en": shape.currency.en},
        refund_limit=limit(shape.refund_limit),
        coupon_limit=limit(shape.coupon_limit),
        earliest=tuple(
            Earliest(
                entry.id,
                entry.minutes,
                {language: tuple(words.lower() for words in ways) for language, ways in entry.words.items()},
                text(entry.text),
            )
            for entry in shape.earliest
        ),
    )
