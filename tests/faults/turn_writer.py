"""A process that appends turns as fast as it can and says on stdout which ones are safe. The tests kill it.

python -m tests.faults.turn_writer URL OWNER [--too-early]

`--too-early` plants the fault that the tests must be able to see: it acknowledges before it commits.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time

from coach.domain.people import Person
from coach.store.database import SqlStore
from tests.store.houses import rehearsal, turn

WRITERS = 4


def acknowledge(id: str, seq: int) -> None:
    os.write(1, f"{id} {seq}\n".encode())  # one system call: a line is there or not, never half


def write_for_ever(store: SqlStore, owner: Person, id: str, too_early: bool) -> None:
    with store.write() as work:
        work.rehearsals.add(rehearsal(owner, id))
    for seq in itertools.count(1):
        with store.write() as work:
            work.rehearsals.append(id, turn(seq), f"request {seq}")
            if too_early:
                acknowledge(id, seq)
                time.sleep(0.05)
        if not too_early:
            acknowledge(id, seq)


def main() -> None:
    store = SqlStore(sys.argv[1])
    with store.read() as work:
        owner = work.people.get(int(sys.argv[2]))
    for number in range(WRITERS):
        arguments = (store, owner, f"r{os.getpid()}-{number}", "--too-early" in sys.argv)
        threading.Thread(target=write_for_ever, args=arguments).start()


if __name__ == "__main__":
    main()
