from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.houses import KINDS, House, close


@pytest.fixture(params=list(KINDS))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    built = KINDS[request.param](tmp_path, 5.0)
    yield built
    close(built)


@pytest.fixture(params=list(KINDS))
def impatient_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Its writers wait a fifth of a second only."""
    built = KINDS[request.param](tmp_path, 0.2)
    yield built
    close(built)
