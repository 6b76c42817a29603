from __future__ import annotations

from pathlib import Path

import pytest

from tests.practice.house import House, build


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)
