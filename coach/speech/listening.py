"""The ear of the program: a recording in, words with times out."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence

from coach import errors
from coach.domain.rehearsal import Word
from coach.errors import BadInput, BrokenAudio, NothingHeard, SpeechUnavailable
from coach.practice.ports import Heard
from coach.speech.listening_worker import DECODED
from coach.speech.recognisers.base import ListeningEngine
from coach.speech.sniffing import check_recording
from coach.speech.voices import LANGUAGES
from coach.speech.wire import Header
from coach.speech.worker import Worker, WorkerFailed

DECODE_SECONDS = 8.0
"""The longest that reading a file may take; only hostile ones come near."""
_SECONDS, _SECONDS_A_SECOND = 10.0, 1.0
_PATIENCE = 60.0
_KINDS = {
    kind.code: kind
    for kind in (errors.AudioTooLong, errors.BrokenAudio, errors.UnknownAudioType, errors.EmptyAudio, errors.BadAudio)
}


class WorkingListener:
    """`Listener` on one worker process."""

    def __init__(self, engine: ListeningEngine, worker: Worker) -> None:
        self._engine = engine
        self._worker = worker
        self._recordings = 0
        self._count = threading.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for a transcript."""
        return self._recordings > 0

    def listen(self, audio: bytes, language: str) -> Heard:
        """See `Listener.listen`. BadInput for a language that the engine does not know."""
        check_language(language)
        ask = {"language": language, "container": check_recording(audio)}
        with self._count:
            self._recordings += 1
        try:
            answer, _ = self._worker.ask(
                ask,
                audio,
                seconds=DECODE_SECONDS,
                patience=_PATIENCE,
                more_time={DECODED: lambda told: _SECONDS + _SECONDS_A_SECOND * float(told["seconds"])},
                proven_by=DECODED,
            )
        except WorkerFailed as error:
            if error.blame == "input":
                raise BrokenAudio("the recording could not be read in time") from error
            raise SpeechUnavailable(str(error)) from error
        finally:
            with self._count:
                self._recordings -= 1
        return _heard(answer, language)

    @property
    def pid(self) -> int | None:
        """Process id of the worker while it runs."""
        return self._worker.pid

    def warm_up(self) -> None:
        """Loads the model, so that the first recording does not wait; SpeechUnavailable when it cannot."""
        try:
            self._worker.warm_up()
        except WorkerFailed as error:
            raise SpeechUnavailable(str(error)) from error

    def close(self) -> None:
        """Ends the worker."""
        self._worker.close()


def check_language(language: str) -> None:
    """BadInput unless it is "zh" or "en"."""
    if language not in LANGUAGES:
        raise BadInput(f"no recogniser for {language[:20]!r}")


def transcript(words: Sequence[Word], language: str) -> str:
    """The words as one text."""
    return _spaced(words) if language == "zh" else " ".join(word.text for word in words)


_WIDE = {",": "，", "?": "？", "!": "！", ";": "；", ":": "："}
_AFTER_HAN = re.compile(r"(?<=[\u3400-\u9fff])[,?!;:]|(?<=\d)[,?!](?=[\u3400-\u9fff]|$)")


def _spaced(words: Sequence[Word]) -> str:
    """Chinese runs together; a space stays between two Latin words."""
    text = ""
    for word in words:
        apart = text and text[-1].isascii() and text[-1].isalnum() and word.text[0].isascii() and word.text[0].isalpha()
        text += (" " if apart else "") + word.text
    return _AFTER_HAN.sub(lambda mark: _WIDE[mark.group()], text)


def _heard(answer: Header, language: str) -> Heard:
    if "error" in answer:
        kind = _KINDS.get(str(answer["error"]))
        if kind is None:
            raise SpeechUnavailable(str(answer.get("message", "")))
        raise kind(str(answer.get("message", "")))
    words = tuple(Word(text, start, end, confidence) for text, start, end, confidence in answer["words"])
    text = transcript(words, language)
    if not any(character.isalnum() for character in text):
        raise NothingHeard("no words in the recording")
    return Heard(text, words, float(answer["seconds"]))
