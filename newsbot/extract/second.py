"""A second look at each block: what the first model thinks of its neighbours, its kind and the elements around it."""

from __future__ import annotations

from functools import cache

import numpy as np

from newsbot.extract.branches import add_articles, add_branches
from newsbot.extract.compiled import features_in_c
from newsbot.extract.features import smallest_sheet
from newsbot.extract.letters import Floats, Ints
from newsbot.extract.sheet import Groups, Sheet, Table, around, climbs, heaviest, neighbours, running

# Characters added to each block's weight, so that short ones count too.
_BASE = 5.0
# A block of at least this probability is taken for text when distances to text are measured.
_SURE = 0.6
_FAR = 999
_STEPS = (-3, -2, -1, 1, 2, 3)
_WIDTHS = (2, 5, 12)
_NEAR = ("p", *(f"p{step:+}" for step in _STEPS), *(f"p_window{width}" for width in _WIDTHS))
_PAGE = ("p_before", "p_mass", "p_mass_share", "p_high")
_LIKE = tuple(f"p_like_{name}{what}" for name in Groups.NAMES for what in ("", "_share"))
_IN = (
    "p_in_owner_share",
    *(f"p_in_{level}{what}" for level in ("parent", "grand", "great") for what in ("", "_share")),
)
_BEST = ("p_best_steps", "p_best_share", "p_best_mean", "p_best_is_parent")
_STRETCH = ("p_stretch_from", "p_stretch_to", "p_stretch_share", "p_stretch_mean")
_DISTANCES = ("since_text", "until_text", "weight_since", "weight_until")


def describe_again(table: Table, first: Floats) -> None:
    """Add to a table that describe filled the features of the second model, made of the first one's probabilities."""
    if isinstance(table, Sheet):
        _describe_with_numpy(table, first)
    elif features_in_c is not None:
        count = len(table.names)
        table.names += _names()
        if features_in_c.second(table.page, np.ascontiguousarray(first), table.rows, count) != len(
            table.names
        ):
            raise ValueError("_features.c is of another version than second.py: build it anew")


@cache
def _names() -> list[str]:
    """Return the names of the second model's features, as they come with numpy."""
    sheet = smallest_sheet()
    count = len(sheet.names)
    _describe_with_numpy(sheet, np.zeros(len(sheet.owner)))
    return sheet.names[count:]


def _describe_with_numpy(sheet: Sheet, first: Floats) -> None:
    weight = sheet.chars + _BASE
    mass = first * weight
    total = max(mass.sum(), 1e-9)
    both = np.stack((mass, weight))
    sums = running(both)
    windows = [inside - both for inside in around(sums, _WIDTHS)]
    means = [inside / np.maximum(others, 1e-9) for inside, others in windows]
    sheet.add(_NEAR, (first, *neighbours(first, _STEPS, 0.0), *means))
    sheet.add(
        _PAGE, ((sums[0, 1:] - mass) / total, total, total / weight.sum(), np.count_nonzero(first > 0.5))
    )
    group_mass = sheet.groups.summed(mass)
    like = _others(group_mass, mass, sheet.groups.summed(weight), weight)
    sheet.add_rows(_LIKE, np.stack((like, group_mass / total), axis=1).reshape(len(_LIKE), -1))
    _add_elements(sheet, sums, both, total)
    _add_best(sheet, mass, weight, total)
    _add_stretch(sheet, first, mass, weight, total)
    _add_distances(sheet, first, sums[1])


def _others(mass_sum: Floats, mass: Floats, weight_sum: Floats, weight: Floats) -> Floats:
    """Return the mean probability of the other blocks of a group, -1 where there are none."""
    rest = weight_sum - weight
    mean: Floats = np.where(rest > 1e-6, (mass_sum - mass) / np.maximum(rest, 1e-9), -1.0)
    return mean


def _add_elements(sheet: Sheet, sums: Floats, both: Floats, total: float) -> None:
    levels = sheet.levels
    inside, weights = sums[:, sheet.elements.ends[levels]] - sums[:, sheet.elements.starts[levels]]
    means, shares = _others(inside, both[0], weights, both[1]), inside / total
    # All that the owner holds is of its own: it has no mean of others.
    columns = np.stack((means, shares), axis=1).reshape(8, -1)
    sheet.add_rows(_IN, columns[1:])


def _add_best(sheet: Sheet, mass: Floats, weight: Floats, total: float) -> None:
    elements = sheet.elements
    parent = elements.parent[sheet.owner]
    best = heaviest(sheet, mass)
    start, end = int(elements.starts[best]), int(elements.ends[best])
    inside = mass[start:end].sum()
    mean = inside / max(weight[start:end].sum(), 1e-9)
    sheet.add(_BEST, (climbs(sheet, best), inside / total, mean, parent == best))
    add_branches(sheet, mass, best, "p")
    add_articles(sheet, best, "p")


def _add_stretch(sheet: Sheet, first: Floats, mass: Floats, weight: Floats, total: float) -> None:
    """Add how the block lies to the stretch of blocks with the largest sum of probability above 0.4."""
    sums = running((first - 0.4) * weight)
    end = int((sums - np.minimum.accumulate(sums)).argmax())
    start = int(sums[: end + 1].argmin()) if end else 0
    inside = mass[start:end].sum()
    mean = inside / max(weight[start:end].sum(), 1e-9)
    sheet.add(_STRETCH, (sheet.index - start, sheet.index - (end - 1), inside / total, mean))


def _add_distances(sheet: Sheet, first: Floats, sums: Floats) -> None:
    """Add how many blocks, and how much text, lie between the block and the nearest sure text before and behind."""
    n, index = len(first), sheet.index
    sure = first > _SURE
    before: Ints = np.concatenate(([-1], np.maximum.accumulate(np.where(sure, index, -1))[:-1]))
    behind: Ints = np.concatenate((np.minimum.accumulate(np.where(sure, index, n)[::-1])[::-1][1:], [n]))
    is_first, is_last = before < 0, behind >= n
    sheet.add(
        _DISTANCES,
        (
            np.where(is_first, _FAR, index - before),
            np.where(is_last, _FAR, behind - index),
            np.where(is_first, -1.0, sums[:-1] - sums[before + 1]),
            np.where(is_last, -1.0, sums[behind] - sums[1:]),
        ),
    )
