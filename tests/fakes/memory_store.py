"""A store in memory that keeps every promise of `coach.practice.ports`; tests/contracts/test_store.py proves it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from coach.coaching.ports import Flags
from coach.domain.flag import Flag, FlagState, NewFlag
from coach.domain.language import Language
from coach.domain.people import Person, Role, Team
from coach.domain.rehearsal import Rehearsal, Turn
from coach.errors import BadInput, BadText, CallEnded, KeyReused, NotFound, OutOfStep, StoreUnavailable
from coach.practice.ports import Clock, People, Rehearsals, RehearsalSummary, ScenarioArchive

TOKEN_LIFE = timedelta(days=365)


@dataclass
class _State:
    rehearsals: dict[str, Rehearsal] = field(default_factory=dict)
    requests: dict[tuple[str, str], str] = field(default_factory=dict)  # (rehearsal, key) -> request hash
    people: dict[int, Person] = field(default_factory=dict)
    inactive: frozenset[int] = frozenset()
    teams: dict[int, Team] = field(default_factory=dict)
    tokens: dict[str, tuple[int, datetime]] = field(default_factory=dict)  # token -> owner, end
    sources: dict[str, str] = field(default_factory=dict)
    flags: dict[int, Flag] = field(default_factory=dict)

    def copy(self) -> _State:
        """Values never change, so copying the dictionaries is enough."""
        return replace(self, **{name: copy(kept) for name, kept in vars(self).items()})


def _summary(rehearsal: Rehearsal) -> RehearsalSummary:
    turns = rehearsal.turns
    return RehearsalSummary(
        id=rehearsal.id,
        owner_id=rehearsal.owner_id,
        scenario_id=rehearsal.scenario_id,
        scenario_version=rehearsal.scenario_version,
        scenario_hash=rehearsal.scenario_hash,
        language=rehearsal.language,
        channel=rehearsal.channel,
        started=rehearsal.started,
        ended=rehearsal.ended,
        ending=turns[-1].ended if turns else "",
        replies=len(rehearsal.replies),
        anger_first=turns[0].mood.anger if turns else 0,
        anger_last=turns[-1].mood.anger if turns else 0,
        is_branch=rehearsal.branch_of is not None,
    )


def _must_be_storable(*texts: str) -> None:
    """As databases do: no NUL, no half of a surrogate pair."""
    for text in texts:
        if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
            raise BadText("cannot be stored")


class _Part:
    def __init__(self, state: _State, writable: bool) -> None:
        self._state = state
        self._writable = writable

    def _must_write(self) -> None:
        if not self._writable:
            raise RuntimeError("only inside Store.write()")


class MemoryRehearsals(_Part):
    def add(self, rehearsal: Rehearsal) -> None:
        self._must_write()
        for turn in rehearsal.turns:
            _must_be_storable(turn.key, turn.text)
        if rehearsal.branch_of is not None:
            self.get(rehearsal.branch_of[0])
        if rehearsal.owner_id not in self._state.people:
            raise NotFound("no such owner", owner=rehearsal.owner_id)
        if rehearsal.id in self._state.rehearsals:
            raise KeyReused("a rehearsal of this id exists", rehearsal=rehearsal.id)
        self._state.rehearsals[rehearsal.id] = rehearsal

    def get(self, id: str) -> Rehearsal:
        if id not in self._state.rehearsals:
            raise NotFound("no such rehearsal", rehearsal=id)
        return self._state.rehearsals[id]

    def lock(self, id: str) -> Rehearsal:
        self._must_write()
        return self.get(id)

    def append(self, id: str, turn: Turn, request: str) -> None:
        self._must_write()
        rehearsal = self.get(id)
        expected = rehearsal.last.seq + 1 if rehearsal.turns else 0
        if turn.seq != expected:
            raise OutOfStep("not the next turn", seq=turn.seq, expected=expected)
        if rehearsal.is_over:
            raise CallEnded("the call is over", rehearsal=id)
        _must_be_storable(turn.key, turn.text)
        if any(t.key == turn.key for t in rehearsal.turns):
            raise KeyReused("the key was used in this rehearsal", key=turn.key)
        self._state.rehearsals[id] = rehearsal.with_turn(turn)
        self._state.requests[id, turn.key] = request

    def answered(self, id: str, key: str) -> tuple[str, Turn] | None:
        rehearsal = self._state.rehearsals.get(id)
        for turn in rehearsal.turns if rehearsal else ():
            if turn.key == key:
                return self._state.requests.get((id, key), ""), turn
        return None

    def of_owner(
        self, owner_id: int, *, limit: int = 50, before: datetime | None = None
    ) -> tuple[RehearsalSummary, ...]:
        mine = (r for r in self._state.rehearsals.values() if r.owner_id == owner_id)
        found = [r for r in mine if before is None or r.started < before]
        return tuple(map(_summary, sorted(found, key=lambda r: (r.started, r.id), reverse=True)[: max(0, limit)]))

    def running_since(self, before: datetime, *, limit: int = 100) -> tuple[RehearsalSummary, ...]:
        found = [r for r in self._state.rehearsals.values() if r.ended is None and r.started < before]
        return tuple(map(_summary, sorted(found, key=lambda r: (r.started, r.id))[: max(0, limit)]))

    def branches_of(self, id: str) -> tuple[RehearsalSummary, ...]:
        found = [r for r in self._state.rehearsals.values() if r.branch_of and r.branch_of[0] == id]
        return tuple(map(_summary, sorted(found, key=lambda r: (r.started, r.id))))


class MemoryPeople(_Part):
    def __init__(self, state: _State, writable: bool, clock: Clock) -> None:
        super().__init__(state, writable)
        self._clock = clock

    def get(self, id: int) -> Person:
        if id not in self._state.people or id in self._state.inactive:
            raise NotFound("no such person", person=id)
        return self._state.people[id]

    def by_email(self, email: str) -> Person | None:
        wanted = email.strip().lower()
        return next((p for p in self._active() if p.email == wanted), None)

    def by_token(self, token: str) -> Person | None:
        owner, expires = self._state.tokens.get(token, (None, self._clock()))
        return next((p for p in self._active() if p.id == owner and self._clock() < expires), None)

    def issue_token(self, person_id: int, label: str) -> str:
        self._must_write()
        token = "coach_" + secrets.token_urlsafe(32)
        self._state.tokens[token] = (self.get(person_id).id, self._clock() + TOKEN_LIFE)
        return token

    def trainees_of(self, mentor: Person) -> tuple[Person, ...]:
        seen = [p for p in self._active() if p.id != mentor.id and mentor.may_see_work_of(p)]
        return tuple(sorted(seen, key=lambda p: (p.name, p.id)))

    def teams(self) -> tuple[Team, ...]:
        return tuple(sorted(self._state.teams.values(), key=lambda t: (t.name, t.id)))

    def set_language(self, person_id: int, language: Language) -> None:
        self._must_write()
        self._state.people[person_id] = replace(self.get(person_id), language=language)

    def _active(self) -> list[Person]:
        return [p for id, p in self._state.people.items() if id not in self._state.inactive]


class MemoryArchive(_Part):
    def keep(self, scenario_id: str, version: int, hash: str, source: str) -> None:
        self._must_write()
        self._state.sources.setdefault(hash, source)

    def source(self, hash: str) -> str:
        if hash not in self._state.sources:
            raise NotFound("no such scenario version", hash=hash)
        return self._state.sources[hash]


class MemoryFlags(_Part):
    def __init__(self, state: _State, writable: bool, clock: Clock) -> None:
        super().__init__(state, writable)
        self._clock = clock

    def add(self, new: NewFlag) -> tuple[Flag, bool]:
        self._must_write()
        _must_be_storable(new.call_reference, new.step, new.error_code, new.note)
        for person in (new.agent_id, new.flagged_by_id):
            if person not in self._state.people:
                raise NotFound("no such person", person=person)
        for kept in self._state.flags.values():
            if _what(kept.new) == _what(new):
                return self._named(kept), False
        id = len(self._state.flags) + 1
        self._state.flags[id] = Flag(id, new, FlagState.OPEN, self._clock(), "", "", "")
        return self._named(self._state.flags[id]), True

    def newest(
        self, *, agents: Collection[int] | None = None, limit: int = 50, before: int | None = None
    ) -> tuple[Flag, ...]:
        found = [
            self._named(flag)
            for id, flag in sorted(self._state.flags.items(), reverse=True)
            if (agents is None or flag.new.agent_id in agents) and (before is None or id < before)
        ]
        return tuple(found[: max(0, limit)])

    def _named(self, flag: Flag) -> Flag:
        agent, by = (self._state.people[id] for id in (flag.new.agent_id, flag.new.flagged_by_id))
        return replace(flag, agent_email=agent.email, agent_name=agent.name, flagged_by=by.name)


def _what(new: NewFlag) -> tuple[object, ...]:
    return new.agent_id, new.call_reference, new.date, new.step, new.error_code


class MemoryUnitOfWork:
    def __init__(self, state: _State, clock: Clock, *, writable: bool) -> None:
        self.rehearsals: Rehearsals = MemoryRehearsals(state, writable)
        self.people: People = MemoryPeople(state, writable, clock)
        self.archive: ScenarioArchive = MemoryArchive(state, writable)
        self.flags: Flags = MemoryFlags(state, writable, clock)


class MemoryAccounts:
    """What `coach.store.accounts.Accounts` does, without passwords."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def add_person(
        self,
        *,
        email: str,
        name: str,
        password_hash: str | None = None,
        roles: frozenset[Role] = frozenset({Role.TRAINEE}),
        language: Language = Language.EN,
    ) -> Person:
        with self._store.changing() as state:
            if any(p.email == email.strip().lower() for p in state.people.values()):
                raise BadInput("the e-mail address is taken", field="email")
            person = Person(len(state.people) + 1, email.strip().lower(), name, language, frozenset(roles))
            state.people[person.id] = person
            return person

    def add_team(self, name: str) -> Team:
        with self._store.changing() as state:
            team = Team(len(state.teams) + 1, name)
            state.teams[team.id] = team
            return team

    def join(self, person_id: int, team_id: int, role: Role = Role.TRAINEE) -> None:
        with self._store.changing() as state:
            person = state.people[person_id]
            kept: Mapping[Role, str] = {Role.TRAINEE: "trains", Role.MENTOR: "mentors"}
            joined = getattr(person, kept[role]) | {team_id}
            state.people[person_id] = replace(person, **{kept[role]: joined})

    def deactivate(self, person_id: int) -> None:
        with self._store.changing() as state:
            state.inactive = state.inactive | {person_id}

    def revoke_tokens(self, person_id: int) -> None:
        with self._store.changing() as state:
            state.tokens = {token: kept for token, kept in state.tokens.items() if kept[0] != person_id}


