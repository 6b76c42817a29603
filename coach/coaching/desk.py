"""The mentor's desk: whose work there is to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coach.domain.people import Person, Role
from coach.errors import NotFound
from coach.practice.ports import RehearsalSummary, Store


@dataclass(frozen=True, slots=True)
class TraineeAtWork:
    """A trainee and the newest rehearsals, for a list ordered by name and never by score."""

    person: Person
    newest: RehearsalSummary | None


class Desk:
    def __init__(self, store: Store) -> None:
        self._store = store

    def trainees(self, mentor: Person) -> tuple[TraineeAtWork, ...]:
        """Everybody in the mentor's teams, by name."""
        with self._store.read() as work:
            people = [person for person in work.people.trainees_of(mentor) if person.has(Role.TRAINEE)]
            return tuple(TraineeAtWork(p, next(iter(work.rehearsals.of_owner(p.id, limit=1)), None)) for p in people)

    def trainee(self, mentor: Person, trainee_id: int) -> Person:
        """NotFound for people outside the mentor's teams."""
        with self._store.read() as work:
            person = work.people.get(trainee_id)
        if person.id == mentor.id or not mentor.may_see_work_of(person):
            raise NotFound("no such trainee")
        return person

    def rehearsals(
        self, mentor: Person, trainee_id: int, *, limit: int = 50, before: datetime | None = None
    ) -> tuple[RehearsalSummary, ...]:
        """The trainee's rehearsals, newest first. NotFound as for `trainee`."""
        self.trainee(mentor, trainee_id)
        with self._store.read() as work:
            return work.rehearsals.of_owner(trainee_id, limit=limit, before=before)
