"""The fakes keep the promises of the real ones."""

import pytest

from coach.errors import SpeechUnavailable
from coach.speech.fakes import DeafListener, FakeListener, FakeVoice, SilentVoice
from tests.speech.contracts.listeners import LINES, ListenerContract
from tests.speech.contracts.voices import VoiceContract
from tests.speech.recordings import as_kind, tone


class TestFakeVoice(VoiceContract):
    @pytest.fixture
    def voice(self):
        return FakeVoice()


class TestFakeListener(ListenerContract):
    @pytest.fixture
    def listener(self):
        return FakeListener()

    @pytest.fixture
    def spoken(self):
        return lambda language: FakeVoice().say(LINES[language], language, "")

    def test_a_test_can_say_what_a_recording_holds(self, listener):
        audio = as_kind(tone(1), "webm")
        listener.hear(audio, "我马上为您查")
        assert listener.listen(audio, "zh").text == "我马上为您查"


def test_switched_off_means_unavailable():
    with pytest.raises(SpeechUnavailable):
        SilentVoice().say("您好", "zh", "")
    with pytest.raises(SpeechUnavailable):
        DeafListener().listen(b"OggS", "zh")
    SilentVoice().prepare([("您好", "zh", "", 1.0, 1.0)])
    assert not SilentVoice().is_ready("您好", "zh", "")
