"""Rubric files: those that come with Coach, and every mistake a writer can make in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.domain.behaviour import ACTS, FAULTS
from coach.domain.rubric import RubricPack
from coach.errors import BadRubric
from coach.rubrics.loader import check_pack, content_hash, load_pack, load_packs

PACKS = Path(__file__).parents[2] / "rubrics"

TINY = """\
format: 1
id: tiny
version: 1
name: {zh: 小, en: Tiny}
about: {zh: 一个步骤, en: One step}
pass_mark: 60
steps:
  - id: only
    name: {zh: 道歉, en: Apologise}
    about: {zh: 先道歉, en: Say sorry first}
    weight: 100
    parts:
      - {id: sorry, name: {zh: 道歉, en: an apology}, any: [apologise], share: 0.6}
      - {id: exact, name: {zh: 具体, en: what for}, any: [apologise_specific], share: 0.4, by_reply: 2}
    spoiled_by: [argue]
    fault_cost: 0.3
order:
  - {id: first, step: only, first: [apologise], then: [remedy], cost: 0.4, because: {zh: 晚了, en: Late}}
faults:
  - {id: vague_time, points: 2, at_most: 6}
critical:
  - {id: insult, any: [rude, beyond_authority], because: {zh: 不行, en: No}}
"""


def changed(old: str, new: str) -> str:
    assert TINY.count(old) == 1, old
    return TINY.replace(old, new)


def codes(text: str) -> set[str]:
    return {finding.code for finding in check_pack(text)[1]}


@pytest.fixture(scope="module")
def packs() -> dict[str, RubricPack]:
    return load_packs(PACKS)


def test_a_small_pack_is_read_as_written() -> None:
    pack = load_pack(TINY)
    step = pack.steps[0]
    assert (pack.id, pack.version, pack.pass_mark, pack.name.en) == ("tiny", 1, 60, "Tiny")
    assert [(p.id, p.any, p.share, p.by_reply) for p in step.parts] == [
        ("sorry", frozenset({"apologise"}), 0.6, 0),
        ("exact", frozenset({"apologise_specific"}), 0.4, 2),
    ]
    assert (step.spoiled_by, step.fault_cost) == (frozenset({"argue"}), 0.3)
    assert pack.order[0].then == frozenset({"remedy"})
    assert (pack.faults[0].points, pack.faults[0].at_most) == (2, 6)
    assert pack.critical[0].any == frozenset({"rude", "beyond_authority"})
    assert check_pack(TINY)[1] == ()


def test_traditional_chinese_is_derived_unless_it_is_written() -> None:
    pack = load_pack(changed("name: {zh: 小, en: Tiny}", "name: {zh: 鼠标和“软件”, en: Tiny}"))
    assert pack.name.hant == "滑鼠和「軟體」"
    pack = load_pack(changed("name: {zh: 小, en: Tiny}", "name: {zh: 小, en: Tiny, hant: 微}"))
    assert pack.name.hant == "微"


def test_the_hash_names_the_content_and_not_the_way_it_was_saved() -> None:
    assert load_pack(TINY).hash == content_hash("\ufeff" + TINY.replace("\n", "\r\n"))
    assert load_pack(TINY).hash != load_pack(changed("pass_mark: 60", "pass_mark: 61")).hash
    assert len(load_pack(TINY).hash) == 64


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("weight: 100", "weight: 90", "weights-not-100", 7),
        ("share: 0.4,", "share: 0.5,", "shares-not-1", 12),
        ("any: [apologise_specific]", "any: [apologize]", "unknown-behaviour", 14),
        ("any: [apologise_specific]", "any: [vague_time]", "not-an-act", 14),
        ("then: [remedy]", "then: [remedi]", "unknown-behaviour", 18),
        ("any: [apologise],", "any: [apologise, apologise],", "named-twice", 13),
        ("any: [apologise],", "any: [],", "wrong-value", 13),
        ("spoiled_by: [argue]", "spoiled_by: [thank]", "not-a-fault", 15),
        ("spoiled_by: [argue]", "spoilt_by: [argue]", "unknown-field", 15),
        ("fault_cost: 0.3", "fault_cost: 0", "fault-costs-nothing", 16),
        ("id: exact", "id: sorry", "duplicate-id", 14),
        ("step: only", "step: onyl", "unknown-step", 18),
        ("then: [remedy]", "then: [remedy, apologise]", "order-overlap", 18),
        ("first: [apologise]", "first: [thank]", "order-of-another-step", 18),
        ("cost: 0.4", "cost: 0.7", "late-worse-than-never", 18),
        ("id: vague_time", "id: remedy", "not-a-fault", 20),
        ("at_most: 6", "at_most: 1", "at-most-too-low", 20),
        ("any: [rude, beyond_authority]", "any: [rude, shouting]", "unknown-behaviour", 22),
        ("pass_mark: 60", "pass_mark: 101", "wrong-value", 6),
        ("pass_mark: 60", "pass_mark: '60'", "wrong-value", 6),
        ("pass_mark: 60\n", "", "missing-field", 1),
        ("about: {zh: 先道歉, en: Say sorry first}", "about: {zh: 先道歉}", "missing-field", 10),
        ("format: 1", "format: 2", "wrong-value", 1),
        ("id: tiny", "id: Tiny Pack", "wrong-value", 2),
        ("version: 1", "version: 1\nversion: 1", "duplicate-key", 4),
    ],
)
def test_each_mistake_has_a_code_a_place_and_a_way_out(old: str, new: str, code: str, line: int) -> None:
    _, findings = check_pack(changed(old, new))
    assert [(f.code, f.line) for f in findings] == [(code, line)]
    assert findings[0].reason
    assert findings[0].fix


def test_a_misspelt_name_is_met_with_the_one_that_was_meant() -> None:
    _, findings = check_pack(changed("any: [apologise],", "any: [apologize],"))
    assert "apologise" in findings[0].fix
    _, findings = check_pack(changed("spoiled_by: [argue]", "spoilt_by: [argue]"))
    assert "spoiled_by" in findings[0].fix


def test_all_mistakes_are_reported_together() -> None:
    text = (
        TINY.replace("weight: 100", "weight: 90")
        .replace("step: only", "step: onyl")
        .replace("at_most: 6", "at_most: 1")
    )
    assert codes(text + "version: 2\n") == {"weights-not-100", "unknown-step", "at-most-too-low", "duplicate-key"}
    with pytest.raises(BadRubric, match="and 3 more") as refused:
        load_pack(text + "version: 2\n")
    assert len(refused.value.details["findings"]) == 4  # type: ignore[arg-type]


def test_a_warning_alone_does_not_stop_a_pack() -> None:
    pack, findings = check_pack(changed("fault_cost: 0.3", "fault_cost: 0"))
    assert pack is not None
    assert [f.is_error for f in findings] == [False]


@pytest.mark.parametrize("text", ["", "just words", "- a list", "42", "a: [", "\ud800"])
def test_what_is_no_rubric_at_all_is_refused_with_a_finding(text: str) -> None:
    pack, findings = check_pack(text)
    assert pack is None
    assert findings


def test_a_file_over_the_limit_is_not_even_parsed() -> None:
    assert codes(TINY + "#" * 256 * 1024) == {"too-big"}


def test_a_folder_reports_each_bad_file_by_name(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    assert list(load_packs(tmp_path)) == ["tiny"]
    (tmp_path / "other.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "latin.yaml").write_bytes(b"id: \xe9\n")
    with pytest.raises(BadRubric) as refused:
        load_packs(tmp_path)
    files = refused.value.details["files"]
    assert isinstance(files, dict)
    assert {name: findings[0].code for name, findings in files.items()} == {
        "latin.yaml": "not-unicode",
        "other.yaml": "id-not-file-name",
    }


def test_the_packs_of_the_house_are_without_findings(packs: dict[str, RubricPack]) -> None:
    assert list(packs) == ["after-sales", "difficult", "e-commerce", "four-step", "hotline", "six-step"]
    for path in PACKS.glob("*.yaml"):
        assert check_pack(path.read_text(encoding="utf-8"))[1] == ()


def test_the_methods_keep_their_steps_in_order(packs: dict[str, RubricPack]) -> None:
    assert [s.id for s in packs["four-step"].steps] == ["listen", "common-ground", "apologise", "solve"]
    assert [s.id for s in packs["six-step"].steps] == [
        "listen", "vent", "confirm-problem", "apologise", "solve", "win-back",
    ]  # fmt: skip
    assert [s.id for s in packs["difficult"].steps] == [
        "steady", "weigh", "solve", "reasons", "escalate", "close-loop",
    ]  # fmt: skip
    assert [s.id for s in packs["after-sales"].steps] == [
        "register", "learn", "analyse", "approve", "agree", "carry-out", "track",
    ]  # fmt: skip
    assert [s.id for s in packs["e-commerce"].steps] == [
        "quick", "warm", "buyers-side", "apologise", "solve", "follow-up",
    ]  # fmt: skip
    assert [s.id for s in packs["hotline"].steps] == [
        "opening", "intake", "acceptance", "solve", "feedback", "follow-up",
    ]  # fmt: skip


def test_solving_weighs_most_and_no_stock_phrase_carries_a_call(packs: dict[str, RubricPack]) -> None:
    for pack in packs.values():
        solve = next(step for step in pack.steps if any("remedy" in part.any for part in step.parts))
        assert solve.weight == max(step.weight for step in pack.steps)
        ritual = {"greet", "invite", "apologise", "thank", "empathise", "close"}
        by_ritual = sum(s.weight * p.share for s in pack.steps for p in s.parts if p.any & ritual)
        assert by_ritual < pack.pass_mark


def test_every_fault_of_the_codebook_costs_something(packs: dict[str, RubricPack]) -> None:
    for pack in packs.values():
        assert {rule.id for rule in pack.faults} == set(FAULTS)
        assert {id for step in pack.steps for part in step.parts for id in part.any} <= set(ACTS)


def test_one_slip_spoils_one_step(packs: dict[str, RubricPack]) -> None:
    for pack in packs.values():
        spoilers = [fault for step in pack.steps for fault in step.spoiled_by]
        assert len(spoilers) == len(set(spoilers))


def test_the_methods_read_well_in_three_scripts(packs: dict[str, RubricPack]) -> None:
    for pack in packs.values():
        texts = [pack.name, pack.about, *(r.because for r in (*pack.order, *pack.critical))]
        texts += [t for s in pack.steps for t in (s.name, s.about, *(p.name for p in s.parts))]
        for text in texts:
            assert text.zh
            assert text.en
            assert text.hant
            assert "！" not in text.zh
            assert "!" not in text.en
