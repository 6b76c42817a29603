"""The dialogue engine: one pure function from (scenario, state, what the trainee did, seed) to what the customer does.

The same inputs give the same answer on every machine. It never fails on an odd reply: every scenario carries
reactions for the unexpected. What it may look at is in `Observation`; conditions are a closed set of comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

from coach.domain.behaviour import FAULTS
from coach.domain.mood import BOILING_FROM, HOT_FROM, LOWEST, Band, Mood, MoodChange, band_of
from coach.domain.rehearsal import Event
from coach.domain.scenario import SIGNALS, Condition, EndingKind, Fact, Line, Lines, Transition
from coach.scenarios.conditions import Call, holds
from coach.scenarios.ledger import move_mood
from coach.scenarios.program import Program
from coach.scenarios.state import State

ANSWERS_IN_ONE_BREATH = 2


@dataclass(frozen=True, slots=True)
class Observation:
    """What the trainee did, as far as the customer can notice.

    `quotes`: behaviour -> the words that show it. `asked`: the questions in the reply, lower case and simplified.
    `fingerprint`: equal for equal words; 0 for a nod, which nobody minds hearing again. `is_brief`: so few words that
    hearing them twice is no repetition. `on_topic`: too little is said to be off it. `is_goodbye`: nothing but a
    goodbye.
    """

    event: Event
    behaviours: frozenset[str] = frozenset()
    signals: frozenset[str] = frozenset()
    quotes: Mapping[str, str] | None = None
    asked: str = ""
    language: str = "zh"
    fingerprint: int = 0
    on_topic: bool = False
    is_brief: bool = False
    is_goodbye: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What came of it: the new state, the customer's lines in speaking order, why the mood moved, what was noticed."""

    state: State
    lines: tuple[Line, ...]
    changes: tuple[MoodChange, ...]
    signals: frozenset[str]
    answered: tuple[str, ...]
    way: str  # id of the way out that was taken, "" if none

    @property
    def mood(self) -> Mood:
        return Mood(self.state.anger, self.state.patience)


def opening(program: Program, seed: int) -> Step:
    """The customer's first words."""
    persona = program.scenario.persona
    start = State(
        stage=program.scenario.start, turn=0, turns_here=0, anger=persona.anger, patience=persona.patience,
        seen={}, first={}, facts=frozenset(), used=(), fired={}, said=frozenset(),
    )  # fmt: skip
    line = _pick(program.stages[start.stage].says, start.anger, start.used, seed, 0)
    return Step(_after_lines(start, (line,)), (line,), (), frozenset(), (), "")


def step(program: Program, state: State, observation: Observation, seed: int) -> Step:
    """The customer's answer. ValueError when the call is already over."""
    if state.ended:
        raise ValueError("the call is over")
    if observation.event is Event.HANG_UP:
        return _trainee_left(program, state, seed)
    answered, asked_again = _questions(program, state, observation)
    signals = _signals(program, state, observation, answered, asked_again)
    now = observation.behaviours | signals
    turn = state.turn + 1
    seen, first = dict(state.seen), dict(state.first)
    for name in now:
        seen[name] = seen.get(name, 0) + 1
        first.setdefault(name, turn)
    facts = state.facts.union(answered) if answered else state.facts
    call = Call(now, seen, first, facts, state.stage, state.turns_here + 1, turn, state.anger, state.patience)
    changes, fired = move_mood(program, state, call, observation.quotes or {})
    way = _way_out(program, call)
    lines, to = _speak(program, state, call, way, answered, seed)
    ended = to if to in program.endings else ""
    moved = to != state.stage and not ended
    after = State(
        stage=to if moved else state.stage,
        turn=turn,
        turns_here=0 if moved else call.turns_here,
        anger=call.anger,
        patience=call.patience,
        seen=seen,
        first=first,
        facts=facts,
        used=state.used,
        fired=fired,
        said=state.said | {_next_mark(state, observation)} if observation.fingerprint else state.said,
        ended=ended,
        astray="off_script" in signals,
    )
    return Step(_after_lines(after, lines), lines, changes, signals, answered, way.id if way else "")


def _questions(program: Program, state: State, observation: Observation) -> tuple[tuple[str, ...], bool]:
    """Facts asked for that were not known (file order, at most two), and whether only known ones were asked for."""
    asked = observation.asked
    if not asked:
        return (), False
    hits = [fact for fact in program.facts.values() if _asks_for(fact, asked, observation.language)]
    new = tuple(fact.id for fact in hits if fact.id not in state.facts)
    return new[:ANSWERS_IN_ONE_BREATH], bool(hits) and not new