class MemoryStore:
    """`patience` is how long a writer waits, in seconds. `fail_with` makes the next write fail, once."""

    def __init__(self, *, clock: Clock = lambda: datetime.now(UTC), patience: float = 5.0) -> None:
        self._state = _State()
        self._lock = threading.Lock()
        self._patience = patience
        self.clock = clock
        self.accounts = MemoryAccounts(self)
        self.fail_with: Exception | None = None

    @contextmanager
    def write(self) -> Iterator[MemoryUnitOfWork]:
        with self.changing() as state:
            yield MemoryUnitOfWork(state, self.clock, writable=True)

    @contextmanager
    def read(self) -> Iterator[MemoryUnitOfWork]:
        yield MemoryUnitOfWork(self._state, self.clock, writable=False)

    def recall(self, rehearsal_id: str) -> Rehearsal | None:
        return self._state.rehearsals.get(rehearsal_id)

    @contextmanager
    def changing(self) -> Iterator[_State]:
        """A copy of everything that becomes the truth when the block ends well."""
        if not self._lock.acquire(timeout=self._patience):
            raise StoreUnavailable("too many are writing")
        try:
            failure, self.fail_with = self.fail_with, None
            if failure:
                raise failure
            draft = self._state.copy()
            yield draft
            self._state = draft
        finally:
            self._lock.release()
