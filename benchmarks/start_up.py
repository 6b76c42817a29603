"""How long a server takes from the command to its first answer, when everything has been set up before."""

from __future__ import annotations

import statistics

from benchmarks.measure import Line, at_most, proportional_mib, step
from benchmarks.servers import coach_folder, serving, wait_until_quiet
from benchmarks.voice_turn import missing_speech

MOST_SECONDS = 3.0
MOST_WITH_SPEECH = 5.0


def run(rounds: int) -> list[Line]:
    bare, cpu, memory = _starts("without speech", rounds, models=False)
    lines = [
        Line("start to first answer, without speech", bare, "s", None, "", *at_most(MOST_SECONDS, bare, "s")),
        Line("CPU till then", cpu, "s CPU"),
        Line("memory when it rests", memory, "MiB"),
    ]
    if reason := missing_speech():
        return [*lines, Line(f"with speech: not measured, {reason}", 0, "")]
    full, cpu, memory = _starts("with speech", rounds, models=True)
    goal = at_most(MOST_WITH_SPEECH, full, "s")
    return [
        *lines,
        Line("start to first answer, with speech (models load meanwhile)", full, "s", bare, "s, without", *goal),
        Line("CPU till then", cpu, "s CPU"),
        Line("memory when the models are loaded", memory, "MiB"),
    ]


def _starts(name: str, rounds: int, *, models: bool) -> tuple[float, float, float]:
    """Median seconds, median CPU, memory after the last start. The first one writes caches and does not count."""
    seconds, worked, memory = [], [], 0.0
    with coach_folder(models=models) as settings, step(f"{rounds + 1} starts {name}"):
        for number in range(rounds + 1):
            with serving(settings) as server:
                if number:
                    seconds.append(server.ready_seconds)
                    worked.append(server.ready_cpu)
                if number == rounds:
                    wait_until_quiet(server, workers=2 if models else 0)
                    memory = sum(map(proportional_mib, server.all_pids))
    return statistics.median(seconds), statistics.median(worked), memory
