"""Evaluates gradient-boosted trees without a library of trees: by _forest.c, or with numpy; the trained forests lie in model.npz.

A tree is stored as a full binary tree, so that a node's children need no look-up: node i has 2i+1 and 2i+2; on a level, node i has
2i and 2i+1. With numpy all trees and all blocks go a level at a time; _forest.c packs the trees first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from newsbot.extract.compiled import forest_in_c
from newsbot.extract.letters import Floats, Ints


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of one model; t trees of depth d over the columns of a matrix."""

    feature: npt.NDArray[np.int32]
    """(t, 2^d - 1) Column that each inner node looks at."""
    threshold: npt.NDArray[np.float32]
    """(t, 2^d - 1) The right child is taken where the value is above it; infinite where the tree ends early."""
    leaf: npt.NDArray[np.float32]
    """(t, 2^d) Value of each leaf."""
    _plan: _Plan | None = field(init=False, repr=False, compare=False, default=None)
    _packed: object = field(init=False, repr=False, compare=False, default=None)

    @classmethod
    def load(cls, arrays: Mapping[str, Any], name: str) -> Forest:
        """Read the forest `name` out of the model file's arrays."""
        return cls(
            arrays[f"{name}_feature"].astype(np.int32),
            arrays[f"{name}_threshold"].astype(np.float32),
            arrays[f"{name}_leaf"].astype(np.float32),
        )

    def probabilities(self, columns: npt.NDArray[np.float32]) -> Floats:
        """Return the probability of each of n blocks, given an array of shape (features, n)."""
        if forest_in_c is not None:
            score = np.zeros(columns.shape[1])
            if self._packed is None:
                object.__setattr__(self, "_packed", self._pack(forest_in_c))
            forest_in_c.score(self._packed, np.ascontiguousarray(columns), score)
        else:
            plan = self._plan or _Plan.of(self)
            object.__setattr__(self, "_plan", plan)
            score = plan.score(columns)
        probabilities: Floats = 1 / (1 + np.exp(-score))
        return probabilities

    def _pack(self, in_c: ModuleType) -> object:
        """Return the trees laid out for _forest.c."""
        depth = self.feature.shape[1].bit_length()
        return in_c.pack(*map(np.ascontiguousarray, (self.feature, self.threshold, self.leaf)), depth)


# Levels of which all nodes are compared at once: below them following each block's own path is cheaper.
_TOP = 3


@dataclass(frozen=True, slots=True)
class _Plan:
    """A forest as flat arrays, in the order in which descend reads them."""

    trees: int
    top_feature: npt.NDArray[np.int64]
    """((2^_TOP - 1) * t) Of the nodes of the upper levels, all trees' node 0, all trees' node 1 …"""
    top_threshold: npt.NDArray[np.float32]
    levels: tuple[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]], ...]
    """Feature and threshold of the nodes of each lower level, tree by tree."""
    leaf: npt.NDArray[np.float32]

    @classmethod
    def of(cls, forest: Forest) -> _Plan:
        trees, inner = forest.feature.shape
        depth = inner.bit_length()
        top = min(_TOP, depth)
        nodes = slice(0, 2**top - 1)
        lower = [slice(2**level - 1, 2 ** (level + 1) - 1) for level in range(top, depth)]
        return cls(
            trees,
            forest.feature[:, nodes].T.ravel().astype(np.int64),
            forest.threshold[:, nodes].T.reshape(-1, 1).copy(),
            tuple(
                (forest.feature[:, at].ravel().astype(np.int64), forest.threshold[:, at].ravel())
                for at in lower
            ),
            forest.leaf.ravel(),
        )

    def score(self, columns: npt.NDArray[np.float32]) -> Floats:
        """Return of each block the sum of the leaves that it reaches, one tree after the other."""
        leaves = self.leaf.take(self.descend(columns), mode="clip")
        score: Floats = leaves.sum(axis=0, dtype=np.float64)
        return score

    def descend(self, columns: npt.NDArray[np.float32]) -> Ints:
        """Return the leaf of each block in each tree, in shape (t, n), as a place in `leaf`."""
        count = columns.shape[1]
        place = self._top(columns)
        at, right = np.empty_like(place), np.empty(place.shape, bool)
        values, thresholds = np.empty(place.shape, np.float32), np.empty(place.shape, np.float32)
        flat, row = columns.ravel(), np.arange(count)
        for feature, threshold in self.levels:
            # Every place is valid; `clip` spares numpy's look whether one is not.
            (feature * count).take(place, out=at, mode="clip")
            at += row
            flat.take(at, out=values, mode="clip")
            threshold.take(place, out=thresholds, mode="clip")
            np.greater(values, thresholds, out=right)
            place += place
            place += right
        return place

    def _top(self, columns: npt.NDArray[np.float32]) -> Ints:
        """Return the node of level _TOP that each block reaches in each tree, numbered tree by tree."""
        right = (columns.take(self.top_feature, axis=0) > self.top_threshold).view(np.uint8)
        nodes = right.reshape(-1, self.trees, columns.shape[1])
        path = nodes[0]
        place: Ints = path.astype(np.int64)
        taken = [np.negative(path)]
        level = 1
        while 2 ** (level + 1) - 1 <= len(nodes):
            rest = nodes[2**level - 1 : 2 ** (level + 1) - 1]
            for goes_right in taken:
                left, other = np.split(rest, 2)
                rest = left ^ ((left ^ other) & goes_right)
            place += place
            place += rest[0]
            taken.append(np.negative(rest[0]))
            level += 1
        place += (np.arange(self.trees) << level)[:, None]
        return place
