"""What can go wrong, sorted by whose fault it is.

Each error has a stable `code`. Pages, the API and the command line turn the code into a
sentence in the user's language; the English message here is for logs and for developers.
"""

from __future__ import annotations

from typing import ClassVar


class CoachError(Exception):
    """Base of all errors that Coach raises on purpose."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, message: str = "", **details: object) -> None:
        super().__init__(message or self.code)
        self.details = details


class CallersMistake(CoachError):
    """The request cannot be met as it is; sending it again unchanged will not help."""

    status = 400


class NotFound(CallersMistake):
    """It does not exist, or this person may not know that it exists."""

    code = "not-found"
    status = 404


class NotAllowed(CallersMistake):
    """The person is known and may see that it exists, but may not do this."""

    code = "not-allowed"
    status = 403


class UnknownScenario(NotFound):
    code = "unknown-scenario"


class UnknownRubric(NotFound):
    code = "unknown-rubric"


class CallEnded(CallersMistake):
    """A turn was sent to a call that is over."""

    code = "call-ended"
    status = 409


class KeyReused(CallersMistake):
    """The same idempotency key came with another body."""

    code = "key-reused"
    status = 422


class OutOfStep(CallersMistake):
    """The sender did not know the newest turn (another tab went on)."""

    code = "out-of-step"
    status = 409


class BadText(CallersMistake):
    """The reply cannot be used: empty, or over the limit."""

    code = "bad-text"
    status = 422


class TextTooLong(BadText):
    code = "text-too-long"


class EmptyReply(BadText):
    code = "empty-reply"


class BadAudio(CallersMistake):
    """The recording cannot be used; `code` says why."""

    code = "bad-audio"
    status = 422


class EmptyAudio(BadAudio):
    code = "audio-empty"


class AudioTooLong(BadAudio):
    code = "audio-too-long"
    status = 413


class AudioTooLarge(BadAudio):
    code = "audio-too-large"
    status = 413


class UnknownAudioType(BadAudio):
    code = "audio-type"
    status = 415


class BrokenAudio(BadAudio):
    code = "audio-broken"


class NothingHeard(BadAudio):
    """The recording is fine but holds no words: silence or noise."""

    code = "nothing-heard"


class BadInput(CallersMistake):
    """A field is missing or has a value that is not allowed."""

    code = "bad-input"
    status = 422


class KeyMissing(BadInput):
    """An idempotency key is required and none came."""

    code = "key-missing"
    status = 400


class BadScenario(CallersMistake):
    """A scenario file has findings of severity error; `details["findings"]` lists them all."""

    code = "bad-scenario"
    status = 422


class BadRubric(CallersMistake):
    code = "bad-rubric"
    status = 422


class OurFault(CoachError):
    """Something of ours failed; trying again may help."""


class SpeechUnavailable(OurFault):
    """An engine or model is missing, hung or broken; the call goes on by text."""

    code = "speech-unavailable"
    status = 503


class Busy(OurFault):
    """Too much work at once; try again in a moment."""

    code = "busy"
    status = 503


class StoreUnavailable(OurFault):
    """The database cannot be written just now (locked, full, away)."""

    code = "store-unavailable"
    status = 503


class BadSettings(CoachError):
    """The configuration is unsafe or makes no sense; the program does not start."""

    code = "bad-settings"
