"""Describes how each block stands to what the page's metadata says: headline, description, JSON-LD's text; and which are copies."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from newsbot.extract.sheet import TAG_CODES, Sheet, climbs

# Characters of a block that are compared.
_COMPARED = 400
_STEM = 40
_NOT_WORD = re.compile(r"[\W_]+")


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
    texts = [fold(run.text[:_COMPARED]) for run in sheet.tree.runs]
    _add_headline(sheet, texts, fold(hints.headline))
    stem, description = fold(hints.description)[:60], fold(hints.description)
    sheet.add(
        "is_description",
        [
            bool(stem) and (text.startswith(stem) or (len(text) > 30 and text in description))
            for text in texts
        ],
    )
    _add_copies(sheet, texts)
    _add_declared_body(sheet, texts, fold(hints.article_body))
    sheet.add("is_live", np.full(len(texts), hints.is_live))


def _add_headline(sheet: Sheet, texts: list[str], headline: str) -> None:
    """Add whether a block is the headline, and how far the others are from it: blocks, and steps up in the tree."""
    n = len(texts)
    is_headline = np.array([bool(headline) and text == headline for text in texts])
    is_h1 = sheet.column("tag") == TAG_CODES["h1"]
    found = next(
        (at for at in map(np.flatnonzero, (is_headline & is_h1, is_headline, is_h1)) if len(at)), None
    )
    sheet.add("is_headline", is_headline)
    if found is None:
        sheet.add("from_headline", np.full(n, 9999))
        sheet.add("headline_steps", np.full(n, -1.0))
    else:
        sheet.add("from_headline", np.arange(n) - found[0])
        sheet.add("headline_steps", climbs(sheet, int(sheet.owner[found[0]])))


def _add_copies(sheet: Sheet, texts: list[str]) -> None:
    """Add how often the same text, and the same start of a text, is on the page."""
    copies = Counter(texts)
    stems = Counter(text[:_STEM] for text in texts if len(text) >= _STEM)
    seen: set[str] = set()
    is_first = []
    for text in texts:
        is_first.append(text not in seen)
        seen.add(text)
    sheet.add("copies", [copies[text] for text in texts])
    sheet.add("is_first", is_first)
    sheet.add("stem_copies", [stems.get(text[:_STEM], 0) for text in texts])


def _add_declared_body(sheet: Sheet, texts: list[str], body: str) -> None:
    """Add whether the block is in JSON-LD's `articleBody`, and how much of that the page shows; -1 where none is declared."""
    n = len(texts)
    if len(body) > 200:
        inside = np.array([len(text) >= 12 and text[:60] in body for text in texts])
        share = (inside * sheet.chars).sum() / len(body)
        sheet.add("in_body", inside)
        sheet.add("body_share", np.full(n, share))
        sheet.add("has_body", np.ones(n))
    else:
        sheet.add("in_body", np.full(n, -1))
        sheet.add("body_share", np.full(n, -1))
        sheet.add("has_body", np.zeros(n))


def fold(text: str) -> str:
    """Return text in lower case without anything but letters and digits, for comparing."""
    return _NOT_WORD.sub("", text.casefold())
