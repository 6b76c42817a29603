"""Workers answer, and when they do not, nobody waits for them longer than agreed."""

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from coach.speech.worker import Worker, WorkerFailed

PUPPET = str(Path(__file__).parent / "puppet.py")


class Clock:
    """Real time, which a test may move forward."""

    def __init__(self):
        self.moved = 0.0

    def __call__(self):
        return time.monotonic() + self.moved


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def start(clock):
    """Workers that are ended with the test."""
    workers = []

    def start(*arguments, **options):
        worker = Worker([PUPPET, *arguments], name="puppet", clock=clock, **options)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.close()


def alive(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def fail(worker, **ask):
    with pytest.raises(WorkerFailed) as failure:
        worker.ask(ask, seconds=0.4)
    return failure.value


def test_nothing_starts_before_it_is_needed(start):
    worker = start()
    assert worker.pid is None
    worker.ask({}, seconds=5)
    assert worker.pid is not None


def test_large_bodies_go_both_ways(start):
    body = os.urandom(3_000_000)
    assert start().ask({}, body, seconds=10) == ({"ok": True}, body[::-1])


def test_one_process_answers_many_requests(start):
    worker = start()
    assert {worker.ask({"do": "pid"}, seconds=5)[0]["pid"] for _ in range(5)} == {worker.pid}


def test_requests_of_many_threads_do_not_mix(start):
    worker, answers = start(), {}

    def ask(n):
        answers[n] = worker.ask({}, str(n).encode() * 1000, seconds=10)[1]

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: (str(n).encode() * 1000)[::-1] for n in range(20)}


def test_a_hung_worker_is_killed_in_time_and_the_next_request_gets_a_new_one(start):
    worker = start()
    worker.warm_up()
    hung, began = worker.pid, time.monotonic()
    assert "in time" in str(fail(worker, do="sleep", seconds=30))
    assert time.monotonic() - began < 3
    assert not alive(hung)
    assert worker.ask({"do": "pid"}, seconds=5)[0]["pid"] != hung


def test_a_worker_that_does_not_read_cannot_hold_a_large_request(start):
    worker = start()
    with pytest.raises(WorkerFailed):
        worker.ask({"do": "sleep", "seconds": 30}, seconds=0.3)
    worker.warm_up()
    os.kill(worker.pid, 19)  # SIGSTOP: the pipe fills up
    began = time.monotonic()
    with pytest.raises(WorkerFailed, match="in time"):
        worker.ask({}, bytes(5_000_000), seconds=0.5)
    assert time.monotonic() - began < 3


def test_a_crash_says_how_it_ended(start):
    assert "code 7" in str(fail(start(), do="die"))


def test_an_exception_inside_keeps_the_process(start):
    worker = start()
    worker.warm_up()
    pid = worker.pid
    assert "no such phoneme" in str(fail(worker, do="raise"))
    assert worker.pid == pid


def test_what_the_caller_did_wrong_is_an_answer_not_a_failure(start):
    worker = start()
    for _ in range(5):
        assert worker.ask({"do": "refuse"}, seconds=5)[0]["error"] == "audio-broken"


def test_a_part_that_is_missing_for_one_language_does_not_make_the_others_rest(start):
    worker = start()
    for _ in range(5):
        assert worker.ask({"do": "missing"}, seconds=5)[0]["error"] == "speech-unavailable"
    assert worker.is_usable


def test_garbage_on_the_pipe_ends_the_worker(start):
    worker = start()
    worker.warm_up()
    answers = max(int(fd) for fd in os.listdir(f"/proc/{worker.pid}/fd") if is_pipe(worker.pid, fd))
    assert "frame" in str(fail(worker, do="garble", fd=answers))


def is_pipe(pid, fd):
    with suppress(OSError):
        return os.readlink(f"/proc/{pid}/fd/{fd}").startswith("pipe:")
    return False


def test_three_failures_in_a_row_make_it_rest_and_rest_ends(start, clock):
    worker = start()
    for _ in range(3):
        fail(worker, do="die")
    began = time.monotonic()
    assert "rests" in str(fail(worker))
    assert time.monotonic() - began < 0.05
    assert not worker.is_usable
    clock.moved += 31
    assert worker.is_usable
    assert worker.ask({}, b"ab", seconds=5)[1] == b"ba"


def test_one_failure_after_the_rest_makes_it_rest_again(start, clock):
    worker = start()
    for _ in range(3):
        fail(worker, do="die")
    clock.moved += 31
    fail(worker, do="die")
    assert "rests" in str(fail(worker))


def test_a_success_forgives_failures(start):
    worker = start()
    for _ in range(4):
        fail(worker, do="die")
        fail(worker, do="die")
        worker.ask({}, seconds=5)


def test_a_worker_that_cannot_start_gives_its_reason(start):
    assert "the model is not here" in str(fail(start("refuse")))


def test_a_worker_that_never_gets_ready_is_given_up(start):
    assert "did not start" in str(fail(start("hang", start_seconds=0.5)))


def test_what_is_not_installed_is_named_without_starting_anything(start):
    worker = start(missing=lambda: "package not installed: onnxruntime")
    assert str(fail(worker)) == "package not installed: onnxruntime"
    assert worker.pid is None
    assert not worker.is_usable


def test_something_installed_meanwhile_is_found(start, clock):
    absent = ["package not installed: voices"]
    worker = start(missing=lambda: absent[0])
    fail(worker)
    absent[0] = ""
    clock.moved += 6
    worker.ask({}, seconds=5)


def test_a_stage_gives_more_time(start):
    times = {"read": lambda told: told["seconds"] * 5.0}
    assert start().ask({"do": "stages", "seconds": 0.6}, seconds=0.3, more_time=times)[0] == {"ok": True}


def test_until_it_is_proven_the_request_is_to_blame(start):
    worker = start()
    for _ in range(5):  # more than the strikes: such requests never make it rest
        with pytest.raises(WorkerFailed) as failure:
            worker.ask({"do": "die"}, seconds=5, proven_by="read")
        assert failure.value.blame == "input"


def test_once_proven_the_worker_is_to_blame(start):
    with pytest.raises(WorkerFailed) as failure:
        start().ask({"do": "stage-die"}, seconds=5, proven_by="read")
    assert failure.value.blame == "worker"


def test_nobody_waits_for_a_busy_worker_longer_than_agreed(start):
    worker = start()
    worker.warm_up()
    other = threading.Thread(target=lambda: worker.ask({"do": "sleep", "seconds": 1.0}, seconds=5))
    other.start()
    time.sleep(0.2)
    with pytest.raises(WorkerFailed, match="busy"):
        worker.ask({}, seconds=5, patience=0.1)
    other.join()


def test_closing_ends_the_process_and_stays_closed(start):
    worker = start()
    worker.warm_up()
    pid = worker.pid
    worker.close()
    assert not alive(pid)
    assert "closed" in str(fail(worker))


def test_a_forked_child_starts_its_own_worker_and_leaves_the_parents_alone(start):
    worker = start()
    worker.warm_up()
    parents = worker.pid
    child = os.fork()
    if not child:
        own = worker.ask({"do": "pid"}, seconds=5)[0]["pid"]
        worker.close()
        os._exit(0 if own != parents else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert worker.ask({"do": "pid"}, seconds=5)[0]["pid"] == parents
