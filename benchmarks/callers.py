"""Trainees on keep-alive connections: each plays its own calls, one reply after the other."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice

from benchmarks.sample_calls import SampleCall

REPLY_TIMEOUT = 30.0


@dataclass(slots=True)
class Tally:
    """What came of many turns. `errors` are answers other than 200, and connections that broke."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wall: float = 0.0
    cpu: float = 0.0

    def add(self, other: Tally) -> None:
        self.seconds += other.seconds
        self.errors += other.errors
        self.wall += other.wall
        self.cpu += other.cpu


class Caller:
    """One connection."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=REPLY_TIMEOUT)
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    def post(self, path: str, body: object) -> tuple[int, bytes]:
        headers = {**self._headers, "Idempotency-Key": uuid.uuid4().hex}
        self._connection.request("POST", path, json.dumps(body).encode(), headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def start(self, call: SampleCall) -> str:
        """The address of a new rehearsal; RuntimeError if it is refused."""
        asked = {"scenario": call.scenario, "language": "zh-Hans" if call.language == "zh" else "en", "channel": "text"}
        status, body = self.post("/api/v1/rehearsals", asked)
        if status != 201:
            raise RuntimeError(f"{status} for a new rehearsal: {body[:200].decode(errors='replace')}")
        return f"/api/v1/rehearsals/{json.loads(body)['id']}/turns"

    def turn(self, path: str, text: str, tally: Tally) -> bool:
        """Sends a reply and notes how it went. Whether the call can go on."""
        began = time.perf_counter()
        try:
            status, body = self.post(path, {"text": text})
        except OSError as error:
            tally.errors.append(type(error).__name__)
            self._connection.close()
            return False
        tally.seconds.append(time.perf_counter() - began)
        if status != 200:
            tally.errors.append(f"{status} {body[:80].decode(errors='replace')}")
            return False
        return b'"ended":true' not in body

    def close(self) -> None:
        self._connection.close()


@dataclass(slots=True)
class Planned:
    """Calls that have begun, for one connection: where to send which replies."""

    calls: list[tuple[str, list[str]]]

    def play(self, caller: Caller, tally: Tally) -> None:
        for path, replies in self.calls:
            for reply in replies:
                if not caller.turn(path, reply, tally):
                    break


def plan(port: int, token: str, calls: Iterator[SampleCall], turns: int) -> Planned:
    """Begins enough calls for about so many turns; `port` 0 is for a server without rehearsals."""
    caller, planned, left = Caller(port, token), Planned([]), turns
    while left > 0:
        call = next(calls)
        replies = [reply for reply in call.replies if reply][:left]
        path = caller.start(call) if token else f"/rehearsals/{uuid.uuid4().hex}/turns"
        planned.calls.append((path, replies))
        left -= max(1, len(replies))
    caller.close()
    return planned


def all_at_once(port: int, token: str, plans: Sequence[Planned], cpu: Callable[[], float]) -> Tally:
    """One thread for each plan, started together. `cpu` gives the CPU seconds the server has used."""
    tallies, together = [Tally() for _ in plans], threading.Barrier(len(plans) + 1)

    def work(planned: Planned, tally: Tally) -> None:
        caller = Caller(port, token)
        together.wait()
        planned.play(caller, tally)
        caller.close()

    pairs = zip(plans, tallies, strict=True)
    threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in pairs]
    for thread in threads:
        thread.start()
    used, began = cpu(), time.perf_counter()
    together.wait()
    for thread in threads:
        thread.join()
    total = Tally(wall=time.perf_counter() - began, cpu=cpu() - used)
    for tally in tallies:
        total.add(tally)
    return total


def thinking(
    port: int, token: str, calls: Sequence[SampleCall], trainees: int, think: tuple[float, float], seconds: float
) -> Tally:
    """Trainees who think for a while before each reply and begin a new call when one ends."""
    tallies, end = [Tally() for _ in range(trainees)], time.monotonic() + seconds

    def work(number: int, tally: Tally) -> None:
        chance = random.Random(number)
        caller, mine = Caller(port, token), islice(cycle(calls), number, None)
        time.sleep(chance.uniform(0, think[1]))
        while time.monotonic() < end:
            call = next(mine)
            try:
                path = caller.start(call)
            except (OSError, RuntimeError) as error:
                tally.errors.append(str(error))
                continue
            for reply in filter(None, call.replies):
                time.sleep(chance.uniform(*think))
                if time.monotonic() >= end or not caller.turn(path, reply, tally):
                    break
        caller.close()

    threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in enumerate(tallies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = Tally(wall=seconds)
    for tally in tallies:
        total.add(tally)
    return total
