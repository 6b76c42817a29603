"""kill -9 at any moment: every turn that was acknowledged is there afterwards, whole and in order."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from coach.errors import NotFound
from coach.store.database import SqlStore
from tests.store.houses import House, close, opening, sqlite_house, turn

ROOT = Path(__file__).resolve().parents[2]
KILLS = 4


@pytest.fixture
def house(tmp_path: Path) -> House:
    return sqlite_house(tmp_path, 5.0)


def kill_a_writer(house: House, owner: int, seconds: float, *options: str) -> list[tuple[str, int]]:
    """Lets a writer run for so long after its first word, kills it, and returns what it had acknowledged."""
    command = [sys.executable, "-m", "tests.faults.turn_writer", house.url, str(owner), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(seconds)
        writer.kill()
        lines = [first, *writer.stdout]
    return [(id, int(seq)) for id, seq in (line.split() for line in lines)]


def lost(house: House, acknowledged: list[tuple[str, int]]) -> set[tuple[str, int]]:
    """What was acknowledged and is not stored. Also proves that what is stored is whole."""
    store = SqlStore(house.url)
    stored = set()
    for id in {id for id, _ in acknowledged}:
        turns = turns_of(store, id)
        assert turns == [opening(), *(turn(seq) for seq in range(1, len(turns)))]
        stored |= {(id, kept.seq) for kept in turns}
    store.close()
    with closing(sqlite3.connect(house.url.removeprefix("sqlite:///"))) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    return set(acknowledged) - stored


def turns_of(store: SqlStore, id: str) -> list[object]:
    with store.read() as work:
        try:
            kept = work.rehearsals.get(id)
        except NotFound:
            return [opening()]  # not even the beginning
        replies = len(kept.replies)
        (summary,) = (s for s in work.rehearsals.of_owner(kept.owner_id) if s.id == id)
        assert summary.replies == replies  # the list agrees with the turns
        return list(kept.turns)


@pytest.mark.slow
def test_no_acknowledged_turn_is_lost(house: House) -> None:
    alice = house.hire("alice")
    chance = random.Random(20260305)
    acknowledged: list[tuple[str, int]] = []
    for _ in range(KILLS):
        acknowledged += kill_a_writer(house, alice.id, chance.uniform(0.05, 0.3))
    assert len(acknowledged) > 10 * KILLS
    assert lost(house, acknowledged) == set()
    started = time.monotonic()
    house.start(alice)  # the next writer starts without repair work
    assert time.monotonic() - started < 3
    close(house)


@pytest.mark.slow
def test_the_test_sees_a_store_that_acknowledges_too_early(house: House) -> None:
    """The planted fault: if this passes unseen, the test above proves nothing."""
    alice = house.hire("alice")
    close(house)
    assert lost(house, kill_a_writer(house, alice.id, 0.12, "--too-early"))
