"""The command line. Mistakes of the caller end in one line and exit code 2."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

import click

from coach import grading
from coach.domain.behaviour import Reading
from coach.domain.language import Language
from coach.domain.people import Person, Role
from coach.domain.rehearsal import Event, join_lines
from coach.domain.rubric import RubricPack
from coach.domain.scenario import Scenario
from coach.errors import CoachError, EmptyReply, TextTooLong
from coach.practice.library import Library
from coach.practice.ports import Store
from coach.practice.rehearse import clean_text
from coach.scenarios.engine import Observation, opening, step
from coach.scenarios.loader import Loaded, load_folder
from coach.scenarios.observation import event_only, observe
from coach.scenarios.playtest import LANGUAGES, Result, find_playtests, load_playtest, play
from coach.scenarios.program import Program, compile_scenario

LEAST_PASSWORD = 10  # characters, as on the page


class Speech(Protocol):
    """What the speech commands need; `coach.bootstrap` provides it."""

    def say_to_file(self, text: str, language: str, voice: str, path: Path) -> None: ...

    def transcribe_file(self, path: Path, language: str) -> dict[str, object]: ...

    def describe(self) -> Iterable[str]: ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """Parts the commands use, made when a command asks for them."""

    scenarios: Callable[[], Path]
    packs: Callable[[], Mapping[str, RubricPack]]
    library: Callable[[], Library]
    store: Callable[[], Store]
    speech: Callable[[], Speech]
    serve: Callable[[], None]
    prepare: Callable[[], None]
    add_person: Callable[[str, str, Role, str, str], None]
    disable_person: Callable[[int], None]
    set_password: Callable[[int, str], None]


class _OneLineErrors(click.Group):
    """Turns the caller's mistakes, and ours that have a name, into one line and exit code 2."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        try:
            sys.exit(super().main(*args, **{**kwargs, "standalone_mode": False}))
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
        except click.ClickException as error:
            click.echo(f"coach: {error.format_message()}", err=True)
        except click.Abort:
            click.echo("coach: stopped", err=True)
            sys.exit(130)
        except CoachError as error:
            click.echo(f"coach: {' '.join(str(error).split())}", err=True)
        except UnicodeDecodeError as error:
            click.echo(f"coach: the input is not UTF-8: {error.reason} at byte {error.start}", err=True)
        except BrokenPipeError:
            # Whoever read us has seen enough; the interpreter must not complain about it when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        sys.exit(2)


