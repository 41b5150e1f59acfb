"""Describes what stands around each block: neighbours, containers, blocks alike, and the element that holds most text."""

from __future__ import annotations

from collections import Counter

import numpy as np

from newsbot.extract.branches import add_articles, add_branches, add_headings_since
from newsbot.extract.letters import Floats
from newsbot.extract.sheet import Groups, Sheet, around, climbs, heaviest, neighbours, running

_STEPS = (-3, -2, -1, 1, 2, 3)
_INDEX = ("index", "index_share", "blocks", "text_before", "good_before", "good_page", "good_share_page")
_SHIFTED = tuple(f"{name}_at{step:+}" for name in ("chars", "linked", "good") for step in _STEPS)
_SAME = tuple(f"same_{name}{step:+}" for name in ("tag", "owner_parent") for step in (-1, 1))
_WIDTHS = (3, 8)
_WINDOWS = tuple(f"good_window{width}" for width in _WIDTHS)
_HELD = ("blocks", "linked", "share", "good", "mean")
_PLACED = ("place", "rest")
_CONTAINERS = tuple(
    f"{level}_{name}"
    for level, names in (
        ("owner", _HELD),
        ("parent", _HELD + _PLACED),
        ("grand", _HELD + _PLACED),
        ("great", _HELD),
    )
    for name in names
)
_LIKE = tuple(
    f"like_{name}_{what}" for name in Groups.NAMES for what in ("blocks", "share", "good", "linked", "mean")
)
_BEST = ("steps", "share", "from_first", "from_last", "is_parent", "is_grand")
# More than a page has elements.
_MANY = 1 << 20


def add_surroundings(sheet: Sheet) -> None:
    """Add where in the page's text the block stands, and what its neighbours are like."""
    n, index = len(sheet.chars), sheet.index
    sums = running(np.stack((sheet.chars, sheet.good)))
    total, good_total = max(sheet.chars.sum(), 1.0), max(sheet.good.sum(), 1.0)
    before, good_before = sums[:, 1:] - (sheet.chars, sheet.good)
    sheet.add(
        _INDEX,
        (index, index / n, n, before / total, good_before / good_total, good_total, good_total / total),
    )
    values = np.stack((sheet.chars, sheet.linked, sheet.good))
    sheet.add_rows(_SHIFTED, np.stack(neighbours(values, _STEPS, -1.0), axis=1).reshape(-1, n))
    owner = sheet.owner
    alike = np.stack((sheet.tags[owner], sheet.elements.parent[owner]))
    same = np.zeros((2, 2, n), bool)
    same[:, 0, 1:] = same[:, 1, :-1] = alike[:, 1:] == alike[:, :-1]
    sheet.add_rows(_SAME, same.reshape(-1, n))
    sheet.add(_WINDOWS, [good / np.maximum(chars, 1) for chars, good in around(sums, _WIDTHS)])


def add_containers(sheet: Sheet) -> None:
    """Add what the elements around hold, and what blocks of the same kind hold."""
    elements, levels = sheet.elements, sheet.levels
    linked_chars = sheet.chars * sheet.linked
    total, good_total = max(sheet.chars.sum(), 1.0), max(sheet.good.sum(), 1.0)
    starts, ends = elements.starts[levels], elements.ends[levels]
    sums = running(np.stack((sheet.chars, linked_chars, sheet.good)))
    chars, linked, good = sums[:, ends] - sums[:, starts]
    count = ends - starts
    held = (
        count,
        linked / np.maximum(chars, 1),
        chars / total,
        good / good_total,
        chars / np.maximum(count, 1),
    )
    place = sheet.index - starts[1:3]
    rest = count[1:3] - place
    columns = []
    for level in range(4):
        columns += [values[level] for values in held]
        if level in {1, 2}:
            columns += [place[level - 1], rest[level - 1]]
    sheet.add(_CONTAINERS, columns)
    ones = np.ones(len(sheet.chars))
    blocks, chars, linked, good = map(sheet.groups.summed, (ones, sheet.chars, linked_chars, sheet.good))
    alike = (blocks, chars / total, good / good_total, linked / np.maximum(chars, 1), chars / blocks)
    sheet.add_rows(_LIKE, np.stack(alike, axis=1).reshape(len(_LIKE), -1))


def add_best_container(sheet: Sheet, mass: Floats, name: str) -> None:
    """Add where the block stands to the element whose children and grandchildren hold most of some mass of text."""
    elements = sheet.elements
    parent = elements.parent[sheet.owner]
    grand = elements.parent[parent]
    best = heaviest(sheet, mass)
    start, end = elements.starts[best], elements.ends[best]
    inside = mass[start:end].sum()
    heavy = np.flatnonzero(mass[start:end] > 0)
    first, last = (int(start + heavy[0]), int(start + heavy[-1])) if len(heavy) else (int(start), int(end))
    sheet.add(
        [f"{name}_best_{what}" for what in _BEST],
        (
            climbs(sheet, best),
            inside / max(mass.sum(), 1e-9),
            sheet.index - first,
            sheet.index - last,
            parent == best,
            grand == best,
        ),
    )
    add_branches(sheet, mass, best, name)
    add_articles(sheet, best, name)
    add_headings_since(sheet, first)


def add_items(sheet: Sheet) -> None:
    """Add whether the block lies in one of several elements alike that hold some blocks each: posts, comments, teasers."""
    elements = sheet.elements
    sizes = elements.ends - elements.starts
    several = np.flatnonzero(sizes >= 2)
    several = several[several > 0]
    keys = (elements.parent[several] * _MANY + elements.sign[several]).tolist()
    counts = Counter(keys)
    alike = np.zeros(len(sizes), np.int64)
    alike[several] = [counts[key] for key in keys]
    # Of each element: the most elements alike among it and its ancestors, the uppermost of those with as many; and how many
    # blocks such a one holds.
    ranks = alike * _MANY + np.arange(_MANY - 1, _MANY - 1 - len(sizes), -1)
    most, place = np.divmod(elements.inherited(ranks, np.maximum)[sheet.owner], _MANY)
    held = np.where(most > 0, sizes[_MANY - 1 - place], 0)
    owner, parent, grand, _ = sheet.levels
    near = np.maximum(np.maximum(alike[owner], alike[parent]), alike[grand])
    sheet.add(("alike", "alike_blocks", "alike_near"), (most, held, near))
