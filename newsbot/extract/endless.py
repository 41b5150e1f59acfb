"""Cuts short what takes the parser time by the square of its number: attributes of a tag, options of a list to choose from."""

from __future__ import annotations

import re
from itertools import islice

import numpy as np

from newsbot.extract.compiled import features_in_c

LIMIT = 3_000
"""Attributes of a tag that are left: 0.02 s of the parser; 20,000 take 0.9 s, 100,000 a minute. Pages have up to 60."""
# A tag of so many attributes is a stretch of at least so many bytes without a `>`: a letter and a space each.
_SHORTEST = 2 * LIMIT
_PARTING = b" \t\n\r\f\v/\"'"
"""Bytes of which one stands between any two attributes."""
_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(rb"""[^\s/=>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?""")
OPTIONS = 3_000
"""Options of a page that are left to the parser: 0.05 s of it; 20,000 take 2.4 s, 100,000 a minute."""
_OPTION = re.compile(rb"</?option\b[^<>]*>", re.IGNORECASE)
_LESS, _O, _LOWER = ord("<"), ord("o"), 0x20


def without_endless_lists(page: bytes) -> bytes:
    """Return the page, without the tags of its options where they are more than OPTIONS: their text is none of the article's."""
    if tags_with_o(page) <= OPTIONS or page.count(b"<option") + page.count(b"<OPTION") <= OPTIONS:
        return page
    return _OPTION.sub(b" ", page)


def tags_with_o(page: bytes) -> int:
    """Return how many tags have names that begin with an o, 0 for a page too short for too many: sooner done than for options."""
    if len(page) < OPTIONS * len("<option"):
        return 0
    if features_in_c is not None:
        count: int = features_in_c.tags_with(page, b"o")
        return count
    codes = np.frombuffer(page, np.uint8)
    begins = np.flatnonzero(codes[:-1] == _LESS)
    return int(np.count_nonzero(codes[begins + 1] | _LOWER == _O))


def without_endless_tags(page: bytes) -> bytes:
    """Return the page, its tags cut after LIMIT attributes; looking for such a tag takes some microseconds.

    Attributes whose values hold a `>` are not counted: such a page is left to its deadline.
    """
    pieces: list[bytes] = []
    done = at = 0
    while at < len(page):
        last = page.rfind(b">", at, at + _SHORTEST)
        if last >= 0:
            at = last + 1
            continue
        end = page.find(b">", at)
        end = end if end >= 0 else len(page)
        cut = _limit_of(page, at, end)
        if cut is not None:
            pieces.append(page[done:cut])
            done = end
        at = end + 1
    return b"".join((*pieces, page[done:])) if pieces else page


def _limit_of(page: bytes, begin: int, end: int) -> int | None:
    """Return where the first tag in a stretch has LIMIT attributes, None if it has fewer."""
    tag, at = None, begin - 1
    while tag is None:
        at = page.find(b"<", at + 1, end)
        if at < 0 or end - at < _SHORTEST:
            return None
        tag = _TAG.match(page, at, end)
    # Most such stretches are scripts with a `<` in them, or the path of a drawing.
    rest = page[tag.end() : end]
    if len(rest) - len(rest.translate(None, _PARTING)) < LIMIT - 1:
        return None
    last = next(islice(_ATTRIBUTE.finditer(page, tag.end(), end), LIMIT - 1, None), None)
    return last.end() if last else None
