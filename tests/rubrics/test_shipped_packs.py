"""The packs of the house on the calls of the house: each must tell a good call from a bad one."""

from __future__ import annotations

import pytest

from coach.domain.rubric import RubricPack, StepVerdict
from coach.domain.scenario import EndingKind
from coach.grading import grade
from coach.rubrics.loader import check_file
from coach.rubrics.strict_yaml import examine_yaml
from tests.rubrics.calls import call as told
from tests.rubrics.calls import step_of
from tests.rubrics.shipped_calls import PACKS, ROOT, TABLE, ShippedCall, shipped_calls, totals

CLEARLY = 20  # points; less than that two mentors might see the other way round
SETTLED = {EndingKind.SATISFIED, EndingKind.SETTLED_COLD}
LOST = {EndingKind.HANGS_UP, EndingKind.ABANDONED}
CALLS = shipped_calls()
HOW_TO_WRITE = "look at what changed; if it is meant: python -m tests.rubrics.shipped_calls"

each_pack = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
each_case = pytest.mark.parametrize(
    ("scenario", "language"), sorted({(call.scenario.id, call.language) for call in CALLS})
)


def of(scenario: str, language: str) -> list[ShippedCall]:
    return [call for call in CALLS if (call.scenario.id, call.language) == (scenario, language)]


def test_the_checker_finds_nothing_in_any_pack() -> None:
    files = sorted((ROOT / "rubrics").glob("*.yaml"))
    assert {file.stem: check_file(file)[1] for file in files} == dict.fromkeys(PACKS, ())
    assert len(PACKS) == 6


@each_pack
@each_case
def test_the_best_call_of_each_case_passes_and_nothing_that_ended_otherwise_comes_near(
    scenario: str, language: str, pack: RubricPack
) -> None:
    worth = {call.name: (call.kind, call.under(pack)) for call in of(scenario, language)}
    best = max((g for kind, g in worth.values() if kind is EndingKind.SATISFIED), key=lambda graded: graded.total)
    assert best.passed, [sentence.en for result in best.steps for sentence in result.lacking]
    cold = {name: g.total for name, (kind, g) in worth.items() if kind is EndingKind.SETTLED_COLD}
    assert {name: total for name, total in cold.items() if total >= best.total} == {}
    bad = {name: g.total for name, (kind, g) in worth.items() if kind not in SETTLED}
    assert {name: total for name, total in bad.items() if total > best.total - CLEARLY} == {}


@each_pack
@each_case
def test_a_lost_call_passes_under_no_pack(scenario: str, language: str, pack: RubricPack) -> None:
    lost = [call.under(pack) for call in of(scenario, language) if call.kind in LOST]
    assert lost
    assert not any(graded.passed for graded in lost)
    assert all("call-lost" in {critical.id for critical in graded.critical} for graded in lost)


@each_pack
def test_only_settled_calls_pass(pack: RubricPack) -> None:
    """Threatening to go public, or asking for the supervisor, is no pass under any pack."""
    assert [call.name for call in CALLS if call.under(pack).passed and call.kind not in SETTLED] == []


@each_pack
def test_kinds_of_ending_are_worth_what_they_are_worth_to_the_customer(pack: RubricPack) -> None:
    def mean(*kinds: EndingKind) -> float:
        worth = [call.under(pack).total for call in CALLS if call.kind in kinds]
        return sum(worth) / len(worth)

    satisfied, cold = mean(EndingKind.SATISFIED), mean(EndingKind.SETTLED_COLD)
    handed, threatens, lost = mean(EndingKind.SUPERVISOR), mean(EndingKind.THREATENS), mean(*LOST)
    assert satisfied > cold + CLEARLY / 2
    assert cold > handed > threatens
    assert satisfied > handed + CLEARLY
    assert satisfied > lost + 2 * CLEARLY


@each_pack
def test_both_languages_are_worth_about_the_same(pack: RubricPack) -> None:
    """One play-test says the same in both languages, as people would say it, not word for word."""
    worth: dict[str, list[int]] = {}
    for call in CALLS:
        worth.setdefault(call.name, []).append(call.under(pack).total)
    apart = [abs(zh - en) for zh, en in worth.values()]
    assert sum(apart) / len(apart) < 4


