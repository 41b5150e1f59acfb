"""A page's blocks as a table of features, and the sums over neighbours, groups and elements that these are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from newsbot.extract.letters import Floats, Ints
from newsbot.extract.tree import Tree

TAGS = ("p", "div", "li", "td", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "span", "a", "blockquote", "section", "dd", "dt",
        "button", "th", "article", "body", "aside", "header", "footer", "nav", "form", "label", "center", "address", "pre",
        "summary")  # fmt: skip
"""Element names that have a code of their own, from 1 up; the others share 0."""
TAG_CODES = {tag: code for code, tag in enumerate(TAGS, 1)}
ROOM = 320
"""Features that a sheet has room for: those of both models."""


@dataclass(slots=True)
class Elements:
    """The elements of a page as arrays of m numbers."""

    parent: Ints
    """Index of each element's parent, the root's own."""
    depth: Ints
    starts: Ints
    """First block in each element."""
    ends: Ints
    """Block behind the last in each element."""
    sign: Ints
    """Place of each element's name and class among the page's distinct ones."""
    leaps: list[Ints]
    """Of each element the ancestors 1, 2, 4, 8 … levels up, the root where there is none, up to the page's depth."""

    @classmethod
    def of(cls, tree: Tree) -> Elements:
        """Return a page's elements."""
        parent = np.maximum(_ints(tree.parents), 0)
        leaps, above = [], parent
        while above.any():
            leaps.append(above)
            above = above[above]
        return cls(
            parent, _ints(tree.depths), _ints(tree.starts), _ints(tree.ends), _ints(tree.signs[1]), leaps
        )

    def inherited(self, values: Ints, join: Callable[[Ints, Ints], Ints]) -> Ints:
        """Return each element's value joined with those of its ancestors, by a function as `np.maximum` of two arrays."""
        for above in self.leaps:
            values = join(values, values[above])
        return join(values, values[:1])


def _ints(values: Sequence[int]) -> Ints:
    return np.fromiter(values, np.int64, len(values))


def room_for(tree: Tree) -> npt.NDArray[np.float32]:
    """Return room for the features of a page's blocks."""
    return np.empty((ROOM, len(tree.runs)), np.float32)


