"""The only place where parts are plugged into one another."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach import cli, grading
from coach.coaching.desk import Desk
from coach.coaching.flags import Flagging
from coach.config import Config, read_config
from coach.domain.behaviour import Reading
from coach.domain.people import Person, Role
from coach.domain.rubric import RubricPack
from coach.errors import BadSettings
from coach.jobs.left_calls import CloseLeftCalls
from coach.jobs.worker import Worker
from coach.practice.debrief import Debriefing
from coach.practice.library import Library
from coach.practice.ports import Clock, Voice
from coach.practice.progress import ProgressReport
from coach.practice.rehearse import Rehearsing
from coach.practice.samples import SAMPLES, act_out
from coach.practice.voicing import Voicing
from coach.rubrics.loader import load_packs
from coach.store import demo, migrate
from coach.store.database import SqlStore

if TYPE_CHECKING:
    from flask import Flask

    from coach.speech.files import SpeechCommands
    from coach.speech.listening import WorkingListener
    from coach.web.services import Services

BREATH = 0.3  # seconds between two lines of one utterance


def now() -> datetime:
    return datetime.now(UTC)


def read_reply(text: str, language: str, customer_before: str) -> Reading:
    """The reader as the use cases call it."""
    return grading.read_reply(text, language=language, customer_before=customer_before)


@dataclass(frozen=True)
class House:
    """Every part by the settings, each made when it is first asked for and then kept."""

    config: Config

    @cached_property
    def store(self) -> SqlStore:
        # A quarter of the threads stays free for readers while writers wait.
        return SqlStore(self.config.database_url, max_waiting=self.config.threads * 3 // 4)

    @cached_property
    def library(self) -> Library:
        return Library(self.config.scenarios)

    @cached_property
    def packs(self) -> Mapping[str, RubricPack]:
        return load_packs(self.config.rubrics)

    @cached_property
    def voice(self) -> Voice:
        from coach.speech.engines import open_voice

        engines = [name.strip() for name in self.config.voice_engine.split(",") if name.strip()]
        return open_voice(
            self.config.var / "sound",
            self.models,
            engines=engines,
            threads=self.config.speech_threads,
            yields_to=lambda: self.listener.is_busy,
        )

    @cached_property
    def listener(self) -> WorkingListener:
        from coach.speech.engines import open_listener

        return open_listener(self.models, engine=self.config.listen_engine, threads=self.config.speech_threads)

    @property
    def models(self) -> Path:
        return self.config.var / "models"

    @cached_property
    def speech_commands(self) -> SpeechCommands:
        from coach.speech.files import SpeechCommands

        return SpeechCommands(lambda: self.voice, lambda: self.listener, self.models)

    def _rehearsing(self, clock: Clock) -> Rehearsing:
        return Rehearsing(
            self.store,
            self.library,
            listener=self.listener,
            read=read_reply,
            clock=clock,
            new_id=lambda: secrets.token_urlsafe(12),
            new_seed=lambda: secrets.randbelow(2**31),
        )

    @cached_property
    def services(self) -> Services:
        from coach.speech.audio import join_wavs
        from coach.web.services import Services

        rehearsing = self._rehearsing(now)
        return Services(
            library=self.library,
            rehearsing=rehearsing,
            debriefing=Debriefing(self.store, self.library, self.packs),
            voicing=Voicing(self.store, self.library, self.voice),
            progress=ProgressReport(self.store, self.library, self.packs),
            desk=Desk(self.store),
            flagging=Flagging(self.store, self.packs, now),
            join_sounds=lambda wavs: join_wavs(wavs, BREATH),
            health=self.health,
            by_token=self._by_token,
        )

    def health(self) -> Mapping[str, str]:
        """Each part that can fail -> what is wrong with it, "" when well."""
        from coach.speech.engines import describe

        speech = describe(self.models)
        chosen = self.config.voice_engine.split(",")[0].strip()
        problems = {"store": "", "speaking": "", "listening": ""}
        try:
            self.store.ping()
        except Exception:
            # What exactly is for the log: anybody may ask for this, and a database's words name hosts and paths.
            logging.getLogger(__name__).exception("the store does not answer")
            problems["store"] = "does not answer"
        for engine in speech:
            if engine.name in (chosen, self.config.listen_engine):
                problems[engine.kind] = engine.missing
        return problems

    def _by_token(self, token: str) -> Any:
        with self.store.read() as work:
            return work.people.by_token(token)

    def prepare(self) -> None:
        """Brings the database up to date and, in demo mode, adds the demo people."""
        self.config.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        migrate.upgrade(self.config.database_url)
        if self.config.is_demo:
            from coach.web.auth import hash_password

            self._add_samples(demo.seed_demo(self.store, hash_password))

    def _add_samples(self, people: tuple[Person, ...]) -> None:
        """Gives each demo trainee without any calls a few, so that there is something to look at."""
        with self.store.read() as work:
            fresh = [p for p in people if p.has(Role.TRAINEE) and not work.rehearsals.of_owner(p.id, limit=1)]
        for person in fresh:
            folder = self.config.scenarios / "playtests"
            act_out(SAMPLES, folder, person, person.language, self._rehearsing, now())

    @cached_property
    def worker(self) -> Worker:
        """What works in the background of a serving process."""
        close = CloseLeftCalls(self.store, self.services.rehearsing.close_left, now)
        return Worker(self.store, {close.kind: close.work}, [close.find])

    def add_person(self, email: str, name: str, role: Role, team: str, password: str) -> None:
        """An account with one role, in a team that is made if it is new (trainees and mentors only)."""
        from coach.store.accounts import Accounts
        from coach.web.auth import hash_password

        accounts = Accounts(self.store)
        person = accounts.add_person(email=email, name=name, password_hash=hash_password(password), roles=(role,))
        if team:
            with self.store.read() as work:
                known = {known.name: known for known in work.people.teams()}
            accounts.join(person.id, (known.get(team) or accounts.add_team(team)).id, role)
        with self.store.write() as work:
            work.audit.record(None, "person-created", f"person:{person.id}", {"role": role.value, "team": team})

    def disable_person(self, person_id: int) -> None:
        """Ends all log-ins and tokens of the person and keeps the work."""
        from coach.store.accounts import Accounts

        accounts = Accounts(self.store)
        accounts.deactivate(person_id)
        accounts.revoke_tokens(person_id)
        with self.store.write() as work:
            work.audit.record(None, "person-disabled", f"person:{person_id}")

    def set_password(self, person_id: int, password: str) -> None:
        """A new password; ends all log-ins of the person."""
        from coach.store.accounts import Accounts
        from coach.web.auth import hash_password

        Accounts(self.store).set_password(person_id, hash_password(password))
        with self.store.write() as work:
            work.audit.record(None, "password-set", f"person:{person_id}")

    def ready_store(self) -> SqlStore:
        """The store for commands that need the tables. BadSettings while the database is not up to date."""
        migrate.require_current(self.config.database_url)
        return self.store

    def check_start(self) -> None:
        """BadSettings when this program must not serve with these settings and this database."""
        migrate.require_current(self.config.database_url)
        if not self.config.is_demo and demo.demo_people_exist(self.store):
            raise BadSettings("the database holds demo people; production does not start with them.")

    def create_app(self) -> Flask:
        from coach.store.accounts import datastore_for
        from coach.store.translate import person_of
        from coach.web.app import WebSettings, create_web
        from coach.web.auth import who_is_logged_in

        self.check_start()
        settings = WebSettings(
            secret_key=self.config.secret_key,
            secure=self.config.cookies_secure,
            demo=self.config.is_demo,
            trusted_proxies=self.config.trusted_proxies,
        )

        def set_language(person_id: int, language: Any) -> None:
            with self.store.write() as work:
                work.people.set_language(person_id, language)

        return create_web(
            settings,
            self.services,
            datastore=datastore_for(self.store),
            find_person=who_is_logged_in(person_of),
            set_language=set_language,
            end_request=self.store.account_session.remove,
        )

    def close(self) -> None:
        """Ends the engines that were started and gives the connections back."""
        for part in ("worker", "voice", "listener", "store"):
            if part in self.__dict__:
                getattr(self, part).close()


def create_app() -> Flask:
    return House(read_config()).create_app()


def main() -> None:
    """The command line on the settings of the environment."""
    try:
        house = House(read_config())
    except BadSettings as error:
        print(f"coach: {error}", file=sys.stderr)
        raise SystemExit(2) from error
    from coach.serving import serve

    try:
        cli.app(
            obj=cli.Wiring(
                scenarios=lambda: house.config.scenarios,
                packs=lambda: house.packs,
                library=lambda: house.library,
                store=house.ready_store,
                speech=lambda: house.speech_commands,
                serve=lambda: serve(house),
                prepare=house.prepare,
                add_person=house.add_person,
                disable_person=house.disable_person,
                set_password=house.set_password,
            )
        )
    finally:
        house.close()
