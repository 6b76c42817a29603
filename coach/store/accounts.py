"""Accounts: who may sign in, with which roles, in which teams."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_security.datastore import SQLAlchemySessionUserDatastore
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from coach.domain.language import Language
from coach.domain.people import Person, Role, Team
from coach.errors import BadInput, NotFound
from coach.store.database import SqlStore
from coach.store.people import normal_email
from coach.store.rows import ApiTokenRow, MentorRow, PersonRow, RoleRow, TeamRow, TraineeRow
from coach.store.translate import can_be_number, person_of, storable, storable_id, team_of

_MEMBERSHIP: dict[Role, type[TraineeRow] | type[MentorRow]] = {Role.TRAINEE: TraineeRow, Role.MENTOR: MentorRow}


def datastore_for(store: SqlStore) -> SQLAlchemySessionUserDatastore:
    """What Flask-Security works with. The pages must call `store.account_session.remove()` after each request."""
    return SQLAlchemySessionUserDatastore(store.account_session, PersonRow, RoleRow)


class Accounts:
    """Changes accounts, each call in a transaction of its own. NotFound for people and teams that do not exist."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def add_person(
        self,
        *,
        email: str,
        name: str,
        password_hash: str | None = None,
        roles: Iterable[Role] = (Role.TRAINEE,),
        language: Language = Language.EN,
        is_demo: bool = False,
    ) -> Person:
        """A new active account. BadInput if the e-mail address is taken. No password: no sign-in by one."""
        names = {role.value for role in roles}
        try:
            with self._store.write() as work:
                row = PersonRow(
                    email=storable_id(normal_email(email), "email"),
                    name=storable(name, "name"),
                    password=password_hash,
                    active=True,
                    fs_uniquifier=uuid.uuid4().hex,
                    language=language.value,
                    is_demo=is_demo,
                    created_utc=self._store.clock(),
                    roles=list(work.session.scalars(select(RoleRow).where(RoleRow.name.in_(names)))),
                )
                work.session.add(row)
                work.session.flush()
                return person_of(row)
        except IntegrityError as error:
            raise BadInput("the e-mail address is taken", field="email") from error

    def add_team(self, name: str) -> Team:
        """BadInput if the name is taken."""
        try:
            with self._store.write() as work:
                row = TeamRow(name=storable_id(name, "name"), created_utc=self._store.clock())
                work.session.add(row)
                work.session.flush()
                return team_of(row)
        except IntegrityError as error:
            raise BadInput("the name is taken", field="name") from error

    def join(self, person_id: int, team_id: int, role: Role = Role.TRAINEE) -> None:
        """Makes the person a trainee or a mentor of the team. Once is enough; again changes nothing."""
        membership = _MEMBERSHIP[role]
        with self._store.write() as work:
            person, team = _person(work.session, person_id), _team(work.session, team_id)
            if work.session.get(membership, (team.id, person.id)) is None:
                work.session.add(membership(team_id=team.id, person_id=person.id))

    def leave(self, person_id: int, team_id: int, role: Role = Role.TRAINEE) -> None:
        membership = _MEMBERSHIP[role]
        with self._store.write() as work:
            gone = delete(membership).where(membership.team_id == team_id, membership.person_id == person_id)
            work.session.execute(gone)

    def deactivate(self, person_id: int) -> None:
        """Switches the account off and ends all its sign-ins; its work stays."""
        with self._store.write() as work:
            row = _person(work.session, person_id)
            row.active, row.fs_uniquifier = False, uuid.uuid4().hex

    def activate(self, person_id: int) -> None:
        with self._store.write() as work:
            _person(work.session, person_id).active = True

    def set_password(self, person_id: int, password_hash: str) -> None:
        """Also ends all sign-ins of the person."""
        with self._store.write() as work:
            row = _person(work.session, person_id)
            row.password, row.fs_uniquifier = password_hash, uuid.uuid4().hex

    def revoke_tokens(self, person_id: int) -> None:
        """All API tokens of the person stop working."""
        with self._store.write() as work:
            theirs = update(ApiTokenRow).where(ApiTokenRow.person_id == person_id, ApiTokenRow.revoked_utc.is_(None))
            work.session.execute(theirs.values(revoked_utc=self._store.clock()))


def _person(session: Session, id: int) -> PersonRow:
    row = session.get(PersonRow, id) if can_be_number(id) else None
    if row is None:
        raise NotFound("no such person", person=id)
    return row


def _team(session: Session, id: int) -> TeamRow:
    row = session.get(TeamRow, id) if can_be_number(id) else None
    if row is None:
        raise NotFound("no such team", team=id)
    return row
