"""Broken scenario files: every finding has a code and a line, all are told at once, and the other files still load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.domain.language import Text
from coach.domain.mood import Band
from coach.errors import BadScenario
from coach.rubrics.findings import Severity
from coach.scenarios import linter, loader
from coach.scenarios.loader import Loaded, load_defaults, load_file, load_folder, load_text, rebuild

GOOD = Path(__file__).with_name("kettle.yaml").read_text(encoding="utf-8")
DEFAULTS = """
mood:
  - {id: felt, when: {all: [empathise]}, anger: -1, because: {zh: 听了, en: heard}}
  - {id: hurt, when: {all: [rude]}, anger: 9, because: {zh: 无礼, en: rude}}
reactions:
  - {id: any-rude, when: {any: [rude]}, says: {any: [{id: any-1, zh: 啊？, en: What?}]}}
always:
  - {id: silent, when: {times: {silence: 3}}, to: "@hangs-up"}
"""

# code, what is changed into what, a piece of the line (as it is afterwards) the finding must point to
BREAKAGES: list[tuple[str, str, str, str]] = [
    ("missing-field", "industry: retail\n", "", "format: 1"),
    ("missing-field", "talks: {zh: 句子短。, en: Short sentences.}", "talks: {zh: 句子短。}", "talks:"),
    ("unknown-field", "minutes: 5", "minutes: 5\nminutos: 6", "minutos"),
    ("unknown-field", "none: [rude]", "nine: [rude]", "nine:"),
    ("unknown-word", "industry: retail", "industry: retails", "industry"),
    ("unknown-word", "format: 1", "format: 2", "format"),
    ("unknown-word", "any: [empathise, restate]", "any: [empathize, restate]", "empathize"),
    ("unknown-word", "temperament: cold", "temperament: icy", "temperament"),
    ("unknown-word", "kind: satisfied", "kind: happy", "kind: happy"),
    ("unknown-word", "owner: {zh: 我, en: me}", "owner: {zh: 我, en: me}\n  ower: {zh: 我, en: me}", "ower: {"),
    ("bad-id", "situation: late-delivery", "situation: Late Delivery", "situation"),
    ("bad-id", "en: Where is my kettle?}\nbrief", 'en: "  "}\nbrief', "hook"),
    ("too-few", "trains: [empathise, timeframe]", "trains: []", "trains: []"),
    ("too-few", "says: {any: [{id: t-w1, zh: 好。, en: Good.}]}", "says: {}", "        says: {}"),
    ("too-few", "words: {zh: [送到], en: [Delivered]}", "words: {zh: [], en: [Delivered]}", "words: {zh: []"),
    ("too-many", "  - {zh: 先听, en: Listen first}\n", "  - {zh: 先听, en: Listen first}\n" * 7, "goals"),
    ("wrong-value", "minutes: 5", "minutes: five", "minutes"),
    ("wrong-value", "anger: 60", "anger: 101", "anger: 101"),
    ("wrong-value", "allowed: true", 'allowed: "yes"', 'allowed: "yes"'),
    ("wrong-value", "rise: 1.1", "rise: 9", "rise"),
    ("wrong-value", "goals:\n", "goals: {}\nspare:\n", "goals"),
    ("duplicate-key", "minutes: 5", "minutes: 5\nminutes: 6", "minutes: 6"),
    ("anchor", "[matter]", "&here [matter]", "&here"),
    ("alias", "hard_in: [matter]", "hard_in: [*there]", "*there"),
    ("tag", "minutes: 5", "minutes: !!int 5", "!!int"),
    ("tab", "  fall: 0.9", "\tfall: 0.9", "\tfall"),
    ("syntax", "hard_in: [matter]", "hard_in: [matter", ""),
    ("duplicate-id", "- id: telling", "- id: venting", "- id: venting\n    name: {zh: 讲"),
    ("duplicate-id", "- id: cold", "- id: telling", "endings:"),
    ("duplicate-id", "- id: colour", "- id: date", "- id: date\n    about: {zh: 颜"),
    ("duplicate-line-id", "id: v-2", "id: v-1", "    says:\n      hot:"),
    ("unknown-target", "to: telling", "to: tellin", "to: tellin"),
    ("unknown-target", "start: venting", "start: vent", "start: vent"),
    ("unknown-target", 'to: "@hangs-up"', 'to: "@supervisor"', "@supervisor"),
    ("unknown-target", "hang_up_to: cold", "hang_up_to: colder", "hang_up_to"),
    ("unknown-target", "hang_up_to: cold", "hang_up_to: venting", "hang_up_to"),
    ("unknown-fact", "facts: [date], stages", "facts: [day], stages", "facts: [day]"),
    ("unknown-fact", "reveals: [date]", "reveals: [day]", "reveals: [day]"),
    ("unknown-stage", "stages: [telling]}", "stages: [tolling]}", "[tolling]"),
    ("empty-range", "anger: {to: 90}", "anger: {from: 91, to: 90}", "from: 91"),
    ("contradiction", "none: [rude]", "none: [restate]", "none: [restate]"),
    ("unreachable-stage", "to: telling", "to: settled", "- id: telling"),
    ("unreachable-ending", "    hang_up_to: cold\n", "", "- id: cold"),
    ("missing-ending", "kind: hangs-up", "kind: threatens", "endings:"),
    ("missing-register", "  since: {zh: 九号, en: the ninth}\n", "", "register:"),
    ("missing-voice", "{zh: zf_xiaoyi, en: bf_emma}", "{zh: zf_xiaoyi}", "voice:"),
]  # fmt: skip
COLD = """  - id: cold
    kind: settled-cold
    title: {zh: 算了, en: Let it be}
    because: {zh: 没说完。, en: It was left half said.}
    says: {any: [{id: e-2, zh: 行吧。, en: Fine.}]}