def test_steps_that_a_case_does_not_call_for_are_not_rated() -> None:
    def unrated(scenario: str, pack: str) -> set[str]:
        graded = of(scenario, "en")[0].under(PACKS[pack])
        return {result.id for result in graded.steps if result.verdict is StepVerdict.NOT_RATED}

    assert unrated("tenfold-compensation", "difficult") == set(), "the case for which the pack was made"
    assert unrated("birthday-parcel", "difficult") == {"reasons", "escalate"}, "nothing to decline, nobody to ask"
    assert unrated("refund-12-days", "difficult") == {"weigh", "reasons", "escalate"}
    assert unrated("refund-12-days", "after-sales") == {"register", "approve"}
    assert unrated("power-cut-medicine", "after-sales") == {"register"}
    assert all(unrated(call.scenario.id, "e-commerce") == set() for call in CALLS)


class TestDifficult:
    pack = PACKS["difficult"]

    def test_a_no_with_its_reason_and_a_way_is_a_good_answer(self) -> None:
        reasoned, flat = (told("empathise ask", act) for act in ("explain involve", "flat_refusal"))
        good, bad = (step_of(grade(talk, self.pack), "reasons") for talk in (reasoned, flat))
        assert (good.verdict, good.score) == (StepVerdict.MET, 1)
        assert (bad.verdict, bad.score) == (StepVerdict.MISSED, 0)

    def test_money_before_the_questions_is_half_of_weighing(self) -> None:
        asked, bid = (told(*order) for order in (("ask restate", "compensate"), ("compensate", "ask restate")))
        good, early = (step_of(grade(talk, self.pack), "weigh") for talk in (asked, bid))
        assert good.score == 1
        assert early.score == pytest.approx(0.6)
        assert "before the questions" in early.lacking[0].en

    def test_handing_over_is_only_half_done_when_the_case_is_let_go(self) -> None:
        held, let_go, sent_away = (told(acts) for acts in ("escalate own", "escalate", "escalate shift_blame"))
        verdicts = [step_of(grade(talk, self.pack), "escalate").verdict for talk in (held, let_go, sent_away)]
        assert verdicts == [StepVerdict.MET, StepVerdict.PARTLY, StepVerdict.MISSED]


def test_after_sales_asks_before_it_concludes() -> None:
    pack = PACKS["after-sales"]
    asked, hasty = told("ask restate", "remedy"), told("remedy", "ask restate")
    assert step_of(grade(asked, pack), "learn").score > step_of(grade(hasty, pack), "learn").score


def test_in_e_commerce_ending_well_matters_more_than_starting_well() -> None:
    pack = PACKS["e-commerce"]
    middle = "empathise invite own explain apologise apologise_specific verify remedy timeframe compensate"
    no_start, no_end = told("close", middle, "follow_up confirm"), told(f"restate {middle}", "close")
    assert grade(no_start, pack).total > grade(no_end, pack).total


def test_the_hotline_opens_with_the_first_words() -> None:
    pack = PACKS["hotline"]
    at_once, later = told("greet invite", "remedy"), told("remedy", "greet invite")
    assert step_of(grade(at_once, pack), "opening").score == 1
    late = step_of(grade(later, pack), "opening")
    assert late.score == pytest.approx(0.5)
    assert "belongs in the first reply" in late.lacking[0].en
    assert "放在第一次回复里" in late.lacking[0].zh


def test_every_shipped_call_is_worth_what_it_was_worth() -> None:
    """Neither a pack nor the reader nor a play-test changes a grade unnoticed."""
    kept = examine_yaml(TABLE.read_text(encoding="utf-8")).value
    assert isinstance(kept, dict)
    now = totals()
    changed = {name: (kept.get(name), now.get(name)) for name in {*kept, *now} if kept.get(name) != now.get(name)}
    assert changed == {}, HOW_TO_WRITE
