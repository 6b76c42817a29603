"""A speech worker as the program sees it: a subprocess that is started when first needed, watched and restarted.

Engines load large models, use global state of C libraries and now and then hang. In a process of their own they
can be killed without harm.
"""

from __future__ import annotations

import logging
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import coach
from coach.speech.wire import LENGTHS, BadFrame, Header, lengths, pack, parse_header

_LOOK_AGAIN_SECONDS = 5.0
_log = logging.getLogger(__name__)
_ROOT = str(Path(coach.__file__).resolve().parent.parent)


class WorkerFailed(Exception):
    """No answer. `blame` is "input" when the request itself is the likely cause, else "worker"."""

    def __init__(self, message: str, blame: str = "worker") -> None:
        super().__init__(message)
        self.blame = blame


class Worker:
    """Answers requests one at a time, from any thread.

    `arguments` follow the Python interpreter. `missing` says in words what is not installed, "" when all is there.
    After `strikes` failures in a row requests fail at once for `rest_seconds`. `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        name: str,
        missing: Callable[[], str] = lambda: "",
        start_seconds: float = 90.0,
        strikes: int = 3,
        rest_seconds: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._arguments = tuple(arguments)
        self._missing = missing
        self._start_seconds = start_seconds
        self._breaker = _Breaker(strikes, rest_seconds, clock)
        self._clock = clock
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._looked: tuple[float, str] | None = None
        self._closed = False

    @property
    def is_usable(self) -> bool:
        """Whether a request would be tried at all: everything is installed and the worker does not rest."""
        return not self._closed and not self._breaker.is_open and not self._absent()

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        child = self._child
        return child.pid if child is not None else None

    def ask(
        self,
        header: Header,
        body: bytes = b"",
        *,
        seconds: float,
        patience: float | None = None,
        more_time: Mapping[str, Callable[[Header], float]] | None = None,
        proven_by: str = "",
    ) -> tuple[Header, bytes]:
        """The answer within `seconds` (plus the start, when the worker is not running); WorkerFailed otherwise.

        Waits up to `patience` seconds (default: `seconds`) for its turn. When the worker tells a stage that is in
        `more_time`, the deadline becomes now plus what that function returns. Until stage `proven_by` is told, a
        crash or hang is blamed on the request and does not count against the worker.
        """
        if not self._lock.acquire(timeout=seconds if patience is None else patience):
            raise WorkerFailed(f"{self.name} is busy")
        try:
            return self._ask(pack(header, body), seconds, more_time or {}, proven_by)
        finally:
            self._lock.release()

    def warm_up(self) -> None:
        """Starts the worker and waits until it is ready; WorkerFailed when it cannot."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """Ends the worker, also in the middle of a request. Later requests fail."""
        self._closed = True
        child = self._child
        if child is not None and child.is_mine:
            child.kill()

    def _ask(
        self, frame: bytes, seconds: float, more_time: Mapping[str, Callable[[Header], float]], proven_by: str
    ) -> tuple[Header, bytes]:
        child = self._running()
        deadline = self._clock() + seconds
        proven = not proven_by
        try:
            child.send(frame, deadline, self._clock)
            while True:
                header, body = child.receive(deadline, self._clock)
                stage = header.get("stage")
                if stage is None:
                    break
                proven = proven or stage == proven_by
                if stage in more_time:
                    deadline = self._clock() + more_time[stage](header)
        except (OSError, BadFrame, _Silent) as error:
            self._drop(child, counts=proven)
            raise WorkerFailed(f"{self.name}: {error}", "worker" if proven else "input") from error
        if header.get("error") == "failed":
            self._breaker.strike()
            raise WorkerFailed(f"{self.name}: {header.get('message', '')}")
        self._breaker.reset()
        return header, body

    def _running(self) -> _Child:
        child = self._child
        if child is not None and child.is_mine and child.is_alive:
            return child
        if self._closed:
            raise WorkerFailed(f"{self.name} was closed")
        if reason := self._absent():
            raise WorkerFailed(reason)
        if self._breaker.is_open:
            raise WorkerFailed(f"{self.name} failed several times and rests")
        return self._start()

    def _absent(self) -> str:
        """What is not installed; looked up again after a few seconds, because somebody may be installing it."""
        now = self._clock()
        if self._looked is None or now - self._looked[0] > _LOOK_AGAIN_SECONDS:
            self._looked = (now, self._missing())
        return self._looked[1]

    def _start(self) -> _Child:
        began = self._clock()
        child = self._child = _Child(self._arguments)
        try:
            header, _ = child.receive(began + self._start_seconds, self._clock)
        except (OSError, BadFrame, _Silent) as error:
            self._drop(child, counts=True)
            raise WorkerFailed(f"{self.name} did not start: {error}") from error
        if not header.get("ready"):
            self._drop(child, counts=True)
            raise WorkerFailed(f"{self.name} did not start: {header.get('message', '')}")
        _log.info("%s ready in %.1f s", self.name, self._clock() - began)
        return child

    def _drop(self, child: _Child, *, counts: bool) -> None:
        if counts and not self._closed:
            self._breaker.strike()
        child.kill()
        _log.warning("%s was ended; its last words: %s", self.name, child.last_words() or "none")
        self._child = None


class _Breaker:
    """Counts failures in a row and opens for a while when there are too many."""

    def __init__(self, strikes: int, rest_seconds: float, clock: Callable[[], float]) -> None:
        self._allowed = strikes
        self._rest = rest_seconds
        self._clock = clock
        self._strikes = 0
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        return self._strikes >= self._allowed and self._clock() < self._until

    def strike(self) -> None:
        self._strikes += 1
        self._until = self._clock() + self._rest

    def reset(self) -> None:
        self._strikes = 0


class _Silent(Exception):
    """The child ended, or the deadline passed."""


class _Child:
    """The subprocess and its pipes. Pipes are non-blocking, so that a child that neither reads nor writes cannot
    hold us longer than the deadline."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, never a shell
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            env=_environment(),
            bufsize=0,
        )
        self._owner = os.getpid()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        os.set_blocking(self._in.fileno(), False)
        os.set_blocking(self._out.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_mine(self) -> bool:
        """False in a process that was forked off after the start: its pipes belong to the parent."""
        return self._owner == os.getpid()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, data: bytes, deadline: float, clock: Callable[[], float]) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._in.fileno(), select.POLLOUT, deadline, clock)
            view = view[os.write(self._in.fileno(), view[:65536]) :]

    def receive(self, deadline: float, clock: Callable[[], float]) -> tuple[Header, bytes]:
        head, body = lengths(self._read(LENGTHS.size, deadline, clock))
        raw = self._read(head + body, deadline, clock)
        return parse_header(raw[:head]), raw[head:]

    def _read(self, size: int, deadline: float, clock: Callable[[], float]) -> bytes:
        parts, left = [], size
        while left:
            self._wait(self._out.fileno(), select.POLLIN, deadline, clock)
            part = os.read(self._out.fileno(), min(left, 1 << 20))
            if not part:
                raise _Silent(f"ended with code {self._ended()}")
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _ended(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(1.0)
        return None

    @staticmethod
    def _wait(descriptor: int, event: int, deadline: float, clock: Callable[[], float]) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, deadline - clock()) * 1000):
            raise _Silent("no answer in time")

    def kill(self) -> None:
        """Ends the process now and waits for it, so that no zombie stays."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5.0)
        for pipe in (self._in, self._out):
            with suppress(OSError):
                pipe.close()

    def last_words(self) -> str:
        """The end of what the process wrote to its standard error."""
        try:
            size = self._words.seek(0, os.SEEK_END)
            self._words.seek(max(0, size - 600))
            return self._words.read().decode(errors="replace").strip()
        except (OSError, ValueError):
            return ""
        finally:
            self._words.close()


def _environment() -> dict[str, str]:
    """What the child may know: our own packages first, and no hub that a library might want to ask."""
    paths = [_ROOT, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    offline = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}
    return {**os.environ, **offline, "PYTHONPATH": os.pathsep.join(paths)}
