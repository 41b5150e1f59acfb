"""Makes any string clean Unicode under one stated policy; every text of a row passes here.

Policy: NFC; lone surrogates become U+FFFD; C0 and C1 controls, noncharacters, soft hyphens, byte order marks, word joiners and all
bidi controls are dropped; zero-width spaces are dropped; joiners (ZWJ, ZWNJ) stay inside words and emoji; every kind of space is
one space; line and paragraph separators are line breaks. The raw bytes stay in the archive.
"""

from __future__ import annotations

import re
import unicodedata

_SURROGATE = re.compile("[\ud800-\udfff]")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef"
    "\ufeff\ufff9-\ufffb\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "\U000e0001\U000e0020-\U000e007f]"
)
# A flag emoji is spelled in tag characters after U+1F3F4; alone they are an invisible channel for text, so all go but those.
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f")
_LINE = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACE = re.compile("[ \t\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LOOSE_JOINER = re.compile(r"(?<=\s)[\u200c\u200d]+|[\u200c\u200d]+(?=\s|$)|^[\u200c\u200d]+")
_BREAKS = re.compile(r" *\n[ \n]*\n[ \n]*")
_BREAK = re.compile(r" *\n *")

_MARKED = (
    "\\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0df3"
    "\u0f18-\u0fbc\u1000-\u1049\u1050-\u109d\u1780-\u17d3\u200c\u200d"
)
_SINGLE = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd"
    "\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
_WORD = re.compile(
    rf"[{_SINGLE}]|(?:(?![{_SINGLE}])[{_MARKED}])+(?:['’.,·:](?:(?![{_SINGLE}])[{_MARKED}])+)*"
)
"""Unicode's word boundaries (UAX 29) in the standard library's terms: letters with their marks, inner apostrophes and the
separators within numbers; a character a word in Chinese, Japanese and Thai, as Article.word_count says."""


def fold_characters(text: str) -> str:
    """Return valid, normal Unicode: everything of the policy but white space."""
    if text.isascii() and text.isprintable():
        return text
    if _SURROGATE.search(text):
        # Halves that JSON escapes tore apart join again; what stays alone is marked as undecodable.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE.sub("\n", text)
    if "\U0001f3f4" in text:
        flags = _FLAG.findall(text)
        text = "\U0001f3f4\x00".join(_DROPPED.sub("", part) for part in _FLAG.split(text))
        for flag in flags:
            text = text.replace("\U0001f3f4\x00", flag, 1)
    else:
        text = _DROPPED.sub("", text)
    return unicodedata.normalize("NFC", text)


def fold_line(text: str | None) -> str | None:
    """Return the text on one line, single-spaced; None where nothing is left."""
    if not text:
        return None
    folded = _SPACE.sub(" ", fold_characters(text).replace("\n", " "))
    return _LOOSE_JOINER.sub("", folded).strip() or None


def fold_paragraphs(text: str | None) -> str | None:
    """Return the text with paragraphs parted by one blank line, lines in them by a line break; None where nothing is left."""
    if not text:
        return None
    folded = _SPACE.sub(" ", fold_characters(text))
    folded = _BREAK.sub("\n", _BREAKS.sub("\n\n", folded))
    return _LOOSE_JOINER.sub("", folded).strip() or None


def count_words(text: str | None) -> int:
    """Return the number of words by Unicode word boundaries; a character a word in Chinese, Japanese and Thai."""
    return sum(1 for _ in _WORD.finditer(text)) if text else 0
