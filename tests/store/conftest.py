from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.houses import House, close, postgresql_house, sqlite_house


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[House]:
    built = sqlite_house(tmp_path, 5.0)
    yield built
    close(built)


@pytest.fixture
def impatient_sqlite(tmp_path: Path) -> Iterator[House]:
    """Its writers wait a fifth of a second only."""
    built = sqlite_house(tmp_path, 0.2)
    yield built
    close(built)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    built = sqlite_house(tmp_path, 5.0) if request.param == "sqlite" else postgresql_house(tmp_path, 5.0)
    yield built
    close(built)
