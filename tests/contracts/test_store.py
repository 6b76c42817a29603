"""What every store promises. The same tests run on the fake, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from coach.domain.language import Language
from coach.domain.mood import Mood
from coach.domain.people import Person, Role
from coach.domain.rehearsal import Channel, Event, Turn
from coach.errors import BadInput, BadText, CallEnded, KeyReused, NotFound, OutOfStep, StoreUnavailable
from coach.practice.ports import Store, UnitOfWork
from tests.store.houses import NOON, House, opening, rehearsal, turn

RACERS = 20


# Rehearsals


def test_a_rehearsal_comes_back_as_it_was(house: House) -> None:
    alice = house.hire("alice")
    kept = rehearsal(alice, turns=(opening(), turn(1), turn(2, ended="calm")), ended=NOON + timedelta(minutes=3))
    with house.store.write() as work:
        work.rehearsals.add(kept)
    with house.store.read() as work:
        assert work.rehearsals.get("r1") == kept


def test_what_is_not_there_is_not_found(house: House) -> None:
    with house.store.read() as work:
        for id in ("nobody", "", "nul\0", "half \ud800", "x" * 5000):
            with pytest.raises(NotFound):
                work.rehearsals.get(id)
            assert work.rehearsals.answered(id, id) is None
            assert work.rehearsals.branches_of(id) == ()
        assert work.rehearsals.of_owner(10**30) == ()


def test_an_owner_must_exist(house: House) -> None:
    alice = house.hire("alice")
    for id in (alice.id + 1, 0, 10**30):
        with pytest.raises(NotFound), house.store.write() as work:
            work.rehearsals.add(replace(rehearsal(alice), owner_id=id))


def test_two_rehearsals_cannot_share_an_id(house: House) -> None:
    alice = house.hire("alice")
    house.start(alice)
    with pytest.raises(KeyReused):
        house.start(alice)


def test_turns_are_appended_one_after_the_other(house: House) -> None:
    house.start(house.hire("alice"))
    for seq in (1, 2):
        with house.store.write() as work:
            work.rehearsals.lock("r1")
            work.rehearsals.append("r1", turn(seq), f"request {seq}")
    with house.store.read() as work:
        kept = work.rehearsals.get("r1")
    assert kept.turns == (opening(), turn(1), turn(2))
    assert not kept.is_over


def test_a_turn_can_be_appended_without_a_lock_of_its_own(house: House) -> None:
    house.start(house.hire("alice"))
    with house.store.write() as work:
        work.rehearsals.append("r1", turn(1), "request")
        work.rehearsals.append("r1", turn(2), "request")
        assert work.rehearsals.get("r1").last == turn(2)


def test_the_turn_that_ends_the_call_sets_its_end(house: House) -> None:
    house.start(house.hire("alice"))
    with house.store.write() as work:
        work.rehearsals.append("r1", turn(1, ended="calm"), "request")
    with house.store.read() as work:
        assert work.rehearsals.get("r1").ended == turn(1).at


def test_a_call_that_went_on_is_recalled_as_it_was_committed(house: House) -> None:
    house.start(house.hire("alice"))
    with house.store.write() as work:
        work.rehearsals.lock("r1")
        work.rehearsals.append("r1", turn(1, ended="calm"), "request")
    with house.store.read() as work:
        assert house.store.recall("r1") == work.rehearsals.get("r1")
    assert house.store.recall("nobody") is None


def test_nothing_follows_the_end(house: House) -> None:
    house.start(house.hire("alice"))
    with house.store.write() as work:
        work.rehearsals.append("r1", turn(1, ended="calm"), "request")
    with pytest.raises(CallEnded), house.store.write() as work:
        work.rehearsals.append("r1", turn(2), "request")


@pytest.mark.parametrize("seq", [0, 1, 3, -1])
def test_a_turn_that_is_not_the_next_is_out_of_step(house: House, seq: int) -> None:
    house.start(house.hire("alice"), turns=(opening(), turn(1)))
    with pytest.raises(OutOfStep), house.store.write() as work:
        work.rehearsals.append("r1", turn(seq, key="another"), "request")


def test_a_key_works_once_in_a_rehearsal(house: House) -> None:
    alice = house.hire("alice")
    house.start(alice)
    house.start(alice, "r2")
    with house.store.write() as work:
        work.rehearsals.append("r1", turn(1, key="k"), "request")
        work.rehearsals.append("r2", turn(1, key="k"), "another rehearsal has keys of its own")
    with pytest.raises(KeyReused), house.store.write() as work:
        work.rehearsals.append("r1", turn(2, key="k"), "request")


def test_an_answered_key_gives_its_request_and_turn(house: House) -> None:
    house.start(house.hire("alice"))
    with house.store.write() as work:
        work.rehearsals.append("r1", turn(1), "hash of the body")
        assert work.rehearsals.answered("r1", "key-1") == ("hash of the body", turn(1))
    with house.store.read() as work:
        assert work.rehearsals.answered("r1", "key-1") == ("hash of the body", turn(1))
        assert work.rehearsals.answered("r1", "opening") == ("", opening())
        assert work.rehearsals.answered("r1", "key-2") is None
        assert work.rehearsals.answered("r2", "key-1") is None


def test_appending_to_nothing_is_not_found(house: House) -> None:
    with pytest.raises(NotFound), house.store.write() as work:
        work.rehearsals.append("r1", turn(1), "request")


@pytest.mark.parametrize("bad", ["nul \0", "half \ud83d"])
@pytest.mark.parametrize("field", ["text", "key"])
def test_text_that_databases_cannot_hold_is_refused_not_bent(house: House, field: str, bad: str) -> None:
    house.start(house.hire("alice"))
    with pytest.raises(BadText), house.store.write() as work:
        work.rehearsals.append("r1", turn(1, **{field: bad}), "request")
    with house.store.read() as work:
        assert work.rehearsals.get("r1").turns == (opening(),)


# Lists


def test_an_owners_rehearsals_come_newest_first(house: House) -> None:
    alice, bob = house.hire("alice"), house.hire("bob")
    for hour, owner in enumerate((alice, alice, bob, alice)):
        house.start(owner, f"r{hour}", started=NOON + timedelta(hours=hour))

    def ids(**limits: object) -> list[str]:
        with house.store.read() as work:
            return [r.id for r in work.rehearsals.of_owner(alice.id, **limits)]

    assert ids() == ["r3", "r1", "r0"]
    assert ids(limit=2) == ["r3", "r1"]
    assert ids(before=NOON + timedelta(hours=3)) == ["r1", "r0"]
    assert ids(before=NOON) == []
    assert ids(limit=0) == ids(limit=-1) == []


def test_a_summary_says_what_the_turns_say(house: House) -> None:
    alice = house.hire("alice")
    first = opening(mood=Mood(70, 50))
    house.start(alice, turns=(first, turn(1), turn(2, event=Event.SILENCE, text="")))
    with house.store.write() as work:
        work.rehearsals.append("r1", turn(3, mood=Mood(0, 100), ended="calm"), "request")
    with house.store.read() as work:
        (summary,) = work.rehearsals.of_owner(alice.id)
    assert (summary.replies, summary.anger_first, summary.anger_last, summary.ending) == (2, 70, 0, "calm")
    assert (summary.started, summary.ended) == (NOON, turn(3).at)
    assert (summary.scenario_id, summary.scenario_version, summary.scenario_hash) == ("late-parcel", 3, "ab" * 32)
    assert (summary.owner_id, summary.language, summary.channel) == (alice.id, Language.ZH_HANT, Channel.VOICE)
    assert not summary.is_branch


def test_retries_are_listed_oldest_first(house: House) -> None:
    alice = house.hire("alice")
    house.start(alice, turns=(opening(), turn(1)))
    for hour, id in ((2, "later"), (1, "sooner")):
        house.start(alice, id, branch_of=("r1", 1), started=NOON + timedelta(hours=hour))
    with house.store.read() as work:
        branches = work.rehearsals.branches_of("r1")
        assert [b.id for b in branches] == ["sooner", "later"]
        assert all(b.is_branch for b in branches)
        assert work.rehearsals.get("later").branch_of == ("r1", 1)
        assert work.rehearsals.branches_of("later") == ()


def test_one_cannot_retry_what_never_was(house: House) -> None:
    with pytest.raises(NotFound):
        house.start(house.hire("alice"), "r2", branch_of=("nobody", 1))


# The same turn many times at once


def send(store: Store, key: str, request: str, words: str) -> Turn:
    """The use case in small: lock, look for the key, append."""
    with store.write() as work:
        current = work.rehearsals.lock("r1")
        if found := work.rehearsals.answered("r1", key):
            if found[0] != request:
                raise KeyReused(key)
            return found[1]
        sent = turn(current.last.seq + 1, key=key, text=words)
        work.rehearsals.append("r1", sent, request)
        return sent


def race(jobs: list[Callable[[], Turn]]) -> list[Turn | Exception]:
    """Starts all at once; what each one returned or raised."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Turn]) -> Turn | Exception:
        gate.wait()
        try:
            return job()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_twenty_times_the_same_key_is_one_turn_and_twenty_same_answers(house: House) -> None:
    house.start(house.hire("alice"))
    answers = race([lambda: send(house.store, "k", "body", "hello")] * RACERS)
    assert answers == [turn(1, key="k", text="hello")] * RACERS
    with house.store.read() as work:
        assert len(work.rehearsals.get("r1").turns) == 2


