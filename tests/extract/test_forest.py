"""Tests of newsbot.extract.forest: trees evaluated all at once."""

from __future__ import annotations

import numpy as np
import pytest

from newsbot.extract.forest import Forest

# Two trees of depth 2: x0 > 1 ? (x1 > 5 ? 4 : 3) : (x1 > 0 ? 2 : 1), and one that ends at its root.
FOREST = Forest(
    np.array([[0, 1, 1], [0, 0, 0]], np.int32),
    np.array([[1, 0, 5], [np.inf, np.inf, np.inf]], np.float32),
    np.array([[1, 2, 3, 4], [10, 0, 0, 0]], np.float32),
)


@pytest.mark.parametrize(("row", "score"), [((0, 0), 11), ((1, 1), 12), ((2, 5), 13), ((2, 6), 14)])
def test_each_row_falls_into_its_leaf(row: tuple[float, float], score: float) -> None:
    (probability,) = FOREST.probabilities(np.array([row], np.float32).T)
    assert probability == pytest.approx(1 / (1 + np.exp(-score)))


def test_rows_are_judged_alone() -> None:
    rows = np.array([(0, 0), (2, 6), (2, 5)], np.float32)
    together = FOREST.probabilities(rows.T)
    assert together.tolist() == [FOREST.probabilities(row[:, None])[0] for row in rows]


def test_a_forest_is_read_out_of_the_model_file_by_name() -> None:
    arrays = {"first_feature": FOREST.feature, "first_threshold": FOREST.threshold, "first_leaf": FOREST.leaf}
    assert Forest.load(arrays, "first").probabilities(np.zeros((2, 1), np.float32)) == FOREST.probabilities(
        np.zeros((2, 1), np.float32)
    )


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 6])
def test_trees_of_any_depth_are_descended_as_one_node_after_the_other(depth: int) -> None:
    draw = np.random.default_rng(depth)
    inner = 2**depth - 1
    forest = Forest(
        draw.integers(0, 4, (5, inner), np.int32),
        draw.random((5, inner), np.float32),
        draw.random((5, inner + 1), np.float32),
    )
    columns = draw.random((4, 9), np.float32)
    expected = []
    for block in columns.T:
        score = 0.0
        for feature, threshold, leaf in zip(forest.feature, forest.threshold, forest.leaf, strict=True):
            node = 0
            while node < inner:
                node = 2 * node + 1 + int(block[feature[node]] > threshold[node])
            score += float(leaf[node - inner])
        expected.append(1 / (1 + np.exp(-score)))
    assert forest.probabilities(columns) == pytest.approx(expected)
