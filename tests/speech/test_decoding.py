"""What browsers record is read; what strangers make is refused by name, and never takes long."""

import struct
import time
from contextlib import suppress

import numpy as np
import pytest

from coach.errors import AudioTooLarge, AudioTooLong, BadAudio, BrokenAudio, EmptyAudio, UnknownAudioType
from coach.speech.decoding import decode
from coach.speech.sniffing import MAX_BYTES, check_recording
from tests.speech.recordings import KINDS, RATE, as_kind, encoded, hiss, tone, wav


def read(audio):
    return decode(audio, check_recording(audio))


def pitch(samples):
    """The strongest frequency, in Hz."""
    return np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_browsers_record(kind):
    samples = read(as_kind(tone(1.5), kind))
    assert len(samples) / RATE == pytest.approx(1.5, abs=0.12)
    assert pitch(samples) == pytest.approx(220, abs=2)


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (22050, 2), (44100, 2), (48000, 1), (96000, 2)])
def test_plain_wavs_of_any_rate_become_16_khz_mono(rate, channels):
    samples = read(wav(tone(1, rate), rate, channels))
    assert len(samples) == pytest.approx(RATE, abs=40)
    assert pitch(samples) == pytest.approx(220, abs=2)


@pytest.mark.parametrize("kind", ["webm", "ogg", "mp3"])
def test_a_recording_cut_off_half_way_is_used_as_far_as_it_goes(kind):
    audio = as_kind(hiss(4), kind)
    seconds = len(read(audio[: len(audio) // 2])) / RATE
    assert 0.9 < seconds < 2.6


@pytest.mark.parametrize("kind", ["webm", "ogg", "mp4", "flac"])
def test_a_recording_with_only_its_head_is_broken(kind):
    with pytest.raises(BrokenAudio):
        read(as_kind(tone(1), kind)[:40])


@pytest.mark.parametrize(
    "start", [b"\x1a\x45\xdf\xa3", b"OggS", b"RIFFxxxxWAVE", b"\0\0\0\x20ftypisom", b"ID3", b"fLaC"]
)
def test_noise_behind_the_right_first_bytes_is_broken(start):
    junk = np.random.default_rng(3).bytes(200_000)
    began = time.monotonic()
    with pytest.raises(BadAudio):
        read(start + junk)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "bytes_",
    [b"hello, this is text", b"\x89PNG\r\n\x1a\n" + bytes(99), b"%PDF-1.7", b"#!AMR", b"#EXTM3U\nfile:///etc/passwd",
     b"<html>", b"\0", b"MZ" + bytes(99)],
)  # fmt: skip
def test_other_files_are_refused_by_their_first_bytes(bytes_):
    with pytest.raises(UnknownAudioType):
        read(bytes_)


def test_no_bytes():
    with pytest.raises(EmptyAudio):
        read(b"")


def test_more_bytes_than_allowed():
    with pytest.raises(AudioTooLarge):
        read(b"OggS" + bytes(MAX_BYTES))


def test_a_wav_without_sound():
    with pytest.raises(BrokenAudio):
        read(wav(tone(0)))


def test_two_minutes_are_allowed_and_a_little_more_is_not():
    assert len(read(as_kind(tone(119), "ogg"))) == pytest.approx(119 * RATE, rel=0.01)
    with pytest.raises(AudioTooLong):
        read(as_kind(tone(121), "ogg"))


def test_a_small_file_that_unpacks_to_much_sound_is_given_up_early():
    audio = encoded(np.zeros(RATE * 900, np.float32), "flac", "flac", RATE)
    assert len(audio) < 200_000
    began = time.monotonic()
    with pytest.raises(AudioTooLong):
        read(audio)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("rate", [1, 100, 4_000_000_000])
def test_a_header_with_an_absurd_rate(rate):
    audio = bytearray(wav(tone(2)))
    audio[24:28] = struct.pack("<I", rate)
    with pytest.raises(BadAudio):
        read(bytes(audio))


def test_a_header_that_promises_more_than_there_is():
    audio = bytearray(wav(tone(1)))
    audio[40:44] = struct.pack("<I", 0xFFFFFFF0)
    assert len(read(bytes(audio))) == pytest.approx(RATE, abs=40)


def test_a_webm_without_a_sound_track():
    with pytest.raises(BrokenAudio):
        read(silent_film())


def silent_film():
    import io

    import av

    stream = io.BytesIO()
    with av.open(stream, "w", format="webm") as out:
        track = out.add_stream("libvpx", rate=10)
        track.width, track.height, track.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            out.mux(track.encode(av.VideoFrame(64, 64, "yuv420p")))
        out.mux(track.encode(None))
    return stream.getvalue()


def test_damage_anywhere_never_raises_anything_but_bad_audio():
    audio = as_kind(tone(1), "webm")
    chance = np.random.default_rng(11)
    for _ in range(60):
        damaged = bytearray(audio)
        for at in chance.integers(0, len(audio), 12):
            damaged[at] = chance.integers(256)
        with suppress(BadAudio):
            assert len(read(bytes(damaged))) >= 0.1 * RATE