"""
STAYS = "    stays:\n      any:\n        - {id: t-s1"
SAYS = "    says:\n      any:\n        - {id: t-1"
WARNINGS: list[tuple[str, str, str, str]] = [
    ("few-variants", "        - {id: t-3, zh: 等了七天。, en: I waited seven days.}\n", "", SAYS),
    ("too-long-to-speak", "zh: 给个日子。", "zh: " + "给个日子" * 16, STAYS),
    ("too-long-to-speak", "en: Name a day.", "en: " + "Name a day now " * 11, STAYS),
    ("few-endings", COLD, "", "endings:"),
]


def broken(old: str, new: str) -> str:
    assert old in GOOD, f"the good scenario has no {old!r}"
    return GOOD.replace(old, new, 1)


def line_of(text: str, piece: str) -> int:
    assert piece in text
    return text.count("\n", 0, text.index(piece)) + 1


@pytest.mark.parametrize(("code", "old", "new", "there"), BREAKAGES, ids=lambda part: part[:20].replace("\n", " "))
def test_each_mistake_has_a_code_and_a_place(code: str, old: str, new: str, there: str) -> None:
    source = broken(old, new)
    loaded = load_text(source, "")
    assert loaded.scenario is None
    found = [finding for finding in loaded.findings if finding.code == code]
    assert found, [str(finding) for finding in loaded.findings]
    assert found[0].severity is Severity.ERROR
    assert found[0].reason.endswith(".")
    assert found[0].fix
    if there:
        assert line_of(source, there) in {finding.line for finding in found}


@pytest.mark.parametrize(("code", "old", "new", "there"), WARNINGS, ids=lambda part: part[:20].replace("\n", " "))
def test_what_could_be_better_is_a_warning_and_the_scenario_can_be_played(
    code: str, old: str, new: str, there: str
) -> None:
    source = broken(old, new).replace(
        "    hang_up_to: cold\n", "" if code == "few-endings" else "    hang_up_to: cold\n"
    )
    loaded = load_text(source, "")
    assert loaded.scenario is not None, [str(finding) for finding in loaded.findings]
    found = {finding.code: finding for finding in loaded.findings}
    assert found[code].severity is Severity.WARNING
    assert found[code].line == line_of(source, there)


def test_the_tables_know_every_code_the_checks_can_give() -> None:
    written = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in (linter, loader))
    codes = set(re.findall(r'yield "([a-z-]+)"', written)) | {code for code, _ in loader._FIXES.values()}
    codes |= set(re.findall(r'_error\(\s*"([a-z-]+)"', written)) | {"wrong-value"}
    shown_elsewhere = {"thin-case", "unreadable", "file-name", "id-taken", "empty-file"}
    assert codes - shown_elsewhere == {row[0] for row in (*BREAKAGES, *WARNINGS)} - {
        "duplicate-key", "anchor", "alias", "tag", "tab", "syntax",
    }  # fmt: skip


def test_the_good_scenario_is_good_if_thin() -> None:
    loaded = load_text(GOOD, DEFAULTS)
    assert [finding.code for finding in loaded.findings] == ["thin-case"]
    assert loaded.scenario is not None


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    source = (
        broken("industry: retail", "industry: 7").replace("minutes: 5", "minutes: true").replace("to: 90", "to: hot")
    )
    findings = load_text(source, "").findings
    assert [finding.path for finding in findings] == ["industry", "minutes", "stages.0.go.0.when.anger.to"]
    assert [finding.line for finding in findings] == sorted(finding.line for finding in findings)


def test_wrong_types_everywhere_are_findings_and_nothing_else() -> None:
    fields = re.findall(r"^([a-z_]+):", GOOD, re.MULTILINE)
    for wrong in ("[]", "{}", "7", "true", "null", "text", "[[1]]", "{a: {b: 1}}"):
        source = "\n".join(f"{field}: {wrong}" for field in fields)
        loaded = load_text(source, "")
        assert loaded.scenario is None
        assert len(loaded.findings) > 15


@pytest.mark.parametrize("source", ["", "# only a comment\n", "null", "~", "---\n", "[]", "text", "7", "- format: 1"])
def test_a_file_that_is_no_scenario_at_all_says_so(source: str) -> None:
    loaded = load_text(source, "")
    assert loaded.scenario is None
    assert loaded.findings


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "alias"),
        ("\n".join(f"- {n}" for n in range(30_000)), "too-many-values"),
        ("x: " + "y" * 5_000_000, "too-big"),
        ("[" * 200 + "]" * 200, "too-deep"),
        ("a: 1\n---\nb: 2\n", "several-documents"),
        ("a: \x07\n", "control-character"),
        ("a: \ud800\n", "not-unicode"),
        ("!!python/object/apply:os.system ['true']", "tag"),
    ],
)
def test_bombs_do_not_go_off(source: str, code: str) -> None:
    assert code in {finding.code for finding in load_text(source, "").findings}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "late-kettle.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_file(file, "").scenario is not None


class TestFolders:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "defaults").mkdir()
        (tmp_path / "defaults" / "mood.yaml").write_text(DEFAULTS, encoding="utf-8")
        (tmp_path / "late-kettle.yaml").write_text(GOOD, encoding="utf-8")
        return tmp_path

    def by_file(self, folder: Path) -> dict[str, Loaded]:
        return {loaded.file: loaded for loaded in load_folder(folder)}

    def test_a_broken_file_does_not_keep_the_others_from_loading(self, folder: Path) -> None:
        (folder / "a-broken.yaml").write_text("format: 1\n", encoding="utf-8")
        (folder / "b-not-text.yaml").write_bytes(b"id: \xff\xfe")
        (folder / "c-folder.yaml").mkdir()
        (folder / "d-gone.yaml").symlink_to(folder / "nowhere.yaml")
        (folder / "notes.txt").write_text("not a scenario", encoding="utf-8")
        loaded = self.by_file(folder)
        assert [file for file, one in loaded.items() if one.scenario] == ["late-kettle.yaml"]
        assert len(loaded["a-broken.yaml"].findings) > 20
        for unreadable in ("b-not-text.yaml", "c-folder.yaml", "d-gone.yaml"):
            assert [finding.code for finding in loaded[unreadable].findings] == ["unreadable"]

    def test_a_file_is_called_like_its_scenario(self, folder: Path) -> None:
        (folder / "kettle.yaml").write_text(GOOD, encoding="utf-8")
        loaded = self.by_file(folder)
        assert "file-name" in {finding.code for finding in loaded["kettle.yaml"].findings}
        assert loaded["kettle.yaml"].scenario is None
        assert loaded["late-kettle.yaml"].scenario is not None

    def test_two_files_cannot_hold_one_scenario(self, folder: Path) -> None:
        first = load_file(folder / "late-kettle.yaml", "")
        again = Loaded("late-kettle-2.yaml", first.source, first.scenario, ())
        kept, refused = loader._without_collisions([first, again])
        assert kept.scenario is not None
        assert refused.scenario is None
        assert refused.findings[-1].code == "id-taken"
        assert "late-kettle.yaml" in refused.findings[-1].reason

    def test_no_folder_is_no_scenario(self, tmp_path: Path) -> None:
        assert load_folder(tmp_path / "nowhere") == ()

    @pytest.mark.parametrize(
        "content", [b"mood: 7\nreactions: [1]\n", b"# nothing\n", b"\xff", b"null", b"mood: [\n", b"moods: []\n"]
    )
    def test_broken_shared_rules_are_named_with_all_that_is_wrong(self, folder: Path, content: bytes) -> None:
        (folder / "defaults" / "odd.yaml").write_bytes(content)
        with pytest.raises(BadScenario, match=r"^defaults/odd\.yaml: ") as refused:
            load_folder(folder)
        assert "\n" not in str(refused.value)

    def test_shared_rules_stand_behind_the_files_own_and_own_moods_replace_shared_ones(self, folder: Path) -> None:
        scenario = self.by_file(folder)["late-kettle.yaml"].scenario
        assert scenario is not None
        assert [(rule.id, rule.anger) for rule in scenario.mood] == [("felt", -8), ("hurt", 9)]
        assert [reaction.id for reaction in scenario.reactions] == ["hurt", "any-rude"]
        assert [way.id for way in scenario.always] == ["had-enough", "no-time", "silent"]

    def test_the_hash_names_the_exact_words_and_shared_rules(self, folder: Path) -> None:
        defaults = load_defaults(folder / "defaults")
        hashes = {load_text(text, rules).scenario.hash  # type: ignore[union-attr]
                  for text in (GOOD, GOOD + "\n") for rules in (defaults, "")}  # fmt: skip
        assert len(hashes) == 4

    def test_what_was_rehearsed_once_can_be_rebuilt_though_the_checks_became_stricter(self, folder: Path) -> None:
        now_refused = broken("  since: {zh: 九号, en: the ninth}\n", "")
        assert load_text(now_refused, DEFAULTS).scenario is None
        rebuilt = rebuild(now_refused, DEFAULTS)
        assert rebuilt is not None
        assert rebuilt.id == "late-kettle"
        assert rebuild("format: 0\n", DEFAULTS) is None
        assert rebuild(GOOD, "moods: 7\n") is None


class TestBuilding:
    @pytest.fixture
    def loaded(self) -> Loaded:
        return load_text(GOOD, "")

    def test_missing_bands_borrow_from_their_neighbours(self, loaded: Loaded) -> None:
        assert loaded.scenario is not None
        says = loaded.scenario.stage("venting").says
        assert [[line.id for line in says.within(band)] for band in Band] == [["v-1", "v-2"], ["v-1", "v-2"], ["v-3"]]
        assert [line.id for line in says.every] == ["v-1", "v-2", "v-3"]

    def test_traditional_chinese_is_derived_unless_it_is_written(self, loaded: Loaded) -> None:
        assert loaded.scenario is not None
        lines = {line.id: line.text for line in loaded.scenario.lines}
        assert lines["v-1"] == Text("水壶呢？", "Where is my kettle?", "水壺呢？")
        assert lines["v-3"].hant == "熱水壺！"

    def test_words_that_are_looked_for_are_in_lower_case(self, loaded: Loaded) -> None:
        assert loaded.scenario is not None
        assert loaded.scenario.facts[0].asked_by["en"] == ("when did",)
        assert loaded.scenario.authority.earliest[0].words["en"] == ("delivered",)

    def test_no_limit_means_nothing_may_be_promised(self, loaded: Loaded) -> None:
        assert loaded.scenario is not None
        assert loaded.scenario.authority.coupon_limit == {"zh": None, "en": None}
        assert loaded.scenario.authority.refund_limit == {"zh": 386, "en": 38.6}

    def test_every_line_is_listed_once(self, loaded: Loaded) -> None:
        assert loaded.scenario is not None
        ids = [line.id for line in loaded.scenario.lines]
        assert len(ids) == len(set(ids)) == len(re.findall(r"\{id: [a-z0-9-]+, zh:", GOOD))

    def test_stages_and_endings_are_found_by_id(self, loaded: Loaded) -> None:
        assert loaded.scenario is not None
        assert loaded.scenario.ending("settled").is_good
        assert not loaded.scenario.ending("gone").is_good
        for find in (loaded.scenario.ending, loaded.scenario.stage):
            with pytest.raises(KeyError):
                find("nowhere")
