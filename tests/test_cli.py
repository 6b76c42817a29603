"""The command line: what scripts rely on, and one line with exit code 2 for every mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coach import cli
from coach.domain.people import Role
from coach.errors import BadSettings, SpeechUnavailable
from coach.practice.library import Library
from coach.rubrics.loader import load_packs
from tests.fakes.memory_store import MemoryStore

ROOT = Path(__file__).parents[1]
KETTLE = (ROOT / "tests/scenarios/kettle.yaml").read_text(encoding="utf-8")
PERSON = ["person", "create", "m@example.com", "--name", "M"]
PLAYTEST = """
scenario: late-kettle
ending: gone
moves: [{silence: true}]
"""


class FakeSpeech:
    def say_to_file(self, text: str, language: str, voice: str, path: Path) -> None:
        if not text:
            raise SpeechUnavailable("no engine can\nsay that")
        path.write_text(f"{text}/{language}/{voice}")

    def transcribe_file(self, path: Path, language: str) -> dict[str, object]:
        return {"text": f"您好 {language}", "words": []}

    def describe(self) -> Iterator[str]:
        yield "kokoro: ready"


@dataclass
class Terminal:
    """Runs commands on a folder of scenarios and a store in memory."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    served: list[str] = field(default_factory=list)

    def hand_on(self, what: str) -> None:
        self.served.append(what)

    def run(self, *arguments: str, typed: str = "") -> Result:
        wiring = cli.Wiring(
            scenarios=lambda: self.folder,
            packs=lambda: load_packs(ROOT / "rubrics"),
            library=lambda: Library(self.folder),
            store=lambda: self.store,
            speech=FakeSpeech,
            serve=lambda: self.hand_on("serve"),
            prepare=lambda: self.hand_on("prepare"),
            add_person=lambda *who: self.hand_on(" ".join(map(str, who[:4]))),
            disable_person=lambda id: self.hand_on(f"disable {id}"),
            set_password=lambda id, _password: self.hand_on(f"password {id}"),
        )
        return CliRunner().invoke(cli.app, list(arguments), input=typed, obj=wiring)

    def fails(self, *arguments: str, typed: str = "") -> str:
        result = self.run(*arguments, typed=typed)
        assert result.exit_code == 2, result.output
        assert result.stderr.startswith("coach: ")
        assert result.stderr.count("\n") == 1
        return result.stderr.strip()


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    (tmp_path / "late-kettle.yaml").write_text(KETTLE, encoding="utf-8")
    tests = tmp_path / "playtests" / "late-kettle"
    tests.mkdir(parents=True)
    (tests / "left.yaml").write_text(
        "scenario: late-kettle\nending: left\nmoves: [{hang_up: true, expect: {says: [e-4]}}]\n", encoding="utf-8"
    )
    return Terminal(tmp_path)


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["nonsense"], "No such command"),
            (["--colour"], "No such option"),
            (["play"], "Missing argument"),
            (["play", "late-kettle", "--seed", "x"], "not a valid integer"),
            (["play", "late-kettle", "--lang", "fr"], "fr is not a language of Coach"),
            (["play", "nobody"], "there is no scenario nobody; there are: late-kettle"),
            (["read", "/nowhere.jsonl"], "No such file"),
            (["read", "/"], "Is a directory"),
            (["grade", "-"], "--rubric"),
            (["grade", "-", "--rubric", "nine-step"], "no rubric pack nine-step; there are: after-sales, difficult"),
            (["scenarios", "playtest", "nobody"], "there are no play-tests of nobody"),
            (["token", "create", "nobody@example.com"], "nobody with the address nobody@example.com"),
            (["speech", "say", "hi"], "--output"),
            (["speech", "say", "", "-o", "/tmp/x.wav"], "no engine can say that"),
            (["speech", "transcribe", "/nowhere.wav"], "does not exist"),
            ([*PERSON, "--password", "short"], "at least 10"),
            ([*PERSON, "--role", "boss", "--password", "x" * 12], "boss"),
            ([*PERSON, "--role", "qa", "--team", "t", "--password", "x" * 12], "teams"),
        ],
        ids=lambda part: " ".join(part)[:40] if isinstance(part, list) else "",
    )  # fmt: skip
    def test_each_is_one_line_and_exit_code_two(self, terminal: Terminal, arguments: list[str], told: str) -> None:
        assert told in terminal.fails(*arguments)

    def test_input_that_is_not_text(self, terminal: Terminal, tmp_path: Path) -> None:
        file = tmp_path / "bad.jsonl"
        file.write_bytes(b"\xff\xfe")
        assert "not UTF-8" in terminal.fails("read", str(file))

    @pytest.mark.parametrize(
        "line", ["no json", "[]", '{"id": "1"}', '{"id": "1", "agent_reply": 7}', '{"id":"1","agent_reply":"\\ud800"}']
    )
    def test_a_line_that_cannot_be_read_is_named(self, terminal: Terminal, line: str) -> None:
        good = '{"id": "0", "agent_reply": "Sorry about the delay."}\n'
        assert "line 2" in terminal.fails("read", "-", typed=good + line)

    def test_a_folder_that_is_not_there(self, terminal: Terminal, tmp_path: Path) -> None:
        nowhere = Terminal(tmp_path / "nowhere")
        for command in (["scenarios", "check"], ["scenarios", "playtest"], ["play", "late-kettle"]):
            assert "there is no folder" in nowhere.fails(*command)

    def test_broken_shared_rules(self, terminal: Terminal) -> None:
        (terminal.folder / "defaults").mkdir()
        (terminal.folder / "defaults" / "mood.yaml").write_text("moods: 7\n")
        assert "defaults/mood.yaml: line 1" in terminal.fails("scenarios", "check")

    def test_settings_that_are_refused(self, terminal: Terminal) -> None:
        def refuse(_what: str) -> None:
            raise BadSettings("not with these settings")

        terminal.hand_on = refuse
        assert terminal.fails("serve") == "coach: not with these settings"

    def test_nothing_at_all_shows_what_there_is(self, terminal: Terminal) -> None:
        result = terminal.run()
        assert result.exit_code == 2
        assert "Commands:" in result.stderr + result.stdout
        assert terminal.run("--help").exit_code == 0


