"""What the debrief page is given, for the trainee and for mentors alike."""

from __future__ import annotations

from coach.practice.debrief import Debrief
from coach.web.debrief_view import debrief_view
from coach.web.i18n import language_of_request
from coach.web.services import services
from coach.web.shared import the_person


def debrief_words(found: Debrief) -> dict[str, object]:
    return {
        "debrief": found,
        "view": debrief_view(found, language_of_request()),
        "packs": services().debriefing.packs,
        "mine": found.owner.id == the_person().id,
    }
