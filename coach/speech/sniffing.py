"""What kind of file a recording is, by its first bytes. Names and types that senders claim are not trusted."""

from __future__ import annotations

from coach.errors import AudioTooLarge, EmptyAudio, UnknownAudioType

MAX_BYTES = 10 * 1024 * 1024
MAX_SECONDS = 120.0


def container_of(data: bytes) -> str:
    """The name by which FFmpeg knows the container; UnknownAudioType when it is none that browsers record."""
    head = data[:16]
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head[4:8] == b"ftyp":
        return "mp4"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    raise UnknownAudioType("not a webm, ogg, wav, mp3, mp4, flac or aac recording")


_STARTS = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
)


def check_recording(data: bytes) -> str:
    """The container of a recording of acceptable size; EmptyAudio, AudioTooLarge or UnknownAudioType otherwise."""
    if not data:
        raise EmptyAudio("the recording has no bytes")
    if len(data) > MAX_BYTES:
        raise AudioTooLarge(f"{len(data)} bytes; at most {MAX_BYTES}")
    return container_of(data)
