"""Decompression under the size limit of the request, which knows a bomb from a page and a cut stream from a whole one.

Scrapy's own middleware does not say whether a gzip or brotli stream came to its end, so a cut page would pass for a whole one.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from scrapy.utils import _compression

from newsbot.middlewares.limits import ROBOTS
from newsbot.middlewares.refused import Refused
from newsbot.outcomes import Outcome

# The modules that Scrapy chose for this Python.
brotli, zstd = _compression.brotli, _compression.zstd  # type: ignore[attr-defined]

ACCEPTED = "gzip, deflate, br, zstd"
# Codings one upon the other: RFC 9110 sets no limit, each is one more chance for a bomb.
MAX_CODINGS = 2
# Bytes decoded at a time: all that a robots.txt is read for is in the first.
_PIECE = 1 << 20
_BROKEN = (OSError, EOFError, ValueError, zlib.error, brotli.error, zstd.ZstdError)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came of a coded body."""

    body: bytes
    is_whole: bool
    """Whether the stream came to its end."""
    is_over: bool = False
    """Whether there is more than the limit; `body` holds the beginning."""


class CompressionMiddleware:
    """Asks for gzip, deflate, br and zstd, and decodes them."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take Scrapy's limit where a request has none of its own."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Say which codings are understood."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response decoded, with the flag `dataloss` where its stream is cut. Raises Refused for a bomb.

        A body that is not coded as its header says, a common fault of servers, is taken as it came.
        """
        codings = [
            part.strip().lower().decode("latin-1") for part in _named(response).split(b",") if part.strip()
        ]
        if not codings or not response.body:
            return response
        if len(codings) > MAX_CODINGS:
            raise Refused(Outcome.TOO_LARGE, f"{len(codings)} content codings one upon the other")
        limit = request.meta.get("download_maxsize") or self._max_bytes
        body, is_whole = response.body, True
        for coding in reversed(codings):
            decoded = decode(body, coding, limit)
            if decoded.is_over and request.meta.get("newsbot_kind") != ROBOTS:
                raise Refused(Outcome.TOO_LARGE, f"larger than {limit} bytes when decompressed")
            body, is_whole = decoded.body, is_whole and (decoded.is_whole or decoded.is_over)
        return _replaced(response, body, is_whole=is_whole)


def decode(body: bytes, coding: str, limit: int) -> Decoded:
    """Return up to `limit` bytes of a body coded as gzip, deflate, br or zstd; any other is taken as it is."""
    try:
        if coding in {"gzip", "x-gzip"}:
            return _members(body, lambda: zlib.decompressobj(31), limit)
        if coding == "deflate":
            # RFC 9110 means the zlib format; some servers send raw deflate (wbits -15).
            is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
            return _members(body, lambda: zlib.decompressobj(15 if is_zlib else -15), limit)
        if coding == "br":
            return _brotli(body, limit)
        if coding == "zstd":
            return _members(body, zstd.ZstdDecompressor, limit)
    except _BROKEN:
        pass
    return Decoded(body[:limit], is_whole=True, is_over=len(body) > limit)


def _members(body: bytes, make: Any, limit: int) -> Decoded:
    """Decode a stream, or several one after the other, as gzip and zstd allow. What follows the first whole one may be rubbish."""
    parts = _Parts(limit)
    rest = body
    while rest and not parts.is_over:
        decoder = make()
        try:
            _drain(decoder, rest, parts)
        except _BROKEN:
            if not parts.pieces:
                raise
            break
        if not decoder.eof:
            return parts.decoded(is_whole=False)
        rest = decoder.unused_data
    return parts.decoded(is_whole=True)


def _drain(decoder: Any, rest: bytes, parts: _Parts) -> None:
    """Decode one stream piece by piece: zlib hands back what it has not read, zstd keeps it."""
    while not decoder.eof and not parts.is_over:
        piece = decoder.decompress(rest, _PIECE)
        parts.add(piece)
        rest = getattr(decoder, "unconsumed_tail", b"")
        if not piece and not rest:
            return


def _brotli(body: bytes, limit: int) -> Decoded:
    decoder, parts = brotli.Decompressor(), _Parts(limit)
    piece = decoder.process(body, output_buffer_limit=_PIECE)
    parts.add(piece)
    while piece and not decoder.is_finished() and not parts.is_over:
        piece = decoder.process(b"", output_buffer_limit=_PIECE)
        parts.add(piece)
    return parts.decoded(is_whole=decoder.is_finished())


class _Parts:
    """The pieces of a body so far; of one over the limit only the first is kept."""

    def __init__(self, limit: int) -> None:
        self.pieces: list[bytes] = []
        self._limit, self._size = limit, 0

    @property
    def is_over(self) -> bool:
        return self._size > self._limit

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        self.pieces.append(piece)

    def decoded(self, *, is_whole: bool) -> Decoded:
        if self.is_over:
            return Decoded(self.pieces[0][: self._limit], is_whole=False, is_over=True)
        return Decoded(b"".join(self.pieces), is_whole)


def _named(response: Response) -> bytes:
    return b",".join(response.headers.getlist("Content-Encoding"))


def _replaced(response: Response, body: bytes, *, is_whole: bool) -> Response:
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    flags = response.flags if is_whole or "dataloss" in response.flags else [*response.flags, "dataloss"]
    return response.replace(cls=kind, headers=headers, body=body, flags=flags)
