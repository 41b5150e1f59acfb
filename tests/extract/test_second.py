"""Tests of newsbot.extract.second: what the first model thinks of the blocks around."""

from __future__ import annotations

import numpy as np
import pytest

from newsbot.extract.features import describe
from newsbot.extract.hinted import Hints
from newsbot.extract.second import describe_again
from newsbot.extract.sheet import Table
from tests.extract.blocks import tree_of

BODY = "<div><p>aaaa</p><p>bbbb</p></div><div><p>cccc</p></div><span>dddd</span>"


def second(probabilities: list[float], body: str = BODY) -> Table:
    table = describe(tree_of(body), Hints())
    describe_again(table, np.array(probabilities))
    return table


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("p", [0.9, 0.8, 0.1, 0.2]),
        ("p+1", [0.8, 0.1, 0.2, 0.0]),
        ("p-1", [0.0, 0.9, 0.8, 0.1]),
        ("p_in_parent", [0.8, 0.9, -1.0, 0.6]),
        ("p_high", [2, 2, 2, 2]),
        ("since_text", [999, 1, 1, 2]),
        ("until_text", [1, 999, 999, 999]),
        ("p_stretch_from", [0, 1, 2, 3]),
        ("p_stretch_to", [-1, 0, 1, 2]),
        ("p_best_is_parent", [1, 1, 0, 0]),
    ],
)
def test_a_feature_says_what_its_name_says(name: str, values: list[float]) -> None:
    assert second([0.9, 0.8, 0.1, 0.2]).column(name).tolist() == pytest.approx(values)


def test_a_block_is_told_of_others_of_its_kind_and_not_of_itself() -> None:
    assert second([0.9, 0.1, 0.5, 0.0]).column("p_like_both").tolist()[:2] == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize("probabilities", [[0.0] * 4, [1.0] * 4])
def test_extremes_stay_finite(probabilities: list[float]) -> None:
    assert np.isfinite(second(probabilities).matrix()).all()
