"""How far the reader agrees with labelled replies.

    python benchmarks/reading_agreement.py labelled.jsonl [more.jsonl …] [--errors BEHAVIOUR]

Each line: {"id", "lang", "customer_before", "agent_reply", "labels": [ids]}. Prints precision, recall and F1 of
`present` verdicts per behaviour and language, the macro mean over acts and over faults, and processor time per reply.
`unsure` credits nothing; how many true labels it holds is shown beside.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coach.behaviours.reader import READER_VERSION, read
from coach.domain.behaviour import ACTS, BEHAVIOURS, FAULTS, Reading

Reply = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--errors", metavar="BEHAVIOUR", help="list the replies read otherwise than labelled")
    asked = parser.parse_args()
    replies = [json.loads(line) for file in asked.files for line in file.read_text(encoding="utf-8").splitlines()]
    read("好", language="zh"), read("ok", language="en")  # compile the lists before the clock runs
    started = time.process_time()
    readings = [
        (reply, read(reply["agent_reply"], language=reply["lang"], customer_before=reply.get("customer_before", "")))
        for reply in replies
    ]
    spent = time.process_time() - started
    for language in sorted({reply["lang"] for reply in replies}):
        _table(language, [(r, g) for r, g in readings if r["lang"] == language])
    _table("all", readings)
    print(f"{READER_VERSION}: {len(replies)} replies, {1000 * spent / max(1, len(replies)):.2f} ms each")
    if asked.errors:
        _errors(asked.errors, readings)


def _table(title: str, readings: list[tuple[Reply, Reading]]) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for reply, reading in readings:
        for behaviour in BEHAVIOURS:
            counts[behaviour, _cell(behaviour, reply, reading)] += 1
    print(f"\n{title:18} {'prec':>5} {'rec':>5} {'F1':>5} {'labels':>7} {'unsure':>7}")
    scores = {}
    for behaviour in BEHAVIOURS:
        tp, fp, fn = (counts[behaviour, cell] for cell in ("tp", "fp", "fn"))
        fn += counts[behaviour, "unsure"]
        scores[behaviour] = 2 * tp / (2 * tp + fp + fn) if tp else 0.0
        precision = tp / (tp + fp) if tp else 0.0
        recall = tp / (tp + fn) if tp else 0.0
        numbers = f"{precision:5.2f} {recall:5.2f} {scores[behaviour]:5.2f} {tp + fn:7} {counts[behaviour, 'unsure']:7}"
        print(f"{behaviour:18} {numbers}")
    for name, group in (("acts", ACTS), ("faults", FAULTS)):
        tp = sum(counts[b, "tp"] for b in group)
        fp = sum(counts[b, "fp"] for b in group)
        macro = sum(scores[b] for b in group) / len(group)
        print(f"{title} macro-F1 {name}: {macro:.3f}   micro precision {tp / max(1, tp + fp):.3f}")


def _cell(behaviour: str, reply: Reply, reading: Reading) -> str:
    labelled = behaviour in reply["labels"]
    found = reading.find(behaviour)
    if found and found.is_present:
        return "tp" if labelled else "fp"
    if not labelled:
        return "tn"
    return "unsure" if found else "fn"


def _errors(behaviour: str, readings: list[tuple[Reply, Reading]]) -> None:
    for reply, reading in readings:
        cell = _cell(behaviour, reply, reading)
        if cell not in ("tp", "tn"):
            found = reading.find(behaviour)
            words = " / ".join(e.text for e in found.evidence) if found else ""
            print(f"{cell:6} {reply['id']} [{words}] {reply['agent_reply']!r}")


if __name__ == "__main__":
    main()
