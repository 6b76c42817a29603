"""Made-up people to try Coach with: two teams, so that it can be seen what one team does not see of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from coach.domain.language import Language
from coach.domain.people import Person, Role, Team
from coach.store.accounts import Accounts
from coach.store.database import SqlStore
from coach.store.rows import PersonRow, TeamRow
from coach.store.translate import person_of, team_of

DEMO_PASSWORD = "calm-callers-only"  # noqa: S105 - printed at start for everybody; production refuses demo people


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    language: Language
    role: Role
    team: str = ""


BLUE, GREEN = "蓝队 Blue", "绿队 Green"

DEMO_PEOPLE = (
    DemoPerson("trainee@example.com", "林晓雨", Language.ZH_HANS, Role.TRAINEE, BLUE),
    DemoPerson("mentor@example.com", "宋岚", Language.ZH_HANS, Role.MENTOR, BLUE),
    DemoPerson("qa@example.com", "陈静", Language.ZH_HANS, Role.QA),
    DemoPerson("admin@example.com", "方远", Language.ZH_HANS, Role.ADMIN),
    DemoPerson("trainee2@example.com", "Sam Carter", Language.EN, Role.TRAINEE, GREEN),
    DemoPerson("mentor2@example.com", "Dana Reed", Language.EN, Role.MENTOR, GREEN),
)


def seed_demo(store: SqlStore, hash_password: Callable[[str], str]) -> tuple[Person, ...]:
    """Adds the demo people and teams that are missing; again changes nothing. Returns all of them."""
    accounts = Accounts(store)
    known = _people(store)
    if len(known) < len(DEMO_PEOPLE):
        # One hash for all: a good hash takes half a second, and this password is no secret.
        password = hash_password(DEMO_PASSWORD)
        for demo in DEMO_PEOPLE:
            if demo.email not in known:
                _add(accounts, demo, password)
    for demo in DEMO_PEOPLE:
        if demo.team:
            accounts.join(_people(store)[demo.email].id, _team(store, accounts, demo.team).id, demo.role)
    known = _people(store)
    return tuple(known[demo.email] for demo in DEMO_PEOPLE)


def demo_people_exist(store: SqlStore) -> bool:
    """Whether somebody could sign in as a demo person; then a production server must not start."""
    with store.read() as work:
        demo = select(PersonRow.id).where(PersonRow.is_demo, PersonRow.active).limit(1)
        return work.session.scalar(demo) is not None


def _add(accounts: Accounts, demo: DemoPerson, password: str) -> None:
    accounts.add_person(
        email=demo.email,
        name=demo.name,
        password_hash=password,
        roles=(demo.role,),
        language=demo.language,
        is_demo=True,
    )


def _people(store: SqlStore) -> dict[str, Person]:
    emails = [demo.email for demo in DEMO_PEOPLE]
    with store.read() as work:
        rows = work.session.scalars(select(PersonRow).where(PersonRow.email.in_(emails))).unique()
        return {row.email: person_of(row) for row in rows}


def _team(store: SqlStore, accounts: Accounts, name: str) -> Team:
    with store.read() as work:
        row = work.session.scalar(select(TeamRow).where(TeamRow.name == name))
        if row is not None:
            return team_of(row)
    return accounts.add_team(name)
