"""Loudness, joining and trimming of what the customer says."""

import numpy as np
import pytest

from coach.speech import audio
from coach.speech.audio import RATE
from tests.speech.recordings import hiss, tone


def test_wav_bytes_come_back_as_they_were():
    samples, rate = audio.from_wav(audio.to_wav(tone(0.5, RATE)))
    assert rate == RATE
    assert np.abs(samples - tone(0.5, RATE)).max() < 1e-4


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"not a wav at all"])
def test_what_is_no_wav_is_a_value_error(data):
    with pytest.raises(ValueError):
        audio.from_wav(data)


def test_lines_are_joined_with_a_pause_between_but_not_around():
    one, two = audio.to_wav(tone(0.5, RATE)), audio.to_wav(tone(1.0, RATE))
    joined, _ = audio.from_wav(audio.join_wavs([one, two], 0.25))
    assert len(joined) == round(1.75 * RATE)
    assert not joined[round(0.51 * RATE) : round(0.74 * RATE)].any()
    assert joined[: RATE // 2].any()
    assert joined[-RATE // 2 :].any()


def test_joining_one_line_changes_nothing_and_none_is_silence():
    line = audio.to_wav(tone(0.3, RATE))
    assert audio.join_wavs([line], 1.0) == line
    assert audio.wav_seconds(audio.join_wavs([])) == 0


def test_another_rate_is_not_joined():
    with pytest.raises(ValueError, match="16000"):
        audio.join_wavs([audio.to_wav(tone(0.1), 16000)])


@pytest.mark.parametrize("loudness", [0.003, 0.05, 0.9])
def test_every_line_comes_out_equally_loud(loudness):
    speech = np.concatenate([hiss(1, loudness, RATE), np.zeros(RATE * 2, np.float32), hiss(1, loudness, RATE)])
    assert audio.level(audio.even_out(speech)) == pytest.approx(0.1, rel=0.05)


def test_gain_changes_loudness_within_its_limits():
    line = tone(1, RATE, loudness=0.1)
    levels = [audio.level(audio.even_out(line, gain)) for gain in (-5, 0.4, 1.0, 1.6, 99)]
    assert levels == pytest.approx([0.04, 0.04, 0.1, 0.16, 0.16], rel=0.02)


def test_peaks_are_rounded_off_and_never_clip():
    spiky = hiss(1, 0.05, RATE)
    spiky[::500] = 1.0
    assert np.abs(audio.even_out(spiky, 1.6)).max() <= 0.971


def test_silence_stays_silence():
    assert not audio.even_out(np.zeros(RATE, np.float32)).any()
    assert not audio.trim(np.zeros(RATE, np.float32)).any()


def test_silence_at_the_ends_is_cut():
    quiet = np.zeros(RATE, np.float32)
    cut = audio.trim(np.concatenate([quiet, tone(1, RATE), quiet]), lead=0.1, tail=0.2)
    assert len(cut) / RATE == pytest.approx(1.3, abs=0.02)


def test_resampling_keeps_length_and_pitch():
    other = audio.resampled(tone(1, 22050), 22050)
    assert len(other) == pytest.approx(RATE, abs=30)
    assert np.argmax(np.abs(np.fft.rfft(other))) == pytest.approx(220, abs=2)
