"""The process that listens: `python -m coach.speech.listening_worker ENGINE MODELS THREADS`."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path

from coach.speech.serving import Handler, Tell, serve
from coach.speech.wire import Header

DECODED = "decoded"
"""Told when the recording could be read, with its `seconds`."""
_MEMORY = 6 << 30  # address space in bytes; a hostile file must not take the machine's memory


def main(name: str, models: str, threads: str) -> None:
    """Answers {"language", "container"} and the file with {"words": [[text, start, end, confidence]], "seconds"}."""

    def prepare() -> Handler:
        import av  # noqa: F401 - a missing decoder must show at the start, not as a broken recording

        from coach.speech.decoding import RATE, decode
        from coach.speech.engines import LISTENING

        recogniser = LISTENING[name].open(Path(models), int(threads))
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))

        def handle(ask: Header, body: bytes, tell: Tell) -> tuple[Header, bytes]:
            samples = decode(body, ask["container"])
            seconds = len(samples) / RATE
            tell({"stage": DECODED, "seconds": seconds})
            words = recogniser.words(samples, ask["language"])
            return {"words": [[w.text, w.start, w.end, w.confidence] for w in words], "seconds": seconds}, b""

        return handle

    serve(prepare)


if __name__ == "__main__":
    main(*sys.argv[1:])
