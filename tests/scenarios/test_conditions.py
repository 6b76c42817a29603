"""Every key of a condition, once true and once false, on the same small call."""

from __future__ import annotations

import pytest

from coach.domain.scenario import Condition
from coach.scenarios.conditions import Call, holds
from tests.builders import when

# Third reply, second in this stage: it apologises and asks; the first reply gave a remedy, the second a vague time.
CALL = Call(
    now=frozenset({"apologise", "ask"}),
    seen={"remedy": 1, "vague_time": 2, "apologise": 1, "ask": 2},
    first={"remedy": 1, "vague_time": 1, "apologise": 3, "ask": 2},
    facts=frozenset({"date", "name"}),
    stage="telling",
    turns_here=2,
    turn=3,
    anger=60,
    patience=30,
)  # fmt: skip

ROWS: list[tuple[str, Condition, Condition]] = [
    ("nothing given", when(), when(turns=4)),
    ("all", when(all="apologise ask"), when(all="apologise remedy")),
    ("any", when(any="apologise rude"), when(any="rude remedy")),
    ("none", when(none="rude remedy"), when(none="rude ask")),
    ("seen", when(seen="remedy apologise"), when(seen="remedy rude")),
    ("seen_any", when(seen_any="rude remedy"), when(seen_any="rude argue")),
    ("unseen", when(unseen="rude argue"), when(unseen="rude apologise")),
    ("times", when(times={"vague_time": 2, "remedy": 1}), when(times={"vague_time": 3})),
    ("times of what never happened", when(times={"ask": 2}), when(times={"rude": 1})),
    ("before, in turn", when(before=(("apologise", "remedy"),)), when(before=(("remedy", "apologise"),))),
    ("before, the first never came", when(before=(("rude", "remedy"),)), when(before=(("remedy", "rude"),))),
    ("before, in the same reply", when(before=(("ask", "vague_time"),)), when(before=(("vague_time", "remedy"),))),
    ("facts", when(facts="date name"), when(facts="date card")),
    ("facts_unknown", when(facts_unknown="card"), when(facts_unknown="card date")),
    ("stages", when(stages="telling venting"), when(stages="venting")),
    ("turns_here", when(turns_here=2), when(turns_here=3)),
    ("turns", when(turns=3), when(turns=4)),
    ("anger from", when(anger_from=60), when(anger_from=61)),
    ("anger to", when(anger_to=60), when(anger_to=59)),
    ("patience from", when(patience_from=30), when(patience_from=31)),
    ("patience to", when(patience_to=30), when(patience_to=29)),
    (
        "all parts together",
        when(all="ask", seen="remedy", turns=3),
        when(all="ask", seen="remedy", turns=3, none="ask"),
    ),
]


@pytest.mark.parametrize(("key", "true", "false"), ROWS, ids=[row[0] for row in ROWS])
def test_a_condition_holds_when_its_parts_do(key: str, true: Condition, false: Condition) -> None:
    assert holds(true, CALL)
    assert not holds(false, CALL)


def test_no_key_is_missing_from_the_table() -> None:
    plain = Condition()
    told = {name for _, true, false in ROWS for condition in (true, false) for name in Condition.__slots__
            if getattr(condition, name) != getattr(plain, name)}  # fmt: skip
    assert told == set(Condition.__slots__)


def test_a_condition_tells_every_behaviour_it_names() -> None:
    condition = when(
        all="a", any="b", none="c", seen="d", seen_any="e", unseen="f", times={"g": 1}, before=(("h", "i"),)
    )
    assert condition.ids == frozenset("abcdefghi")
