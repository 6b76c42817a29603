"""What every `Listener` keeps. A test class adds a fixture `listener` and a fixture `spoken`: language → a WAV with
the words of LINES."""

import re

import pytest

from coach.errors import AudioTooLarge, AudioTooLong, BadInput, BrokenAudio, EmptyAudio, NothingHeard, UnknownAudioType
from tests.speech.recordings import hiss, tone, wav

LINES = {"zh": "我今天就要退款", "en": "I want my refund today"}


def plain(text):
    return re.sub(r"[^\w ]", "", text.lower())


class ListenerContract:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_words_come_with_times_and_confidence(self, listener, spoken, language):
        heard = listener.listen(spoken(language), language)
        assert plain(heard.text) == LINES[language].lower()
        assert plain("".join(word.text for word in heard.words)) == LINES[language].lower().replace(" ", "")
        starts = [word.start for word in heard.words]
        assert starts == sorted(starts)
        assert 0 <= starts[0] < heard.words[-1].end <= heard.seconds + 0.3
        assert all(0 <= word.start <= word.end and 0 <= word.confidence <= 1 for word in heard.words)

    @pytest.mark.parametrize("seconds", [0.3, 5])
    def test_silence_says_nothing(self, listener, seconds):
        with pytest.raises(NothingHeard):
            listener.listen(wav(tone(seconds, loudness=0)), "zh")

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_no_words_are_invented_for_noise(self, listener, language):
        for noise in (hiss(6, 0.02), hiss(6, 0.4), tone(6)):
            with pytest.raises(NothingHeard):
                listener.listen(wav(noise), language)

    def test_bad_recordings_are_told_apart(self, listener):
        bad = {
            EmptyAudio: b"",
            UnknownAudioType: b"this is not a recording",
            AudioTooLarge: b"OggS" + bytes(10 * 1024 * 1024),
            AudioTooLong: wav(tone(121)),
            BrokenAudio: b"\x1a\x45\xdf\xa3" + bytes(500),
        }
        for kind, audio in bad.items():
            with pytest.raises(kind):
                listener.listen(audio, "en")

    def test_a_language_nobody_knows(self, listener):
        with pytest.raises(BadInput):
            listener.listen(wav(tone(1)), "tlh")

    def test_a_bad_recording_does_not_spoil_the_next(self, listener, spoken):
        with pytest.raises(BrokenAudio):
            listener.listen(b"OggS" + bytes(99), "en")
        assert plain(listener.listen(spoken("en"), "en").text) == LINES["en"].lower()
