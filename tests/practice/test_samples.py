"""The demo's calls: a newcomer who opens the mentor's desk finds something to read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from coach import grading
from coach.domain.language import Language
from coach.domain.people import Role
from coach.practice.library import Library
from coach.practice.rehearse import Rehearsing
from coach.practice.samples import SAMPLES, Sample, SampleClock, act_out
from coach.speech.fakes import FakeListener
from tests.fakes.memory_store import MemoryStore

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_each_sample_is_a_finished_call_with_its_ending() -> None:
    store, library = MemoryStore(), Library(SCENARIOS)
    lin = store.accounts.add_person(email="lin@example.com", name="Lin", roles=(Role.TRAINEE,))
    ids = iter("abcdefgh")

    def desk(clock: SampleClock) -> Rehearsing:
        return Rehearsing(
            store,
            library,
            listener=FakeListener(),
            read=lambda text, lang, before: grading.read_reply(text, language=lang, customer_before=before),
            clock=clock,
            new_id=lambda: next(ids),
            new_seed=lambda: 7,
        )

    missing = Sample("no-such-case/settled", 1)
    act_out((*SAMPLES, missing), SCENARIOS / "playtests", lin, Language.EN, desk, NOW)

    with store.read() as work:
        calls = work.rehearsals.of_owner(lin.id)
    assert [call.ending for call in reversed(calls)] == ["walked-off", "walked-off", "settled-cold", "settled"]
    assert all(call.ended and call.started < NOW for call in calls)
