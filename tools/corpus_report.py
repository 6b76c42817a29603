"""What the corpus holds and how well its two readers agree: `python tools/corpus_report.py [--write]`.

Each line of `corpus/*.jsonl` keeps both readings: `labels` (with `spans`) is what both readers marked, `doubtful` what
only one of them did, with the number of that reader.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
SHINGLE = {"zh": 4, "en": 12}  # characters; replies that share most of these are near duplicates
NEAR = 0.8

Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description="Report on the corpus.")
    parser.add_argument("--write", action="store_true", help="write corpus/REPORT.md instead of printing")
    rows = [json.loads(line) for path in sorted(CORPUS.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    report = "\n".join([*overview(rows), "", *agreement(rows), ""])
    if parser.parse_args().write:
        (CORPUS / "REPORT.md").write_text(report, encoding="utf-8")
    else:
        sys.stdout.write(report)
    return 0


def overview(rows: list[Row]) -> list[str]:
    """Counts, styles, distinct n-grams and near duplicates, by language."""
    lines = ["# The corpus in numbers", "", "Made by `python tools/corpus_report.py --write`.", ""]
    lines += ["| | zh | en |", "|---|---|---|"]
    by_language = {lang: [r for r in rows if r["lang"] == lang] for lang in ("zh", "en")}
    facts = {lang: _facts(part, lang) for lang, part in by_language.items()}
    return lines + [f"| {name} | {facts['zh'][name]} | {facts['en'][name]} |" for name in facts["zh"]]


def _facts(rows: list[Row], lang: str) -> dict[str, str]:
    replies = [r["agent_reply"] for r in rows]
    grams = Counter(gram for reply in replies for gram in _grams(reply, 4 if lang == "zh" else 3, lang))
    return {
        "replies": f"{len(rows):,}",
        "situations": f"{len({r['situation'] for r in rows}):,}",
        "spoken": _share(sum(r["mode"] == "spoken" for r in rows), len(rows)),
        "traditional": _share(sum(r.get("script") == "hant" for r in rows), len(rows)) if lang == "zh" else "–",
        "contrast pairs": f"{len({r['pair'] for r in rows if 'pair' in r}):,}",
        "distinct 4-grams of characters (zh), 3-grams of words (en)": _share(len(grams), grams.total()),
        "near duplicates": _share(_near_duplicates(replies, lang), len(rows)),
        "labels both readers marked": f"{sum(len(r['labels']) for r in rows):,}",
    }


def agreement(rows: list[Row]) -> list[str]:
    """Per behaviour and language: replies that both marked, that one marked, and Cohen's kappa."""
    names = sorted({label for r in rows for label in _marked(r, 1) | _marked(r, 2)})
    lines = [
        "## How the two readers agree",
        "",
        "| behaviour | zh both | zh one | zh kappa | en both | en one | en kappa |",
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for name in names:
        cells = [cell for lang in ("zh", "en") for cell in _agree([r for r in rows if r["lang"] == lang], name)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    kappas = {lang: _mean_kappa([r for r in rows if r["lang"] == lang], names) for lang in ("zh", "en")}
    return [*lines, "", f"Mean kappa: zh {kappas['zh']:.2f}, en {kappas['en']:.2f}."]


def _agree(rows: list[Row], name: str) -> list[str]:
    both = sum(name in r["labels"] for r in rows)
    one = sum(name in _marked(r, 1) ^ _marked(r, 2) for r in rows)
    return [str(both), str(one), f"{_kappa(rows, name):.2f}"]


def _kappa(rows: list[Row], name: str) -> float:
    total = len(rows)
    first = sum(name in _marked(r, 1) for r in rows) / total
    second = sum(name in _marked(r, 2) for r in rows) / total
    observed = sum((name in _marked(r, 1)) == (name in _marked(r, 2)) for r in rows) / total
    expected = first * second + (1 - first) * (1 - second)
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0


def _mean_kappa(rows: list[Row], names: Iterable[str]) -> float:
    kappas = [_kappa(rows, name) for name in names]
    return sum(kappas) / len(kappas)


def _marked(row: Row, reader: int) -> set[str]:
    return set(row["labels"]) | {mark["id"] for mark in row["doubtful"] if mark["reader"] == reader}


def _grams(text: str, size: int, lang: str) -> Iterable[tuple[str, ...]]:
    units = [c for c in text if c.isalnum()] if lang == "zh" else text.lower().split()
    return zip(*(units[start:] for start in range(size)), strict=False)


def _near_duplicates(replies: list[str], lang: str) -> int:
    """Replies of which an earlier one holds nearly all short pieces. Compared only where a rare piece is shared."""
    size = SHINGLE[lang]
    pieces = [{reply[i : i + size] for i in range(max(1, len(reply) - size + 1))} for reply in replies]
    where: dict[str, list[int]] = {}
    found = 0
    for number, mine in enumerate(pieces):
        others = Counter(other for piece in mine for other in where.get(piece, ()))
        if any(shared >= NEAR * max(len(mine), len(pieces[other])) for other, shared in others.items()):
            found += 1
        for piece in mine:
            where.setdefault(piece, []).append(number)
    return found


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.1%})" if whole else "0"


if __name__ == "__main__":
    sys.exit(main())
