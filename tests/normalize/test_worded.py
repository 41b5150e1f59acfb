"""Dates with months by name or sign, and clock times."""

from __future__ import annotations

from datetime import date

import pytest

from newsbot.normalize.worded import Written, day_of, plain, read_clock, read_worded


def test_plain_texts() -> None:
    assert plain("  3 MAY\n٢٠٢٤ ") == "3 may 2024"
    assert plain("२०२४") == "2024"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 may 2024", date(2024, 5, 3)),
        ("may 3, 2024", date(2024, 5, 3)),
        ("2024 may 3", date(2024, 5, 3)),
        ("the 3rd of may 2024", date(2024, 5, 3)),
        ("sept. 3, 2024", date(2024, 9, 3)),
        ("3-may-24", date(2024, 5, 3)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("may be later", None),
        ("may 2024", None),
        ("32 may 2024", None),
    ],
)
def test_days(text: str, expected: date | None) -> None:
    found = read_worded(text, ("en",))
    assert (found.day if found else None) == expected


def test_a_clock_behind_the_date_with_its_zone() -> None:
    assert read_worded("may 3, 2024 at 8:05 pm edt", ("en",)) == Written(date(2024, 5, 3), (20, 5, 0), "edt")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| 08:05", (8, 5, 0)),
        ("| 08:05:09", (8, 5, 9)),
        ("| 12:30 am", (0, 30, 0)),
        ("| 12:30 p.m.", (12, 30, 0)),
        ("| 8 pm", (20, 0, 0)),
        ("| 午後8:05", (20, 5, 0)),
        ("08:05 |", (8, 5, 0)),
        ("| none", None),
        ("| 25:00", None),
    ],
)
def test_clocks(text: str, expected: tuple[int, int, int] | None) -> None:
    at = text.index("|")
    assert read_clock(text, (at, at + 1))[0] == expected


def test_no_such_day() -> None:
    assert day_of(2023, 2, 29) is None
    assert day_of(2024, 2, 29) == date(2024, 2, 29)
