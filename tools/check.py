"""`make static`: what must hold besides the tests. Runs all checks and says at the end which failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PY = sys.executable
BIN = Path(PY).parent

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("code style (ruff)", [str(BIN / "ruff"), "check", "."]),
    ("code format (ruff)", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("types (mypy strict)", [str(BIN / "mypy")]),
    ("direction of imports", [str(BIN / "lint-imports"), "--no-cache"]),
    ("translations complete", [PY, "tools/translations.py", "check"]),
    ("scenarios", [PY, "-m", "coach", "scenarios", "check"]),
    ("play-tests", [PY, "-m", "coach", "scenarios", "playtest"]),
)  # fmt: skip


def main() -> int:
    failed = []
    for name, command in CHECKS:
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
        print(
            f"-- {name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)", flush=True
        )
        if done.returncode:
            failed.append(name)
    print("\nAll checks passed." if not failed else f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
