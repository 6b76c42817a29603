"""Text turns through the API of the real app under load, beside a bare Flask view that stores as much."""

from __future__ import annotations

from collections import Counter
from itertools import cycle

from benchmarks.callers import Tally, all_at_once, plan, thinking
from benchmarks.measure import Line, Skipped, at_most, percentile, proportional_mib, say, step
from benchmarks.sample_calls import sample_calls
from benchmarks.servers import Server, coach_folder, run_coach, serving, wait_until_quiet

TURNS = {1: 120, 16: 480, 64: 640}
"""Connections -> turns of all of them in one round."""

TRAINEES, THINK, SECONDS = 40, (1.0, 3.0), 20.0
"""As many turns a second as 200 trainees who think for 5 to 15 seconds."""

MOST_CPU = 4.0  # times the floor's
ALONE_P95, CROWD_P95 = 150.0, 250.0  # ms


def run(rounds: int) -> list[Line]:
    with coach_folder(models=False) as settings:
        token = run_coach(settings, "token", "create", "trainee@example.com").splitlines()[-1]
        floor_words = ("-m", "benchmarks.floor_server")
        with serving(settings) as app, serving(settings, floor_words) as floor:
            wait_until_quiet(app, seconds=20)
            return _measured(app, floor, token, rounds)


def _measured(app: Server, floor: Server, token: str, rounds: int) -> list[Line]:
    with step("a first round of calls, not counted"):
        warm = _round(app, token, 4, 80)
        _round(floor, "", 4, 80)
    if warm.errors:
        raise Skipped(f"turns are refused: {warm.errors[0]}")
    lines, memory = [], sum(map(proportional_mib, app.own_pids))
    for connections, turns in TURNS.items():
        ours, theirs = Tally(), Tally()
        with step(f"{connections} connections, {rounds} rounds of {turns} turns on each side"):
            for number in range(rounds):
                sides = [(app, token, ours), (floor, "", theirs)]
                for server, key, tally in sides if number % 2 == 0 else reversed(sides):
                    tally.add(_round(server, key, connections, turns))
        lines += _lines(connections, ours, theirs)
        _tell_errors(ours)
    with step(f"{TRAINEES} trainees who think for {THINK[0]:g} to {THINK[1]:g} s"):
        used = app.cpu()
        crowd = thinking(app.port, token, sample_calls(), TRAINEES, THINK, SECONDS)
        crowd.cpu = app.cpu() - used
    _tell_errors(crowd)
    now = sum(map(proportional_mib, app.own_pids))
    return [*lines, *_crowd(crowd), Line("memory of the server after all this", now, "MiB", memory, "MiB, at first")]


def _tell_errors(tally: Tally) -> None:
    for error, times in Counter(tally.errors).most_common(3):
        say(f"    {times} × {error}")


def _round(server: Server, token: str, connections: int, turns: int) -> Tally:
    """The calls begin before the clock runs."""
    calls = cycle(sample_calls())
    plans = [plan(server.port, token, calls, turns // connections) for _ in range(connections)]
    return all_at_once(server.port, token, plans, server.cpu)


def _lines(connections: int, ours: Tally, floor: Tally) -> list[Line]:
    name = f"{connections} connection{'s' if connections > 1 else ''}"
    lines = [
        _quantile(f"{name}: p{round(share * 100)}", ours, floor, share, connections) for share in (0.5, 0.95, 0.99)
    ]
    cpu, least = (1e3 * tally.cpu / max(1, len(tally.seconds)) for tally in (ours, floor))
    rate, most = (len(tally.seconds) / tally.wall for tally in (ours, floor))
    goal, _ = at_most(MOST_CPU, 0, "times")
    return [
        *lines,
        Line(f"{name}: turns a second", rate, "", most),
        Line(f"{name}: CPU a turn", cpu, "ms", least, "ms", goal, cpu <= MOST_CPU * least),
        Line(f"{name}: errors of {len(ours.seconds)}", len(ours.errors), "", None, "", "0", not ours.errors),
    ]


def _quantile(name: str, ours: Tally, floor: Tally, share: float, connections: int) -> Line:
    value = 1e3 * percentile(ours.seconds, share)
    goal = at_most(ALONE_P95, value, "ms") if connections == 1 and share == 0.95 else ("", None)
    return Line(name, value, "ms", 1e3 * percentile(floor.seconds, share), "ms", *goal)


def _crowd(crowd: Tally) -> list[Line]:
    p95 = 1e3 * percentile(crowd.seconds, 0.95)
    share = 100 * crowd.cpu / crowd.wall
    name = f"{TRAINEES} trainees thinking {THINK[0]:g}–{THINK[1]:g} s"
    return [
        Line(f"{name}: p95", p95, "ms", None, "", *at_most(CROWD_P95, p95, "ms")),
        Line(f"{name}: errors of {len(crowd.seconds)}", len(crowd.errors), "", None, "", "0", not crowd.errors),
        Line(f"{name}: share of one core", share, "%"),
    ]
