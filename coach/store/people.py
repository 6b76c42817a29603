"""People, teams and API tokens in SQL."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import Select, bindparam, or_, select, true
from sqlalchemy.orm import Session

from coach.domain.language import Language
from coach.domain.people import Person, Role, Team
from coach.errors import NotFound
from coach.practice.ports import Clock
from coach.store.rows import ApiTokenRow, PersonRow, TeamRow, TraineeRow
from coach.store.translate import can_be_id, can_be_number, person_of, storable, team_of

TOKEN_LIFE = timedelta(days=365)

# Built once: building a statement takes longer than running it, and every request asks for its person.
_ACTIVE = select(PersonRow).where(PersonRow.active)
_BY_ID = _ACTIVE.where(PersonRow.id == bindparam("id"))
_BY_EMAIL = _ACTIVE.where(PersonRow.email == bindparam("email"))
_BY_TOKEN = _ACTIVE.where(
    PersonRow.id.in_(
        select(ApiTokenRow.person_id).where(
            ApiTokenRow.token_hash == bindparam("hash"),
            ApiTokenRow.revoked_utc.is_(None),
            ApiTokenRow.expires_utc > bindparam("now", type_=ApiTokenRow.expires_utc.type),
        )
    )
)


def hash_of(token: str) -> str:
    """SHA-256 in hex. Tokens are 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def normal_email(email: str) -> str:
    """E-mail addresses are compared without case."""
    return email.strip().lower()


class SqlPeople:
    def __init__(self, session: Session, clock: Clock, *, writable: bool) -> None:
        self._session = session
        self._clock = clock
        self._writable = writable

    def get(self, id: int) -> Person:
        return person_of(self._row(id))

    def by_email(self, email: str) -> Person | None:
        wanted = normal_email(email)
        return self._one(_BY_EMAIL, {"email": wanted}) if can_be_id(wanted) else None

    def by_token(self, token: str) -> Person | None:
        return self._one(_BY_TOKEN, {"hash": hash_of(token), "now": self._clock()})

    def issue_token(self, person_id: int, label: str) -> str:
        self._must_write()
        owner, now = self._row(person_id), self._clock()
        token = "coach_" + secrets.token_urlsafe(32)
        self._session.add(
            ApiTokenRow(
                person_id=owner.id,
                token_hash=hash_of(token),
                label=storable(label, "label"),
                created_utc=now,
                expires_utc=now + TOKEN_LIFE,
            )
        )
        self._session.flush()
        return token

    def trainees_of(self, mentor: Person) -> tuple[Person, ...]:
        """The rows that may qualify; the rule itself is `Person.may_see_work_of`, here as everywhere."""
        in_teams = select(TraineeRow.person_id).where(TraineeRow.team_id.in_(sorted(mentor.mentors)))
        may_qualify = or_(PersonRow.id.in_(in_teams), true() if mentor.has(Role.ADMIN) else PersonRow.id.is_(None))
        rows = self._session.scalars(_ACTIVE.where(may_qualify, PersonRow.id != mentor.id)).unique()
        seen = [person for person in map(person_of, rows) if mentor.may_see_work_of(person)]
        return tuple(
            sorted(seen, key=lambda person: (person.name, person.id))
        )  # databases sort names each in its own way

    def teams(self) -> tuple[Team, ...]:
        teams = map(team_of, self._session.scalars(select(TeamRow)))
        return tuple(sorted(teams, key=lambda team: (team.name, team.id)))

    def set_language(self, person_id: int, language: Language) -> None:
        self._must_write()
        self._row(person_id).language = language.value
        self._session.flush()

    def _must_write(self) -> None:
        if not self._writable:
            raise RuntimeError("only inside Store.write()")

    def _row(self, id: int) -> PersonRow:
        row = self._first(_BY_ID, {"id": id}) if can_be_number(id) else None
        if row is None:
            raise NotFound("no such person", person=id)
        return row

    def _one(self, query: Select[PersonRow], values: dict[str, object]) -> Person | None:
        row = self._first(query, values)
        return person_of(row) if row else None

    def _first(self, query: Select[PersonRow], values: dict[str, object]) -> PersonRow | None:
        return self._session.scalars(query, values).unique().one_or_none()
