"""Recordings as browsers and strangers make them."""

import io
import wave

import av
import numpy as np

RATE = 16000


def tone(seconds, rate=RATE, hertz=220.0, loudness=0.3):
    return (loudness * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def hiss(seconds, loudness=0.1, rate=RATE, seed=1):
    return (
        (loudness * np.random.default_rng(seed).standard_normal(round(seconds * rate))).clip(-1, 1).astype(np.float32)
    )


def wav(samples, rate=RATE, channels=1):
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.repeat(samples, channels) * 32767).astype("<i2").tobytes())
    return stream.getvalue()


def encoded(samples, container, codec, rate=48000, layout="mono"):
    """The samples (at 16 kHz) as another kind of file."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=container) as out:
        track = out.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), "flt", "mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(
            format=track.format, layout=layout, rate=rate, frame_size=track.frame_size or None
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            part.pts = None
            out.mux(track.encode(part))
        out.mux(track.encode(None))
    return stream.getvalue()


KINDS = {
    "webm": ("webm", "libopus", 48000),
    "ogg": ("ogg", "libopus", 48000),
    "mp4": ("mp4", "aac", 44100),
    "mp3": ("mp3", "libmp3lame", 44100),
    "flac": ("flac", "flac", 44100),
    "aac": ("adts", "aac", 44100),
    "float wav": ("wav", "pcm_f32le", 48000),
    "mu-law wav": ("wav", "pcm_mulaw", 8000),
}


def as_kind(samples, kind):
    return encoded(samples, *KINDS[kind])
