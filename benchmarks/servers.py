"""Servers that a benchmark starts on a free port of this machine, and ends."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Skipped, cpu_seconds, process_tree
from coach.config import read_config

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
_SPEECH = ("faster_whisper", "onnxruntime", "pyttsx3", "speech_recognition")
_WITHOUT_SPEECH = f"import sys\nfor name in {_SPEECH!r}:\n    sys.modules[name] = None\n"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. `ready_seconds` is from its start to the first 200, `ready_cpu` the work till then."""

    port: int
    pid: int
    ready_seconds: float
    ready_cpu: float

    @property
    def own_pids(self) -> list[int]:
        """Its processes that answer requests; the speech workers are not among them."""
        return [pid for pid in process_tree(self.pid) if "_worker" not in _command(pid)]

    @property
    def all_pids(self) -> list[int]:
        return process_tree(self.pid)

    def cpu(self) -> float:
        """CPU seconds of the processes that answer requests."""
        return cpu_seconds(self.own_pids)


@contextmanager
def coach_folder(*, models: bool) -> Iterator[dict[str, str]]:
    """The settings of a prepared Coach in a temporary folder. `models`: with the speech models of this checkout."""
    with tempfile.TemporaryDirectory(prefix="coach-bench-") as folder:
        var = Path(folder) / "var"
        var.mkdir(mode=0o700)
        settings = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
        settings |= {"COACH_VAR": str(var), "COACH_MODE": "demo"}
        if models:
            (var / "models").symlink_to(read_config().var / "models")
        else:
            _hide_speech(Path(folder) / "without-speech", settings)
        run_coach(settings, "prepare")
        yield settings


def _hide_speech(folder: Path, settings: dict[str, str]) -> None:
    """Python in this environment finds no speech packages, as on a machine that has none."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_WITHOUT_SPEECH)
    settings["PYTHONPATH"] = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH", ""))))


def run_coach(settings: Mapping[str, str], *words: str) -> str:
    """What `python -m coach …` prints. Skipped with its complaint when it fails."""
    command = [sys.executable, "-m", "coach", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(settings), capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise Skipped(f"python -m coach {words[0]} failed: {said}.")
    return done.stdout.strip()


@contextmanager
def serving(settings: Mapping[str, str], words: Sequence[str] = ("-m", "coach", "serve")) -> Iterator[Server]:
    """A server, ready. Its port is in COACH_PORT. Skipped when it does not come up."""
    port = free_port()
    settings = {**settings, "COACH_PORT": str(port)}
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        try:
            if not _answers(port, child):
                log.seek(0)
                last = log.read().decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
                raise Skipped(f"the server did not start: {last[0]}")
            ready = time.perf_counter() - began
            yield Server(port, child.pid, ready, cpu_seconds(process_tree(child.pid)))
        finally:
            _end(child)


def wait_until_quiet(server: Server, *, workers: int = 0, seconds: float = 60.0) -> None:
    """Until so many speech workers run and all processes together use less than a twentieth of a core for a second."""
    end = time.monotonic() + seconds
    before = 0.0
    while time.monotonic() < end:
        time.sleep(1)
        pids = server.all_pids
        now = cpu_seconds(pids)
        if len(pids) - len(server.own_pids) >= workers and now - before < 0.05:
            return
        before = now


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _answers(port: int, child: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and child.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return True
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.02)
    return False


def _end(child: subprocess.Popen[bytes]) -> None:
    """TERM, and KILL for what is left of its process group."""
    if child.poll() is None:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(15)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait(15)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
