"""Rehearsing: start a call, answer the customer, fall silent, hang up, try again from a turn.

Every act carries a key made by the client. The same key with the same content is answered with the same turn, however
often and from however many places it comes; nothing that was acknowledged is lost.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from coach.domain.behaviour import Reading
from coach.domain.language import Language
from coach.domain.people import Person
from coach.domain.rehearsal import Channel, Event, Rehearsal, Said, Turn, Word
from coach.domain.scenario import Line
from coach.errors import BadInput, CallEnded, EmptyAudio, EmptyReply, KeyReused, NotFound, OutOfStep, TextTooLong
from coach.practice.library import Library
from coach.practice.ports import Clock, Heard, Listener, Store, UnitOfWork
from coach.rubrics.script import same_words_traditional
from coach.scenarios.engine import Observation, Step, opening, step
from coach.scenarios.observation import event_only, observe
from coach.scenarios.program import Program
from coach.scenarios.state import State

LONGEST_REPLY = 2000  # code points; more is not something one says in one breath

Read = Callable[[str, str, str], Reading]
"""(reply, "zh" or "en", the customer's last words) -> its reading."""

# Control characters, halves of pairs, and marks that would turn the direction of the text around them.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_KEY = re.compile(r"[\x21-\x7e]{1,100}")


@dataclass(frozen=True, slots=True)
class _Act:
    """What the trainee wants to do. `request` fingerprints it for the idempotency key."""

    key: str
    event: Event
    channel: Channel
    text: str
    words: tuple[Word, ...]
    request: str
    expected_seq: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The turn that came of an act, and the call as it stands, so that nobody needs to look for it.

    An act that is sent again gets the turn of the first time; the call may have gone on since."""

    turn: Turn
    rehearsal: Rehearsal


class Rehearsing:
    """The trainee's side of a call. All methods raise NotFound for rehearsals that are somebody else's."""

    def __init__(
        self,
        store: Store,
        library: Library,
        *,
        listener: Listener,
        read: Read,
        clock: Clock,
        new_id: Callable[[], str],
        new_seed: Callable[[], int],
    ) -> None:
        self._store = store
        self._library = library
        self._listener = listener
        self._read = read
        self._clock = clock
        self._new_id = new_id
        self._new_seed = new_seed

    def start(
        self, person: Person, scenario_id: str, language: Language, channel: Channel, *, key: str = ""
    ) -> Rehearsal:
        """A new call: the customer speaks first. UnknownScenario if there is none of that id.

        With a key, starting again gives the call of the first time; KeyReused if something else was started with it.
        """
        if not key:
            return self._start(person, scenario_id, language, channel, self._new_id())
        id = _id_for(person, _checked(key))
        with suppress(NotFound):
            return _same(self.find(person, id), scenario_id, language, channel)
        try:
            return self._start(person, scenario_id, language, channel, id)
        except KeyReused:  # the same request came twice at once, and the other one was first
            return _same(self.find(person, id), scenario_id, language, channel)

    def _start(self, person: Person, scenario_id: str, language: Language, channel: Channel, id: str) -> Rehearsal:
        playable = self._library.playable(scenario_id)
        scenario, seed, now = playable.scenario, self._new_seed(), self._clock()
        first = opening(playable.program, seed)
        act = _Act("opening", Event.OPENING, channel, "", (), "", None)
        rehearsal = Rehearsal(
            id=id,
            owner_id=person.id,
            scenario_id=scenario.id,
            scenario_version=scenario.version,
            scenario_hash=scenario.hash,
            language=language,
            channel=channel,
            seed=seed,
            started=now,
            ended=None,
            turns=(_turn(0, act, None, first, language, now),),
        )
        with self._store.write() as work:
            work.archive.keep(scenario.id, scenario.version, scenario.hash, playable.source)
            work.rehearsals.add(rehearsal)
        return rehearsal

    def find(self, person: Person, rehearsal_id: str) -> Rehearsal:
        """The person's own rehearsal."""
        with self._store.read() as work:
            return _own(person, work.rehearsals.get(rehearsal_id))

    def reply(
        self, person: Person, rehearsal_id: str, key: str, text: str, *, expected_seq: int | None = None
    ) -> Answer:
        """The trainee's typed reply. EmptyReply, TextTooLong, CallEnded, KeyReused, OutOfStep as they say."""
        clean = clean_text(text)
        request = _fingerprint(Event.REPLY, "text", clean)
        return self._take(person, rehearsal_id, _Act(key, Event.REPLY, Channel.TEXT, clean, (), request, expected_seq))

    def speak(
        self, person: Person, rehearsal_id: str, key: str, audio: bytes, *, expected_seq: int | None = None
    ) -> Answer:
        """The trainee's spoken reply. As `reply`, and BadAudio or SpeechUnavailable when it cannot be understood."""
        if not audio:
            raise EmptyAudio("the recording is empty")
        request = _fingerprint(Event.REPLY, "audio", hashlib.sha256(audio).hexdigest())
        rehearsal, answer = self._look(person, rehearsal_id, key, request, expected_seq)
        if answer:
            return answer
        _check_open(rehearsal, expected_seq)
        heard = _written(self._listener.listen(audio, rehearsal.language.spoken), rehearsal.language)
        act = _Act(key, Event.REPLY, Channel.VOICE, clean_text(heard.text), heard.words, request, expected_seq)
        return self._take(person, rehearsal_id, act)

    def be_silent(self, person: Person, rehearsal_id: str, key: str, *, expected_seq: int | None = None) -> Answer:
        """Nothing was said for the time the page allows: the customer asks whether anybody is there.
        OutOfStep keeps a forgotten tab from falling silent in a call that goes on in another."""
        return self._event(person, rehearsal_id, key, Event.SILENCE, expected_seq)

    def time_out(self, person: Person, rehearsal_id: str, key: str) -> Answer:
        """The call reached its time limit."""
        return self._event(person, rehearsal_id, key, Event.TIMEOUT)

    def hang_up(self, person: Person, rehearsal_id: str, key: str) -> Answer:
        """The trainee ends the call."""
        return self._event(person, rehearsal_id, key, Event.HANG_UP)

    def close_left(self, rehearsal_id: str) -> None:
        """Ends a call that nobody came back to, as running out of time does. A call that is over stays as it is."""
        with self._store.read() as work:
            is_over = work.rehearsals.get(rehearsal_id).is_over
        if not is_over:  # nobody's account is asked for: it may be switched off by now
            with suppress(CallEnded):
                self._event(None, rehearsal_id, "left", Event.TIMEOUT)

    def retry(self, person: Person, rehearsal_id: str, turn: int) -> Rehearsal:
        """A new call that stands where this one stood just before reply `turn`. BadInput if it has no such reply."""
        with self._store.write() as work:
            old = _own(person, work.rehearsals.get(rehearsal_id))
            kept = tuple(t for t in old.turns if t.seq < turn)
            if not 1 <= turn < len(old.turns) or old.turns[turn].event is Event.OPENING:
                raise BadInput(f"this call has no turn {turn}", turn=turn)
            rehearsal = replace(
                old,
                id=self._new_id(),
                started=self._clock(),
                ended=None,
                turns=kept,
                branch_of=(old.id, turn),
            )
            work.rehearsals.add(rehearsal)
        return rehearsal

    def _event(
        self, person: Person | None, rehearsal_id: str, key: str, event: Event, expected_seq: int | None = None
    ) -> Answer:
        request = _fingerprint(event, "", "")
        return self._take(person, rehearsal_id, _Act(key, event, Channel.TEXT, "", (), request, expected_seq))

    def _look(
        self, person: Person | None, rehearsal_id: str, key: str, request: str, expected_seq: int | None
    ) -> tuple[Rehearsal, Answer | None]:
        """The call and what was answered under this key. What this process remembers of a call that goes on is enough
        to read a reply by; what happened elsewhere meanwhile comes out when the writer's turn comes."""
        _checked(key)
        recalled = self._store.recall(rehearsal_id)
        if recalled is not None and _goes_on(recalled, key, expected_seq):
            return _own(person, recalled), None
        with self._store.read() as work:
            rehearsal = _own(person, work.rehearsals.get(rehearsal_id))
            return rehearsal, _earlier_answer(work, rehearsal, key, request)

    def _take(self, person: Person | None, rehearsal_id: str, act: _Act) -> Answer:
        """Reading happens before the writer's turn comes, so that nobody waits for it."""
        rehearsal, answer = self._look(person, rehearsal_id, act.key, act.request, act.expected_seq)
        if answer:
            return answer
        _check_open(rehearsal, act.expected_seq)
        reading = self._reading(rehearsal, act)
        program = self._library.look_up(rehearsal, self._store)
        with self._store.write() as work:
            newest = work.rehearsals.lock(rehearsal_id)
            answer = _earlier_answer(work, newest, act.key, act.request)
            if answer:
                return answer
            _check_open(newest, act.expected_seq)
            if newest.last.seq != rehearsal.last.seq:
                reading = self._reading(newest, act)
            came = step(
                program, State.from_json(newest.last.state), _observe(program, newest, act, reading), newest.seed
            )
            turn = _turn(newest.last.seq + 1, act, reading, came, newest.language, self._clock())
            work.rehearsals.append(rehearsal_id, turn, act.request)
        return Answer(turn, newest.with_turn(turn))

    def _reading(self, rehearsal: Rehearsal, act: _Act) -> Reading | None:
        if act.event is not Event.REPLY:
            return None
        return self._read(act.text, rehearsal.language.spoken, rehearsal.last.customer_text)


def clean_text(text: str) -> str:
    """The reply without control characters and outer space. EmptyReply when nothing in it can be seen, TextTooLong."""
    clean = _NOT_TEXT.sub("", text).strip()
    if not any(character.isprintable() and not character.isspace() for character in clean):
        raise EmptyReply("the reply is empty")
    if len(clean) > LONGEST_REPLY:
        raise TextTooLong(f"the reply has {len(clean)} characters", length=len(clean), limit=LONGEST_REPLY)
    return clean


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise BadInput("the idempotency key must be 1 to 100 printable ASCII characters", field="Idempotency-Key")
    return key


def _id_for(person: Person, key: str) -> str:
    """The id is the memory of the key: of one person's key there can be one rehearsal only."""
    return "k" + hashlib.sha256(f"{person.id} {key}".encode()).hexdigest()[:31]


def _same(found: Rehearsal, scenario_id: str, language: Language, channel: Channel) -> Rehearsal:
    if (found.scenario_id, found.language, found.channel) != (scenario_id, language, channel):
        raise KeyReused("this key was used to start something else")
    return found


def _written(heard: Heard, language: Language) -> Heard:
    """What was heard, in the script this person reads; recognisers write simplified."""
    if language is not Language.ZH_HANT:
        return heard
    words = tuple(replace(word, text=same_words_traditional(word.text)) for word in heard.words)
    return replace(heard, text=same_words_traditional(heard.text), words=words)


def _own(person: Person | None, rehearsal: Rehearsal) -> Rehearsal:
    """The rehearsal if it is this person's; None is Coach itself."""
    if person is not None and rehearsal.owner_id != person.id:
        raise NotFound("no such rehearsal")
    return rehearsal


def _earlier_answer(work: UnitOfWork, rehearsal: Rehearsal, key: str, request: str) -> Answer | None:
    answered = work.rehearsals.answered(rehearsal.id, key)
    if answered is None:
        return None
    if answered[0] != request:
        raise KeyReused("this key was used for something else")
    return Answer(answered[1], rehearsal)


def _goes_on(rehearsal: Rehearsal, key: str, expected_seq: int | None) -> bool:
    """Whether an act fits behind the last of these turns."""
    is_next = expected_seq is None or expected_seq == rehearsal.last.seq
    return is_next and not rehearsal.is_over and all(turn.key != key for turn in rehearsal.turns)


def _check_open(rehearsal: Rehearsal, expected_seq: int | None) -> None:
    if rehearsal.is_over:
        raise CallEnded("the call is over")
    if expected_seq is not None and expected_seq != rehearsal.last.seq:
        raise OutOfStep("the call went on elsewhere", expected=expected_seq, newest=rehearsal.last.seq)


def _observe(program: Program, rehearsal: Rehearsal, act: _Act, reading: Reading | None) -> Observation:
    language = rehearsal.language.spoken
    return event_only(act.event, language) if reading is None else observe(program.scenario, reading, language)


def _turn(seq: int, act: _Act, reading: Reading | None, came: Step, language: Language, now: datetime) -> Turn:
    return Turn(
        seq=seq,
        key=act.key,
        event=act.event,
        channel=act.channel,
        text=act.text,
        words=act.words,
        reading=reading,
        signals=tuple(sorted(came.signals)),
        customer=tuple(_said(line, language) for line in came.lines),
        mood=came.mood,
        changes=came.changes,
        stage=came.state.stage,
        ended=came.state.ended,
        state=came.state.to_json(),
        at=now,
    )


def _said(line: Line, language: Language) -> Said:
    return Said(line.id, line.text.within(language))


def _fingerprint(event: Event, kind: str, content: str) -> str:
    return hashlib.sha256(json.dumps([event, kind, content]).encode()).hexdigest()
