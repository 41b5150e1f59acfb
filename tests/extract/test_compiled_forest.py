"""Forests give the same bits in C as with numpy."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract import forest
from newsbot.extract.compiled import forest_in_c
from newsbot.extract.forest import Forest
from tests.extract.blocks import built


@built
@given(st.integers(1, 7), st.integers(1, 70), st.integers(0, 2**32 - 1))
def test_a_forest_gives_the_same_bits(depth: int, blocks: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    inner = 2**depth - 1
    trees = Forest(
        draw.integers(0, 5, (9, inner), np.int32),
        draw.random((9, inner), np.float32),
        draw.standard_normal((9, inner + 1), np.float32),
    )
    columns = draw.random((5, blocks), np.float32)
    in_c = trees.probabilities(columns)
    with patch.object(forest, "forest_in_c", None):
        assert trees.probabilities(columns).tolist() == in_c.tolist()


@built
@given(st.integers(0, 2**32 - 1))
def test_a_forest_whose_trees_end_early_gives_the_same_bits(seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = np.array([-np.inf, -1, 0, 1, np.inf, np.nan], np.float32)
    trees = Forest(
        draw.integers(0, 3, (20, 31), np.int32),
        draw.choice(values[:5], (20, 31)),
        draw.standard_normal((20, 32), np.float32),
    )
    columns = draw.choice(values, (3, 130))
    in_c = trees.probabilities(columns)
    with patch.object(forest, "forest_in_c", None):
        assert trees.probabilities(columns).tolist() == in_c.tolist()


@built
@pytest.mark.parametrize(
    ("feature", "threshold", "leaf", "depth", "message"),
    [
        ([0, -1, 0], [1.0] * 3, [1.0] * 4, 2, "feature that there is not"),
        ([0, 1, 0], [1.0] * 2, [1.0] * 4, 2, "do not fit"),
        ([0, 1, 0], [1.0] * 3, [1.0] * 3, 2, "do not fit"),
        ([0, 1, 0], [1.0] * 3, [1.0] * 4, 0, "depth"),
        ([0, 1, 0], [1.0] * 3, [1.0] * 4, 16, "depth"),
        ([0, 40_000, 0], [1.0] * 3, [1.0] * 4, 2, "feature that there is not"),
    ],
)
def test_a_forest_that_does_not_fit_is_refused(
    feature: list[int], threshold: list[float], leaf: list[float], depth: int, message: str
) -> None:
    assert forest_in_c is not None
    arrays = np.array(feature, np.int32), np.array(threshold, np.float32), np.array(leaf, np.float32)
    with pytest.raises(ValueError, match=message):
        forest_in_c.pack(*arrays, depth)


@built
def test_a_forest_is_not_asked_about_columns_that_there_are_not() -> None:
    assert forest_in_c is not None
    trees = np.array([0, 7, 0], np.int32), np.ones(3, np.float32), np.ones(4, np.float32)
    packed = forest_in_c.pack(*trees, 2)
    with pytest.raises(ValueError, match="feature that there is not"):
        forest_in_c.score(packed, np.zeros((7, 3), np.float32), np.zeros(3))
    with pytest.raises(ValueError, match="Capsule"):
        forest_in_c.score(b"", np.zeros((8, 3), np.float32), np.zeros(3))
