"""Web tests: a small app with the real shell, and pages that are checked as they are fetched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _front_end_is_built() -> None:
    subprocess.run([sys.executable, str(ROOT / "tools" / "build_frontend.py"), "--quiet"], check=True)
