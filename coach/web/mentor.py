"""Pages of the mentor: the trainees of one's teams, their rehearsals, one rehearsal with its debrief."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from coach.domain.people import Role
from coach.web.debrief_words import debrief_words
from coach.web.services import services
from coach.web.shared import for_people, the_person

mentor = Blueprint("mentor", __name__, url_prefix="/mentor")

MENTORS = (Role.MENTOR, Role.ADMIN)


@mentor.get("/")
@for_people(*MENTORS)
def trainees() -> ResponseReturnValue:
    people = services().desk.trainees(the_person())
    scenarios = {s.id: s for s in services().library.scenarios}
    return render_template("mentor/trainees.html", people=people, scenarios=scenarios)


@mentor.get("/trainees/<int:trainee_id>")
@for_people(*MENTORS)
def trainee(trainee_id: int) -> ResponseReturnValue:
    person = services().desk.trainee(the_person(), trainee_id)
    progress = services().progress.of(the_person(), person.id)
    return render_template("mentor/trainee.html", trainee=person, progress=progress)


@mentor.get("/rehearsals/<rehearsal_id>")
@for_people(*MENTORS)
def rehearsal(rehearsal_id: str) -> ResponseReturnValue:
    """The same debrief that the trainee reads, without the buttons to try again."""
    found = services().debriefing.debrief(the_person(), rehearsal_id, request.args.get("rubric") or None)
    return render_template("trainee/debrief.html", **debrief_words(found))
