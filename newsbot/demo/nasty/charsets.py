"""Nasty cases: pages whose bytes are not what they say, or say nothing."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer

_DECLARED = re.compile(rb"<meta charset=[^>]*>|<meta http-equiv=\"Content-Type\"[^>]*>", re.IGNORECASE)


def _recoded(visit: Visit, encoding: str, media: str, declared: str = "") -> Answer:
    """Return the usual page in another encoding, with the declarations given."""
    answer = visit.usual()
    meta = f'<meta charset="{declared}">' if declared else ""
    text = _DECLARED.sub(meta.encode(), answer.body, count=1).decode()
    return replace(
        answer, body=text.encode(encoding, "xmlcharrefreplace"), media=media, packed=None, _etag=None
    )


def _with(visit: Visit, text: bytes) -> Answer:
    """Return the usual page with bytes put behind each opening tag of a paragraph."""
    answer = visit.usual()
    body = re.sub(rb"<p([^>]*)>", rb"<p\1>" + text.replace(b"\\", b"\\\\"), answer.body)
    return replace(answer, body=body, packed=None, _etag=None)


@nasty()
async def charset_wrong(visit: Visit) -> Answer:
    """UTF-8 that the header calls iso-8859-1; the page itself says utf-8."""
    return replace(visit.usual(), media="text/html; charset=iso-8859-1")


@nasty()
async def charset_conflict(visit: Visit) -> Answer:
    """windows-1252 that the header calls so and the page calls utf-8: the header wins."""
    return _recoded(visit, "cp1252", "text/html; charset=windows-1252", "utf-8")


@nasty()
async def charset_none(visit: Visit) -> Answer:
    """UTF-8 that neither header nor page declares."""
    return _recoded(visit, "utf-8", "text/html")


@nasty()
async def charset_cyrillic(visit: Visit) -> Answer:
    """windows-1251, declared in the page only; other scripts as references."""
    return _recoded(visit, "cp1251", "text/html", "windows-1251")


@nasty()
async def charset_latin_label(visit: Visit) -> Answer:
    """windows-1252 labelled iso-8859-1, as half of the old web."""
    return _recoded(visit, "cp1252", "text/html; charset=iso-8859-1", "iso-8859-1")


@nasty()
async def charset_gb18030(visit: Visit) -> Answer:
    """gb18030, labelled gb2312."""
    return _recoded(visit, "gb18030", "text/html; charset=gb2312", "gb2312")


@nasty()
async def charset_shift_jis(visit: Visit) -> Answer:
    """Shift_JIS, declared in the page only."""
    return _recoded(visit, "shift_jis", "text/html", "shift_jis")


@nasty()
async def charset_utf16(visit: Visit) -> Answer:
    """UTF-16 with a byte order mark, labelled utf-8."""
    answer = _recoded(visit, "utf-16-le", "text/html; charset=utf-8", "utf-8")
    return replace(answer, body=codecs.BOM_UTF16_LE + answer.body)


@nasty()
async def charset_bom(visit: Visit) -> Answer:
    """UTF-8 with a byte order mark, labelled windows-1252."""
    answer = replace(visit.usual(), media="text/html; charset=windows-1252")
    return replace(answer, body=codecs.BOM_UTF8 + answer.body, packed=None, _etag=None)


@nasty()
async def charset_unknown(visit: Visit) -> Answer:
    """A charset that nobody knows."""
    return replace(visit.usual(), media="text/html; charset=klingon-8")


@nasty()
async def charset_twice(visit: Visit) -> Answer:
    """Two charsets in one header."""
    return replace(visit.usual(), media="text/html; charset=utf-8; charset=iso-8859-1")


@nasty()
async def bad_byte(visit: Visit) -> Answer:
    """UTF-8 with a byte in each paragraph that is none."""
    return _with(visit, b"\xff")


@nasty()
async def nul_bytes(visit: Visit) -> Answer:
    """NUL and other control characters in each paragraph."""
    return _with(visit, b"\x00\x01\x0b\x1f\x7f")


@nasty()
async def surrogates(visit: Visit) -> Answer:
    """Lone surrogates, as bytes and as references."""
    return _with(visit, b"\xed\xa0\x80&#xd800;&#xfffe;")


@nasty()
async def bidi_controls(visit: Visit) -> Answer:
    """Bidirectional controls and zero-width characters in each paragraph."""
    return _with(visit, "\u202e\u2066\u200b\u200d\ufeff".encode())


@nasty()
async def decomposed(visit: Visit) -> Answer:
    """The page in NFD, letters and accents apart."""
    from unicodedata import normalize  # noqa: PLC0415

    answer = visit.usual()
    return replace(answer, body=normalize("NFD", answer.body.decode()).encode(), packed=None, _etag=None)