def _asks_for(fact: Fact, asked: str, language: str) -> bool:
    return any(words in asked for words in fact.asked_by.get(language, ()))


def _signals(
    program: Program, state: State, observation: Observation, answered: tuple[str, ...], asked_again: bool
) -> frozenset[str]:
    signals = set(observation.signals)
    if observation.event is Event.SILENCE:
        signals.add("silence")
    elif observation.event is Event.TIMEOUT:
        signals.add("timeout")
    else:
        if answered:
            signals.add("asked_fact")
        if asked_again:
            signals.add("asked_again")
        if observation.is_goodbye:
            signals.add("goodbye" if _is_agreed(program, state) else "goodbye_too_soon")
        if observation.fingerprint and _is_worn_out(state, observation):
            signals.add("same_words")
        if not observation.behaviours and not signals and not observation.on_topic:
            signals.update(("off_script", "off_script_again") if state.astray else ("off_script",))
    return frozenset(signals)


def _is_agreed(program: Program, state: State) -> bool:
    """Whether the call is where it may be ended: a stage which a trainee leaves for a good ending."""
    to = program.stages[state.stage].hang_up_to
    return bool(to) and program.endings[program.target(to)].is_good


_SECOND_TIME = 1 << 32  # above every fingerprint


def _is_worn_out(state: State, observation: Observation) -> bool:
    """Said before; a few words must have been said twice before."""
    return observation.fingerprint + (_SECOND_TIME if observation.is_brief else 0) in state.said


def _next_mark(state: State, observation: Observation) -> int:
    """What is remembered of the reply: that it was said, or that it was said again."""
    return observation.fingerprint + (_SECOND_TIME if observation.fingerprint in state.said else 0)


def _way_out(program: Program, call: Call) -> Transition | None:
    for way in program.scenario.always:
        if holds(way.when, call):
            return way
    for way in program.stages[call.stage].go:
        if holds(way.when, call):
            return way
    return None


def _speak(
    program: Program, state: State, call: Call, way: Transition | None, answered: tuple[str, ...], seed: int
) -> tuple[tuple[Line, ...], str]:
    """The customer's lines and where the call goes."""
    to = program.target(way.to) if way else state.stage
    lines: list[Line] = []

    def say(group: Lines) -> None:
        used = state.used + tuple(line.id for line in lines)
        lines.append(_pick(group, call.anger, used, seed, call.turn, call.seen))

    reaction = None if way and way.says else _reaction(program, call)
    if way and way.says:
        say(way.says)
    elif reaction is not None:
        say(reaction)
    if to in program.endings:
        say(program.endings[to].says)
        return tuple(lines), to
    for fact in answered:
        say(program.facts[fact].says)
    if to != state.stage:
        say(program.stages[to].says)
    elif not lines:
        say(program.stages[to].stays)
    return tuple(lines), to


def _reaction(program: Program, call: Call) -> Lines | None:
    numbers = set(program.standing_reactions)
    for name in call.now:
        numbers.update(program.reactions_by_trigger.get(name, ()))
    for number in sorted(numbers):
        reaction = program.reactions[number]
        if holds(reaction.when, call):
            return reaction.says
    return None


_NOTHING_SEEN: Mapping[str, int] = {}


def _pick(
    group: Lines, anger: int, used: tuple[str, ...], seed: int, turn: int, seen: Mapping[str, int] = _NOTHING_SEEN
) -> Line:
    """A variant for the mood: chosen by the seed among those not said yet; after that the one said longest ago."""
    every = group.within(band_of(anger))
    variants = tuple(line for line in every if _fits(line, seen)) or every
    if len(variants) == 1:
        return variants[0]
    fresh = [line for line in variants if line.id not in used]
    if fresh:
        return fresh[crc32(b"%d/%d/%s" % (seed, turn, variants[0].id.encode())) % len(fresh)]
    last_said = {id: place for place, id in enumerate(used)}
    return min(variants, key=lambda line: last_said[line.id])


def _fits(line: Line, seen: Mapping[str, int]) -> bool:
    return all(name in seen for name in line.after) and not any(name in seen for name in line.unless)


