"""Sample calls for the demo: play-tests acted out by demo people, so that no page of theirs is empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from coach.domain.language import Language
from coach.domain.people import Person
from coach.domain.rehearsal import Channel
from coach.practice.rehearse import Rehearsing
from coach.scenarios.playtest import load_playtest


@dataclass(frozen=True, slots=True)
class Sample:
    """A play-test (scenario/ending) acted out so many days ago, in that hour (UTC)."""

    playtest: str
    days_ago: int
    hour: int = 9


# From a call that was lost to one that went well: what progress looks like.
SAMPLES = (
    Sample("birthday-parcel/walked-off", 9, 8),
    Sample("refund-12-days/walked-off", 6, 13),
    Sample("birthday-parcel/settled-cold", 3, 9),
    Sample("birthday-parcel/settled", 1, 15),
)


class SampleClock:
    """Starts where it is set and goes on by a few seconds each time it is asked, as a call would."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=17)
        return self.now


def act_out(
    samples: tuple[Sample, ...],
    folder: Path,
    person: Person,
    language: Language,
    desk: Callable[[SampleClock], Rehearsing],
    now: datetime,
) -> None:
    """Has the person make these calls by text. `folder` holds the play-tests; samples without a file are left out."""
    for sample in samples:
        path = folder / f"{sample.playtest}.yaml"
        if not path.is_file():
            continue
        test = load_playtest(path)
        day = now - timedelta(days=sample.days_ago)
        rehearsing = desk(SampleClock(day.replace(hour=sample.hour, minute=7 * sample.days_ago % 60)))
        call = rehearsing.start(person, test.scenario, language, Channel.TEXT)
        for number, move in enumerate(test.moves, 1):
            if rehearsing.find(person, call.id).is_over:
                break
            if move.say:
                words = move.say.en if language is Language.EN else move.say.zh
                rehearsing.reply(person, call.id, f"sample-{number}", words)
            elif move.silence:
                rehearsing.be_silent(person, call.id, f"sample-{number}")
            else:
                rehearsing.hang_up(person, call.id, f"sample-{number}")
