"""Requests in and answers out: as much of HTTP/1.1 as the demo server needs, on asyncio streams; used by server.py."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from http import HTTPStatus

HEAD_LIMIT = 65_536
"""Bytes of a request's line and headers at most."""
WORTH_PACKING = 256
"""Bytes: shorter answers are not compressed."""


class BadRequest(Exception):
    """Raised when bytes are no HTTP request, from read_request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    target: str
    """Path and query as sent."""
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the first `?`."""
        return self.target.partition("?")[2]

    @property
    def keeps(self) -> bool:
        """Whether the client keeps the connection open."""
        return self.headers.get("connection", "").lower() != "close"

    def accepts(self, encoding: str) -> bool:
        """Whether the client takes a content encoding."""
        offered = self.headers.get("accept-encoding", "").lower()
        return any(part.partition(";")[0].strip() == encoding for part in offered.split(","))


@dataclass(slots=True)
class Answer:
    """A response, before it is compressed and sent."""

    body: bytes = b""
    status: int = 200
    media: str = "text/html; charset=utf-8"
    """Content-Type; empty: none is sent."""
    headers: dict[str, str] = field(default_factory=dict)
    modified: datetime | None = None
    """Last-Modified, UTC."""
    validates: bool = True
    """Whether it has an ETag and answers conditional requests with 304."""
    packs: bool = True
    """Whether it may be sent compressed."""
    packed: bytes | None = None
    """The body as gzip, once somebody asked for it."""
    _etag: str | None = None

    @property
    def etag(self) -> str:
        """The ETag: a hash of the body."""
        if self._etag is None:
            self._etag = f'"{blake2b(self.body, digest_size=10).hexdigest()}"'
        return self._etag


def html(text: str, status: int = 200) -> Answer:
    """Return a page as an answer."""
    return Answer(text.encode(), status)


def redirect(target: str, status: int = 302) -> Answer:
    """Return a redirect to `target`."""
    return Answer(b"", status, headers={"Location": target}, validates=False)


async def read_request(reader: asyncio.StreamReader) -> Asked | None:
    """Return the next request of a connection, None at its end. Raises BadRequest."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise BadRequest("the request ends early") from error
        return None
    except asyncio.LimitOverrunError as error:
        raise BadRequest(f"more than {HEAD_LIMIT} bytes of headers") from error
    line, *rest = head.decode("latin-1").split("\r\n")
    try:
        method, target, _ = line.split(" ")
    except ValueError as error:
        raise BadRequest(f"no request line: {line[:80]!r}") from error
    pairs = (header.partition(":") for header in rest if header)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = headers.get("content-length", "0")
    if length.isdigit() and int(length):
        await reader.readexactly(min(int(length), HEAD_LIMIT))
    return Asked(method, target, headers)


def is_fresh(asked: Asked, answer: Answer) -> bool:
    """Whether the client's copy is still good: If-None-Match wins over If-Modified-Since (RFC 9110, 13.2.2)."""
    if not answer.validates or answer.status != 200:
        return False
    tags = asked.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or answer.etag in known
    since = asked.headers.get("if-modified-since")
    if since is None or answer.modified is None:
        return False
    try:
        return answer.modified.replace(microsecond=0) <= parsedate_to_datetime(since).astimezone(UTC)
    except (TypeError, ValueError):
        return False


def head(asked: Asked, answer: Answer, length: int, *, packed: bool = False) -> bytes:
    """Return status line and headers of an answer whose body, as sent, has `length` bytes."""
    fields = {"Content-Type": answer.media, "Content-Length": str(length)}
    if answer.validates and answer.status in (200, 304):
        # A packed body has other bytes: its tag is a weak one.
        fields["ETag"] = f"W/{answer.etag}" if packed else answer.etag
        if answer.modified:
            fields["Last-Modified"] = format_datetime(answer.modified.astimezone(UTC), usegmt=True)
    if packed:
        fields["Content-Encoding"] = "gzip"
    if answer.packs:
        fields["Vary"] = "Accept-Encoding"
    fields["Connection"] = "keep-alive" if asked.keeps else "close"
    fields.update(answer.headers)
    return status_line(answer.status) + header_lines(fields) + b"\r\n"


def status_line(status: int) -> bytes:
    """Return the first line of a response."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return f"HTTP/1.1 {status} {phrase}\r\n".encode()


def header_lines(fields: Mapping[str, str]) -> bytes:
    """Return header lines; empty values are left out."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value).encode("latin-1")


def pack(body: bytes) -> bytes:
    """Return `body` as gzip, the same bytes every time."""
    # Level 4: 100 KB of a page in about a millisecond.
    packer = zlib.compressobj(4, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()
