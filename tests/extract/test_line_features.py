"""newsbot.extract.line_features: lines of a dump as numbers."""

from __future__ import annotations

import numpy as np

from newsbot.extract.line_features import Columns, describe_lines, describe_lines_again
from newsbot.extract.lines import describe

PROSE = "The harbour board bought a ferry on Monday, after four years of talks and two lawsuits."
LINES = [
    describe(text)
    for text in ("Home", "Home", "Ferry bought", "3 May 2024", PROSE, PROSE + " So it said.", "Comments")
]


def column(columns: Columns, name: str) -> list[float]:
    found: list[float] = columns.columns[columns.names.index(name)].tolist()
    return found


def test_every_line_has_every_number_and_no_name_comes_twice() -> None:
    columns = describe_lines(LINES)
    assert columns.matrix().shape == (len(columns.names), len(LINES))
    assert np.isfinite(columns.matrix()).all()
    assert len(set(columns.names)) == len(columns.names)
    assert describe_lines(LINES[:1]).names == columns.names


def test_what_the_numbers_say() -> None:
    columns = describe_lines(LINES)
    assert column(columns, "words") == [1, 1, 2, 3, 16, 19, 1]
    assert column(columns, "times") == [2, 2, 1, 1, 1, 1, 1]
    assert column(columns, "is_date") == [0, 0, 0, 1, 0, 0, 0]
    assert column(columns, "words-1") == [-1, 1, 1, 2, 3, 16, 19]
    assert column(columns, "until_behind")[:2] == [6, 5]
    assert column(columns, "since_date")[4:] == [1, 2, 3]


def test_the_second_look_reads_what_the_first_thinks_around() -> None:
    columns = describe_lines(LINES)
    count = len(columns.names)
    first = np.array([0.1, 0.1, 0.2, 0.1, 0.9, 0.8, 0.1])
    describe_lines_again(columns, first)
    assert len(columns.names) > count and len(set(columns.names)) == len(columns.names)
    assert column(columns, "p+1")[:4] == [0.1, 0.2, 0.1, 0.9]
    assert column(columns, "until_text")[:4] == [4, 3, 2, 1]
    assert column(columns, "p_stretch_from")[4] == 0
    assert np.isfinite(columns.matrix()).all()
