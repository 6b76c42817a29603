"""Reading a reply of ordinary length, beside merely bringing it into plain spelling."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

from benchmarks.measure import Line, Skipped, percentile, step
from benchmarks.sample_calls import scenarios, typical_replies
from coach import grading
from coach.behaviours.plain import plain
from coach.domain.scenario import Scenario
from coach.scenarios.observation import observe

BEFORE = {
    "zh": "我都打了三个电话了，每次都说在处理，到底什么时候能解决？",
    "en": "This is my third call. Every time you say it is being dealt with. When will it be?",
}
_FIRST = """
import json, sys, time
text, language = sys.argv[1:]
def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024
before, began = resident(), time.perf_counter()
from coach import grading
imported, loaded = time.perf_counter(), resident()
grading.read_reply(text, language=language)
print(json.dumps([imported - began, time.perf_counter() - imported, loaded - before, resident() - loaded]))
"""


def run(rounds: int) -> list[Line]:
    case = next(iter(scenarios().values()))
    lines: list[Line] = []
    for language in ("zh", "en"):
        replies = typical_replies(language)
        if not replies:
            raise Skipped("there are no replies of ordinary length in the play-tests.")
        with step(f"reading {len(replies)} {language} replies, {max(5, rounds)} rounds"):
            lines += _reading(language, replies, max(5, rounds), case)
    for language in ("zh", "en"):
        with step(f"first {language} reading in a fresh process"):
            lines += _first(language, typical_replies(language)[0])
    return lines


def _reading(language: str, replies: list[str], rounds: int, case: Scenario) -> list[Line]:
    sides = {
        "read": lambda text: grading.read_reply(text, language=language, customer_before=BEFORE[language]),
        "plain": plain,
    }
    readings = [grading.read_reply(text, language=language, customer_before=BEFORE[language]) for text in replies]
    took: dict[str, list[list[float]]] = {"read": [[] for _ in replies], "plain": [[] for _ in replies]}
    noticing: list[float] = []
    for _ in range(rounds):
        for place, text in enumerate(replies):
            for name, side in sides.items():
                began = time.thread_time_ns()
                side(text)
                took[name][place].append((time.thread_time_ns() - began) / 1e3)
            began = time.thread_time_ns()
            observe(case, readings[place], language)
            noticing.append((time.thread_time_ns() - began) / 1e3)
    read = [statistics.median(times) for times in took["read"]]
    bare = [statistics.median(times) for times in took["plain"]]
    length = "40 characters" if language == "zh" else "30 words"
    return [
        *(
            Line(f"{language}, about {length}: p{round(share * 100)}", percentile(read, share), "µs CPU",
                 percentile(bare, share), "µs, plain spelling")
            for share in (0.5, 0.95)
        ),
        Line(f"{language}: what the customer notices in it", statistics.median(noticing), "µs CPU"),
    ]  # fmt: skip


def _first(language: str, text: str) -> list[Line]:
    command = [sys.executable, "-c", _FIRST, text, language]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    imported, first, loaded, grown = json.loads(answer)
    return [
        Line(f"{language}: import of the grader", imported * 1e3, "ms"),
        Line(f"{language}: first reading after start", first * 1e3, "ms"),
        Line(f"{language}: memory for imports and first reading", loaded + grown, "MiB"),
    ]
