"""Tests of newsbot.extract.decode: charsets in the order of browsers, what is no page."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.exceptions import UnreadablePage
from newsbot.extract.decode import decode, is_utf8
from newsbot.items import Page


def page(body: bytes, content_type: str | None = None) -> Page:
    headers = [("content-type", content_type)] if content_type else []
    return Page("https://herald.example/a", body, datetime(2024, 5, 4, tzinfo=UTC), headers=headers)


META = '<meta charset="{}"><p>{}'


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        ("<p>Füße".encode(), None, "utf-8"),
        (META.format("windows-1251", "Привет").encode("cp1251"), None, "cp1251"),
        (META.format("iso-8859-1", "Füße “ja”").encode("cp1252"), None, "cp1252"),
        (META.format("gb2312", "你好镕").encode("gb18030"), None, "gb18030"),
        (META.format("shift_jis", "こんにちは").encode("cp932"), None, "cp932"),
        ("<p>Füße".encode("cp1252"), "text/html; charset=ISO-8859-1", "cp1252"),
        ("<?xml version='1.0' encoding='koi8-r'?><p>Привет".encode("koi8-r"), None, "koi8-r"),
        (b"\xef\xbb\xbf" + "<p>Füße".encode(), "text/html; charset=windows-1251", "utf-8"),
        (b"\xff\xfe" + "<p>Füße".encode("utf-16-le"), None, "utf-16-le"),
        (b"\xfe\xff" + "<p>Füße".encode("utf-16-be"), None, "utf-16-be"),
        ("<p>Hello there".encode("utf-16-le"), None, "utf-16-le"),
        (META.format("utf-16", "Füße").encode(), None, "utf-8"),
        ("<p>Füße “ja”".encode("cp1252"), None, "cp1252"),
        # A wrong header loses against a declaration that fits to the last byte; legacy labels against valid UTF-8.
        (META.format("windows-1251", "Привет, мир").encode("cp1251"), "text/html; charset=utf-8", "cp1251"),
        (META.format("windows-1252", "Füße").encode(), None, "utf-8"),
        (META.format("rot13", "Füße").encode(), None, "utf-8"),
    ],
)
def test_the_charset_is_found_in_the_order_of_browsers(
    body: bytes, content_type: str | None, encoding: str
) -> None:
    decoded = decode(page(body, content_type))
    assert (decoded.encoding, decoded.replacements) == (encoding, 0)
    assert "\ufffd" not in decoded.text


def test_bad_bytes_are_counted_and_the_character_itself_is_not() -> None:
    decoded = decode(page("<p>a\ufffdb".encode() + b"\xff\xfe and more text", "text/html; charset=utf-8"))
    assert decoded.replacements == 2
    assert decoded.text.count("\ufffd") == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\t\0", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"\x1f\x8b\x08\x00", "is gzip"),
        (bytes(range(1, 9)) * 50, "is binary"),
        (bytes(random.Random(5).choices(range(256), k=20_000)), "is binary"),
    ],
)
def test_what_is_no_page_is_named_with_a_remedy(body: bytes, said: str) -> None:
    with pytest.raises(UnreadablePage, match=f"^https://herald.example/a {said}.*; ") as raised:
        decode(page(body))
    assert "\n" not in str(raised.value)


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/html; charset=utf-8", "text/html; charset=big5", "text/html; charset=\xff"]),
)
def test_any_bytes_give_text_or_the_declared_error(body: bytes, content_type: str | None) -> None:
    try:
        decoded = decode(page(body, content_type))
    except UnreadablePage:
        return
    decoded.text.encode("utf-8")
    assert decoded.replacements >= 0


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("<p>été".encode(), "text/html; charset=utf-8", "<p>été".encode()),
        (b"\xef\xbb\xbf" + "<p>été".encode(), None, "<p>été".encode()),
        ("<p>été".encode("cp1252"), "text/html; charset=windows-1252", "<p>été".encode()),
        ("<p>été".encode(), "text/html; charset=iso-8859-1", "<p>été".encode()),
        (b"<p>a\xffb", "text/html; charset=utf-8", "<p>a\ufffdb".encode()),
        ("<p>été".encode("utf-16"), None, "<p>été".encode()),
    ],
)
def test_the_parser_reads_the_text_in_utf_8(body: bytes, content_type: str | None, expected: bytes) -> None:
    assert decode(page(body, content_type)).in_utf8 == expected


PIECES = (
    *(b"a", b"a" * 70, b"\xc3\xa9", b"\xe2\x80\x99", b"\xed\x9f\xbf", b"\xf0\x9f\x98\x80", b"\xf4\x8f\xbf\xbf"),
    # Halves of a pair, forms longer than need be, beyond Unicode, cut short.
    *(b"\xed\xa0\x80", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf", b"\xc1\x80", b"\xf4\x90\x80\x80", b"\xf5"),
    *(b"\xc2", b"\x80", b"\xe2\x80"),
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=6).map(b"".join))
def test_bytes_are_utf_8_where_python_can_decode_them(body: bytes) -> None:
    try:
        body.decode()
        expected = True
    except UnicodeDecodeError:
        expected = False
    assert is_utf8(body) is expected
