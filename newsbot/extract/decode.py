"""Turns a page's bytes into text in the order browsers do, and counts what could not be decoded; the first step of extract."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from w3lib.encoding import http_content_type_encoding, resolve_encoding

from newsbot.exceptions import UnreadablePage
from newsbot.extract.compiled import features_in_c
from newsbot.items import Page

# Browsers look at 1,024 bytes; pages that declare later are decoded a second time by them.
_PRESCAN = 4096
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w:.-]{1,40})|^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{1,40})""",
    re.IGNORECASE,
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Python names of what the Encoding Standard knows (encoding.spec.whatwg.org); anything else (rot13, utf-7) is no charset.
_KNOWN = re.compile(
    r"utf-?8|utf-16(?:-[lb]e)?|cp(?:1250|1251|1252|1253|1254|1255|1256|1257|1258|866|874|932|949|1140)|iso8859-\d+|koi8-[ru]"
    r"|mac-(?:roman|cyrillic)|gb18030|gbk|gb2312|big5(?:hkscs)?|euc_(?:jp|kr)|shift_jis|iso2022_jp|tis-620|johab"
)
# Binary bytes hold a "<" somewhere; these are words that only mark-up has.
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|meta|title|div|p)\b", re.IGNORECASE)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"RIFF", "a picture or sound"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "a program"),
    (b"ID3", "a sound"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_BLANK = b" \t\r\n\f\0"
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\f\r\x1b")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text."""

    content: str | bytes
    """The text, or the page's bytes where they are it in UTF-8: HTML is parsed from those, and no text of it is ever made."""
    encoding: str
    replacements: int = 0
    """Bytes that could not be decoded, each now U+FFFD."""

    @property
    def text(self) -> str:
        """The text, made of the bytes whenever it is asked for."""
        return self.content.decode() if isinstance(self.content, bytes) else self.content

    @property
    def in_utf8(self) -> bytes:
        """The text as the parser reads it, without what cannot be encoded."""
        return self.content.encode("utf-8", "ignore") if isinstance(self.content, str) else self.content


def decode(page: Page) -> Decoded:
    """Return a page's text: by byte-order mark, Content-Type, declaration in the page, else by trial.

    Raises UnreadablePage where the bytes are empty or no text.
    """
    body = page.body
    _refuse_what_is_no_text(page)
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _decode(body[len(mark) :], encoding)
    header = page.header("content-type")
    stated = _resolve(http_content_type_encoding(header)) if header else None
    # What the page declares is asked for only where it counts: looking for it takes as long as telling that the bytes are UTF-8.
    first = stated or _declared(body)
    if not first:
        return _guess(body)
    found = _decode(body, first)
    if found.replacements:
        # A header that contradicts the bytes loses against a declaration that fits them to the last byte.
        second = _declared(body) if stated else None
        other = _decode(body, second) if second and second != stated else found
        return found if other.replacements else other
    return _as_utf8(body) or found if first != "utf-8" else found


def _declared(body: bytes) -> str | None:
    """Return the charset that the page itself declares."""
    match = _DECLARED.search(body[:_PRESCAN])
    name = _resolve((match[1] or match[2]).decode("ascii", "replace")) if match else None
    # The declaration was read as ASCII, so it cannot be UTF-16 (WHATWG, "prescan a byte stream").
    return "utf-8" if name and name.startswith("utf-16") else name


@lru_cache(maxsize=100)
def _resolve(label: str | None) -> str | None:
    """Return Python's name of a charset label, or None where browsers know none such."""
    name = resolve_encoding(label) if label else None
    return name if name and _KNOWN.fullmatch(name) else None


def _decode(body: bytes, encoding: str) -> Decoded:
    if encoding == "utf-8" and is_utf8(body):
        # Most pages are just that: there is nothing to replace, to count or to encode again.
        return Decoded(body, encoding)
    text = body.decode(encoding, "replace")
    replacements = text.count("\ufffd") if "\ufffd" in text else 0
    if replacements and encoding in {"utf-8", "gb18030"}:
        # The page may hold the character itself.
        replacements = max(0, replacements - body.count("\ufffd".encode(encoding)))
    return Decoded(text, encoding, replacements)


def _as_utf8(body: bytes) -> Decoded | None:
    """Return bytes as UTF-8 where they are that and not ASCII: text of a legacy charset is not valid UTF-8 by chance."""
    return Decoded(body, "utf-8") if not body.isascii() and is_utf8(body) else None


def is_utf8(body: bytes) -> bool:
    """Tell whether bytes are text in UTF-8, without making that text where C was built."""
    if features_in_c is not None:
        return bool(features_in_c.is_utf8(body))
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _guess(body: bytes) -> Decoded:
    """Return bytes that declare nothing as UTF-8 where they are mostly that, as UTF-16 by its zeros, else as windows-1252."""
    if b"\0" in body[:64]:
        half = body[:4096]
        if half[1::2].count(0) * 3 > len(half):
            return _decode(body, "utf-16-le")
        if half[::2].count(0) * 3 > len(half):
            return _decode(body, "utf-16-be")
    found = _decode(body, "utf-8")
    # One bad byte in ten thousand is damage; more is another charset.
    if found.replacements * 10_000 <= len(body) or body.count(b"\xc3") > found.replacements:
        return found
    return _decode(body, "cp1252")


def _refuse_what_is_no_text(page: Page) -> None:
    name, body = page.url or "the page", page.body
    start = body[:4096]
    # Stripping copies a page; one that begins with 4 KB of blanks is rare.
    if not start.strip(_BLANK) and not body.strip(_BLANK):
        raise UnreadablePage(f"{name} is empty ({len(body)} bytes); fetch or save it again")
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            raise UnreadablePage(f"{name} is {kind}, not a page; give an HTML page or a text dump")
    controls = len(start) - len(start.translate(None, _CONTROL))
    is_wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or start.count(0) * 3 > len(start)
    # Random bytes hold 27 in 256 of them, text hardly any.
    if controls * 20 > len(start) and not is_wide and not _MARKUP.search(start):
        raise UnreadablePage(f"{name} is binary, not a page; give an HTML page or a text dump")
