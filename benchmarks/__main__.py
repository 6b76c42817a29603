"""Runs benchmarks and prints one table.

    python -m benchmarks [NAME …] [--rounds N] [--json]

Without names all run. Progress goes to stderr, the table (or JSON) to stdout. A goal that is missed is shown, not an
error: these numbers depend on the machine and on what else it does.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import signal
import sys
import unicodedata
from collections.abc import Callable, Mapping

from benchmarks import dialogue_step, reading_reply, start_up, text_turn, voice_turn
from benchmarks.measure import Line, Skipped, say

BENCHMARKS: Mapping[str, Callable[[int], list[Line]]] = {
    "step": dialogue_step.run,
    "reading": reading_reply.run,
    "turn": text_turn.run,
    "voice": voice_turn.run,
    "start": start_up.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all when left out")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (default 3); medians are shown")
    parser.add_argument("--json", action="store_true", help="results as JSON")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in BENCHMARKS]
    if unknown or asked.rounds < 1:
        parser.error(f"no benchmark {', '.join(unknown)}" if unknown else "at least one round")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are ended too
    before = os.getloadavg()[0]
    if before > 0.5:
        say(f"The load average is {before:.1f}: other work runs beside this. Trust the ratios, not the times.")
    results = {name: _run(name, asked.rounds) for name in asked.names or BENCHMARKS}
    machine = _machine(before)
    if asked.json:
        lines = {name: _json(result) for name, result in results.items()}
        print(json.dumps({"machine": machine, "rounds": asked.rounds, "results": lines}, ensure_ascii=False, indent=2))
        return
    for name, result in results.items():
        print(_table(name, result))
    print(" · ".join(f"{what} {value}" for what, value in machine.items()))


def _run(name: str, rounds: int) -> list[Line] | str:
    say(f"{name}:")
    try:
        return BENCHMARKS[name](rounds)
    except Skipped as reason:
        say(f"  skipped: {reason}")
        return str(reason)


def _json(result: list[Line] | str) -> object:
    return {"skipped": result} if isinstance(result, str) else [line.to_json() for line in result]


def _machine(load_before: float) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "python": ".".join(map(str, sys.version_info[:3])),
        "load before": f"{load_before:.1f}",
        "load after": f"{os.getloadavg()[0]:.1f}",
    }


def _table(name: str, result: list[Line] | str) -> str:
    if isinstance(result, str):
        return f"\n{name}: skipped, {result}\n"
    rows = [("", "measured", "beside it", "ratio", "goal")] + [_row(line) for line in result]
    widths = [max(_width(row[column]) for row in rows) for column in range(5)]
    text = "\n".join("  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return f"\n{name}\n" + "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _row(line: Line) -> tuple[str, str, str, str, str]:
    beside = f"{_short(line.beside)} {line.beside_what}".strip() if line.beside is not None else ""
    mark = "" if line.met is None else "reached" if line.met else "MISSED"
    ratio = f"{line.ratio:.2f}" if line.ratio is not None else ""
    return line.what, f"{_short(line.value)} {line.unit}".strip(), beside, ratio, f"{line.goal}  {mark}".strip()


def _short(value: float) -> str:
    return f"{value:.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.3g}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


main()
