"""The loop inside a speech worker: read a request, answer it, until the program that started it is gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from coach.errors import CoachError
from coach.speech.wire import Header, pack, read_frame

Tell = Callable[[Header], None]
Handler = Callable[[Header, bytes, Tell], tuple[Header, bytes]]


def serve(prepare: Callable[[], Handler]) -> None:
    """Runs `prepare` (imports, model loading), says ready, then answers requests one by one until stdin ends.

    A handler may `tell` a stage in between. What libraries print never mixes with the frames: file
    descriptor 1 is moved away before anything is imported.
    """
    requests, answers = _private_pipes()
    try:
        handler = prepare()
    except Exception as error:  # whatever the reason, the program is told it
        _send(answers, {"error": "start", "message": f"{type(error).__name__}: {error}"})
        return
    _send(answers, {"ready": True})
    while (frame := read_frame(requests)) is not None:
        _send(answers, *_answer(handler, *frame, lambda header: _send(answers, header)))


def _answer(handler: Handler, header: Header, body: bytes, tell: Tell) -> tuple[Header, bytes]:
    try:
        return handler(header, body, tell)
    except CoachError as error:
        return {"error": error.code, "message": str(error)}, b""
    except Exception as error:  # one bad request must not end the worker
        return {"error": "failed", "message": f"{type(error).__name__}: {error}"}, b""


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


def _send(stream: BinaryIO, header: Header, body: bytes = b"") -> None:
    stream.write(pack(header, body))
    stream.flush()
