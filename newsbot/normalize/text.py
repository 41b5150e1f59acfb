"""Makes any string clean Unicode under one stated policy; every text of a row passes here.

Policy: NFC; lone surrogates become U+FFFD; C0 and C1 controls, noncharacters, soft hyphens, byte order marks, word joiners and all
bidi controls are dropped; zero-width spaces are dropped; joiners (ZWJ, ZWNJ) stay inside words and emoji; every kind of space is
one space; line and paragraph separators are line breaks. The raw bytes stay in the archive.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

from newsbot.dedup.compiled import texts_in_c
from newsbot.dedup.exact import units_of

_SURROGATE = re.compile("[\ud800-\udfff]")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef"
    "\ufeff\ufff9-\ufffb\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "\U000e0001\U000e0020-\U000e007f]"
)
_ODD = re.compile(
    "[^\x20-\x7e\n\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u0620-\u064a\u0660-\u066d\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]"
)
"""Any character that the policy may have to do with; most texts hold none, and one search is a fortieth of all the rest."""
# A flag emoji is spelled in tag characters after U+1F3F4; alone they are an invisible channel for text, so all go but those.
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f")
_LINE = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = (
    "\t\x1f\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_SPACE = re.compile(f"[ {_SPACES}]{{2,}}|[{_SPACES}]")
"""All that becomes one space; a single space is one already."""
_DOUBLE = re.compile(" {2,}")
_JOINERS = frozenset("\u200c\u200d")
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
    rf"[{_SINGLE}]|(?:(?![{_SINGLE}])[{_MARKED}])++(?:['’.,·:](?:(?![{_SINGLE}])[{_MARKED}])++)*+"
)
"""Unicode's word boundaries (UAX 29) in the standard library's terms: letters with their marks, inner apostrophes and the
separators within numbers; a character a word in Chinese, Japanese and Thai, as Article.word_count says."""

_LONG = 500
"""Characters from which on a look-up is faster than an expression."""
_MARKS = re.compile("[^\x00-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2bff]")
_LETTER, _JOINT, _MARK = 1, 2, 3
_PLAIN = 0x2C00
"""Characters below are all that a text without marks has."""


def fold_characters(text: str) -> str:
    """Return valid, normal Unicode: everything of the policy but white space."""
    return _fold_odd(text, _odd(text)) if _ODD.search(text) else text


def _has_odd(text: str) -> bool:
    """Tell whether _ODD finds anything; in a long text by one look-up for all characters, a third of its time."""
    if len(text) < _LONG:
        return _ODD.search(text) is not None
    if texts_in_c is not None:
        return bool(texts_in_c.holds(text, _odd_units()))
    return bool(_odd_units().take(units_of(text)).any())


@cache
def _odd_units() -> npt.NDArray[np.bool_]:
    """Return of each unit of UTF-16 whether it is an odd character, or one's half."""
    return np.array([_ODD.match(chr(code)) is not None for code in range(0x10000)])


def _odd(text: str) -> frozenset[str]:
    """Return the distinct characters that the policy may have to do with: few, and what none of them is needs no looking for."""
    return frozenset(_ODD.findall(text))


def _fold_odd(text: str, odd: frozenset[str]) -> str:
    if any(map(_SURROGATE.match, odd)):
        # Halves that JSON escapes tore apart join again; what stays alone is marked as undecodable.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        odd |= _odd(text)
    if any(map(_LINE.match, odd)):
        text = _LINE.sub("\n", text)
    if any(map(_DROPPED.match, odd)):
        text = _drop(text)
    return unicodedata.normalize("NFC", text)


def _drop(text: str) -> str:
    if "\U0001f3f4" not in text:
        return _DROPPED.sub("", text)
    flags = _FLAG.findall(text)
    text = "\U0001f3f4\x00".join(_DROPPED.sub("", part) for part in _FLAG.split(text))
    for flag in flags:
        text = text.replace("\U0001f3f4\x00", flag, 1)
    return text


def fold_line(text: str | None) -> str | None:
    """Return the text on one line, single-spaced; None where nothing is left."""
    if not text:
        return None
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) or None
    folded = _SPACE.sub(" ", fold_characters(text).replace("\n", " "))
    return _LOOSE_JOINER.sub("", folded).strip() or None


def fold_paragraphs(text: str | None) -> str | None:
    """Return the text with paragraphs parted by one blank line, lines in them by a line break; None where nothing is left."""
    if not text:
        return None
    odd = _odd(text) if _has_odd(text) else frozenset[str]()
    if odd:
        text = _fold_odd(text, odd)
        # A look for each of them takes a tenth of an expression's time on a long text.
        for space in _SPACES:
            text = text.replace(space, " ")
    if "  " in text:
        text = _DOUBLE.sub(" ", text)
    if not odd.isdisjoint(_JOINERS):
        text = _LOOSE_JOINER.sub("", text)
    if " \n" in text or "\n " in text or "\n\n\n" in text:
        text = _BREAK.sub("\n", _BREAKS.sub("\n\n", text))
    return text.strip() or None


def count_words(text: str | None) -> int:
    """Return the number of words by Unicode word boundaries; a character a word in Chinese, Japanese and Thai."""
    if not text:
        return 0
    counted = _count_plain(text)
    return len(_WORD.findall(text)) if counted is None else counted


def _count_plain(text: str) -> int | None:
    """Count words where no letter has marks of its own and no script goes without spaces; None for other texts.

    A run of letters is a word; one of the separators between two letters joins them. On arrays, a fifth of a pattern's time.
    """
    if texts_in_c is not None:
        counted: int | None = texts_in_c.words(text, _kinds())
        return counted
    codes = units_of(text)
    if codes.max() >= _PLAIN:
        return None
    kinds = _kinds().take(codes)
    if (kinds == _MARK).any():
        return None
    is_letter = kinds == _LETTER
    starts = int(is_letter[0]) + np.count_nonzero(is_letter[1:] & ~is_letter[:-1])
    joints = np.count_nonzero((kinds[1:-1] == _JOINT) & is_letter[:-2] & is_letter[2:])
    return int(starts - joints)


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Return of each character below `_PLAIN` whether it is a letter, a joint, one that counts in another way, or none of these."""
    kinds = np.zeros(_PLAIN, np.uint8)
    for code in range(_PLAIN):
        char = chr(code)
        if _MARKS.match(char):
            kinds[code] = _MARK
        elif char.isalnum() or char == "_":
            kinds[code] = _LETTER
        elif char in "'’.,·:":
            kinds[code] = _JOINT
    return kinds
