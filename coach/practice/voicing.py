"""How the customer sounds: which voice, how fast and how loud, and the sound of a whole turn.

Each line has one manner, that of the mood it is written for, so its sound can be made before it is due."""

from __future__ import annotations

from coach.domain.language import Language
from coach.domain.mood import Band, band_of
from coach.domain.people import Person
from coach.domain.rehearsal import Rehearsal, Turn
from coach.domain.scenario import Line
from coach.errors import NotFound
from coach.practice.library import Library
from coach.practice.ports import Store, Voice
from coach.scenarios.engine import upcoming
from coach.scenarios.program import Program
from coach.scenarios.state import State

RENDERED_AHEAD = 60  # lines a turn, likeliest first; the next turn puts its own in front

# Speed and gain by the mood a line is written for; within what keeps the voices intelligible (docs/speech.md).
_MANNER = {Band.COOL: (0.98, 0.9), Band.HOT: (1.06, 1.0), Band.BOILING: (1.14, 1.12)}

_SOUND_CHECK = {
    "zh": "您好，这是声音测试。听得清楚，就可以开始了。",
    "en": "Hello, this is a sound check. If you can hear me clearly, you are ready to start.",
}

Request = tuple[str, str, str, float, float]


class Voicing:
    """Sound for turns that were said, and for lines that may come next."""

    def __init__(self, store: Store, library: Library, voice: Voice) -> None:
        self._store = store
        self._library = library
        self._voice = voice

    def lines_of(self, person: Person, rehearsal_id: str, seq: int) -> list[bytes]:
        """The WAVs of what the customer said in that turn, in order. NotFound, SpeechUnavailable."""
        with self._store.read() as work:
            rehearsal = work.rehearsals.get(rehearsal_id)
            if not person.may_see_work_of(work.people.get(rehearsal.owner_id)) or not 0 <= seq < len(rehearsal.turns):
                raise NotFound("no such turn")
            program = self._library.program_of(rehearsal, work)
        return [
            self._voice.say(text, language, voice, speed=speed, gain=gain)
            for text, language, voice, speed, gain in _requests(program, rehearsal, rehearsal.turns[seq])
        ]

    def is_ready(self, rehearsal: Rehearsal, turn: Turn) -> bool:
        """Whether the turn could be heard at once."""
        program = self._library.look_up(rehearsal, self._store)
        return all(
            self._voice.is_ready(text, language, voice, speed=speed, gain=gain)
            for text, language, voice, speed, gain in _requests(program, rehearsal, turn)
        )

    def sound_check(self, language: Language) -> bytes:
        """A sentence as a WAV, to set the loudness by. SpeechUnavailable when no engine can."""
        return self._voice.say(_SOUND_CHECK[language.spoken], language.spoken, "")

    def prepare_opening(self, scenario_id: str, language: Language) -> None:
        """Has the opening words rendered while the trainee reads the brief."""
        program = self._library.playable(scenario_id).program
        group = program.stages[program.scenario.start].says
        lines = group.within(band_of(program.scenario.persona.anger))
        self._voice.prepare([_request(program, line, language) for line in lines])

    def prepare_next(self, rehearsal: Rehearsal) -> None:
        """Has this turn's lines and the likeliest next ones rendered while the trainee thinks and speaks."""
        program = self._library.look_up(rehearsal, self._store)
        last = rehearsal.last
        next_lines = upcoming(program, State.from_json(last.state), rehearsal.seed)[:RENDERED_AHEAD]
        ahead = [_request(program, line, rehearsal.language) for line in next_lines]
        self._voice.prepare([*_requests(program, rehearsal, last), *ahead])


def _requests(program: Program, rehearsal: Rehearsal, turn: Turn) -> list[Request]:
    return [_request(program, program.lines[said.line], rehearsal.language) for said in turn.customer]


def _request(program: Program, line: Line, language: Language) -> Request:
    spoken = language.spoken
    speed, gain = _MANNER[program.bands[line.id]]
    # The voice reads simplified characters; both scripts sound the same.
    return line.text.en if spoken == "en" else line.text.zh, spoken, program.scenario.persona.voice[spoken], speed, gain
