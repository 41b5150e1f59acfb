"""Other calendars' dates."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from newsbot.normalize.calendars import JALALI_MONTHS, from_jalali, gregorian_year


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1403, 1, 1), date(2024, 3, 20)),
        ((1402, 12, 29), date(2024, 3, 19)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1403, 7, 1), date(2024, 9, 22)),
        ((1404, 1, 1), date(2025, 3, 21)),
    ],
)
def test_known_days(jalali: tuple[int, int, int], gregorian: date) -> None:
    assert from_jalali(*jalali) == gregorian


@pytest.mark.parametrize(
    "jalali", [(1402, 12, 30), (1403, 13, 1), (1403, 7, 31), (1403, 1, 0), (900, 1, 1), (1700, 1, 1)]
)
def test_no_such_day(jalali: tuple[int, int, int]) -> None:
    assert from_jalali(*jalali) is None


def test_days_follow_each_other() -> None:
    days = [
        day
        for year in range(1380, 1410)
        for month in range(1, 13)
        for number in range(1, 32)
        if (day := from_jalali(year, month, number))
    ]
    assert all(after - before == timedelta(days=1) for before, after in itertools.pairwise(days))


def test_months_have_both_spellings() -> None:
    assert JALALI_MONTHS["تیر"] == JALALI_MONTHS["تير"] == 4
    assert set(JALALI_MONTHS.values()) == set(range(1, 13))


@pytest.mark.parametrize(
    ("year", "expected"), [(2567, 2024), (2024, 2024), (2443, 1900), (2442, 2442), (2644, 2644)]
)
def test_buddhist_years(year: int, expected: int) -> None:
    assert gregorian_year(year) == expected
