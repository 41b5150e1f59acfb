"""Finds the names of authors that no mark-up marks among a page's texts; serves bylines.py.

Read only where nothing else names anyone. What a name must stand beside is data in bylines.toml: a word such as `by`, a job, or
elsewhere on the page a sentence that tells who the person is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from newsbot.extract.names import lead, names_in, words

NEAR = 60
"""Texts before and behind the headline among which a bare `By Jane Doe` is a byline."""
BESIDE = range(-2, 5)
"""Texts from the headline on among which a date line or a name alone can be the byline."""
LONGEST = 120
"""Characters of a byline."""
BIO = 60
"""Characters from which a text that begins with a name can tell who that is."""
_GLUING = ("By", "Von", "Par", "Por")
_GLUED = re.compile(rf"^({'|'.join(_GLUING)})(?=[A-Z])")
_PIECES = re.compile(r"\s*[\n|•·]\s*|\s+[–—-]\s+")


def unmarked_authors(texts: Sequence[str], at: int, is_site: Callable[[str], bool]) -> list[str]:
    """Return the names of an announced byline, else those that stand beside the headline; `at` is its index."""
    for rest in _announced(texts, at):
        found = _full_names(rest, is_site)
        if found:
            return found
    for offset in BESIDE:
        if 0 <= at + offset < len(texts) and offset and len(texts[at + offset]) <= LONGEST:
            found = _beside(texts, at + offset, is_site)
            if found:
                return found
    return []


def _announced(texts: Sequence[str], at: int) -> Iterator[str]:
    """Yield what follows `By` near the headline, or `Written by` anywhere."""
    for index, raw in enumerate(texts):
        if len(raw) > LONGEST:
            continue
        text = _GLUED.sub(r"\1 ", raw) if raw.startswith(_GLUING) else raw
        first = (text.split(None, 1) or [""])[0].rstrip(":").lower()
        # Most texts begin with another word: looking that up is a tenth of trying the patterns.
        if first.isascii() and first.isalpha() and first not in _first_words():
            continue
        match = (lead("near").match(text) if abs(index - at) <= NEAR else None) or lead("written").match(text)
        if match and not lead("other").match(text):
            rest = text[match.end() :].strip()
            yield rest or (texts[index + 1] if index + 1 < len(texts) else "")


@cache
def _first_words() -> frozenset[str]:
    """Return the words that an announcement may begin with."""
    return frozenset(phrase.split()[0].rstrip(":") for phrase in words("near") | words("written"))


def _full_names(text: str, is_site: Callable[[str], bool]) -> list[str]:
    """Return the names of two words and more that a byline begins with."""
    if len(text) > LONGEST:
        return []
    return [name for name in names_in(text) if " " in name and name != name.lower() and not is_site(name)]


def _beside(texts: Sequence[str], index: int, is_site: Callable[[str], bool]) -> list[str]:
    """Return the names in `3 May 2024 by Jane Doe`, `Jane Doe | Staff writer`, or a name alone that the page tells more of."""
    pieces = _PIECES.split(texts[index])
    for place, piece in enumerate(pieces):
        before, by, rest = _split_by(piece)
        if by and any(char.isdigit() for char in before):
            return _full_names(rest, is_site)
        names = _full_names(piece, is_site)
        if names != [piece]:
            continue
        if any(_is_job(other) for other in pieces[place + 1 : place + 2]) or _is_told_of(piece, texts, index):
            return names
    return []


def _split_by(piece: str) -> tuple[str, bool, str]:
    """Return what stands before and behind a single `by` within a short text, and whether there is one."""
    for word in words("near"):
        if word.isalpha() and f" {word} " in piece.lower():
            at = piece.lower().index(f" {word} ")
            return piece[:at], at <= 30, piece[at + len(word) + 2 :]
    return piece, False, ""


def _is_job(piece: str) -> bool:
    return len(piece) <= 50 and not words("job").isdisjoint(piece.lower().split())


def _is_told_of(name: str, texts: Sequence[str], index: int) -> bool:
    """Tell whether another text says who that is: `Jane Doe is a reporter with …`."""
    return any(
        len(text) > BIO
        and place != index
        and text.startswith(name + " ")
        and text[len(name) + 1 :].split(" ", 1)[0] in words("bio")
        for place, text in enumerate(texts)
    )
