"""Sound as numbers: WAV bytes, loudness, joining. Everything Coach plays is 24 kHz, 16 bit, mono."""

from __future__ import annotations

import io
import wave
from typing import Any

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

RATE = 24_000
"""Samples a second of everything spoken."""

_SPEECH_LEVEL = 10 ** (-20 / 20)  # root mean square of the voiced part, full scale = 1
_KNEE = 0.80
_CEILING = 0.97
GAIN_LIMITS = (0.4, 1.6)
"""Below, a line is lost in an ordinary room; up to 1.6 the limiter touches less than 0.3 % of
the samples of any voice (measured)."""


def to_wav(samples: Samples, rate: int = RATE) -> bytes:
    """16-bit mono WAV of samples in -1..1."""
    pcm = np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm)
    return stream.getvalue()


def from_wav(data: bytes) -> tuple[Samples, int]:
    """Samples in -1..1 and the rate of a 16-bit mono PCM WAV; ValueError for anything else."""
    try:
        with wave.open(io.BytesIO(data)) as source:
            if source.getsampwidth() != 2 or source.getnchannels() != 1:
                raise ValueError("not 16-bit mono")
            pcm = source.readframes(source.getnframes())
            rate = source.getframerate()
    except (wave.Error, EOFError) as error:
        raise ValueError(f"not a WAV: {error}") from error
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float32) / np.float32(32768), rate


def wav_seconds(data: bytes) -> float:
    """Length of a 16-bit mono WAV."""
    samples, rate = from_wav(data)
    return len(samples) / rate


def silence(seconds: float) -> bytes:
    """A WAV of nothing."""
    return to_wav(np.zeros(round(seconds * RATE), np.float32))


def join_wavs(wavs: list[bytes], gap_seconds: float = 0.25) -> bytes:
    """One WAV of several lines with a pause between them; ValueError when one is not ours (24 kHz, 16 bit, mono)."""
    gap = np.zeros(round(gap_seconds * RATE), np.float32)
    pieces: list[Samples] = []
    for data in wavs:
        samples, rate = from_wav(data)
        if rate != RATE:
            raise ValueError(f"rate {rate}, not {RATE}")
        pieces += [gap, samples] if pieces else [samples]
    return to_wav(np.concatenate(pieces) if pieces else np.zeros(0, np.float32))


def level(samples: Samples, rate: int = RATE) -> float:
    """Root mean square of the voiced part: 20 ms frames within 30 dB of the loudest one. 0 for silence."""
    size = max(1, rate // 50)
    whole = samples[: len(samples) // size * size].astype(np.float64).reshape(-1, size)
    if not whole.size:
        return 0.0
    power = np.mean(whole * whole, axis=1)
    loud = power[power >= power.max() * 1e-3]
    return float(np.sqrt(loud.mean()))


def even_out(samples: Samples, gain: float = 1.0) -> Samples:
    """The same speech at the house level times `gain` (held within GAIN_LIMITS), peaks rounded off below full scale."""
    now = level(samples)
    if now <= 1e-6:
        return samples
    factor = _SPEECH_LEVEL * min(max(gain, GAIN_LIMITS[0]), GAIN_LIMITS[1]) / now
    return soften(samples * np.float32(factor))


def soften(samples: Samples) -> Samples:
    """Bends what is above the knee towards the ceiling, so that loud lines never clip."""
    size = np.abs(samples)
    bent = _KNEE + (_CEILING - _KNEE) * np.tanh((size - _KNEE) / (_CEILING - _KNEE))
    return np.where(size > _KNEE, np.sign(samples) * bent, samples).astype(np.float32)


def trim(samples: Samples, *, lead: float = 0.12, tail: float = 0.18) -> Samples:
    """Cuts silence at both ends, leaving `lead` and `tail` seconds, so that an answer starts at once."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak <= 1e-4:
        return samples
    loud = np.flatnonzero(np.abs(samples) > peak * 0.02)
    start = max(0, int(loud[0]) - round(lead * RATE))
    return samples[start : int(loud[-1]) + round(tail * RATE)]


def resampled(samples: Samples, rate: int, target: int = RATE) -> Samples:
    """The same sound at another rate."""
    if rate == target or not len(samples):
        return samples
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=target)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, np.float32).reshape(1, -1), "flt", "mono")
    frame.sample_rate = rate
    frames: list[Any] = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray().ravel() for part in frames]).astype(np.float32)