@dataclass(slots=True)
class Table:
    """Features of the n blocks of a page: a name and a row of n numbers for each."""

    tree: Tree
    rows: npt.NDArray[np.float32]
    """(ROOM, n) The features, and room for more."""
    names: list[str] = field(default_factory=list)
    """Of the features, in the order in which the model knows them."""
    page: object = None
    """What _features.c keeps of the page for its second model, if it filled the table."""

    @classmethod
    def of(cls, tree: Tree) -> Table:
        """Return a table of a page's blocks that has no features yet."""
        return cls(tree, room_for(tree))

    def add(self, names: Sequence[str], columns: Iterable[npt.ArrayLike]) -> None:
        """Add features: for each name a column of n numbers, or one number for all blocks."""
        count = len(self.names)
        self.names += names
        for row, column in zip(self.rows[count : count + len(names)], columns, strict=True):
            row[:] = column

    def add_rows(self, names: Sequence[str], rows: npt.NDArray[Any]) -> None:
        """Add features that are the rows of an array."""
        count = len(self.names)
        self.names += names
        self.rows[count : count + len(names)] = rows

    def add_bits(self, names: Sequence[str], marks: Ints) -> None:
        """Add a feature for each bit of marks of shape (k, n): first those of the first row, the lowest bit first."""
        octets = marks.astype("<i8", copy=False).view(np.uint8).reshape(*marks.shape, 8)
        bits = np.unpackbits(octets, axis=-1, count=len(names) // len(marks), bitorder="little")
        self.add_rows(names, bits.transpose(0, 2, 1).reshape(len(names), -1))

    def cut(self, count: int) -> None:
        """Forget all features but the first."""
        del self.names[count:]

    def column(self, name: str) -> npt.NDArray[np.float32]:
        """Return a feature that was added before."""
        column: npt.NDArray[np.float32] = self.rows[self.names.index(name)]
        return column

    def matrix(self) -> npt.NDArray[np.float32]:
        """Return the features as an array of shape (features, n), which is the table's own."""
        return self.rows[: len(self.names)]


@dataclass(slots=True, kw_only=True)
class Sheet(Table):
    """A table with the arrays that its features are made of, where these are worked out with numpy."""

    elements: Elements
    owner: Ints
    """(n) Index of the element that lays the block out."""
    place: Ints
    """(n) Index of the deepest element that holds all of the block."""
    chars: Floats
    words: Floats
    linked: Floats
    """(n) Share of the characters that are in links."""
    strong: Floats
    """(n) Share of the characters that are in bold type."""
    good: Floats
    """(n) Characters of the block if it reads like running text, else 0."""
    tags: Ints
    """(m) Code of each element's name."""
    index: Ints = field(init=False)
    """(n) 0, 1, 2 …"""
    levels: Ints = field(init=False)
    """(4, n) The elements around each block: owner, parent, grandparent, its parent."""
    articles: tuple[Ints, Ints] | None = None
    """(m) What branches.py knows of the `article` around each element, once it was asked."""
    groups: Groups = field(init=False)

    def __post_init__(self) -> None:
        self.index = np.arange(len(self.owner))
        self.levels = np.empty((4, len(self.owner)), np.int64)
        self.levels[0] = self.owner
        for level in range(3):
            self.levels[level + 1] = self.elements.parent[self.levels[level]]
        self.groups = Groups.of(self)


@dataclass(slots=True)
class Groups:
    """Blocks that a page's maker treats alike, as codes for each way of grouping."""

    NAMES = ("own", "parent", "both", "family")
    codes: Ints
    """(4, n) Equal for blocks of one group; no code is in two rows. The rows: owners of the same element name and class, parents
    of the same, both, and both with the grandparents of the same."""
    count: int
    """Of all codes."""

    @classmethod
    def of(cls, sheet: Sheet) -> Groups:
        """Group a page's blocks."""
        own, above, highest, _ = sheet.elements.sign[sheet.levels]
        # A number for each distinct sign is below the number of elements.
        size = len(sheet.elements.sign)
        both = own * size + above
        known: dict[tuple[int, int], int] = {}
        family = [
            known.setdefault(key, len(known)) for key in zip(both.tolist(), highest.tolist(), strict=True)
        ]
        pairs: dict[int, int] = {}
        both_codes = [pairs.setdefault(key, len(pairs)) for key in both.tolist()]
        codes = np.stack((own, above, _ints(both_codes), _ints(family)))
        codes += np.array([[0], [size], [2 * size], [2 * size + len(pairs)]])
        return cls(codes, 2 * size + len(pairs) + len(known))

    def summed(self, values: Floats) -> Floats:
        """Return for each block the sum of a value over its group, in shape (4, n)."""
        sums = np.bincount(self.codes.ravel(), np.tile(values, 4), self.count)
        return np.asarray(sums[self.codes], np.float64)


def heaviest(sheet: Sheet, mass: Floats) -> int:
    """Return the element whose children and grandchildren hold most of some mass of text, grandchildren's counted by half."""
    parent = sheet.elements.parent
    above = parent[sheet.owner]
    count = len(parent)
    return int((np.bincount(above, mass, count) + 0.5 * np.bincount(parent[above], mass, count)).argmax())


def running(values: Floats) -> Floats:
    """Return the sums of the first 0, 1 … n values along the last axis."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    values.cumsum(axis=-1, out=sums[..., 1:])
    return sums


def neighbours(values: Floats, steps: Sequence[int], beyond: float) -> list[Floats]:
    """Return for each step the values of the blocks that many places on, `beyond` behind the ends."""
    widest, n = max(map(abs, steps)), values.shape[-1]
    padded = np.full((*values.shape[:-1], n + 2 * widest), beyond)
    padded[..., widest : widest + n] = values
    return [padded[..., widest + step : widest + step + n] for step in steps]


def shifted(values: Floats, step: int, beyond: float = -1.0) -> Floats:
    """Return the value of the block `step` places on, `beyond` behind the ends."""
    return neighbours(values, (step,), beyond)[0]


def around(sums: Floats, widths: Sequence[int]) -> list[Floats]:
    """Return for each width the sums over the blocks up to so many places away, of running sums along the last axis."""
    widest, n = max(widths), sums.shape[-1] - 1
    padded = np.empty((*sums.shape[:-1], n + 1 + 2 * widest))
    padded[..., :widest] = 0.0
    padded[..., widest : widest + n + 1] = sums
    padded[..., widest + n + 1 :] = sums[..., -1:]
    return [
        padded[..., widest + width + 1 : widest + width + 1 + n]
        - padded[..., widest - width : widest - width + n]
        for width in widths
    ]


def windowed(values: Floats, width: int) -> Floats:
    """Return the sum over the blocks up to `width` places away."""
    return around(running(values), (width,))[0]


def climbs(sheet: Sheet, element: int) -> Ints:
    """Return for each block the steps up from an element to one that holds the block, 20 at most."""
    elements, chain = sheet.elements, [element]
    while len(chain) < 20 and chain[-1]:
        chain.append(int(elements.parent[chain[-1]]))
    starts, ends = elements.starts[chain][:, None], elements.ends[chain][:, None]
    outside: Ints = ((sheet.index < starts) | (sheet.index >= ends)).sum(axis=0)
    return outside