def test_another_body_under_a_used_key_is_told_apart(house: House) -> None:
    house.start(house.hire("alice"))
    send(house.store, "k", "body", "hello")
    with pytest.raises(KeyReused):
        send(house.store, "k", "another body", "good-bye")


def test_two_tabs_that_race_for_one_place_cannot_both_win(house: House) -> None:
    house.start(house.hire("alice"))

    def append(number: int) -> Turn:
        sent = turn(1, key=f"tab {number}")
        with house.store.write() as work:
            work.rehearsals.append("r1", sent, "request")
        return sent

    answers = race([lambda n=n: append(n) for n in range(RACERS)])
    winners = [a for a in answers if isinstance(a, Turn)]
    assert len(winners) == 1
    assert sum(isinstance(a, OutOfStep) for a in answers) == RACERS - 1
    with house.store.read() as work:
        assert work.rehearsals.get("r1").turns == (opening(), winners[0])


def test_different_keys_that_wait_their_turn_all_get_a_place(house: House) -> None:
    house.start(house.hire("alice"))
    answers = race([lambda n=n: send(house.store, f"k{n}", "body", "hello") for n in range(RACERS)])
    assert sorted(a.seq for a in answers if isinstance(a, Turn)) == list(range(1, RACERS + 1))


# Transactions


