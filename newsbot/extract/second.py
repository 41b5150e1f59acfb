"""A second look at each block: what the first model thinks of its neighbours, its kind and the elements around it."""

from __future__ import annotations

import numpy as np

from newsbot.extract.letters import Floats, Ints
from newsbot.extract.sheet import Groups, Sheet, climbs, shifted, summed, windowed

# Characters added to each block's weight, so that short ones count too.
_BASE = 5.0
# A block of at least this probability is taken for text when distances to text are measured.
_SURE = 0.6
_FAR = 999


def describe_again(sheet: Sheet, groups: Groups, first: Floats) -> None:
    """Add to a sheet the features of the second model, made of the first one's probabilities."""
    weight = sheet.chars + _BASE
    mass = first * weight
    total = max(mass.sum(), 1e-9)
    n = len(first)
    sheet.add("p", first)
    for step in (-3, -2, -1, 1, 2, 3):
        sheet.add(f"p{step:+}", shifted(first, step, 0.0))
    for width in (2, 5, 12):
        others = windowed(weight, width) - weight
        sheet.add(f"p_window{width}", (windowed(mass, width) - mass) / np.maximum(others, 1e-9))
    sheet.add("p_before", (np.cumsum(mass) - mass) / total)
    sheet.add("p_mass", np.full(n, total))
    sheet.add("p_mass_share", np.full(n, total / weight.sum()))
    sheet.add("p_high", np.full(n, (first > 0.5).sum()))
    for name, codes in groups.items():
        group_mass = summed(codes, mass)
        sheet.add(f"p_like_{name}", _others(group_mass, mass, summed(codes, weight), weight))
        sheet.add(f"p_like_{name}_share", group_mass / total)
    _add_elements(sheet, mass, weight, total)
    _add_best(sheet, mass, weight, total)
    _add_stretch(sheet, first, mass, weight, total)
    _add_distances(sheet, first, weight)


def _others(mass_sum: Floats, mass: Floats, weight_sum: Floats, weight: Floats) -> Floats:
    """Return the mean probability of the other blocks of a group, -1 where there are none."""
    rest = weight_sum - weight
    mean: Floats = np.where(rest > 1e-6, (mass_sum - mass) / np.maximum(rest, 1e-9), -1.0)
    return mean


def _add_elements(sheet: Sheet, mass: Floats, weight: Floats, total: float) -> None:
    element = sheet.owner
    for level in ("owner", "parent", "grand", "great"):
        if level != "owner":
            element = sheet.parent[element]
        inside = sheet.within(mass, element)
        if level != "owner":
            sheet.add(f"p_in_{level}", _others(inside, mass, sheet.within(weight, element), weight))
        sheet.add(f"p_in_{level}_share", inside / total)


def _add_best(sheet: Sheet, mass: Floats, weight: Floats, total: float) -> None:
    parent = sheet.parent[sheet.owner]
    count = len(sheet.parent)
    held = np.bincount(parent, mass, count) + 0.5 * np.bincount(sheet.parent[parent], mass, count)
    best = int(held.argmax())
    start, end = int(sheet.starts[best]), int(sheet.ends[best])
    inside, n = mass[start:end].sum(), len(mass)
    sheet.add("p_best_steps", climbs(sheet, best))
    sheet.add("p_best_share", np.full(n, inside / total))
    sheet.add("p_best_mean", np.full(n, inside / max(weight[start:end].sum(), 1e-9)))
    sheet.add("p_best_is_parent", parent == best)


def _add_stretch(sheet: Sheet, first: Floats, mass: Floats, weight: Floats, total: float) -> None:
    """Add how the block lies to the stretch of blocks with the largest sum of probability above 0.4."""
    sums = np.concatenate(([0.0], np.cumsum((first - 0.4) * weight)))
    end = int((sums - np.minimum.accumulate(sums)).argmax())
    start = int(sums[: end + 1].argmin()) if end else 0
    index, n = np.arange(len(first)), len(first)
    inside = mass[start:end].sum()
    sheet.add("p_stretch_from", index - start)
    sheet.add("p_stretch_to", index - (end - 1))
    sheet.add("p_stretch_share", np.full(n, inside / total))
    sheet.add("p_stretch_mean", np.full(n, inside / max(weight[start:end].sum(), 1e-9)))


def _add_distances(sheet: Sheet, first: Floats, weight: Floats) -> None:
    """Add how many blocks, and how much text, lie between the block and the nearest sure text before and behind."""
    n = len(first)
    index = np.arange(n)
    sure = first > _SURE
    before: Ints = np.concatenate(([-1], np.maximum.accumulate(np.where(sure, index, -1))[:-1]))
    behind: Ints = np.concatenate((np.minimum.accumulate(np.where(sure, index, n)[::-1])[::-1][1:], [n]))
    sums = np.concatenate(([0.0], np.cumsum(weight)))
    sheet.add("since_text", np.where(before < 0, _FAR, index - before))
    sheet.add("until_text", np.where(behind >= n, _FAR, behind - index))
    sheet.add("weight_since", np.where(before < 0, -1.0, sums[index] - sums[before + 1]))
    sheet.add("weight_until", np.where(behind >= n, -1.0, sums[np.minimum(behind, n)] - sums[index + 1]))
