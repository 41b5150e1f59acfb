"""Requests are read and answers written as HTTP/1.1 has them."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime

import pytest

from newsbot.demo.wire import Answer, Asked, BadRequest, head, is_fresh, pack, read_request, status_line

DAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


def read(sent: bytes) -> Asked | None:
    async def reading() -> Asked | None:
        reader = asyncio.StreamReader(limit=1000)
        reader.feed_data(sent)
        reader.feed_eof()
        return await read_request(reader)

    return asyncio.run(reading())


def test_a_request_is_read() -> None:
    asked = read(b"GET /a/b?c=d?e HTTP/1.1\r\nHost: x\r\nACCEPT-Encoding:  gzip, br \r\nCookie: a: b\r\n\r\n")
    assert asked is not None
    assert (asked.method, asked.path, asked.query) == ("GET", "/a/b", "c=d?e")
    assert asked.headers == {"host": "x", "accept-encoding": "gzip, br", "cookie": "a: b"}
    assert asked.keeps


def test_the_end_of_a_connection_is_no_request() -> None:
    assert read(b"") is None
    assert read(b"\r\n") is None


@pytest.mark.parametrize(
    "sent", [b"GET /", b"GET\r\n\r\n", b"GET / a b HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"y" * 2000]
)
def test_what_is_no_request(sent: bytes) -> None:
    with pytest.raises(BadRequest):
        read(sent)


def test_a_body_is_passed_over() -> None:
    async def both() -> list[Asked | None]:
        reader = asyncio.StreamReader()
        reader.feed_data(
            b"POST /consent HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello" + b"GET /next HTTP/1.1\r\n\r\n"
        )
        reader.feed_eof()
        return [await read_request(reader), await read_request(reader)]

    first, second = asyncio.run(both())
    assert first is not None
    assert second is not None
    assert (first.path, second.path) == ("/consent", "/next")


@pytest.mark.parametrize(
    ("offered", "is_taken"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", False),
        ("xgzip", False),
        ("", False),
        ("gzip2,deflate", False),
    ],
)
def test_encodings_are_taken_when_offered(offered: str, is_taken: bool) -> None:
    assert Asked("GET", "/", {"accept-encoding": offered}).accepts("gzip") is is_taken


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, False),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"x"'}, False),
        ({"if-modified-since": "Mon, 02 Mar 2026 10:00:00 GMT"}, True),
        ({"if-modified-since": "Mon, 02 Mar 2026 09:59:59 GMT"}, False),
        ({"if-modified-since": "Mon, 02 Mar 2026 11:00:00 +0100"}, True),
        ({"if-modified-since": "soon"}, False),
        # If-None-Match wins.
        ({"if-none-match": '"x"', "if-modified-since": "Mon, 02 Mar 2026 10:00:00 GMT"}, False),
    ],
)
def test_conditions(headers: dict[str, str], fresh: bool) -> None:
    asked = Asked("GET", "/", headers)
    assert is_fresh(asked, Answer(b"text", modified=DAY)) is fresh
    assert not is_fresh(asked, Answer(b"text", modified=DAY, validates=False))
    assert not is_fresh(asked, Answer(b"text", 404, modified=DAY))


def test_a_head_says_what_follows() -> None:
    asked = Asked("GET", "/", {"connection": "close"})
    lines = head(asked, Answer(b"text", modified=DAY), 4).decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    assert {"Content-Length: 4", "Connection: close", "Last-Modified: Mon, 02 Mar 2026 10:00:00 GMT"} <= set(
        lines
    )
    assert lines[-2:] == ["", ""]


def test_a_status_nobody_knows_has_a_line_too() -> None:
    assert status_line(999) == b"HTTP/1.1 999 Unknown\r\n"


def test_packing_is_gzip_and_the_same_every_time() -> None:
    assert gzip.decompress(pack(b"text" * 99)) == b"text" * 99
    assert pack(b"text" * 99) == pack(b"text" * 99)