def test_an_error_leaves_nothing_behind(house: House) -> None:
    alice = house.hire("alice")

    def stumble() -> None:
        with house.store.write() as work:
            work.rehearsals.add(rehearsal(alice))
            work.archive.keep("late-parcel", 3, "hash", "source")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    with house.store.read() as work:
        assert work.rehearsals.of_owner(alice.id) == ()
        with pytest.raises(NotFound):
            work.archive.source("hash")
    house.start(alice)  # and the next writer is not held up


def test_a_refused_turn_takes_back_the_whole_write(house: House) -> None:
    house.start(house.hire("alice"))

    def append_twice() -> None:
        with house.store.write() as work:
            work.rehearsals.append("r1", turn(1), "request")
            work.rehearsals.append("r1", turn(1, key="again"), "request")

    with pytest.raises(OutOfStep):
        append_twice()
    with house.store.read() as work:
        assert work.rehearsals.get("r1").turns == (opening(),)


def test_who_only_reads_cannot_write(house: House) -> None:
    alice = house.hire("alice")
    house.start(alice)
    forbidden: list[Callable[[UnitOfWork], object]] = [
        lambda work: work.rehearsals.add(rehearsal(alice, "r2")),
        lambda work: work.rehearsals.lock("r1"),
        lambda work: work.rehearsals.append("r1", turn(1), "request"),
        lambda work: work.people.issue_token(alice.id, "laptop"),
        lambda work: work.people.set_language(alice.id, Language.ZH_HANS),
        lambda work: work.archive.keep("s", 1, "h", "source"),
    ]
    for act in forbidden:
        with house.store.read() as work, pytest.raises(RuntimeError):
            act(work)


def test_readers_see_the_last_commit_and_do_not_wait_for_writers(house: House) -> None:
    house.start(house.hire("alice"))
    with house.store.write() as writing:
        writing.rehearsals.append("r1", turn(1), "request")
        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(_turns_of, house.store).result(timeout=1)
        assert seen == 1
    assert _turns_of(house.store) == 2


def _turns_of(store: Store) -> int:
    with store.read() as work:
        return len(work.rehearsals.get("r1").turns)


def test_a_writer_gives_up_when_its_patience_ends(impatient_house: House) -> None:
    house = impatient_house
    house.start(house.hire("alice"))

    def late() -> Turn:
        return send(house.store, "k", "body", "hello")

    with house.store.write() as work, ThreadPoolExecutor(1) as pool:
        work.rehearsals.lock("r1")
        with pytest.raises(StoreUnavailable):
            pool.submit(late).result(timeout=5)
    assert late().seq == 1  # a moment later it works


# People


def test_a_person_comes_with_roles_and_teams(house: House) -> None:
    blue, green = house.accounts.add_team("Blue"), house.accounts.add_team("Green")
    dana = house.hire("dana", Role.MENTOR, Role.QA, language=Language.ZH_HANT)
    house.accounts.join(dana.id, blue.id, Role.MENTOR)
    house.accounts.join(dana.id, blue.id, Role.MENTOR)  # again changes nothing
    house.accounts.join(dana.id, green.id, Role.TRAINEE)
    with house.store.read() as work:
        found = work.people.get(dana.id)
        assert found == replace(dana, mentors=frozenset({blue.id}), trains=frozenset({green.id}))
        assert (found.roles, found.language) == ({Role.MENTOR, Role.QA}, Language.ZH_HANT)
        assert work.people.by_email(" Dana@Example.COM") == found
        assert work.people.by_email("nobody@example.com") is None
        assert work.people.by_email("nul\0@example.com") is None
        assert work.people.teams() == (blue, green)


