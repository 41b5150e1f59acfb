"""Exact identity of content: a hash of headline and body that typography, case and white space do not change."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from newsbot.dedup.compiled import texts_in_c

_NOT_WORD = re.compile(r"[\W_]+")
# What each ASCII character becomes: letters in lower case, everything else a space. A third of the time of an expression.
_ASCII = "".join(char.lower() if char.isalnum() else " " for char in map(chr, range(128)))
# Vowel signs and other marks belong to their letters: without them words of Hindi, Thai or vocalised Arabic would fall apart.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963"
    "\u0981-\u0df3\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u0f18-\u0fbc\u102b-\u103e\u1056-\u109d\u17b4-\u17d3"
)
_MARK = re.compile(f"[{_MARKS}]")
_NOT_MARKED = re.compile(f"(?:(?![{_MARKS}])[\\W_])+")
_HALF, _BEYOND = re.compile("[\ud800-\udfff]"), re.compile("[\U00010000-\U0010ffff]")
# Characters from which on one look-up of all characters is faster than expressions.
_LONG = 100
_END = "\0"
"""Parts the texts that are folded together."""
_HARD = 0xFFFF
"""What the table says of characters that a look-up cannot fold: those that join with what stands before, or become several."""


def fold(text: str) -> str:
    """Return the text's words alone: NFKC, case folded, everything that is no letter, mark or digit a single space."""
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    if texts_in_c is not None:
        folded: str | None = texts_in_c.fold([text], _table())[0]
        if folded is not None:
            return folded
    if len(text) >= _LONG:
        shown = _looked_up(text)
        if shown is not None:
            return " ".join(shown.tobytes().decode("utf-16-le").replace(_END, " ").split())
    return _fold_by_rule(text)


def fold_all(texts: list[str]) -> list[str]:
    """Return what fold does of each text, by one look-up for all their characters: a third of the time for a page's blocks."""
    if texts_in_c is not None:
        found: list[str | None] = texts_in_c.fold(texts, _table())
        return [fold(text) if one is None else one for text, one in zip(texts, found, strict=True)]
    joined = _END.join(texts)
    # Where a text holds what parts them, or a character that no look-up folds, they are folded one by one.
    shown = None if joined.isascii() or joined.count(_END) >= len(texts) else _looked_up(joined)
    if shown is None:
        return [fold(text) for text in texts]
    return [" ".join(part.split()) for part in shown.tobytes().decode("utf-16-le").split(_END)]


def _fold_by_rule(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return (_NOT_MARKED if _MARK.search(folded) else _NOT_WORD).sub(" ", folded).strip()


def _looked_up(text: str) -> npt.NDArray[np.uint16] | None:
    """Return the folded characters, a space for all but letters, marks and digits; None where that takes more than a look-up."""
    units, shown = _look_up(text)
    if shown.max() != _HARD:
        return shown
    hard = set(map(chr, set(units[shown == _HARD].tolist())))
    if any(map(_HALF.match, hard)):
        hard.update(_BEYOND.findall(text))
    for char in hard:
        spelled = _spelled(char)
        if spelled is None:
            return None
        text = text.replace(char, spelled)
    shown = _look_up(text)[1]
    return None if shown.max() == _HARD else shown


def _look_up(text: str) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
    """Return a text's units of UTF-16, and what the table says of each."""
    units = units_of(text)
    return units, _table().take(units)


def units_of(text: str) -> npt.NDArray[np.uint16]:
    """Return a text's units of UTF-16, in which texts of most languages are held anyway."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


@lru_cache(maxsize=2000)
def _spelled(char: str) -> str | None:
    """Return what a hard character can be replaced by wherever it stands (`½`, `ß`, an emoji), None for others."""
    composed = unicodedata.normalize("NFKC", char)
    if char > "\uffff":
        return " " if composed == char and unicodedata.category(char).startswith("S") else None
    return composed.casefold() if _joining().isdisjoint(composed) else None


@cache
def _table() -> npt.NDArray[np.uint16]:
    """Return what stands for each unit of UTF-16: the character folded, a space, or _HARD, as for halves of those beyond."""
    table = np.full(0x10000, _HARD, np.uint16)
    joining = _joining()
    is_kept = re.compile(f"[^\\W_]|[{_MARKS}]").match
    for code in (*range(0xD800), *range(0xE000, 0x10000)):
        composed = unicodedata.normalize("NFKC", chr(code))
        folded = composed.casefold()
        if joining.isdisjoint(composed):
            if len(folded) == 1 and folded <= "\uffff":
                table[code] = ord(folded) if is_kept(folded) else 0x20
            elif not any(map(is_kept, folded)):
                table[code] = 0x20
    table[ord(_END)] = ord(_END)
    return table


@cache
def _joining() -> frozenset[str]:
    """Return the characters that normalising may join with, or move before, the one before them."""
    found = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for char in map(chr, range(0x10000)):
        if unicodedata.combining(char):
            found.add(char)
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(chr(int(parts[1], 16)))
    return frozenset(found)


def content_hash(headline: str | None, body: str | None) -> str | None:
    """Return 32 hex digits of headline and body, folded; None where both are empty."""
    return hash_folded(fold(headline or ""), fold(body or ""))


def hash_folded(headline: str, body: str) -> str | None:
    """Return what content_hash does, of headline and body that are folded."""
    if not headline and not body:
        return None
    content = f"{headline}\n{body}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()
