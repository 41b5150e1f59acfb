"""Describes what stands around each block: neighbours, containers, blocks alike, and the element that holds most text."""

from __future__ import annotations

import numpy as np

from newsbot.extract.letters import Floats
from newsbot.extract.sheet import Groups, Sheet, climbs, shifted, summed, windowed


def add_surroundings(sheet: Sheet) -> None:
    """Add where in the page's text the block stands, and what its neighbours are like."""
    n = len(sheet.chars)
    total = max(sheet.chars.sum(), 1.0)
    good_total = max(sheet.good.sum(), 1.0)
    before, good_before = np.cumsum(sheet.chars) - sheet.chars, np.cumsum(sheet.good) - sheet.good
    sheet.add("index", np.arange(n))
    sheet.add("index_share", np.arange(n) / n)
    sheet.add("blocks", np.full(n, n))
    sheet.add("text_before", before / total)
    sheet.add("good_before", good_before / good_total)
    sheet.add("good_page", np.full(n, good_total))
    sheet.add("good_share_page", np.full(n, good_total / total))
    for name, values in (("chars", sheet.chars), ("linked", sheet.linked), ("good", sheet.good)):
        for step in (-3, -2, -1, 1, 2, 3):
            sheet.add(f"{name}_at{step:+}", shifted(values, step))
    for name, values in (
        ("tag", sheet.column("tag")),
        ("owner_parent", sheet.parent[sheet.owner].astype(float)),
    ):
        for step in (-1, 1):
            sheet.add(f"same_{name}{step:+}", shifted(values, step) == values)
    for width in (3, 8):
        sheet.add(
            f"good_window{width}", windowed(sheet.good, width) / np.maximum(windowed(sheet.chars, width), 1)
        )


def add_containers(sheet: Sheet, groups: Groups) -> None:
    """Add what the elements around hold, and what blocks of the same kind hold."""
    n = len(sheet.chars)
    ones = np.ones(n)
    linked_chars = sheet.chars * sheet.linked
    total, good_total = max(sheet.chars.sum(), 1.0), max(sheet.good.sum(), 1.0)
    element = sheet.owner
    for level in ("owner", "parent", "grand", "great"):
        if level != "owner":
            element = sheet.parent[element]
        chars, count = sheet.within(sheet.chars, element), sheet.within(ones, element)
        sheet.add(f"{level}_blocks", count)
        sheet.add(f"{level}_linked", sheet.within(linked_chars, element) / np.maximum(chars, 1))
        sheet.add(f"{level}_share", chars / total)
        sheet.add(f"{level}_good", sheet.within(sheet.good, element) / good_total)
        sheet.add(f"{level}_mean", chars / np.maximum(count, 1))
        if level in {"parent", "grand"}:
            place = np.arange(n) - sheet.starts[element]
            sheet.add(f"{level}_place", place)
            sheet.add(f"{level}_rest", sheet.ends[element] - sheet.starts[element] - place)
    for name, codes in groups.items():
        chars, count = summed(codes, sheet.chars), summed(codes, ones)
        sheet.add(f"like_{name}_blocks", count)
        sheet.add(f"like_{name}_share", chars / total)
        sheet.add(f"like_{name}_good", summed(codes, sheet.good) / good_total)
        sheet.add(f"like_{name}_linked", summed(codes, linked_chars) / np.maximum(chars, 1))
        sheet.add(f"like_{name}_mean", chars / count)


def add_best_container(sheet: Sheet, mass: Floats, name: str) -> None:
    """Add where the block stands to the element whose children and grandchildren hold most of some mass of text."""
    parent = sheet.parent[sheet.owner]
    grand = sheet.parent[parent]
    weights = np.bincount(parent, mass, len(sheet.parent)) + 0.5 * np.bincount(grand, mass, len(sheet.parent))
    best = int(weights.argmax())
    n = len(sheet.chars)
    steps = climbs(sheet, best)
    index = np.arange(n)
    start, end = sheet.starts[best], sheet.ends[best]
    inside = mass[start:end].sum()
    heavy = np.flatnonzero(mass[start:end] > 0)
    first, last = (start + heavy[0], start + heavy[-1]) if len(heavy) else (start, end)
    sheet.add(f"{name}_best_steps", steps)
    sheet.add(f"{name}_best_share", np.full(n, inside / max(mass.sum(), 1e-9)))
    sheet.add(f"{name}_best_from_first", index - first)
    sheet.add(f"{name}_best_from_last", index - last)
    sheet.add(f"{name}_best_is_parent", parent == best)
    sheet.add(f"{name}_best_is_grand", grand == best)


def add_items(sheet: Sheet) -> None:
    """Add whether the block lies in one of several elements alike that hold some blocks each: posts, comments, teasers."""
    tree = sheet.tree
    counts: dict[tuple[int, str, str | None], int] = {}
    sizes = sheet.ends - sheet.starts
    keys: list[tuple[int, str, str | None] | None] = []
    for index, size in enumerate(sizes.tolist()):
        key = None
        if size >= 2 and index:
            key = (tree.parents[index], tree.tags[index], tree.attributes[index].get("class"))
            counts[key] = counts.get(key, 0) + 1
        keys.append(key)
    alike = [counts[key] if key else 0 for key in keys]
    # Of each element: the most elements alike among it and its ancestors, and how many blocks such a one holds.
    most, held = alike[:], [0] * len(alike)
    parents = tree.parents
    size_list = sizes.tolist()
    for index in range(1, len(alike)):
        above = parents[index]
        if most[above] >= most[index]:
            most[index], held[index] = most[above], held[above]
        else:
            held[index] = size_list[index]
    owner = sheet.owner
    sheet.add("alike", np.array(most)[owner])
    sheet.add("alike_blocks", np.array(held)[owner])
    near = np.array(alike)
    parent = sheet.parent[owner]
    sheet.add("alike_near", np.maximum(np.maximum(near[owner], near[parent]), near[sheet.parent[parent]]))