class TestReadingAndGrading:
    def test_replies_are_read_line_by_line(self, terminal: Terminal) -> None:
        lines = [
            {"id": "a", "lang": "en", "customer_before": "Where?", "agent_reply": "I am so sorry about the delay."},
            {"id": 2, "agent_reply": "非常抱歉让您等了一周。"},
        ]  # fmt: skip
        result = terminal.run("read", "-", typed="\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
        assert result.exit_code == 0
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        assert [answer["id"] for answer in answers] == ["a", 2]
        for answer, line in zip(answers, lines, strict=True):
            assert answer["behaviours"]
            for behaviour in answer["behaviours"]:
                assert set(behaviour) == {"id", "verdict", "confidence", "evidence"}
                for quote in behaviour["evidence"]:
                    assert str(line["agent_reply"])[quote["start"] : quote["end"]] == quote["text"]

    def test_a_transcript_is_graded(self, terminal: Terminal) -> None:
        turns = [
            {"role": "customer", "text": "My kettle never came!"},
            {"role": "agent", "text": "I am sorry your kettle never came. I will send another today."},
        ]  # fmt: skip
        call = json.dumps({"lang": "en", "scenario": "late-kettle", "turns": turns})
        result = terminal.run("grade", "-", "--rubric", "four-step", typed=call)
        assert result.exit_code == 0, result.stderr
        assessment = json.loads(result.stdout)
        assert assessment["rubric"] == "four-step"
        assert assessment["rubric_hash"]
        assert {"steps", "faults", "critical", "total", "grader_version"} <= set(assessment)
        assert result.stdout == terminal.run("grade", "-", "--rubric", "four-step", typed=call).stdout


class TestScenarios:
    def test_a_sound_folder(self, terminal: Terminal) -> None:
        result = terminal.run("scenarios", "check")
        assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 of 1 scenarios can be played, 1 warnings.")

    def test_findings_as_json(self, terminal: Terminal) -> None:
        (terminal.folder / "broken.yaml").write_text("format: 2\n")
        result = terminal.run("scenarios", "check", "--json")
        assert result.exit_code == 1
        broken, kettle = json.loads(result.stdout)
        assert (broken["file"], broken["ok"], kettle["ok"]) == ("broken.yaml", False, True)
        assert {"code", "severity", "line", "path", "reason", "fix"} == set(broken["findings"][0])

    def test_play_tests_pass_or_show_the_talk(self, terminal: Terminal) -> None:
        assert terminal.run("scenarios", "playtest").stdout.splitlines()[-1] == "2 passed, 0 failed"
        assert "agent: (hangs up)" in terminal.run("scenarios", "playtest", "late-kettle", "--show").stdout
        (terminal.folder / "playtests/late-kettle/gone.yaml").write_text(PLAYTEST)
        failed = terminal.run("scenarios", "playtest")
        assert failed.exit_code == 1
        assert "FAILED  late-kettle/gone.yaml (zh)" in failed.stdout
        assert "ended in nothing: still venting, not in gone" in failed.stdout

    def test_play_tests_as_json_name_broken_and_orphaned_files(self, terminal: Terminal) -> None:
        (terminal.folder / "playtests/late-kettle/odd.yaml").write_text("moves: 7")
        (terminal.folder / "playtests/late-kettle/orphan.yaml").write_text(PLAYTEST.replace("late-kettle", "gone-away"))
        result = terminal.run("scenarios", "playtest", "--json")
        assert result.exit_code == 1
        told = {one["file"]: one for one in json.loads(result.stdout)}
        assert told["late-kettle/left.yaml"]["passed"]
        assert "moves" in told["late-kettle/odd.yaml"]["problems"][0]
        assert told["late-kettle/orphan.yaml"]["problems"] == ["there is no playable scenario gone-away"]


class TestPlaying:
    def test_a_call_in_the_terminal(self, terminal: Terminal) -> None:
        typed = "I understand how upsetting a week of waiting must be.\n\n"
        result = terminal.run("play", "late-kettle", "--lang", "en", typed=typed)
        assert result.exit_code == 0, result.stderr
        assert "Ann Reed: " in result.stdout
        assert "anger 60, patience 50" in result.stdout
        assert "anger -7: it was heard" in result.stdout
        assert result.stdout.rstrip().endswith("Let it be")

    def test_odd_words_are_asked_for_again_and_the_call_goes_on(self, terminal: Terminal) -> None:
        result = terminal.run("play", "late-kettle", "--lang", "en", typed="x" * 3000 + "\n\x00\n<b>\n")
        assert result.exit_code == 0
        assert "say it in fewer words" in result.stdout
        assert result.stdout.rstrip().endswith("You left")

    def test_in_traditional_characters_the_same_seed_gives_the_same_call(self, terminal: Terminal) -> None:
        one, two = (terminal.run("play", "late-kettle", "--lang", "zh-TW", "--seed", "4").stdout for _ in range(2))
        assert "水壺" in one
        assert one == two


class TestPeople:
    def test_a_token_is_printed_alone_and_works(self, terminal: Terminal) -> None:
        alice = terminal.store.accounts.add_person(
            email="alice@example.com", name="Alice", roles=frozenset({Role.TRAINEE})
        )
        result = terminal.run("token", "create", "Alice@Example.com")
        assert result.exit_code == 0
        assert result.stderr == ""
        token = result.stdout.removesuffix("\n")
        assert token == token.strip()
        assert "\n" not in token
        with terminal.store.read() as work:
            assert work.people.by_token(token) == alice

    def test_no_token_is_shown_that_was_not_kept(self, terminal: Terminal) -> None:
        terminal.store.accounts.add_person(email="alice@example.com", name="Alice")
        terminal.store.fail_with = SpeechUnavailable("away")
        assert terminal.run("token", "create", "alice@example.com").stdout == ""

    def test_an_account_is_made(self, terminal: Terminal) -> None:
        made = terminal.run(
            "person",
            "create",
            "m@example.com",
            "--name",
            "M",
            "--role",
            "mentor",
            "--team",
            "north",
            "--password",
            "x" * 12,
        )
        assert made.exit_code == 0, made.stderr
        assert terminal.served == ["m@example.com M mentor north"]


class TestTheRest:
    def test_serving_and_preparing_are_handed_on(self, terminal: Terminal) -> None:
        assert terminal.run("prepare").exit_code == terminal.run("serve").exit_code == 0
        assert terminal.served == ["prepare", "serve"]

    def test_speech(self, terminal: Terminal, tmp_path: Path) -> None:
        wav = tmp_path / "say.wav"
        assert (
            terminal.run("speech", "say", "您好", "--lang", "zh-Hant", "--voice", "v", "-o", str(wav)).stdout
            == f"{wav}\n"
        )
        assert wav.read_text() == "您好/zh/v"
        assert (
            json.loads(terminal.run("speech", "transcribe", str(wav), "--lang", "zh", "--json").stdout)["words"] == []
        )
        assert terminal.run("speech", "transcribe", str(wav), "--lang", "en").stdout == "您好 en\n"
        assert terminal.run("speech", "engines").stdout == "kokoro: ready\n"


class TestChangingAccounts:
    def test_an_account_is_switched_off_by_its_address(self, terminal: Terminal) -> None:
        alice = terminal.store.accounts.add_person(email="alice@example.com", name="Alice")
        assert terminal.run("person", "disable", "alice@example.com").exit_code == 0
        assert f"disable {alice.id}" in terminal.served

    def test_a_new_password_is_as_long_as_on_the_page(self, terminal: Terminal) -> None:
        alice = terminal.store.accounts.add_person(email="alice@example.com", name="Alice")
        assert "10" in terminal.fails("person", "password", "alice@example.com", "--password", "short")
        assert terminal.run("person", "password", "alice@example.com", "--password", "four calm words").exit_code == 0
        assert terminal.served == [f"password {alice.id}"]

    def test_nobody_of_that_address_is_said(self, terminal: Terminal) -> None:
        assert "bob@example.com" in terminal.fails("person", "disable", "bob@example.com")
