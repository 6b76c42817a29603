"""Recordings to samples with PyAV. Runs in the listening worker only: files from outside can crash a decoder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from coach.errors import AudioTooLong, BrokenAudio
from coach.speech.audio import Samples
from coach.speech.sniffing import MAX_SECONDS

RATE = 16_000
_SHORTEST = 0.1  # seconds; less cannot hold a word
_RATES = range(4_000, 384_001)
_MOST_CHANNELS = 8


def decode(data: bytes, container: str) -> Samples:
    """16 kHz mono samples, as far as the file can be read. AudioTooLong as soon as it is over MAX_SECONDS,
    BrokenAudio when nothing could be read."""
    pieces: list[Samples] = []
    length = 0
    reason = "it holds no sound"
    try:
        for piece in _pieces(data, container):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_SECONDS * RATE:
                raise AudioTooLong(f"longer than {MAX_SECONDS:.0f} seconds")
    except (OSError, ValueError, RuntimeError, MemoryError, EOFError) as error:  # PyAV's errors derive from these
        reason = f"it cannot be read: {error}"
    if length < _SHORTEST * RATE:
        raise BrokenAudio(f"nothing to hear, {reason}")
    return np.concatenate(pieces)


def _pieces(data: bytes, container: str) -> Iterator[Samples]:
    import av

    # the format is given, so that no playlist or script format of FFmpeg is ever tried
    with av.open(io.BytesIO(data), format=container, metadata_errors="ignore") as source:
        if not source.streams.audio:
            raise BrokenAudio("it has no sound track")
        stream = source.streams.audio[0]
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in _frames(source, stream):
            yield from _samples(resampler.resample(frame))
        yield from _samples(resampler.resample(None))


def _frames(source: Any, stream: Any) -> Iterator[Any]:
    for frame in source.decode(stream):
        if frame.sample_rate not in _RATES or len(frame.layout.channels) > _MOST_CHANNELS:
            raise BrokenAudio(f"{frame.sample_rate} Hz, {len(frame.layout.channels)} channels")
        frame.pts = None  # browsers leave gaps in the time stamps; the samples are in order
        yield frame


def _samples(frames: list[Any]) -> Iterator[Samples]:
    for frame in frames:
        yield np.nan_to_num(frame.to_ndarray().ravel().astype(np.float32), posinf=0.0, neginf=0.0)
