"""A speech worker that does what a test asks of it: `puppet.py [refuse|hang]`."""

from __future__ import annotations

import os
import sys
import time

from coach.errors import BrokenAudio
from coach.speech.espeak_phonemes import NoPhonemes
from coach.speech.serving import Handler, Tell, serve
from coach.speech.wire import Header

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28)


def prepare() -> Handler:
    print("libraries like to print")
    if "refuse" in sys.argv:
        raise RuntimeError("the model is not here")
    if "hang" in sys.argv:
        time.sleep(60)
    return handle


def handle(ask: Header, body: bytes, tell: Tell) -> tuple[Header, bytes]:
    print("so do handlers")
    match ask.get("do"):
        case "sleep":
            time.sleep(ask["seconds"])
        case "die":
            os._exit(7)
        case "raise":
            raise ValueError("no such phoneme")
        case "refuse":
            raise BrokenAudio("cannot be read")
        case "missing":
            raise NoPhonemes("espeak-ng is not installed")
        case "garble":
            os.write(ask["fd"], b"garbage" * 99)
            time.sleep(5)
        case "stages":
            tell({"stage": "read", "seconds": 1})
            time.sleep(ask["seconds"])
        case "stage-die":
            tell({"stage": "read"})
            os._exit(8)
        case "pid":
            return {"pid": os.getpid()}, b""
        case "say":
            return {"ok": True}, WAV
    return {"ok": True}, body[::-1]


if __name__ == "__main__":
    serve(prepare)
