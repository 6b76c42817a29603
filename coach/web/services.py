"""The use cases that pages and the API call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import current_app

from coach.coaching.desk import Desk
from coach.coaching.flags import Flagging
from coach.domain.people import Person
from coach.practice.debrief import Debriefing
from coach.practice.library import Library
from coach.practice.progress import ProgressReport
from coach.practice.rehearse import Rehearsing
from coach.practice.voicing import Voicing


@dataclass(frozen=True, slots=True)
class Services:
    """Made by `coach.bootstrap`, once for an app.

    `join_sounds` puts several WAVs behind one another with a breath between. `health` gives each part that can fail
    and what is wrong with it ("" = well). `by_token` finds the owner of an API token.
    """

    library: Library
    rehearsing: Rehearsing
    debriefing: Debriefing
    voicing: Voicing
    progress: ProgressReport
    desk: Desk
    flagging: Flagging
    join_sounds: Callable[[list[bytes]], bytes]
    health: Callable[[], Mapping[str, str]]
    by_token: Callable[[str], Person | None]


def services() -> Services:
    """The use cases of the app that handles this request."""
    held: Services = current_app.extensions["coach-services"]
    return held
