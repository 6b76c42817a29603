"""The writers' queue: first come, first served, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from coach.errors import StoreUnavailable
from coach.store.queue_lock import QueueLock


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.001)


def test_waiters_are_served_in_the_order_they_came() -> None:
    lock, served = QueueLock(), []
    threads = []

    def wait(number: int) -> None:
        with lock.turn(5):
            served.append(number)

    with lock.turn(5):
        for number in range(30):
            threads.append(threading.Thread(target=wait, args=(number,)))
            threads[-1].start()
            wait_until(lambda n=number: lock.waiting == n + 1)
    for thread in threads:
        thread.join()
    assert served == list(range(30))


def test_a_newcomer_does_not_pass_those_who_wait() -> None:
    """The holder comes straight back, again and again; each time the whole queue goes first."""
    lock, served = QueueLock(), []

    def work(name: str, times: int) -> None:
        for _ in range(times):
            with lock.turn(5):
                served.append(name)
                time.sleep(0.002)

    threads = [threading.Thread(target=work, args=(name, 20)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    middle = "".join(served[6:-6])
    assert "aa" not in middle
    assert "bb" not in middle
    assert "cc" not in middle


def test_one_at_a_time() -> None:
    lock, inside, most = QueueLock(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with lock.turn(5):
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_patience_ends_and_the_queue_moves_on() -> None:
    lock = QueueLock()
    outcome: list[str] = []

    def wait(patience: float) -> None:
        try:
            with lock.turn(patience):
                outcome.append("served")
        except StoreUnavailable:
            outcome.append("gave up")

    hasty, patient = (threading.Thread(target=wait, args=(seconds,)) for seconds in (0.02, 5))
    with lock.turn(5):
        hasty.start()
        wait_until(lambda: lock.waiting == 1)
        patient.start()
        hasty.join()
        assert outcome == ["gave up"]
    patient.join()
    assert outcome == ["gave up", "served"]
    assert lock.waiting == 0


def test_the_turn_tells_how_much_patience_is_left() -> None:
    lock = QueueLock()
    with lock.turn(5) as left:
        assert 4.9 < left <= 5


def test_a_full_queue_refuses_at_once() -> None:
    lock = QueueLock(max_waiting=1)
    waiter = threading.Thread(target=lambda: lock.acquire(5))
    with lock.turn(5):
        waiter.start()
        wait_until(lambda: lock.waiting == 1)
        outcome: list[BaseException] = []

        def come() -> None:
            try:
                lock.acquire(5)
            except StoreUnavailable as error:
                outcome.append(error)

        late = threading.Thread(target=come)
        started = time.monotonic()
        late.start()
        late.join()
        assert time.monotonic() - started < 1
        assert len(outcome) == 1
    waiter.join()


def test_a_write_inside_a_write_is_a_mistake_not_a_deadlock() -> None:
    lock = QueueLock()
    with lock.turn(5), pytest.raises(RuntimeError):
        lock.acquire(5)
    with lock.turn(0.1):
        pass


def test_an_interrupted_waiter_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = QueueLock()

    def interrupt(_self: threading.Event, _timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    lock.acquire(1)
    lock._holder = None  # as if another thread held it
    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", interrupt)
        with pytest.raises(KeyboardInterrupt):
            lock.acquire(1)
    assert lock.waiting == 0
    lock.release()
    with lock.turn(0.1):
        pass


def test_an_interrupt_in_the_moment_of_the_hand_over_passes_the_lock_on(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = QueueLock()

    def handed_over_then_interrupted(_self: threading.Event, _timeout: float | None = None) -> bool:
        lock.release()
        raise KeyboardInterrupt

    lock.acquire(1)
    lock._holder = None
    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", handed_over_then_interrupted)
        with pytest.raises(KeyboardInterrupt):
            lock.acquire(1)
    with lock.turn(0.1):
        pass
