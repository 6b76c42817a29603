"""Frames between the program and its speech workers.

A frame is two big-endian 32-bit lengths, then a JSON header, then raw bytes. Used over pipes only.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

Header = dict[str, Any]

LENGTHS = struct.Struct(">II")
MAX_HEADER = 1 << 22
MAX_BODY = 1 << 26


class BadFrame(Exception):
    """The other side did not speak the protocol."""


def pack(header: Header, body: bytes = b"") -> bytes:
    """The frame as bytes."""
    head = json.dumps(header, ensure_ascii=False).encode()
    return LENGTHS.pack(len(head), len(body)) + head + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """Header and body length from the first eight bytes; BadFrame when they are out of bounds."""
    head, body = LENGTHS.unpack(prefix)
    if head > MAX_HEADER or body > MAX_BODY:
        raise BadFrame(f"frame of {head} + {body} bytes")
    return head, body


def parse_header(raw: bytes) -> Header:
    """The header; BadFrame when it is not a JSON object."""
    try:
        header = json.loads(raw)
    except ValueError as error:
        raise BadFrame("header is not JSON") from error
    if not isinstance(header, dict):
        raise BadFrame("header is not an object")
    return header


def read_frame(stream: BinaryIO) -> tuple[Header, bytes] | None:
    """The next frame, waiting for it; None when the other side is gone."""
    prefix = stream.read(LENGTHS.size)
    if len(prefix) < LENGTHS.size:
        return None
    head, body = lengths(prefix)
    raw = stream.read(head + body)
    if len(raw) < head + body:
        return None
    return parse_header(raw[:head]), raw[head:]