def _after_lines(state: State, lines: tuple[Line, ...]) -> State:
    revealed = [fact for line in lines for fact in line.reveals]
    return State(
        state.stage, state.turn, state.turns_here, state.anger, state.patience, state.seen, state.first,
        state.facts.union(revealed) if revealed else state.facts, state.used + tuple(line.id for line in lines),
        state.fired, state.said, state.ended, state.astray,
    )  # fmt: skip


def _trainee_left(program: Program, state: State, seed: int) -> Step:
    ending = _ending_when_left(program, state)
    line = _pick(program.endings[ending].says, state.anger, state.used, seed, state.turn + 1)
    after = State(
        state.stage, state.turn + 1, state.turns_here + 1, state.anger, state.patience, state.seen, state.first,
        state.facts, state.used, state.fired, state.said, ending,
    )  # fmt: skip
    return Step(_after_lines(after, (line,)), (line,), (), frozenset(), (), "hang-up")


def _ending_when_left(program: Program, state: State) -> str:
    """After an agreement hanging up is a goodbye, and ends as well as one; elsewhere the stage says how it ends."""
    if _is_agreed(program, state):
        now, turn = frozenset({"close", "goodbye"}), state.turn + 1
        seen = {**state.seen, "close": 1, "goodbye": 1}
        call = Call(now, seen, state.first, state.facts, state.stage, state.turns_here + 1, turn,
                     state.anger, state.patience)  # fmt: skip
        way = _way_out(program, call)
        to = program.target(way.to) if way else ""
        if to in program.endings and program.endings[to].is_good:
            return to
    return program.target(program.stages[state.stage].hang_up_to or f"@{EndingKind.ABANDONED}")


def upcoming(program: Program, state: State, seed: int) -> tuple[Line, ...]:
    """Lines that can come next, likeliest first and each once, for rendering ahead. Empty when the call is over.

    First the one variant of each group that `step` would choose in this mood, then those for the other moods, then
    the rest.
    """
    if state.ended:
        return ()
    groups = _groups_ahead(program, state)
    here = band_of(state.anger)
    bands = sorted(_BANDS, key=lambda band: (band is not here, band is not Band.HOT))
    chosen = [
        _pick(group, _BANDS[band], state.used, seed, state.turn + 1, state.seen) for band in bands for group in groups
    ]
    other = [line for group in groups for line in group.every]
    return tuple({line.id: line for line in (*chosen, *other)}.values())


_BANDS = {Band.COOL: LOWEST, Band.HOT: HOT_FROM, Band.BOILING: BOILING_FROM}


def _groups_ahead(program: Program, state: State) -> list[Lines]:
    """The groups that the next step can draw from, likeliest first: people do more right than wrong."""
    stage = program.stages[state.stage]
    reactions = [reaction for reaction in program.reactions if _may_hold(reaction.when, state)]
    return [
        *_ways_ahead(program, stage.go, state),
        *(reaction.says for reaction in reactions if not _answers_a_wrong(reaction.when)),
        *_ways_ahead(program, program.scenario.always, state),
        *(fact.says for fact in program.facts.values() if fact.id not in state.facts),
        stage.stays,
        *(reaction.says for reaction in reactions if _answers_a_wrong(reaction.when)),
        program.endings[_ending_when_left(program, state)].says,
    ]


def _ways_ahead(program: Program, ways: tuple[Transition, ...], state: State) -> list[Lines]:
    groups: list[Lines] = []
    for way in ways:
        if _may_hold(way.when, state):
            to = program.target(way.to)
            groups += [way.says] if way.says else []
            groups.append(program.endings[to].says if to in program.endings else program.stages[to].says)
    return groups


def _answers_a_wrong(when: Condition) -> bool:
    return bool(when.all | when.any) and (when.all | when.any) <= _WRONGS


_WRONGS = frozenset((*FAULTS, *SIGNALS))


def _may_hold(when: Condition, state: State) -> bool:
    """Whether some reply could make it hold now; wrong only in saying yes too often."""
    return (
        (not when.stages or state.stage in when.stages)
        and when.turns_here <= state.turns_here + 1
        and when.turns <= state.turn + 1
        and not any(name in state.seen for name in when.unseen)
        and all(state.seen.get(name, 0) + 1 >= count for name, count in when.times.items())
        and when.facts_unknown.isdisjoint(state.facts)
    )
