"""Tells which of a page's texts may hold a date, by their digits; serves shown_dates.py."""

from __future__ import annotations

import re

from newsbot.dedup.compiled import texts_in_c

_DATED = re.compile(
    r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d(?!\d:))|[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]{4}|25\d\d|[年년]"
)
_NUMBERS = re.compile(r"\d\D+\d")
_END = "\v"
"""Parts the blocks of a page that are looked through together; the walk leaves it in no text."""
_NO_DIGITS = bytes({*range(256)} - {ord(_END), *b"0123456789\xd9\xda\xdb\xdf\xe0\xe1\xea\xef\xf0"})
"""Bytes of UTF-8 that begin no digit of any script."""


def with_dates(texts: list[str]) -> list[int]:
    """Return which texts hold two numbers and what looks like a year or a date in numbers."""
    return [
        index for index in with_numbers(texts) if _may_be_dated(texts[index]) and _DATED.search(texts[index])
    ]


def with_numbers(texts: list[str]) -> list[int]:
    """Return which texts hold two numbers, parted by something."""
    if texts_in_c is not None:
        found: list[int] = texts_in_c.numbered(texts)
        return found
    return [index for index in with_digits(texts) if _NUMBERS.search(texts[index])]


def with_digits(texts: list[str]) -> list[int]:
    """Return which texts may hold a digit; most do not, and a look through all takes a third of the time of one for each."""
    digits = (
        _END.join(texts).encode("utf-8", "surrogatepass").translate(None, _NO_DIGITS).split(_END.encode())
    )
    return (
        [index for index, found in enumerate(digits) if found]
        if len(digits) == len(texts)
        else [*range(len(texts))]
    )


def _may_be_dated(text: str) -> bool:
    """Tell whether a text may hold what _DATED looks for: a year, two separators or another script; most numbers are counts."""
    if "20" in text or "19" in text or "25" in text or not text.isascii():
        return True
    return text.count(".") + text.count("/") + text.count("-") > 1
