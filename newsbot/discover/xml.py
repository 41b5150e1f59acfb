"""XML from strangers, safely: gzip by its magic bytes, bounded; no entities, no DTD, no network; a streaming walk."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from xml.parsers import expat

from newsbot.exceptions import UnreadableSource

# The sitemap protocol allows 50 MB unpacked; more is a bomb or a mistake.
MAX_BYTES = 50 * 1024 * 1024 + 4096
# Sitemaps nest 4 deep, feeds about 6; what nests deeper is hostile.
MAX_DEPTH = 64
# Longest text of an element that is kept, in characters.
MAX_TEXT = 8192
_CHUNK = 64 * 1024
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<[A-Za-z_]")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)


class IllFormed(UnreadableSource):
    """Raised for what is no well-formed XML."""


class TooLong(UnreadableSource):
    """Raised when unpacked bytes are more than MAX_BYTES."""


def unpack(body: bytes) -> Iterator[bytes]:
    """Yield the bytes in chunks, unpacked where they are gzip, whatever name or header say; never more than MAX_BYTES.

    Raises UnreadableSource for gzip that is damaged or too large, after what could be unpacked.
    """
    if body[:2] != b"\x1f\x8b":
        yield from (body[start : start + _CHUNK] for start in range(0, min(len(body), MAX_BYTES), _CHUNK))
        if len(body) > MAX_BYTES:
            raise TooLong(f"is larger than {MAX_BYTES} bytes; the rest was left")
        return
    size, left = 0, body
    try:
        while left[:2] == b"\x1f\x8b":
            stream = zlib.decompressobj(wbits=31)
            data = stream.decompress(left, _CHUNK)
            while data or stream.unconsumed_tail:
                size += len(data)
                if size > MAX_BYTES:
                    raise TooLong(f"unpacks to more than {MAX_BYTES} bytes; the rest was left")
                yield data
                data = stream.decompress(stream.unconsumed_tail, _CHUNK)
            if not stream.eof:
                raise UnreadableSource("is gzip that ends too early")
            left = stream.unused_data
    except zlib.error as error:
        raise UnreadableSource(f"is damaged gzip ({error})") from error


def refuse_what_is_no_source(head: bytes, wanted: str) -> None:
    """Raise UnreadableSource where the first bytes are nothing, HTML, or declare XML entities. `wanted`: such as `a feed`."""
    if not head.strip():
        raise UnreadableSource(f"is empty where {wanted} should be")
    bare = _COMMENT.sub(b"", head.replace(b"\0", b""))
    root = _ROOT.search(bare)
    before = bare[: root.start()] if root else bare
    if _HTML.search(bare[:2048]) and not re.search(
        rb"<(?:rss|feed|rdf|urlset|sitemapindex)[\s>:]", bare[:2048], re.IGNORECASE
    ):
        raise UnreadableSource(f"is an HTML page where {wanted} should be; the address may have moved")
    if re.search(rb"<!ENTITY", before, re.IGNORECASE):
        raise UnreadableSource("declares XML entities, which are refused")


def refuse_tricks(body: bytes) -> None:
    """Raise UnreadableSource where XML declares entities or nests too deep; what is not well-formed is left to its reader."""
    walk = Walk(lambda _path, _text: None, "a feed")
    with suppress(IllFormed):
        walk.feed(body, last=True)


class Walk:
    """A streaming walk over XML: calls back at the end of each element with its path and text."""

    def __init__(self, close: Callable[[tuple[str, ...], str], None], wanted: str) -> None:
        """`close(path, text)`: path of local names from the root down, lower case. `wanted`: such as `a sitemap`."""
        self._close, self._wanted = close, wanted
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        parser.EntityDeclHandler = self._refuse
        self._parser = parser

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Read on. Raises UnreadableSource for what is no XML, or XML that plays tricks."""
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            raise IllFormed(f"is no well-formed XML where {self._wanted} should be ({error})") from error

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        # Names by their local part: prefixes differ, and unbound ones are common.
        self._path.append(name.rpartition(":")[2].lower())
        if len(self._path) > MAX_DEPTH:
            raise UnreadableSource(f"nests more than {MAX_DEPTH} elements deep")
        self._text.clear()
        self._length = 0

    def _add(self, data: str) -> None:
        if self._length < MAX_TEXT:
            self._text.append(data[:MAX_TEXT])
            self._length += len(data)

    def _end(self, _name: str) -> None:
        text = "".join(self._text).strip()
        self._text.clear()
        self._length = 0
        self._close(tuple(self._path), text)
        self._path.pop()

    def _refuse(self, *_declaration: Any) -> None:
        raise UnreadableSource("declares XML entities, which are refused")