def test_an_email_belongs_to_one_person(house: House) -> None:
    house.hire("alice")
    with pytest.raises(BadInput):
        house.hire("ALICE")


def test_unknown_people_are_not_found(house: House) -> None:
    with house.store.write() as work:
        for id in (0, -1, 12345, 10**30):
            with pytest.raises(NotFound):
                work.people.get(id)
            with pytest.raises(NotFound):
                work.people.issue_token(id, "laptop")
            with pytest.raises(NotFound):
                work.people.set_language(id, Language.EN)


def test_a_switched_off_account_is_gone_for_everybody(house: House) -> None:
    alice, admin = house.hire("alice"), house.hire("root", Role.ADMIN)
    with house.store.write() as work:
        token = work.people.issue_token(alice.id, "laptop")
    house.accounts.deactivate(alice.id)
    with house.store.read() as work:
        with pytest.raises(NotFound):
            work.people.get(alice.id)
        assert work.people.by_email(alice.email) is None
        assert work.people.by_token(token) is None
        assert work.people.trainees_of(admin) == ()


def test_a_token_opens_for_its_owner_until_it_expires(house: House) -> None:
    alice, bob = house.hire("alice"), house.hire("bob")
    with house.store.write() as work:
        tokens = [work.people.issue_token(owner.id, "laptop") for owner in (alice, bob, alice)]
    assert len(set(tokens)) == 3
    with house.store.read() as work:
        assert [work.people.by_token(token) for token in tokens] == [alice, bob, alice]
        for wrong in ("", "guess", tokens[0][:-1], tokens[0] + "x", "half \ud800", "nul\0"):
            assert work.people.by_token(wrong) is None
    house.clock.advance(days=366)
    with house.store.read() as work:
        assert work.people.by_token(tokens[0]) is None


def test_revoked_tokens_open_nothing(house: House) -> None:
    alice, bob = house.hire("alice"), house.hire("bob")
    with house.store.write() as work:
        hers, his = (work.people.issue_token(owner.id, "laptop") for owner in (alice, bob))
    house.accounts.revoke_tokens(alice.id)
    with house.store.read() as work:
        assert work.people.by_token(hers) is None
        assert work.people.by_token(his) == bob


def test_mentors_see_whom_the_rule_lets_them_see(house: House) -> None:
    blue, green = house.accounts.add_team("Blue"), house.accounts.add_team("Green")
    for name, team in (("zoe", blue), ("adam", blue), ("gina", green)):
        house.accounts.join(house.hire(name).id, team.id)
    dana, root = house.hire("dana", Role.MENTOR), house.hire("root", Role.ADMIN)
    house.accounts.join(dana.id, blue.id, Role.MENTOR)
    house.accounts.join(dana.id, blue.id, Role.TRAINEE)  # practises in her own team
    house.hire("quinn", Role.QA)
    nosy = house.hire("nosy")  # listed as mentor of a team, but has not the role
    house.accounts.join(nosy.id, green.id, Role.MENTOR)

    def names_seen_by(person: Person) -> list[str]:
        with house.store.read() as work:
            return [p.name for p in work.people.trainees_of(work.people.get(person.id))]

    assert names_seen_by(dana) == ["adam", "zoe"]
    assert names_seen_by(nosy) == []
    assert names_seen_by(root) == ["adam", "dana", "gina", "nosy", "quinn", "zoe"]


def test_a_person_can_change_language(house: House) -> None:
    alice = house.hire("alice")
    with house.store.write() as work:
        work.people.set_language(alice.id, Language.ZH_HANT)
        assert work.people.get(alice.id).language is Language.ZH_HANT
    with house.store.read() as work:
        assert work.people.get(alice.id) == replace(alice, language=Language.ZH_HANT)


# Archive


def test_a_scenario_version_is_kept_once(house: House) -> None:
    with house.store.write() as work:
        work.archive.keep("late-parcel", 3, "hash", "the text: 您好")
        work.archive.keep("late-parcel", 3, "hash", "something else")
    with house.store.read() as work:
        assert work.archive.source("hash") == "the text: 您好"
        for unknown in ("other", "nul\0", "half \ud800"):
            with pytest.raises(NotFound):
                work.archive.source(unknown)
