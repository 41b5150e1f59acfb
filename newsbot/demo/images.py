"""Small pictures for the demo newspaper's image URLs; served by site.py."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

_SIDE = 8
"""Pixels: nobody looks at them."""


@lru_cache(maxsize=256)
def picture(name: str) -> bytes:
    """Return a small PNG in a colour of its own."""
    red, green, blue, _ = struct.pack(">I", zlib.crc32(name.encode()))
    rows = (b"\0" + bytes((red, green, blue)) * _SIDE) * _SIDE
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
