"""The real engines keep the same promises, and people and machines understand them."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import wave
from pathlib import Path

import pytest

from coach.errors import BadText, SpeechUnavailable
from coach.speech.audio import from_wav, resampled, wav_seconds
from coach.speech.engines import describe, open_listener, open_voice
from coach.speech.files import say_to_file, transcribe_file
from coach.speech.voices import KNOWN_VOICES
from tests.speech.conftest import MODELS
from tests.speech.contracts.listeners import LINES, ListenerContract, plain
from tests.speech.contracts.voices import VoiceContract
from tests.speech.recordings import as_kind, hiss, wav

pytestmark = [pytest.mark.speech, pytest.mark.slow]


class TestKokoro(VoiceContract):
    @pytest.fixture
    def voice(self, real_voice):
        return real_voice


class TestEspeak(VoiceContract):
    languages = ("en",)

    @pytest.fixture
    def voice(self, espeak_voice):
        return espeak_voice

    def test_chinese_is_refused_rather_than_garbled(self, voice):
        with pytest.raises(SpeechUnavailable):
            voice.say("您好", "zh", "")


class TestWhisper(ListenerContract):
    @pytest.fixture
    def listener(self, real_listener):
        return real_listener

    @pytest.fixture
    def spoken(self, real_voice):
        return lambda language: real_voice.say(LINES[language], language, "")

    @pytest.mark.parametrize("kind", ["webm", "mp4"])
    def test_what_browsers_record_is_understood(self, listener, spoken, kind):
        samples, rate = from_wav(spoken("zh"))
        audio = as_kind(resampled(samples, rate, 16000), kind)
        assert plain(listener.listen(audio, "zh").text) == LINES["zh"]

    def test_traditional_speakers_are_written_in_simplified(self, listener, real_voice):
        heard = listener.listen(real_voice.say("後臺說訂單還沒處理", "zh", ""), "zh").text
        assert "订单" in heard
        assert "訂" not in heard

    def test_a_quiet_recording_is_understood(self, listener, spoken):
        samples, rate = from_wav(spoken("en"))
        assert plain(listener.listen(wav(samples * 0.02, rate), "en").text) == LINES["en"].lower()

    def test_two_minutes_of_noise_are_no_reason_to_hang(self, listener):
        began = time.monotonic()
        with pytest.raises(Exception, match="no words"):
            listener.listen(wav(hiss(118, 0.3)), "zh")
        assert time.monotonic() - began < 30


@pytest.mark.parametrize("language", KNOWN_VOICES)
def test_every_voice_speaks(real_voice, language):
    text = "好的。" if language == "zh" else "All right."
    for name in KNOWN_VOICES[language]:
        assert 0.4 < wav_seconds(real_voice.say(text, language, name)) < 2.5, name


def test_the_voice_that_slurred_is_understood(real_voice, real_listener):
    text = "我已经打了三次电话，每次都说会有人联系我，结果一个人都没有"
    heard = plain(real_listener.listen(real_voice.say(text, "zh", "zf_xiaoni"), "zh").text)
    wrong = sum(a != b for a, b in zip(heard, plain(text), strict=False)) + abs(len(heard) - len(plain(text)))
    assert wrong <= 2, heard


def test_a_long_speech_is_spoken_to_its_end(real_voice, real_listener):
    text = "I have waited for my refund for weeks, and nobody ever called me back. " * 6 + "This is the last sentence."
    spoken = real_voice.say(text, "en", "af_heart")
    assert wav_seconds(spoken) > 20
    assert real_listener.listen(spoken, "en").text.lower().endswith("last sentence.")


def test_a_sentence_without_any_pause_is_spoken_too(real_voice):
    assert wav_seconds(real_voice.say("我要投诉你们" * 40, "zh", "zf_xiaoyi")) > 30


def test_a_killed_speaker_comes_back(tmp_path):
    voice = open_voice(tmp_path, MODELS)
    try:
        voice.say("First.", "en", "")
        os.kill(voice.pids[0], signal.SIGKILL)
        assert wav_seconds(voice.say("Second.", "en", "")) > 0.3
    finally:
        voice.close()


def test_a_hung_listener_is_replaced():
    listener = open_listener(MODELS)
    try:
        listener.warm_up()
        first = listener.pid
        os.kill(first, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(Exception, match="in time"):
            listener.listen(wav(hiss(1)), "en")
        assert time.monotonic() - began < 10
        listener.warm_up()
        assert listener.pid != first
    finally:
        listener.close()


def test_without_models_speech_is_unavailable_with_a_reason(tmp_path):
    voice = open_voice(tmp_path / "cache", tmp_path / "nothing", engines=["kokoro"])
    with pytest.raises(SpeechUnavailable, match="voices"):
        voice.say("您好", "zh", "")
    assert any("voices" in e.missing for e in describe(tmp_path / "nothing"))


def test_english_falls_back_to_espeak_and_says_so(tmp_path, caplog):
    voice = open_voice(tmp_path / "cache", tmp_path / "nothing")
    try:
        assert wav_seconds(voice.say("Hello there.", "en", "am_puck")) > 0.4
        assert voice.is_ready("Hello there.", "en", "am_puck")
        assert "kokoro did not speak" in caplog.text
    finally:
        voice.close()


def test_what_no_voice_can_pronounce_is_bad_text_and_does_no_harm(real_voice):
    for _ in range(4):
        with pytest.raises(BadText):
            real_voice.say("привет", "zh", "zf_xiaoyi")
    assert wav_seconds(real_voice.say("This still works.", "en", "")) > 0.3


def test_a_worker_ends_with_the_program_that_started_it(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from coach.speech.engines import open_voice;"
        f"voice = open_voice(Path({str(tmp_path)!r}), Path({str(MODELS)!r})); voice.warm_up();"
        "print(voice.pids[0], flush=True); time.sleep(60)"
    )
    root = Path(__file__).resolve().parents[3]
    program = subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True)
    worker = int(program.stdout.readline())
    program.kill()
    program.wait()
    end = time.monotonic() + 5
    while Path(f"/proc/{worker}/stat").exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_many_threads_at_once(real_voice):
    lines = [f"Thread {n} is speaking." for n in range(4)] * 2
    found = {}

    def speak(at):
        found[at] = real_voice.say(lines[at], "en", "af_sarah")

    threads = [threading.Thread(target=speak, args=(at,)) for at in range(len(lines))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [found[at] for at in range(4)] == [found[at] for at in range(4, 8)]


def test_files_for_the_command_line(real_voice, real_listener, tmp_path):
    path = tmp_path / "line.wav"
    say_to_file(LINES["en"], "en", "", path, speaking=real_voice)
    with wave.open(io.BytesIO(Path(path).read_bytes())) as source:
        assert (source.getframerate(), source.getsampwidth(), source.getnchannels()) == (24000, 2, 1)
    heard = json.loads(json.dumps(transcribe_file(path, "en", listening=real_listener)))
    assert plain(heard["text"]) == LINES["en"].lower()
    assert set(heard["words"][0]) == {"text", "start", "end", "confidence"}
    path.write_bytes(wav(hiss(2)))
    assert transcribe_file(path, "en", listening=real_listener) == {"text": "", "words": []}
