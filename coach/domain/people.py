"""People, their roles and the teams they are in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from coach.domain.language import Language


class Role(StrEnum):
    TRAINEE = "trainee"
    MENTOR = "mentor"
    QA = "qa"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Team:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `trains` and `mentors` are ids of teams."""

    id: int
    email: str
    name: str
    language: Language
    roles: frozenset[Role]
    trains: frozenset[int] = field(default_factory=frozenset)
    mentors: frozenset[int] = field(default_factory=frozenset)

    def has(self, role: Role) -> bool:
        return role in self.roles

    def may_see_work_of(self, owner: Person) -> bool:
        """One's own, that of the teams one mentors, and everything for admins."""
        mentors_owner = self.has(Role.MENTOR) and bool(self.mentors & owner.trains)
        return self.id == owner.id or self.has(Role.ADMIN) or mentors_owner
