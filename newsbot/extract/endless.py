"""Cuts short what takes the parser time by the square of its number: attributes of a tag, options of a list to choose from."""

from __future__ import annotations

import re
from itertools import islice

LIMIT = 3_000
"""Attributes of a tag that are left: 0.02 s of the parser; 20,000 take 0.9 s, 100,000 a minute. Pages have up to 60."""
# A tag of so many attributes fills at least one stretch of this many characters without a `>`.
_WINDOW = 3_000
_TAG = re.compile("<[a-zA-Z][^\\s/>]*")
_ATTRIBUTE = re.compile(r"""[^\s/=>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?""")


OPTIONS = 3_000
"""Options of a page that are left to the parser: 0.05 s of it; 20,000 take 2.4 s, 100,000 a minute."""
_OPTION = re.compile(r"</?option\b[^<>]*>", re.IGNORECASE)


def without_endless_lists(text: str) -> str:
    """Return the page, without the tags of its options where they are more than OPTIONS: their text is none of the article's."""
    if text.count("<option") + text.count("<OPTION") <= OPTIONS:
        return text
    return _OPTION.sub(" ", text)


def without_endless_tags(text: str) -> str:
    """Return the page, its tags cut after LIMIT attributes; looking for such a tag takes some microseconds.

    Attributes whose values hold a `>` are not counted: such a page is left to its deadline.
    """
    pieces: list[str] = []
    done = at = 0
    while at < len(text):
        if text.find(">", at, at + _WINDOW) >= 0:
            at += _WINDOW
            continue
        begin, end = text.rfind(">", 0, at) + 1, text.find(">", at)
        end = end if end >= 0 else len(text)
        cut = _limit_of(text, begin, end)
        if cut is not None:
            pieces.append(text[done:cut])
            done = end
        at = end + 1
    return "".join((*pieces, text[done:])) if pieces else text


def _limit_of(text: str, begin: int, end: int) -> int | None:
    """Return where the first tag in a stretch has LIMIT attributes, None if it has fewer."""
    tag, at = None, begin - 1
    while tag is None:
        at = text.find("<", at + 1, end)
        # What is left must hold as many: a letter and a space each.
        if at < 0 or end - at < 2 * LIMIT:
            return None
        tag = _TAG.match(text, at, end)
    last = next(islice(_ATTRIBUTE.finditer(text, tag.end(), end), LIMIT - 1, None), None)
    return last.end() if last else None
