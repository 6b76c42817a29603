"""The scenarios that can be practised now, and the exact versions that were practised before."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from coach.domain.rehearsal import Rehearsal
from coach.domain.scenario import Scenario
from coach.errors import OurFault, UnknownScenario
from coach.practice.ports import Store, UnitOfWork
from coach.scenarios.loader import Loaded, load_defaults, load_folder, rebuild
from coach.scenarios.program import Program, compile_scenario

KEPT_PROGRAMS = 200  # old versions held in memory; more are read from the archive again


@dataclass(frozen=True, slots=True)
class Playable:
    """A current scenario with what is needed to play it and to keep it."""

    program: Program
    source: str  # as the archive keeps it

    @property
    def scenario(self) -> Scenario:
        return self.program.scenario


class Library:
    """Scenarios of one folder. Loading happens once and on `reload`; reading it is free of locks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._old: OrderedDict[str, Program] = OrderedDict()
        self._old_lock = Lock()
        self.reload()

    def reload(self) -> None:
        """Reads the folder again. Broken files are left out; `loaded` tells what is wrong with them."""
        defaults = load_defaults(self._folder / "defaults")
        self.loaded: tuple[Loaded, ...] = load_folder(self._folder)
        self._playable = {
            one.scenario.id: Playable(compile_scenario(one.scenario), json.dumps([one.source, defaults]))
            for one in self.loaded
            if one.scenario
        }

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All that can be practised, easiest first."""
        return tuple(sorted((p.scenario for p in self._playable.values()), key=lambda s: (s.difficulty, s.id)))

    def playable(self, scenario_id: str) -> Playable:
        """UnknownScenario if there is none of that id."""
        if scenario_id not in self._playable:
            raise UnknownScenario(f"there is no scenario {scenario_id}", scenario=scenario_id)
        return self._playable[scenario_id]

    def program_of(self, rehearsal: Rehearsal, work: UnitOfWork) -> Program:
        """The version the rehearsal was played on, whatever the folder holds now."""
        return self.program(rehearsal.scenario_id, rehearsal.scenario_hash, work)

    def look_up(self, rehearsal: Rehearsal, store: Store) -> Program:
        """As `program_of`; asks the store only for a version that is not at hand."""
        current = self._playable.get(rehearsal.scenario_id)
        if current and current.scenario.hash == rehearsal.scenario_hash:
            return current.program
        with store.read() as work:
            return self.program_of(rehearsal, work)

    def program(self, scenario_id: str, hash: str, work: UnitOfWork) -> Program:
        """The version of that hash: the current one, or one from the archive."""
        current = self._playable.get(scenario_id)
        if current and current.scenario.hash == hash:
            return current.program
        with self._old_lock:
            if hash in self._old:
                self._old.move_to_end(hash)
                return self._old[hash]
        program = self._from_archive(work.archive.source(hash))
        with self._old_lock:
            self._old[hash] = program
            while len(self._old) > KEPT_PROGRAMS:
                self._old.popitem(last=False)
        return program

    @staticmethod
    def _from_archive(kept: str) -> Program:
        source, defaults = json.loads(kept)
        scenario = rebuild(source, defaults)
        if scenario is None:
            raise OurFault("a kept scenario version can no longer be read")
        return compile_scenario(scenario)
