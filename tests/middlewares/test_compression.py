"""Decompression: every coding, bombs, cut streams, and bodies that are not what they say."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from newsbot.middlewares.compression import CompressionMiddleware, brotli, decode, zstd
from newsbot.middlewares.limits import ROBOTS
from newsbot.middlewares.refused import Refused
from newsbot.outcomes import Outcome

LIMIT = 100_000
TEXT = b"<html><body>" + bytes(range(256)) * 200 + b"</body></html>"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACK: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}


@pytest.mark.parametrize("name", PACK)
def test_each_coding_is_undone(name: str) -> None:
    coding, pack = PACK[name]
    decoded = decode(pack(TEXT), coding, LIMIT)
    assert (decoded.body, decoded.is_whole, decoded.is_over) == (TEXT, True, False)


@pytest.mark.parametrize("name", PACK)
def test_a_bomb_stops_at_the_limit(name: str) -> None:
    coding, pack = PACK[name]
    decoded = decode(pack(b"a" * 20_000_000), coding, LIMIT)
    assert decoded.is_over
    assert 0 < len(decoded.body) <= LIMIT


@pytest.mark.parametrize("name", PACK)
def test_a_cut_stream_is_known(name: str) -> None:
    coding, pack = PACK[name]
    import random

    packed = pack(random.Random(1).randbytes(50_000))
    decoded = decode(packed[: len(packed) // 2], coding, LIMIT)
    assert not decoded.is_whole
    assert not decoded.is_over


def test_members_one_after_the_other_and_rubbish_behind() -> None:
    assert decode(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", LIMIT).body == b"one two"
    decoded = decode(gzip.compress(b"one") + b"rubbish", "gzip", LIMIT)
    assert (decoded.body, decoded.is_whole) == (b"one", True)


def test_members_together_stop_at_the_limit() -> None:
    assert decode(gzip.compress(b"a" * 60_000) * 50, "gzip", LIMIT).is_over


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity", "unknown"])
def test_what_is_not_coded_is_taken_as_it_came(coding: str) -> None:
    body = b"<html>plain, not packed</html>"
    decoded = decode(body, coding, LIMIT)
    assert (decoded.body, decoded.is_whole) == (body, True)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_no_bytes_raise(body: bytes, coding: str) -> None:
    assert len(decode(body, coding, 1000).body) <= 1000


# -- the middleware ----------------------------------------------------------------------------------------


def answer(
    body: bytes, coding: str = "gzip", *, kind: str = "page", flags: list[str] | None = None
) -> Response:
    middleware = CompressionMiddleware(LIMIT)
    request = Request("http://example.com/a", meta={"newsbot_kind": kind})
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": coding}
    return middleware.process_response(
        request, HtmlResponse(request.url, headers=headers, body=body, flags=flags)
    )


def test_a_response_is_decoded_and_says_so_no_more() -> None:
    found = answer(gzip.compress(TEXT))
    assert found.body == TEXT
    assert "Content-Encoding" not in found.headers
    assert isinstance(found, HtmlResponse)


def test_two_codings_are_undone_in_turn_and_three_refused() -> None:
    assert answer(gzip.compress(brotli.compress(TEXT)), "br, gzip").body == TEXT
    with pytest.raises(Refused, match="3 content codings"):
        answer(b"x", "gzip, gzip, gzip")


def test_a_bomb_is_refused_as_too_large() -> None:
    with pytest.raises(Refused) as caught:
        answer(gzip.compress(b"a" * 1_000_000))
    assert caught.value.outcome is Outcome.TOO_LARGE


def test_a_robots_txt_over_the_limit_is_cut_instead() -> None:
    assert len(answer(gzip.compress(b"a" * 1_000_000), kind=ROBOTS).body) == LIMIT


def test_a_cut_stream_has_the_flag_of_lost_data_once() -> None:
    packed = gzip.compress(TEXT)
    assert answer(packed[:-20]).flags == ["dataloss"]
    assert answer(packed[:-20], flags=["dataloss"]).flags == ["dataloss"]
    assert answer(packed).flags == []


def test_the_codings_understood_are_asked_for_unless_the_request_names_its_own() -> None:
    middleware = CompressionMiddleware(LIMIT)
    request = Request("http://example.com/a")
    own = Request("http://example.com/a", headers={"Accept-Encoding": "identity"})
    middleware.process_request(request)
    middleware.process_request(own)
    assert request.headers["Accept-Encoding"] == b"gzip, deflate, br, zstd"
    assert own.headers["Accept-Encoding"] == b"identity"
