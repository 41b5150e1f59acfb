"""Nasty cases: bodies cut short, reset, packed in strange ways, or packed bombs."""

# ruff: noqa: ARG001 - every case is given the visit, some need nothing of it

from __future__ import annotations

import asyncio
import socket
import struct
import zlib
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from typing import Any

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer, head, pack

BOMB = 1 << 30
"""Bytes of a bomb once unpacked; packed it is about a megabyte."""


def _raw(visit: Visit) -> Answer:
    return replace(visit.usual(), packs=False)


def _encoded(visit: Visit, body: bytes, encoding: str) -> Answer:
    answer = visit.usual()
    return replace(answer, body=body, packs=False, headers={**answer.headers, "Content-Encoding": encoding})


def _library(name: str) -> Any:
    """Import a packer that only these cases need."""
    return import_module(name)


@nasty()
async def truncated(visit: Visit) -> None:
    """Content-Length says more than comes: the connection ends at a third of the body."""
    answer = _raw(visit)
    visit.writer.write(head(visit.asked, answer, len(answer.body)) + answer.body[: len(answer.body) // 3])
    await visit.writer.drain()


@nasty()
async def truncated_once(visit: Visit) -> Answer | None:
    """As truncated the first time, whole from then on."""
    if visit.times() > 1:
        return visit.usual()
    await truncated(visit)
    return None


@nasty()
async def chunked_cut(visit: Visit) -> None:
    """Chunked transfer that ends amid a chunk."""
    visit.writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    body = visit.usual().body
    for start in range(0, len(body) // 2, 4096):
        visit.writer.write(b"1000\r\n" + body[start : start + 4096].ljust(4096) + b"\r\n")
    visit.writer.write(b"1000\r\n" + body[-100:])
    await visit.writer.drain()


@nasty()
async def chunked(visit: Visit) -> None:
    """Chunked transfer as it should be, then the connection closes."""
    visit.writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    body = visit.usual().body
    for start in range(0, len(body), 5000):
        piece = body[start : start + 5000]
        visit.writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    visit.writer.write(b"0\r\n\r\n")
    await visit.writer.drain()


@nasty()
async def no_length(visit: Visit) -> None:
    """HTTP/1.0 without a length: the body ends where the connection does."""
    visit.writer.write(
        b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + visit.usual().body
    )
    await visit.writer.drain()


def _reset(visit: Visit) -> None:
    """Close so that the client sees a reset, not an end."""
    sock = visit.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    visit.writer.transport.abort()


@nasty()
async def reset(visit: Visit) -> None:
    """The connection is reset before any answer."""
    _reset(visit)


@nasty()
async def reset_amid(visit: Visit) -> None:
    """The connection is reset amid the body."""
    answer = _raw(visit)
    visit.writer.write(head(visit.asked, answer, len(answer.body)) + answer.body[: len(answer.body) // 2])
    await visit.writer.drain()
    await asyncio.sleep(0.05)
    _reset(visit)


@nasty()
async def not_http(visit: Visit) -> None:
    """Bytes that are no HTTP."""
    visit.writer.write(b"\x16\x03\x01\x02\x00SSH-2.0-OpenSSH\r\n\r\n")
    await visit.writer.drain()


@nasty()
async def empty_body(visit: Visit) -> Answer:
    """200 and nothing in it."""
    return Answer(b"", packs=False)


@nasty()
async def blank_body(visit: Visit) -> Answer:
    """200 and white space."""
    return Answer(b" \r\n\t" * 50)


@lru_cache(maxsize=1)
def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = packer.compress(b"<html><body><p>") + packer.flush(zlib.Z_FULL_FLUSH)
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    # Ends on a byte boundary and refers to nothing before it: may be repeated as often as one likes.
    mebibyte = block.compress(b"boom" * (1 << 18)) + block.flush(zlib.Z_FULL_FLUSH)
    return start + mebibyte * (BOMB >> 20)


@nasty("any")
async def gzip_bomb(visit: Visit) -> Answer:
    """A megabyte of gzip that unpacks to a gibibyte, without an end."""
    return _encoded(visit, _gzip_bomb(), "gzip")


@lru_cache(maxsize=1)
def _brotli_bomb() -> bytes:
    packer = _library("brotli").Compressor(quality=5)
    block = b"boom" * (1 << 20)
    return bytes(b"".join(packer.process(block) for _ in range(BOMB >> 22)) + packer.finish())


@nasty("any")
async def brotli_bomb(visit: Visit) -> Answer:
    """Brotli that unpacks to a gibibyte."""
    return _encoded(visit, _brotli_bomb(), "br")


@lru_cache(maxsize=1)
def _zstd_bomb() -> bytes:
    packer = _library("zstandard").ZstdCompressor().compressobj()
    block = b"boom" * (1 << 20)
    return bytes(b"".join(packer.compress(block) for _ in range(BOMB >> 22)) + packer.flush())


@nasty("any")
async def zstd_bomb(visit: Visit) -> Answer:
    """Zstandard that unpacks to a gibibyte."""
    return _encoded(visit, _zstd_bomb(), "zstd")


@nasty()
async def brotli(visit: Visit) -> Answer:
    """The right answer in Brotli, asked for or not."""
    return _encoded(visit, _library("brotli").compress(visit.usual().body, quality=3), "br")


@nasty()
async def zstd(visit: Visit) -> Answer:
    """The right answer in Zstandard, asked for or not."""
    return _encoded(visit, _library("zstandard").compress(visit.usual().body), "zstd")


@nasty()
async def gzip_twice(visit: Visit) -> Answer:
    """The right answer packed twice, as proxies do, and said so."""
    return _encoded(visit, pack(pack(visit.usual().body)), "gzip, gzip")


@nasty()
async def gzip_cut(visit: Visit) -> Answer:
    """Gzip that ends at two thirds, its length as sent."""
    packed = pack(visit.usual().body)
    return _encoded(visit, packed[: len(packed) * 2 // 3], "gzip")


@nasty()
async def gzip_lie(visit: Visit) -> Answer:
    """Plain HTML that says it is gzip."""
    return _encoded(visit, visit.usual().body, "gzip")


@nasty()
async def encoding_unknown(visit: Visit) -> Answer:
    """A Content-Encoding that nobody knows."""
    return _encoded(visit, visit.usual().body, "rot13")


@nasty()
async def cookies(visit: Visit) -> Answer:
    """The right answer with a cookie of four kilobytes that names a session."""
    answer = visit.usual()
    return replace(answer, headers={**answer.headers, "Set-Cookie": f"session={'s' * 4000}; Path=/"})
