"""Tests of newsbot.extract.sheet: columns, and the sums over neighbours, groups and elements."""

from __future__ import annotations

import numpy as np
import pytest

from newsbot.extract.features import describe_with_numpy
from newsbot.extract.hinted import Hints
from newsbot.extract.sheet import (
    Elements,
    Sheet,
    around,
    climbs,
    neighbours,
    running,
    shifted,
    windowed,
)
from tests.extract.blocks import tree_of

BODY = "<div class=a><p>1</p><p>2</p></div><div class=b><p>3</p></div>4"


def sheet_of(body: str) -> Sheet:
    return describe_with_numpy(tree_of(body), Hints())


def test_columns_are_added_by_name_one_number_standing_for_all_blocks() -> None:
    sheet = sheet_of(BODY)
    count = len(sheet.names)
    sheet.add(("one", "two"), ([1, 2, 3, 4], 7))
    sheet.add_rows(("three",), np.ones((1, 4)))
    assert sheet.column("one").tolist() == [1, 2, 3, 4]
    assert sheet.column("two").tolist() == [7] * 4
    assert sheet.matrix().shape == (count + 3, 4)
    sheet.cut(count)
    assert sheet.matrix().shape == (count, 4)


def test_a_column_without_a_name_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        sheet_of(BODY).add(("one",), ([1, 2, 3, 4], 7))


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 8, 9])
def test_what_the_root_says_reaches_elements_of_any_depth(depth: int) -> None:
    elements = Elements.of(tree_of("<div>" * depth + "x"))
    own = np.zeros(depth + 1, np.int64)
    own[0] = 1
    assert elements.inherited(own, np.bitwise_or).tolist() == [1] * (depth + 1)
    assert elements.depth.tolist() == list(range(depth + 1))


def test_an_element_inherits_from_its_ancestors_alone() -> None:
    elements = Elements.of(tree_of("<div><p>a</p><p>b</p></div><p>c</p>"))
    assert elements.inherited(np.array([0, 1, 2, 3, 4]), np.maximum).tolist() == [0, 1, 2, 3, 4]
    assert elements.inherited(np.array([0, 9, 2, 3, 4]), np.maximum).tolist() == [0, 9, 9, 9, 4]


def test_blocks_are_grouped_by_the_names_and_classes_around_them() -> None:
    sheet = sheet_of(BODY)
    groups = sheet.groups
    own, parent, both, family = groups.summed(np.array([1.0, 2.0, 4.0, 8.0])).tolist()
    assert own == [7, 7, 7, 8]
    assert parent == both == family == [3, 3, 4, 8]
    assert len({*groups.codes[0].tolist()} & {*groups.codes[1].tolist()}) == 0


def test_sums_run_over_neighbours() -> None:
    values = np.array([1.0, 2.0, 4.0])
    assert running(values).tolist() == [0, 1, 3, 7]
    assert windowed(values, 1).tolist() == [3, 7, 6]
    assert windowed(values, 5).tolist() == [7, 7, 7]
    assert shifted(values, 1).tolist() == [2, 4, -1]
    assert shifted(values, -4, 0.0).tolist() == [0, 0, 0]
    assert [moved.tolist() for moved in neighbours(values, (-1, 1), 0.0)] == [[0, 1, 2], [2, 4, 0]]


def test_windows_end_at_the_page() -> None:
    narrow, wide = around(running(np.array([[1.0, 2.0, 4.0], [1.0, 1.0, 1.0]])), (1, 9))
    assert narrow.tolist() == [[3, 7, 6], [2, 3, 2]]
    assert wide.tolist() == [[7, 7, 7], [3, 3, 3]]


def test_bits_of_marks_become_columns_the_lowest_first() -> None:
    sheet = sheet_of(BODY)
    count = len(sheet.names)
    sheet.add_bits(("a1", "a2", "b1", "b2"), np.array([[0, 1, 2, 3], [3, 0, 0, 1]]))
    assert sheet.matrix()[count:].tolist() == [[0, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [1, 0, 0, 0]]


def test_steps_up_to_an_element_that_holds_a_block() -> None:
    sheet = sheet_of(BODY)
    place = sheet.tree.signs[1].index(sheet.tree.signs[0].index(("div", "a")))
    assert climbs(sheet, place).tolist() == [0, 0, 1, 1]
    assert climbs(sheet, int(sheet.owner[0])).tolist() == [0, 1, 2, 2]
