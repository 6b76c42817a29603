"""What every `Voice` keeps. A test class adds a fixture `voice` and its `languages`."""

import time

import numpy as np
import pytest

from coach.errors import BadInput, BadText, TextTooLong
from coach.speech.audio import RATE, from_wav, wav_seconds

LINES = {"zh": "你们到底什么时候退款？", "en": "When will I get my money back?"}
VOICES = {"zh": "zf_xiaoyi", "en": "am_michael"}


class VoiceContract:
    languages = ("zh", "en")

    def test_a_line_is_a_wav_of_plausible_length(self, voice):
        for language in self.languages:
            samples, rate = from_wav(voice.say(LINES[language], language, VOICES[language]))
            assert rate == RATE
            assert 1.0 < len(samples) / rate < 4.5
            assert 0.02 < np.abs(samples).max() < 0.99

    def test_the_same_line_is_the_same_bytes_and_ready_from_then_on(self, voice):
        language = self.languages[-1]
        first = voice.say(LINES[language], language, VOICES[language])
        assert voice.is_ready(LINES[language], language, VOICES[language])
        assert voice.say(LINES[language], language, VOICES[language]) == first

    def test_a_line_nobody_asked_for_is_not_ready(self, voice):
        language = self.languages[-1]
        assert not voice.is_ready("Nobody has ever said 7 of these." + language, language, VOICES[language])

    def test_voice_speed_and_gain_make_another_line(self, voice):
        language = self.languages[-1]
        text, name = LINES[language], VOICES[language]
        voice.say(text, language, name)
        assert not voice.is_ready(text, language, name, speed=1.31)
        assert not voice.is_ready(text, language, name, gain=0.61)
        slow, fast = (voice.say(text, language, name, speed=s) for s in (0.8, 1.4))
        assert wav_seconds(fast) < wav_seconds(slow) * 0.8
        quiet, loud = (from_wav(voice.say(text, language, name, gain=g))[0] for g in (0.5, 1.4))
        assert np.abs(quiet).max() < np.abs(loud).max() * 0.7

    def test_a_voice_nobody_knows_is_the_default_one(self, voice):
        language = self.languages[-1]
        text = LINES[language]
        assert voice.say(text, language, "nobody") == voice.say(text, language, "")

    def test_lines_asked_for_ahead_become_ready(self, voice):
        language = self.languages[-1]
        lines = [(f"Ahead, line {n}.", language, VOICES[language], 1.0, 1.0) for n in range(3)]
        began = time.monotonic()
        voice.prepare([*lines, *lines])
        assert time.monotonic() - began < 0.5
        while not all(voice.is_ready(t, lang, v, speed=s, gain=g) for t, lang, v, s, g in lines):
            assert time.monotonic() - began < 60
            time.sleep(0.02)

    def test_a_bad_line_ahead_does_not_stop_the_others(self, voice):
        language = self.languages[-1]
        voice.prepare([("", language, "", 1.0, 1.0), ("After the bad one.", language, "", 1.0, 1.0)])
        began = time.monotonic()
        while not voice.is_ready("After the bad one.", language, ""):
            assert time.monotonic() - began < 60
            time.sleep(0.02)

    @pytest.mark.parametrize("text", ["", "   \n", "😡😡😡", "！！？", "<speak></speak>", "**", "\x00"])
    def test_nothing_to_say(self, voice, text):
        with pytest.raises(BadText):
            voice.say(text, self.languages[-1], "")

    def test_too_much_to_say(self, voice):
        for text in ("too long, " * 500, "word " * 150, "<b>" * 2000):
            with pytest.raises(TextTooLong):
                voice.say(text, self.languages[-1], "")

    def test_a_language_without_voices(self, voice):
        with pytest.raises(BadInput):
            voice.say("Guten Tag", "de", "")

    @pytest.mark.parametrize(
        "text",
        ['<speak><prosody rate="x-slow">Give me my money back.</prosody></speak>', "Give me my *money* back. 😡",
         "# Give me my money\n\n- back."],
    )  # fmt: skip
    def test_markup_and_pictures_are_not_read_out(self, voice, text):
        assert 0.6 < wav_seconds(voice.say(text, self.languages[-1], "")) < 4.5

    def test_dots_are_a_short_silence(self, voice):
        samples, _ = from_wav(voice.say("……", self.languages[-1], ""))
        assert not samples.any()
        assert voice.is_ready("……", self.languages[-1], "")