@click.group(cls=_OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
def app() -> None:
    """Coach: practise difficult complaint calls."""


_wiring = click.make_pass_decorator(Wiring)


def _fail(message: str) -> NoReturn:
    click.echo(f"coach: {message}", err=True)
    sys.exit(2)


# ---------------------------------------------------------------------------------------------- reading and grading


@app.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
def read(file: IO[str]) -> None:
    """Read replies: JSON lines with id, agent_reply and optionally lang and customer_before; "-" for standard input."""
    for line in grading.read_lines(file):
        click.echo(line)


@app.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--rubric", "rubric_id", required=True, help="Id of the rubric pack, for example four-step.")
@_wiring
def grade(wiring: Wiring, file: IO[str], rubric_id: str) -> None:
    """Grade a transcript: JSON with lang, turns of role and text, and optionally scenario."""
    packs = wiring.packs()
    if rubric_id not in packs:
        _fail(f"there is no rubric pack {rubric_id}; there are: {', '.join(sorted(packs))}")
    known = {scenario.id: scenario for scenario in wiring.library().scenarios}
    assessment = grading.grade_document(file.read(), packs[rubric_id], known, notice=_notice)
    click.echo(json.dumps(assessment, ensure_ascii=False, indent=2))


def _notice(scenario: Scenario, reading: Reading, language: str) -> frozenset[str]:
    return observe(scenario, reading, language).signals


# ------------------------------------------------------------------------------------------------------- scenarios


@app.group()
def scenarios() -> None:
    """Check scenario files and play them."""


@scenarios.command()
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON.")
@_wiring
def check(wiring: Wiring, as_json: bool) -> None:
    """Report everything that is wrong with the scenario files."""
    loaded = load_folder(_folder(wiring))
    if as_json:
        click.echo(json.dumps([_findings_json(one) for one in loaded], ensure_ascii=False, indent=2))
    else:
        for one in loaded:
            for finding in one.findings:
                click.echo(f"{one.file}: {finding}")
        good = sum(1 for one in loaded if one.scenario)
        warnings = sum(1 for one in loaded for finding in one.findings if not finding.is_error)
        click.echo(f"{good} of {len(loaded)} scenarios can be played, {warnings} warnings.")
    if any(one.scenario is None for one in loaded):
        sys.exit(1)


def _folder(wiring: Wiring) -> Path:
    folder = wiring.scenarios()
    if not folder.is_dir():
        _fail(f"there is no folder {folder}")
    return folder


def _findings_json(loaded: Loaded) -> dict[str, object]:
    findings = [
        {"code": f.code, "severity": f.severity, "line": f.line, "path": f.path, "reason": f.reason, "fix": f.fix}
        for f in loaded.findings
    ]
    return {"file": loaded.file, "ok": loaded.scenario is not None, "findings": findings}


@scenarios.command()
@click.argument("scenario", required=False)
@click.option("--json", "as_json", is_flag=True, help="Results as JSON.")
@click.option("--show", is_flag=True, help="Print the talk of every play-test, not only of failed ones.")
@_wiring
def playtest(wiring: Wiring, scenario: str | None, as_json: bool, show: bool) -> None:
    """Play the play-tests of one scenario, or of all, in both languages."""
    folder = _folder(wiring)
    programs = {one.scenario.id: compile_scenario(one.scenario) for one in load_folder(folder) if one.scenario}
    files = find_playtests(folder / "playtests", scenario)
    if not files:
        _fail(f"there are no play-tests of {scenario}" if scenario else f"there are no play-tests in {folder}")
    results = [result for path in files for result in _play_file(path, programs)]
    failed = [result for result in results if not result.passed]
    if as_json:
        click.echo(json.dumps([_result_json(result) for result in results], ensure_ascii=False, indent=2))
    else:
        for result in results:
            click.echo(f"{'passed' if result.passed else 'FAILED'}  {result.file} ({result.language})")
            for line in (*result.problems, *(result.talk if show or result.problems else ())):
                click.echo(f"    {line}")
        click.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    if failed:
        sys.exit(1)


def _play_file(path: Path, programs: dict[str, Program]) -> list[Result]:
    name = f"{path.parent.name}/{path.name}"
    try:
        test = load_playtest(path)
    except ValueError as error:
        return [Result(name, path.parent.name, path.stem, "", (str(error),), ())]
    program = programs.get(test.scenario)
    if program is None:
        problem = f"there is no playable scenario {test.scenario}"
        return [Result(name, test.scenario, test.ending, "", (problem,), ())]
    return [play(program, test, language, _read, file=name) for language in LANGUAGES]


def _read(text: str, language: str, customer_before: str) -> Reading:
    return grading.read_reply(text, language=language, customer_before=customer_before)


def _result_json(result: Result) -> dict[str, object]:
    return {
        "file": result.file,
        "scenario": result.scenario,
        "ending": result.ending,
        "language": result.language,
        "passed": result.passed,
        "problems": result.problems,
    }


@app.command(name="play")
@click.argument("scenario")
@click.option("--lang", default="zh", help="zh, zh-Hant or en.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same customer.")
@_wiring
def play_in_terminal(wiring: Wiring, scenario: str, lang: str, seed: int) -> None:
    """Talk to a customer in the terminal. An empty line is silence; end the call with Ctrl-D."""
    language = _language(lang)
    loaded = {one.scenario.id: one.scenario for one in load_folder(_folder(wiring)) if one.scenario}
    if scenario not in loaded:
        _fail(f"there is no scenario {scenario}; there are: {', '.join(sorted(loaded))}")
    program = compile_scenario(loaded[scenario])
    now = opening(program, seed)
    while True:
        words = join_lines(line.text.within(language) for line in now.lines)
        click.echo(f"\n{program.scenario.persona.name.within(language)}: {words}")
        for change in now.changes:
            click.echo(f"    {change.what} {change.delta:+d}: {change.because.within(language)}")
        click.echo(f"    anger {now.state.anger}, patience {now.state.patience}")
        if now.state.ended:
            click.echo(f"\n{program.endings[now.state.ended].title.within(language)}")
            return
        now = step(program, now.state, _next_move(program, language.spoken, words), seed)


def _next_move(program: Program, language: str, customer_before: str) -> Observation:
    """What is typed next. Words that cannot be used are asked for again."""
    while True:
        try:
            text = clean_text(input("> "))
        except EOFError:
            return event_only(Event.HANG_UP, language)
        except EmptyReply:
            return event_only(Event.SILENCE, language)
        except TextTooLong as error:
            click.echo(f"    {error}; say it in fewer words")
            continue
        return observe(program.scenario, _read(text, language, customer_before), language)


def _language(tag: str) -> Language:
    try:
        return Language.of(tag)
    except ValueError:
        _fail(f"{tag} is not a language of Coach: zh, zh-Hant or en")


# ---------------------------------------------------------------------------------------------------------- speech


@app.group()
def speech() -> None:
    """Speak and listen."""


@speech.command()
@click.argument("text")
@click.option("--lang", default="zh", help="zh or en.")
@click.option("--voice", default="", help="Name of a voice; the language's default otherwise.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="WAV to write.")
@_wiring
def say(wiring: Wiring, text: str, lang: str, voice: str, output: Path) -> None:
    """Say a text into a WAV file."""
    wiring.speech().say_to_file(text, _language(lang).spoken, voice, output)
    click.echo(str(output))


@speech.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--lang", default="zh", help="zh or en.")
@click.option("--json", "as_json", is_flag=True, help="Words with times and confidence as JSON.")
@_wiring
def transcribe(wiring: Wiring, file: Path, lang: str, as_json: bool) -> None:
    """Write down what a recording says."""
    heard = wiring.speech().transcribe_file(file, _language(lang).spoken)
    click.echo(json.dumps(heard, ensure_ascii=False) if as_json else str(heard["text"]))


@speech.command()
@_wiring
def engines(wiring: Wiring) -> None:
    """List the speaking and listening engines, and why one is missing."""
    for line in wiring.speech().describe():
        click.echo(line)


# ---------------------------------------------------------------------------------------------- people and serving


@app.group()
def token() -> None:
    """API tokens."""


@token.command(name="create")
@click.argument("email")
@click.option("--label", default="command line", show_default=True)
@_wiring
def create_token(wiring: Wiring, email: str, label: str) -> None:
    """Make an API token for a person and print it, this once."""
    with wiring.store().write() as work:
        person = work.people.by_email(email)
        if person is None:
            _fail(f"nobody with the address {email} has an account")
        token = work.people.issue_token(person.id, label)
    click.echo(token)  # only when it is kept


@app.group()
def person() -> None:
    """Accounts."""


@person.command(name="create")
@click.argument("email")
@click.option("--name", required=True, help="As others see it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.TRAINEE.value)
@click.option("--team", default="", help="Team to join as trainee or mentor; made if it is new.")
@click.password_option(help="At least 10 characters; asked for when left out.")
@_wiring
def create_person(wiring: Wiring, email: str, name: str, role: str, team: str, password: str) -> None:
    """Make an account."""
    _check_password(password)
    if team and role not in (Role.TRAINEE, Role.MENTOR):
        _fail("only trainees and mentors are in teams")
    wiring.add_person(email, name, Role(role), team, password)
    click.echo(f"{email} can log in now")


@person.command(name="disable")
@click.argument("email")
@_wiring
def disable_person(wiring: Wiring, email: str) -> None:
    """Switch an account off: log-ins and API tokens end at once, the calls stay."""
    wiring.disable_person(_known(wiring, email).id)
    click.echo(f"{email} cannot log in any more")


@person.command(name="password")
@click.argument("email")
@click.password_option(help="At least 10 characters; asked for when left out.")
@_wiring
def set_password(wiring: Wiring, email: str, password: str) -> None:
    """Give an account a new password; all its log-ins end."""
    _check_password(password)
    wiring.set_password(_known(wiring, email).id, password)
    click.echo(f"{email} has a new password")


def _check_password(password: str) -> None:
    if len(password) < LEAST_PASSWORD:
        _fail(f"the password has {len(password)} characters; use at least {LEAST_PASSWORD}")


def _known(wiring: Wiring, email: str) -> Person:
    with wiring.store().read() as work:
        person = work.people.by_email(email)
    if person is None:
        _fail(f"nobody with the address {email} has an account")
    return person


@app.command()
@_wiring
def prepare(wiring: Wiring) -> None:
    """Bring the database up to date, load scenarios and, in demo mode, the demo people."""
    wiring.prepare()


@app.command()
@_wiring
def serve(wiring: Wiring) -> None:
    """Start the server."""
    wiring.serve()
