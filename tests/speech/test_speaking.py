"""Lines are rendered once, kept whole, rendered ahead in the right order; when no engine can, that is said."""

import os
import threading
import time
from pathlib import Path

import pytest

from coach.errors import SpeechUnavailable
from coach.speech.ahead import RenderAhead
from coach.speech.audio import to_wav, wav_seconds
from coach.speech.cache import LineCache, line_key
from coach.speech.models import write_atomically
from coach.speech.speakers.base import SpeakingEngine, sentences
from coach.speech.speaking import SpokenVoice
from coach.speech.voices import KNOWN_VOICES, resolve_voice
from coach.speech.worker import WorkerFailed
from tests.speech.recordings import tone


class Studio:
    """In place of a worker: writes down what it was asked, and fails on request."""

    def __init__(self):
        self.asked = []
        self.is_usable = True
        self.broken = False
        self.pid = None
        self.slow = 0.0

    def ask(self, header, body=b"", *, seconds, **_):
        self.asked.append(header["text"])
        time.sleep(self.slow)
        if self.broken:
            raise WorkerFailed("studio: broken")
        return {"ok": True}, to_wav(tone(len(header["text"]) / 100, 24000))

    def warm_up(self):
        if self.broken:
            raise WorkerFailed("studio: broken")

    def close(self):
        self.is_usable = False


def engine(name, *languages):
    return SpeakingEngine(name, name, languages, f"{name}-1", "ours", lambda _: "", lambda *_: None)


@pytest.fixture
def first():
    return Studio()


@pytest.fixture
def second():
    return Studio()


@pytest.fixture
def voice(tmp_path, first, second):
    voice = SpokenVoice(tmp_path, [(engine("first", "zh", "en"), first), (engine("second", "en"), second)])
    yield voice
    voice.close()


def until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_line_is_rendered_once_even_after_a_restart(voice, first, tmp_path):
    spoken = voice.say("您好", "zh", "zf_xiaoyi")
    again = SpokenVoice(tmp_path, [(engine("first", "zh"), first)])
    assert again.say("您好", "zh", "zf_xiaoyi") == spoken
    assert first.asked == ["您好"]


