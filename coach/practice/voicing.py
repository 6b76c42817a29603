"""How the customer sounds: which voice, how fast and how loud for the mood, and the sound of a whole turn."""

from __future__ import annotations

from coach.domain.language import Language
from coach.domain.mood import Band, band_of
from coach.domain.people import Person
from coach.domain.rehearsal import Rehearsal, Turn
from coach.domain.scenario import Line, Scenario
from coach.errors import NotFound
from coach.practice.library import Library
from coach.practice.ports import Store, Voice
from coach.scenarios.engine import upcoming
from coach.scenarios.state import State

RENDERED_AHEAD = 60  # lines a turn, likeliest first; the next turn puts its own in front

# Speed and gain by mood; within what keeps the voices intelligible (docs/speech.md).
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
            scenario = self._library.program_of(rehearsal, work).scenario
        return [
            self._voice.say(text, language, voice, speed=speed, gain=gain)
            for text, language, voice, speed, gain in _requests(scenario, rehearsal, rehearsal.turns[seq])
        ]

    def is_ready(self, rehearsal: Rehearsal, turn: Turn) -> bool:
        """Whether the turn could be heard at once."""
        with self._store.read() as work:
            scenario = self._library.program_of(rehearsal, work).scenario
        return all(
            self._voice.is_ready(text, language, voice, speed=speed, gain=gain)
            for text, language, voice, speed, gain in _requests(scenario, rehearsal, turn)
        )

    def sound_check(self, language: Language) -> bytes:
        """A sentence as a WAV, to set the loudness by. SpeechUnavailable when no engine can."""
        return self._voice.say(_SOUND_CHECK[language.spoken], language.spoken, "")

    def prepare_opening(self, scenario_id: str, language: Language) -> None:
        """Has the opening words rendered while the trainee reads the brief."""
        scenario = self._library.playable(scenario_id).scenario
        group = scenario.stage(scenario.start).says
        lines = group.within(band_of(scenario.persona.anger))
        self._voice.prepare([_request(scenario, line, language, scenario.persona.anger) for line in lines])

    def prepare_next(self, rehearsal: Rehearsal) -> None:
        """Has this turn's lines and the likeliest next ones rendered while the trainee thinks and speaks."""
        with self._store.read() as work:
            program = self._library.program_of(rehearsal, work)
        last = rehearsal.last
        state = State.from_json(last.state)
        next_lines = upcoming(program, state, rehearsal.seed)[:RENDERED_AHEAD]
        ahead = [_request(program.scenario, line, rehearsal.language, state.anger) for line in next_lines]
        self._voice.prepare([*_requests(program.scenario, rehearsal, last), *ahead])


def _requests(scenario: Scenario, rehearsal: Rehearsal, turn: Turn) -> list[Request]:
    known = {line.id: line for line in scenario.lines}
    return [_request(scenario, known[said.line], rehearsal.language, turn.mood.anger) for said in turn.customer]


def _request(scenario: Scenario, line: Line, language: Language, anger: int) -> Request:
    spoken = language.spoken
    speed, gain = _MANNER[band_of(anger)]
    # The voice reads simplified characters; both scripts sound the same.
    return line.text.en if spoken == "en" else line.text.zh, spoken, scenario.persona.voice[spoken], speed, gain
