"""Describes how each block stands to what the page's metadata says: headline, description, JSON-LD's text; and which are copies."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from newsbot.extract.letters import Bools, Ints
from newsbot.extract.sheet import TAG_CODES, Sheet, climbs

# Characters of a block that are compared.
_COMPARED = 400
_STEM = 40
_NOT_WORD = re.compile(r"[\W_]+")
# Parts the blocks of a page when they are folded together; the walk leaves it in no text.
_END = "\v"


@dataclass(slots=True)
class Hints:
    """What the metadata says that helps to place a block."""

    headline: str = ""
    description: str = ""
    article_body: str = ""
    """JSON-LD's `articleBody`."""
    is_live: bool = False


def add_hints(sheet: Sheet, hints: Hints) -> None:
    """Add how the blocks stand to headline, description and declared text."""
    texts = fold_all([run.text[:_COMPARED] for run in sheet.tree.runs])
    _add_headline(sheet, texts, fold(hints.headline))
    sheet.add(("is_description",), (_are_description(texts, fold(hints.description)),))
    _add_copies(sheet, texts)
    _add_declared_body(sheet, texts, fold(hints.article_body))
    sheet.add(("is_live",), (hints.is_live,))


def _are_description(texts: list[str], description: str) -> list[bool] | bool:
    """Return of each block whether it begins as the description does, or is a part of it."""
    stem = description[:60]
    if not stem:
        return False
    return [text.startswith(stem) or (len(text) > 30 and text in description) for text in texts]


def _add_headline(sheet: Sheet, texts: list[str], headline: str) -> None:
    """Add whether a block is the headline, and how far the others are from it: blocks, and steps up in the tree."""
    is_headline = np.array([text == headline for text in texts]) & bool(headline)
    is_h1 = sheet.tags[sheet.owner] == TAG_CODES["h1"]
    found = next((int(at.argmax()) for at in (is_headline & is_h1, is_headline, is_h1) if at.any()), None)
    distance: Ints | int = 9999
    steps: Ints | int = -1
    if found is not None:
        distance, steps = sheet.index - found, climbs(sheet, int(sheet.owner[found]))
    sheet.add(("is_headline", "from_headline", "headline_steps"), (is_headline, distance, steps))


def _add_copies(sheet: Sheet, texts: list[str]) -> None:
    """Add how often the same text, and the same start of a text, is on the page."""
    copies = Counter(texts)
    stems = Counter([text[:_STEM] for text in texts if len(text) >= _STEM])
    firsts = {text: place for place, text in zip(range(len(texts) - 1, -1, -1), reversed(texts), strict=True)}
    sheet.add(
        ("copies", "is_first", "stem_copies"),
        (
            [copies[text] for text in texts],
            [firsts[text] == place for place, text in enumerate(texts)],
            [stems.get(text[:_STEM], 0) for text in texts],
        ),
    )


def _add_declared_body(sheet: Sheet, texts: list[str], body: str) -> None:
    """Add whether the block is in JSON-LD's `articleBody`, and how much of that the page shows; -1 where none is declared."""
    inside: Bools | int = -1
    share = -1.0
    if len(body) > 200:
        inside = np.array([len(text) >= 12 and text[:60] in body for text in texts])
        share = (inside * sheet.chars).sum() / len(body)
    sheet.add(("in_body", "body_share", "has_body"), (inside, share, len(body) > 200))


def fold(text: str) -> str:
    """Return text in lower case without anything but letters and digits, for comparing."""
    return _NOT_WORD.sub("", text.casefold())


def fold_all(texts: list[str]) -> list[str]:
    """Return what fold does of each text, by one look-up for all their characters; the texts hold no vertical tab."""
    joined = _END.join(texts).casefold()
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    kept = _kept().take(codes, mode="clip")
    beyond = np.flatnonzero(codes > 0xFFFF)
    if len(beyond):
        kept[beyond] = [chr(code).isalnum() for code in codes[beyond].tolist()]
    return codes[kept].tobytes().decode("utf-32-le").split(_END)


@cache
def _kept() -> npt.NDArray[np.bool_]:
    """Return for each character of the Basic Multilingual Plane whether fold keeps it, and False for what lies beyond."""
    kept = np.array([chr(code).isalnum() for code in range(0x10001)])
    kept[ord(_END)] = True
    kept[-1] = False
    return kept


def kept_table() -> npt.NDArray[np.uint8]:
    """Return of each character of the Basic Multilingual Plane 1 if fold keeps it, else 0."""
    kept = _kept()[:0x10000].astype(np.uint8)
    kept[ord(_END)] = 0
    return kept