def test_two_people_who_want_the_same_line_cost_one_rendering(voice, first):
    first.slow = 0.1
    threads = [threading.Thread(target=voice.say, args=("Hello there", "en", "")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert first.asked == ["Hello there"]


def test_markup_does_not_make_another_line(voice, first):
    assert voice.say("<b>Hello</b> there 😡", "en", "") == voice.say("Hello  there", "en", "")
    assert first.asked == ["Hello there"]


def test_the_second_engine_speaks_when_the_first_cannot(voice, first, second):
    first.broken = True
    voice.say("Hello", "en", "")
    assert second.asked == ["Hello"]
    first.is_usable = False  # it rests now
    assert voice.is_ready("Hello", "en", "")


def test_the_first_engine_is_preferred_again_when_it_is_back(voice, first, second):
    first.broken = True
    voice.say("Hello", "en", "")
    first.broken = False
    voice.say("Hello", "en", "")
    assert (first.asked, second.asked) == (["Hello", "Hello"], ["Hello"])


def test_a_language_only_the_broken_engine_speaks_is_unavailable(voice, first, second):
    first.broken = True
    with pytest.raises(SpeechUnavailable, match="studio: broken"):
        voice.say("您好", "zh", "")
    assert not second.asked


def test_lines_rendered_before_are_heard_while_no_engine_works(voice, first, second):
    spoken = voice.say("您好", "zh", "")
    first.is_usable = second.is_usable = False
    first.broken = second.broken = True
    assert voice.is_ready("您好", "zh", "")
    assert voice.say("您好", "zh", "") == spoken


def test_warm_up_is_content_with_one_engine_and_fails_with_none(voice, first, second):
    first.broken = True
    voice.warm_up()
    second.broken = True
    with pytest.raises(SpeechUnavailable):
        voice.warm_up()


def test_a_full_disk_costs_the_copy_not_the_line(voice, first, tmp_path, caplog):
    for folder in range(256):
        (tmp_path / f"{folder:02x}").write_text("a file where a folder should be")
    assert wav_seconds(voice.say("Hello there, all of you", "en", "")) > 0.1
    assert "could not be kept" in caplog.text


def test_a_damaged_file_is_rendered_again(tmp_path):
    cache, key = LineCache(tmp_path), line_key("a", "b", "c", 1, 1)
    wav = to_wav(tone(0.5, 24000))
    for damaged in (wav[:100], b"", b"\0" * len(wav)):
        cache.put(key, damaged)
        assert cache.get(key) is None
    cache.put(key, wav)
    assert cache.get(key) == wav
    assert [p.name for p in cache.path(key).parent.iterdir()] == [f"{key}.wav"]


def test_the_lines_not_heard_for_longest_make_room(tmp_path):
    wav = to_wav(tone(0.5, 24000))
    cache = LineCache(tmp_path, limit_bytes=len(wav) * 10)
    keys = [line_key(str(n), "v", "e", 1, 1) for n in range(14)]
    for age, key in enumerate(keys[:10]):
        cache.put(key, wav)
        os.utime(cache.path(key), (0, 1_000_000_000 + age * 86_400))
    assert cache.get(keys[0]) == wav  # heard again today
    for key in keys[10:]:
        cache.put(key, wav)
    assert cache.trim() <= len(wav) * 10
    assert cache.has(keys[0])
    assert cache.has(keys[13])
    assert not cache.has(keys[1])


def test_everything_that_changes_the_sound_changes_the_key():
    plain = ("text", "voice", "engine-1", 1.0, 1.0)
    others = [("Text", *plain[1:]), ("text", "other", *plain[2:]), ("text", "voice", "engine-2", 1.0, 1.0),
              (*plain[:3], 1.01, 1.0), (*plain[:3], 1.0, 1.01)]  # fmt: skip
    assert len({line_key(*each) for each in (plain, *others)}) == 6
    assert line_key(*plain) == line_key("text", "voice", "engine-1", 1, 1)


def test_half_a_file_is_never_left_behind(tmp_path):
    def chunks():
        yield b"half"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(tmp_path / "model.bin", chunks())
    assert not list(tmp_path.iterdir())


class Room:
    """Renders jobs when the test opens the door."""

    def __init__(self):
        self.door, self.done, self.live = threading.Semaphore(0), [], False
        self.ahead = RenderAhead(self.render, is_wanted_live=lambda: self.live, limit=5)

    def render(self, job):
        self.door.acquire()
        self.done.append(job[0])
        if job[0] == "bad":
            raise ValueError("cannot be said")

    def ask(self, *texts):
        self.ahead.add([(text, "en", "", 1.0, 1.0) for text in texts])

    def finish(self, number):
        for _ in range(number):
            self.door.release()
        until(lambda: len(self.done) == number)
        return self.done


@pytest.fixture
def room():
    room = Room()
    yield room
    room.ahead.close()
    room.door.release()


def test_the_newest_request_goes_first_in_its_own_order(room):
    room.ask("busy")
    until(lambda: len(room.ahead) == 0)
    room.ask("old 1", "old 2")
    room.ask("new 1", "new 2")
    assert room.finish(5) == ["busy", "new 1", "new 2", "old 1", "old 2"]


def test_a_line_asked_for_twice_is_rendered_once_and_sooner(room):
    room.ask("busy")
    until(lambda: len(room.ahead) == 0)
    room.ask("a", "b", "c", "a")
    room.ask("c")
    assert room.finish(4) == ["busy", "c", "a", "b"]
    assert len(room.ahead) == 0


def test_the_oldest_are_dropped_when_there_are_too_many(room):
    room.ask("busy")
    until(lambda: len(room.ahead) == 0)
    room.ask("1", "2", "3", "4")
    room.ask("5", "6", "7")
    assert len(room.ahead) == 5
    assert room.finish(6) == ["busy", "5", "6", "7", "1", "2"]


def test_a_line_that_fails_does_not_stop_the_rest(room):
    room.ask("bad", "good")
    assert room.finish(2) == ["bad", "good"]


def test_nothing_is_rendered_ahead_while_somebody_waits_for_a_line(room):
    room.live = True
    room.ask("later")
    time.sleep(0.15)
    assert len(room.ahead) == 1
    room.live = False
    assert room.finish(1) == ["later"]


def test_closing_drops_what_waits(room):
    room.ask("busy")
    until(lambda: len(room.ahead) == 0)
    room.ask("never")
    room.ahead.close()
    room.ask("never either")
    room.door.release()
    until(lambda: room.done == ["busy"])
    time.sleep(0.05)
    assert room.done == ["busy"]


def test_an_unknown_voice_is_the_default_and_is_told_once(caplog):
    assert [resolve_voice("zf_nobody", "zh") for _ in range(3)] == [KNOWN_VOICES["zh"][0]] * 3
    assert caplog.text.count("zf_nobody") == 1
    assert resolve_voice("zf_xiaoyi", "en") == "af_heart"
    assert resolve_voice("bm_george", "en") == "bm_george"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("你们到底管不管？我要投诉！", ["你们到底管不管？", "我要投诉！"]),
        ("他说“我要投诉！”然后挂了。", ["他说“我要投诉！”然后挂了。"]),
        ("It cost 3.50. That is too much!", ["It cost 3.50.", "That is too much!"]),
        ("什么？！你再说一遍……", ["什么？！", "你再说一遍……"]),
    ],
)
def test_speech_is_cut_at_sentence_ends(text, parts):
    assert sentences(text) == parts


def test_importing_speech_starts_nothing_and_loads_no_engine():
    import subprocess
    import sys

    code = (
        "import sys, coach.speech.engines as e, pathlib; e.open_voice(pathlib.Path('x'), pathlib.Path('y')); "
        "e.open_listener(pathlib.Path('y')); import threading; "
        "print(threading.active_count(), sorted({'pyttsx3', 'onnxruntime', 'faster_whisper', 'jieba', 'av', "
        "'ctranslate2', 'misaki'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    out = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout
    assert out.split() == ["1", "[]"]
