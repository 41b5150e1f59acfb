"""A page's blocks as a sheet of columns, and the sums over neighbours, groups and elements that features are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from newsbot.extract.letters import Floats, Ints
from newsbot.extract.tree import Tree

TAGS = ("p", "div", "li", "td", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "span", "a", "blockquote", "section", "dd", "dt",
        "button", "th", "article", "body", "aside", "header", "footer", "nav", "form", "label", "center", "address", "pre",
        "summary")  # fmt: skip
"""Element names that have a code of their own, from 1 up; the others share 0."""
TAG_CODES = {tag: code for code, tag in enumerate(TAGS, 1)}


@dataclass(slots=True)
class Sheet:
    """A page as arrays; n blocks, m elements."""

    tree: Tree
    owner: Ints
    """(n) Index of the element that lays the block out."""
    parent: Ints
    """(m) Index of each element's parent, the root's own."""
    starts: Ints
    """(m) First block in each element."""
    ends: Ints
    """(m) Block behind the last in each element."""
    chars: Floats
    words: Floats
    linked: Floats
    """(n) Share of the characters that are in links."""
    good: Floats
    """(n) Characters of the block if it reads like running text, else 0."""
    names: list[str] = field(default_factory=list)
    """Of the features, in the order in which the model knows them."""
    columns: list[Floats] = field(default_factory=list)

    def add(self, name: str, column: npt.ArrayLike) -> None:
        """Add a feature."""
        self.names.append(name)
        self.columns.append(np.asarray(column, np.float64))

    def add_bits(self, prefix: str, names: Sequence[str], marks: Ints) -> None:
        """Add a feature for each bit of the blocks' marks, the lowest first."""
        bits = ((marks >> np.arange(len(names))[:, None]) & 1).astype(np.float64)
        self.names += [f"{prefix}_{name}" for name in names]
        self.columns += list(bits)

    def column(self, name: str) -> Floats:
        """Return a feature that was added before."""
        return self.columns[self.names.index(name)]

    def matrix(self) -> npt.NDArray[np.float32]:
        """Return the features as an array of shape (features, n)."""
        return np.array(self.columns, np.float32)

    def within(self, values: Floats, elements: Ints) -> Floats:
        """Return the sum of a block value over all blocks in each of some elements."""
        sums = np.concatenate(([0.0], np.cumsum(values)))
        inside: Floats = sums[self.ends[elements]] - sums[self.starts[elements]]
        return inside


@dataclass(slots=True)
class Groups:
    """Blocks that a page's maker treats alike, as a code a block for each way of grouping."""

    own: Ints
    """Same element name and class."""
    parent: Ints
    """Same parents' name and class."""
    both: Ints
    """Both."""
    family: Ints
    """Both, and the grandparents' name and class."""

    @classmethod
    def of(cls, sheet: Sheet) -> Groups:
        """Group a page's blocks."""
        codes: dict[tuple[str, str | None], int] = {}
        tree = sheet.tree
        signs = np.array(
            [
                codes.setdefault((tag, attributes.get("class")), len(codes))
                for tag, attributes in zip(tree.tags, tree.attributes, strict=True)
            ]
        )
        parent = sheet.parent[sheet.owner]
        own, above = signs[sheet.owner], signs[parent]
        highest = signs[sheet.parent[parent]]
        size = len(codes)
        both = np.unique(own * size + above, return_inverse=True)[1]
        family = np.unique(both * size + highest, return_inverse=True)[1]
        return cls(own, above, both, family)

    def items(self) -> tuple[tuple[str, Ints], ...]:
        """Return the groupings with their names."""
        return ("own", self.own), ("parent", self.parent), ("both", self.both), ("family", self.family)


def shifted(values: Floats, step: int, beyond: float = -1.0) -> Floats:
    """Return the value of the block `step` places on, `beyond` behind the ends."""
    moved = np.full(len(values), beyond)
    if abs(step) < len(values):
        if step > 0:
            moved[:-step] = values[step:]
        else:
            moved[-step:] = values[:step]
    return moved


def windowed(values: Floats, width: int) -> Floats:
    """Return the sum over the blocks up to `width` places away."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    index = np.arange(len(values))
    high: Floats = sums[np.minimum(index + width + 1, len(values))] - sums[np.maximum(index - width, 0)]
    return high


def summed(codes: Ints, values: Floats) -> Floats:
    """Return for each block the sum of a value over its group."""
    return np.asarray(np.bincount(codes, values)[codes], np.float64)


def climbs(sheet: Sheet, element: int) -> Floats:
    """Return for each block the steps up from an element to one that holds the block."""
    steps = np.zeros(len(sheet.chars))
    for _ in range(20):
        steps[: sheet.starts[element]] += 1
        steps[sheet.ends[element] :] += 1
        if element == 0:
            break
        element = int(sheet.parent[element])
    return steps
