"""People, teams and API tokens in SQL."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, Executable, bindparam, insert, or_, select, true, update

from coach.domain.language import Language
from coach.domain.people import Person, Role, Team
from coach.errors import NotFound
from coach.practice.ports import Clock
from coach.store.rows import ApiTokenRow, MentorRow, PersonRoleRow, PersonRow, RoleRow, TeamRow, TraineeRow
from coach.store.translate import can_be_id, can_be_number, people_of, storable

TOKEN_LIFE = timedelta(days=365)

# Built once: building a statement takes longer than running it, and every request asks for its person.
# A line for each combination of the person's rights; a person has a handful of each.
_ACTIVE = (
    select(
        PersonRow.id,
        PersonRow.email,
        PersonRow.name,
        PersonRow.language,
        RoleRow.name.label("role"),
        TraineeRow.team_id.label("trains"),
        MentorRow.team_id.label("mentors"),
    )
    .outerjoin(PersonRoleRow, PersonRoleRow.person_id == PersonRow.id)
    .outerjoin(RoleRow, RoleRow.id == PersonRoleRow.role_id)
    .outerjoin(TraineeRow, TraineeRow.person_id == PersonRow.id)
    .outerjoin(MentorRow, MentorRow.person_id == PersonRow.id)
    .where(PersonRow.active)
)
_BY_ID = _ACTIVE.where(PersonRow.id == bindparam("id"))
_BY_EMAIL = _ACTIVE.where(PersonRow.email == bindparam("email"))
_BY_TOKEN = _ACTIVE.join(ApiTokenRow, ApiTokenRow.person_id == PersonRow.id).where(
    ApiTokenRow.token_hash == bindparam("hash"),
    ApiTokenRow.revoked_utc.is_(None),
    ApiTokenRow.expires_utc > bindparam("now", type_=ApiTokenRow.expires_utc.type),
)


def hash_of(token: str) -> str:
    """SHA-256 in hex. Tokens are 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def normal_email(email: str) -> str:
    """E-mail addresses are compared without case."""
    return email.strip().lower()


class SqlPeople:
    def __init__(self, connection: Connection, clock: Clock, *, writable: bool) -> None:
        self._connection = connection
        self._clock = clock
        self._writable = writable

    def get(self, id: int) -> Person:
        person = self._one(_BY_ID, {"id": id}) if can_be_number(id) else None
        if person is None:
            raise NotFound("no such person", person=id)
        return person

    def by_email(self, email: str) -> Person | None:
        wanted = normal_email(email)
        return self._one(_BY_EMAIL, {"email": wanted}) if can_be_id(wanted) else None

    def by_token(self, token: str) -> Person | None:
        return self._one(_BY_TOKEN, {"hash": hash_of(token), "now": self._clock()})

    def issue_token(self, person_id: int, label: str) -> str:
        self._must_write()
        owner, now = self.get(person_id), self._clock()
        token = "coach_" + secrets.token_urlsafe(32)
        self._connection.execute(
            insert(ApiTokenRow).values(
                person_id=owner.id,
                token_hash=hash_of(token),
                label=storable(label, "label"),
                created_utc=now,
                expires_utc=now + TOKEN_LIFE,
            )
        )
        return token

    def trainees_of(self, mentor: Person) -> tuple[Person, ...]:
        """The rows that may qualify; the rule itself is `Person.may_see_work_of`, here as everywhere."""
        in_teams = select(TraineeRow.person_id).where(TraineeRow.team_id.in_(sorted(mentor.mentors)))
        may_qualify = or_(PersonRow.id.in_(in_teams), true() if mentor.has(Role.ADMIN) else PersonRow.id.is_(None))
        may_see = self._all(may_qualify, PersonRow.id != mentor.id)
        seen = [person for person in may_see if mentor.may_see_work_of(person)]
        return tuple(
            sorted(seen, key=lambda person: (person.name, person.id))
        )  # databases sort names each in its own way

    def teams(self) -> tuple[Team, ...]:
        teams = [Team(id, name) for id, name in self._connection.execute(select(TeamRow.id, TeamRow.name))]
        return tuple(sorted(teams, key=lambda team: (team.name, team.id)))

    def set_language(self, person_id: int, language: Language) -> None:
        self._must_write()
        person = self.get(person_id)
        self._connection.execute(update(PersonRow).where(PersonRow.id == person.id).values(language=language.value))

    def _must_write(self) -> None:
        if not self._writable:
            raise RuntimeError("only inside Store.write()")

    def _all(self, *which: ColumnElement[bool]) -> list[Person]:
        return people_of(self._connection.execute(_ACTIVE.where(*which)))

    def _one(self, query: Executable, values: dict[str, object]) -> Person | None:
        found = people_of(self._connection.execute(query, values))
        return found[0] if found else None
