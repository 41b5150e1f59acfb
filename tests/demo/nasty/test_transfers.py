"""Bodies cut, reset and packed as their cases say; bombs are as large as they say and small to send."""

from __future__ import annotations

import gzip
import http.client
import zlib
from importlib import import_module
from typing import Any

import pytest
import zstandard

from newsbot.demo.server import Server
from tests.demo.nasty.visiting import BROKEN, meet, raw

# Ships no annotations.
brotli: Any = import_module("brotli")


@pytest.fixture(scope="module")
def page(server: Server) -> bytes:
    return server.newspaper.page(0)


@pytest.mark.parametrize("name", ["truncated", "truncated_once"])
def test_fewer_bytes_than_said(server: Server, page: bytes, name: str) -> None:
    path = server.newspaper.path(0)
    with pytest.raises(http.client.IncompleteRead) as cut:
        meet(server, name, path)
    assert page.startswith(cut.value.partial)
    assert len(cut.value.partial) == len(page) // 3
    if name == "truncated_once":
        assert meet(server, name, path).body == page


def test_chunks_that_end_amid_one(server: Server) -> None:
    with pytest.raises(http.client.IncompleteRead):
        meet(server, "chunked_cut")


@pytest.mark.parametrize("name", ["chunked", "no_length"])
def test_transfers_without_a_length_are_whole(server: Server, page: bytes, name: str) -> None:
    got = meet(server, name)
    assert "content-length" not in got.headers
    assert got.body == page


@pytest.mark.parametrize("name", ["reset", "reset_amid", "not_http"])
def test_connections_that_break(server: Server, name: str) -> None:
    with pytest.raises(BROKEN):
        meet(server, name)


def test_nothing_and_next_to_nothing(server: Server) -> None:
    assert meet(server, "empty_body").body == b""
    assert meet(server, "blank_body").body.strip() == b""


def test_a_gzip_bomb_is_small_and_grows(server: Server) -> None:
    got = meet(server, "gzip_bomb")
    assert got.headers["content-encoding"] == "gzip"
    assert len(got.body) < 4 << 20
    unpacker, size, rest = zlib.decompressobj(31), 0, got.body
    while rest and size < 1 << 30:
        size += len(unpacker.decompress(rest, 1 << 24))
        rest = unpacker.unconsumed_tail
    assert size >= 1 << 30


def test_a_brotli_bomb_grows(server: Server) -> None:
    got = meet(server, "brotli_bomb")
    assert len(got.body) < 4 << 20
    assert len(brotli.Decompressor().process(got.body, output_buffer_limit=64 << 20)) >= 64 << 20


def test_a_zstd_bomb_grows(server: Server) -> None:
    got = meet(server, "zstd_bomb")
    assert len(got.body) < 4 << 20
    with zstandard.ZstdDecompressor().stream_reader(got.body) as reader:
        assert len(reader.read(64 << 20)) == 64 << 20


def test_encodings_unpack_to_the_page(server: Server, page: bytes) -> None:
    assert brotli.decompress(meet(server, "brotli").body) == page
    assert zstandard.decompress(meet(server, "zstd").body, max_output_size=1 << 22) == page
    assert gzip.decompress(gzip.decompress(meet(server, "gzip_twice").body)) == page


def test_encodings_that_are_not_what_they_say(server: Server, page: bytes) -> None:
    with pytest.raises(EOFError):
        gzip.decompress(meet(server, "gzip_cut").body)
    assert meet(server, "gzip_lie").headers["content-encoding"] == "gzip"
    assert meet(server, "gzip_lie").body == page
    assert meet(server, "encoding_unknown").headers["content-encoding"] == "rot13"


def test_a_cookie_of_four_kilobytes(server: Server) -> None:
    assert len(meet(server, "cookies").headers["set-cookie"]) > 4000


def test_a_spoilt_answer_does_not_spoil_the_next(server: Server, page: bytes) -> None:
    for name in ("gzip_lie", "cookies", "gzip_bomb"):
        meet(server, name)
    got = raw(server, "chunked").split(b"\r\n\r\n", 1)[0]
    assert b"Set-Cookie" not in got
    plain = server.site.answer(server.newspaper.path(0))
    assert (plain.body, plain.headers) == (page, {})
