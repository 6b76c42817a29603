"""What all benchmarks share: clocks, interleaved rounds, percentiles and the lines of the table."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

Values = Mapping[str, float]


class Skipped(Exception):
    """The benchmark cannot run here; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `beside` was measured in the same run; `ratio` is `value` to `beside` where that means
    something. `goal` is in words; `met` is None where there is no goal."""

    what: str
    value: float
    unit: str
    beside: float | None = None
    beside_what: str = ""
    goal: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.beside if self.beside else None

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio}


def at_most(limit: float, value: float, unit: str = "") -> tuple[str, bool]:
    """The goal in words and whether the value meets it."""
    return f"≤ {limit:g}{unit and ' ' + unit}", value <= limit


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0..1) of all values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def interleaved(rounds: int, sides: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Runs all sides once a round, in alternating order, so that a busy minute of the machine hits all alike."""
    results: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides)[:: 1 if number % 2 == 0 else -1]
        for name in names:
            results[name].append(sides[name]())
    return results


def medians(results: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: statistics.median(values) for name, values in results.items()}


def cpu_each(work: Callable[[], object], times: int) -> float:
    """Seconds of this thread's CPU for one `work()`, over `times` of them."""
    began = time.thread_time()
    for _ in range(times):
        work()
    return (time.thread_time() - began) / times


def say(words: str) -> None:
    """Progress, beside the results."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def step(words: str) -> Iterator[None]:
    """Says what goes on, and afterwards how long it took."""
    print(f"  {words} …", end="", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        yield
    finally:
        say(f" {time.monotonic() - began:.1f} s")


def process_tree(pid: int) -> list[int]:
    """The process and its children, their children and so on, as far as they still run."""
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in children.read_text().split():
                found += process_tree(int(child))
        except OSError:
            continue
    return found


def cpu_seconds(pids: Sequence[int]) -> float:
    """CPU that these processes have used. Nanoseconds of their threads where the kernel tells, else 10 ms ticks."""
    return sum(_cpu_of(pid) for pid in pids)


def _cpu_of(pid: int) -> float:
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(task.read_text().split()[0])
        except (OSError, IndexError):
            return _ticks_of(pid)
    return total / 1e9 if total else _ticks_of(pid)


def _ticks_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100


def proportional_mib(pid: int) -> float:
    """Memory of a process, what it shares divided by those who share it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
