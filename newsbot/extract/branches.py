"""Describes the branch of the tree that each block lies in: the child of the element with most text, those alike, and articles."""

from __future__ import annotations

import numpy as np

from newsbot.extract.letters import Floats, Ints
from newsbot.extract.sheet import TAG_CODES, Sheet, running

_BRANCH = ("depth", "blocks", "share", "linked", "alike", "alike_share", "alike_density")
_ARTICLE = TAG_CODES["article"]


def add_branches(sheet: Sheet, mass: Floats, best: int, name: str) -> None:
    """Add what the children of an element hold, for the one that each block lies in: -1 for blocks that lie in none of them.

    Fact boxes, comments and second articles are branches of other sizes and names than the paragraphs beside them.
    """
    elements = sheet.elements
    children, which = _branches(sheet, best)
    inside = which >= 0
    names = [f"{name}_branch_{what}" for what in _BRANCH]
    if not len(children):
        sheet.add(names, np.full(len(names), -1.0))
        return
    starts, ends = elements.starts[children], elements.ends[children]
    sums = running(np.stack((sheet.chars, sheet.chars * sheet.linked, mass)))
    chars, linked, held = sums[:, ends] - sums[:, starts]
    total = max(mass[elements.starts[best] : elements.ends[best]].sum(), 1e-9)
    sign = np.unique(elements.sign[children], return_inverse=True)[1]
    alike, alike_chars, alike_held = (np.bincount(sign, weights)[sign] for weights in (None, chars, held))
    of_branch = np.stack(
        (
            ends - starts,
            held / total,
            linked / np.maximum(chars, 1),
            alike,
            alike_held / total,
            alike_held / np.maximum(alike_chars, 1),
        )
    )
    depth = elements.depth[sheet.owner] - elements.depth[best]
    columns = np.concatenate((depth[None], of_branch[:, which]))
    sheet.add_rows(names, np.where(inside, columns, -1.0))


def _branches(sheet: Sheet, best: int) -> tuple[Ints, Ints]:
    """Return an element's children, and for each block the place of the one it lies in, -1 for none.

    Elements stand in document order, so that an element's descendants follow it in one row.
    """
    elements = sheet.elements
    shallow = np.flatnonzero(elements.depth[best + 1 :] <= elements.depth[best])
    last = best + 1 + int(shallow[0]) if len(shallow) else len(elements.depth)
    children = best + 1 + np.flatnonzero(elements.parent[best + 1 : last] == best)
    which = np.searchsorted(children, sheet.owner, "right") - 1
    return children, np.where((sheet.owner > best) & (sheet.owner < last), which, -1)


def add_articles(sheet: Sheet, best: int, name: str) -> None:
    """Add whether the `article` around each block is that around an element (-1: there is none), and how many further on it is."""
    nearest, number = _articles(sheet)
    own, owner = nearest[best], sheet.owner
    same = np.where(nearest[owner] < 0, -1, nearest[owner] == own)
    sheet.add((f"{name}_article_same", f"{name}_article_order"), (same, number[owner] - number[best]))


def _articles(sheet: Sheet) -> tuple[Ints, Ints]:
    """Return for each element the innermost `article` around it, -1 for none, and its number on the page, 0 for none."""
    if sheet.articles is None:
        elements = sheet.elements
        is_one = (sheet.tags == _ARTICLE) & (elements.ends > elements.starts)
        # The innermost of several stands last in document order.
        nearest = elements.inherited(np.where(is_one, np.arange(len(is_one)), -1), np.maximum)
        sheet.articles = nearest, np.where(nearest >= 0, np.cumsum(is_one)[nearest], 0)
    return sheet.articles


def add_headings_since(sheet: Sheet, first: int) -> None:
    """Add how many headings of the two upper levels stand between a block and each: below 0 where they stand before it."""
    tag = sheet.tags[sheet.owner]
    above = np.cumsum((tag == TAG_CODES["h1"]) | (tag == TAG_CODES["h2"]))
    sheet.add(("headings_since",), (above - above[min(first, len(above) - 1)],))
