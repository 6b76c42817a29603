"""The process that speaks: `python -m coach.speech.speaking_worker ENGINE MODELS THREADS`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from coach.speech.serving import Handler, Tell, serve
from coach.speech.wire import Header

_NICENESS = 5  # rendering ahead must not slow down the pages


def main(name: str, models: str, threads: str) -> None:
    """Answers {"text", "language", "voice", "speed", "gain"} with a WAV."""

    def prepare() -> Handler:
        with suppress(OSError):
            os.nice(_NICENESS)
        from coach.speech.audio import even_out, to_wav
        from coach.speech.engines import SPEAKING

        speaker = SPEAKING[name].open(Path(models), int(threads))

        def handle(ask: Header, _body: bytes, _tell: Tell) -> tuple[Header, bytes]:
            samples = speaker.render(ask["text"], ask["language"], ask["voice"], ask["speed"])
            return {"ok": True}, to_wav(even_out(samples, ask["gain"]))

        return handle

    serve(prepare)


if __name__ == "__main__":
    main(*sys.argv[1:])
