"""Pages in the encodings their cases say; the text survives a reader who knows the encoding."""

from __future__ import annotations

import unicodedata
from html import unescape

import pytest

from newsbot.demo.server import Server
from tests.demo.nasty.visiting import meet


def of_language(server: Server, language: str) -> int:
    return next(i for i in range(160) if server.newspaper.section(i).language == language)


@pytest.mark.parametrize(
    ("name", "encoding", "media", "language"),
    [
        ("charset_wrong", "utf-8", "text/html; charset=iso-8859-1", "de"),
        ("charset_conflict", "cp1252", "text/html; charset=windows-1252", "fr"),
        ("charset_none", "utf-8", "text/html", "el"),
        ("charset_cyrillic", "cp1251", "text/html", "ru"),
        ("charset_latin_label", "cp1252", "text/html; charset=iso-8859-1", "es"),
        ("charset_gb18030", "gb18030", "text/html; charset=gb2312", "zh"),
        ("charset_shift_jis", "shift_jis", "text/html", "ja"),
        ("charset_utf16", "utf-16", "text/html; charset=utf-8", "hi"),
        ("charset_bom", "utf-8-sig", "text/html; charset=windows-1252", "ar"),
        ("charset_unknown", "utf-8", "text/html; charset=klingon-8", "en"),
        ("charset_twice", "utf-8", "text/html; charset=utf-8; charset=iso-8859-1", "en"),
    ],
)
def test_the_text_is_there_in_its_encoding(
    server: Server, name: str, encoding: str, media: str, language: str
) -> None:
    index = of_language(server, language)
    got = meet(server, name, server.newspaper.path(index))
    assert got.headers["content-type"] == media
    assert str(server.newspaper.truth(index)["headline"]) in unescape(got.body.decode(encoding))


def test_undeclared_means_undeclared(server: Server) -> None:
    assert b"charset" not in meet(server, "charset_none").body.split(b"</head>")[0].split(b"<style>")[0]


def test_a_bad_byte_is_no_utf_8(server: Server) -> None:
    got = meet(server, "bad_byte", server.newspaper.path(of_language(server, "de")))
    with pytest.raises(UnicodeDecodeError):
        got.body.decode()
    assert got.body.decode(errors="replace").count("\ufffd") == got.body.count(b"\xff") > 3


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("nul_bytes", b"\x00"),
        ("surrogates", b"&#xd800;"),
        ("surrogates", b"\xed\xa0\x80"),
        ("bidi_controls", "\u202e".encode()),
    ],
)
def test_marks_stand_in_every_paragraph(server: Server, name: str, mark: bytes) -> None:
    assert meet(server, name).body.count(mark) > 3


def test_accents_apart(server: Server) -> None:
    index = of_language(server, "fr")
    text = meet(server, "decomposed", server.newspaper.path(index)).body.decode()
    assert unicodedata.is_normalized("NFD", text)
    assert not unicodedata.is_normalized("NFC", text)
