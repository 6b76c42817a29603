"""Why Mrs Reed's mood moves: each change with its reason, within what one reply can do."""

from __future__ import annotations

from coach.domain.mood import AngerWord, Band, PatienceWord, anger_word, band_of, clamp, patience_word
from coach.domain.scenario import Repeat
from tests.builders import Call, rule, scenario, text


def deltas(call: Call, acts: str, what: str = "anger") -> list[int]:
    return [change.delta for change in call.does(acts).changes if change.what == what]


def test_a_rule_that_holds_is_a_line_of_the_ledger_with_its_reason_and_the_words() -> None:
    call = Call(scenario(mood=(rule("felt", anger=-8, patience=6, quote="empathise", any="empathise"),)))
    came = call.does("empathise", quotes={"empathise": "that must hurt", "ask": "when?"})
    anger, patience = came.changes
    assert (anger.what, anger.delta, anger.rule, anger.quote) == ("anger", -8, "felt", "that must hurt")
    assert (patience.what, patience.delta) == ("patience", 6)
    assert anger.because == text("because of felt")
    assert (came.mood.anger, came.mood.patience) == (52, 56)


def test_a_reason_without_a_quote_has_none() -> None:
    call = Call(
        scenario(mood=(rule("felt", anger=-8, any="empathise"), rule("asked", anger=1, quote="ask", any="ask")))
    )
    assert [change.quote for change in call.does("empathise ask", quotes={"empathise": "x"}).changes] == ["", ""]


def test_a_rule_that_does_not_hold_moves_nothing() -> None:
    came = Call(scenario(mood=(rule("felt", anger=-8, any="empathise"),))).does("ask")
    assert came.changes == ()
    assert came.state.fired == {}


def test_each_works_every_time() -> None:
    call = Call(scenario(mood=(rule("soon", anger=5, any="vague_time"),)))
    assert [deltas(call, "vague_time") for _ in range(3)] == [[5], [5], [5]]


def test_once_works_once() -> None:
    call = Call(scenario(mood=(rule("soon", anger=5, repeat=Repeat.ONCE, any="vague_time"),)))
    assert [deltas(call, "vague_time") for _ in range(3)] == [[5], [], []]


def test_fading_works_whole_then_half_then_not() -> None:
    call = Call(scenario(mood=(rule("felt", anger=-8, repeat=Repeat.FADING, any="empathise"),)))
    assert [deltas(call, "empathise") for _ in range(4)] == [[-8], [-4], [], []]


def test_rise_and_fall_scale_what_is_worse_and_what_is_better() -> None:
    rules = (rule("hurt", anger=10, patience=-10, any="rude"), rule("felt", anger=-10, patience=10, any="empathise"))
    quick_to_anger = scenario(mood=rules, rise=1.5, fall=0.6)
    assert [c.delta for c in Call(quick_to_anger).does("rude").changes] == [15, -15]
    assert [c.delta for c in Call(quick_to_anger).does("empathise").changes] == [-6, 6]


def test_one_reply_can_soothe_and_worsen_only_so_much() -> None:
    soothing = tuple(rule(f"good-{n}", anger=-10, patience=10, any="empathise") for n in range(4))
    hurting = tuple(rule(f"bad-{n}", anger=10, patience=-10, any="rude") for n in range(4))
    small = scenario(mood=(*soothing, *hurting), soothe_limit=25, worsen_limit=15)
    assert [c.delta for c in Call(small).does("empathise").changes] == [-10, -10, -5, 10, 10, 5]
    assert [c.delta for c in Call(small).does("rude").changes] == [10, 5, -10, -5]


def test_the_two_limits_do_not_use_each_other_up() -> None:
    rules = (rule("good", anger=-20, any="empathise"), rule("bad", anger=20, any="empathise"))
    assert deltas(Call(scenario(mood=rules, soothe_limit=20, worsen_limit=20)), "empathise") == [-20, 20]


def test_the_ledger_adds_up_to_the_mood_even_at_its_ends() -> None:
    rules = (rule("a", anger=-30, patience=-30, any="ask"), rule("b", anger=-30, patience=-30, any="ask"))
    call = Call(scenario(mood=rules, anger=40, patience=35, soothe_limit=100, worsen_limit=100))
    came = call.does("ask")
    assert [c.delta for c in came.changes] == [-30, -10, -30, -5]
    assert (came.mood.anger, came.mood.patience) == (0, 0)
    assert call.does("ask").changes == ()


def test_ways_out_see_the_mood_after_the_reply() -> None:
    from tests.builders import way

    patience_gone = way("out", "@hangs-up", patience_to=0)
    call = Call(scenario(mood=(rule("hurt", patience=-50, any="rude"),), worsen_limit=100, always=(patience_gone,)))
    assert call.does("rude").state.ended == "gone"


def test_rules_without_a_behaviour_of_this_reply_work_too() -> None:
    call = Call(scenario(mood=(rule("drags-on", patience=-3, turns=2), rule("never", anger=9, all="rude argue"))))
    assert deltas(call, "rude", "patience") == []
    assert deltas(call, "rude", "patience") == [-3]


def test_moods_have_words_and_bands_for_every_number() -> None:
    assert [band_of(n) for n in (0, 39, 40, 69, 70, 100)] == [Band.COOL] * 2 + [Band.HOT] * 2 + [Band.BOILING] * 2
    assert {anger_word(n) for n in range(101)} == set(AngerWord)
    assert {patience_word(n) for n in range(101)} == set(PatienceWord)
    assert (anger_word(100), patience_word(100)) == (AngerWord.FURIOUS, PatienceWord.WILL_WAIT)
    assert [clamp(n) for n in (-5, 0, 50, 100, 105)] == [0, 0, 50, 100, 100]
