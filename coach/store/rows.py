"""The tables, as typed rows. Only this package sees them.

Text columns have no length: limits on what people send are the business of the use cases, and a length that PostgreSQL
keeps and SQLite ignores would make the two behave differently.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcTime, str: Text}  # noqa: RUF012 - SQLAlchemy reads it as it is


class RoleRow(Base, RoleMixin):
    """One of the four roles; the first migration adds them."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class PersonRow(Base, UserMixin):
    """An account. `email` is in lower case; `fs_uniquifier` changes when all sign-ins of the person shall end."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default=true())
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(server_default=false())
    created_utc: Mapped[datetime]

    # Joined, because nearly every use of a person asks for rights, and a person has a handful of each.
    # mypy: the mixin declares a list of its own class, and lists are invariant.
    roles: Mapped[list[RoleRow]] = relationship(  # type: ignore[assignment]
        secondary="person_role", lazy="joined", order_by=RoleRow.id
    )
    trained: Mapped[list[TraineeRow]] = relationship(lazy="joined", viewonly=True)
    mentored: Mapped[list[MentorRow]] = relationship(lazy="joined", viewonly=True)


class PersonRoleRow(Base):
    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id", ondelete="CASCADE"), primary_key=True)


class TeamRow(Base):
    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    created_utc: Mapped[datetime]


class TraineeRow(Base):
    """This person practises in this team."""

    __tablename__ = "team_trainee"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class MentorRow(Base):
    """This person may see the work of this team."""

    __tablename__ = "team_mentor"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class RehearsalRow(Base):
    """One attempt. `ending` to `anger_last` repeat what the turns say, written in the same transaction, so that lists
    need no turns. `next_seq` is the number of the turn that may be appended. `seed` is text: it may have 64 bits and
    more, and nobody counts with it here."""

    __tablename__ = "rehearsal"
    __table_args__ = (Index(None, "owner_id", "started_utc", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scenario_id: Mapped[str]
    scenario_version: Mapped[int]
    scenario_hash: Mapped[str]
    language: Mapped[str]
    channel: Mapped[str]
    seed: Mapped[str]
    started_utc: Mapped[datetime]
    ended_utc: Mapped[datetime | None]
    branch_of_id: Mapped[str | None] = mapped_column(ForeignKey("rehearsal.id"), index=True)
    branch_of_turn: Mapped[int | None]
    next_seq: Mapped[int]
    replies: Mapped[int]
    anger_first: Mapped[int]
    anger_last: Mapped[int]
    ending: Mapped[str]


class TurnRow(Base):
    """One exchange. `coach.store.translate` writes and reads the `_json` columns in the format that `format` names."""

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("rehearsal_id", "key"),)

    rehearsal_id: Mapped[str] = mapped_column(ForeignKey("rehearsal.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str]
    request_hash: Mapped[str]
    format: Mapped[int]
    event: Mapped[str]
    channel: Mapped[str]
    text: Mapped[str]
    words_json: Mapped[str]
    reading_json: Mapped[str | None]
    signals_json: Mapped[str]
    customer_json: Mapped[str]
    anger: Mapped[int]
    patience: Mapped[int]
    changes_json: Mapped[str]
    stage: Mapped[str]
    ended: Mapped[str]
    state_json: Mapped[str]
    at_utc: Mapped[datetime]


class ScenarioVersionRow(Base):
    """The exact text of a scenario that somebody rehearsed."""

    __tablename__ = "scenario_version"

    hash: Mapped[str] = mapped_column(primary_key=True)
    scenario_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    source: Mapped[str]
    kept_utc: Mapped[datetime]


class ApiTokenRow(Base):
    """A bearer token; only its SHA-256 is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    created_utc: Mapped[datetime]
    expires_utc: Mapped[datetime]
    revoked_utc: Mapped[datetime | None]


class JobRow(Base):
    """Background work, committed together with what asked for it. `state`: waiting, running, done or failed."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "lease_until_utc"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    arg: Mapped[str]
    state: Mapped[str]
    lease_until_utc: Mapped[datetime | None]
    tries: Mapped[int]
    error: Mapped[str]
    created_utc: Mapped[datetime]


class AuditEventRow(Base):
    """Who did what to whom. Only ever added to."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at_utc: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail_json: Mapped[str]


class FlagRow(Base):
    """QA heard an agent miss a step. `call_date` is an ISO date: a day where the call was, not a moment."""

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("agent_id", "call_reference", "call_date", "step", "error_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    flagged_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    call_reference: Mapped[str]
    call_date: Mapped[str]
    step: Mapped[str]
    error_code: Mapped[str]
    severity: Mapped[str]
    note: Mapped[str]
    state: Mapped[str]
    created_utc: Mapped[datetime]
