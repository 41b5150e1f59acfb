"""Turns years and dates of other calendars into Gregorian ones; serves the readers of dates."""

from __future__ import annotations

from datetime import date, timedelta

JALALI_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "فروردین فروردين", "اردیبهشت ارديبهشت", "خرداد", "تیر تير", "مرداد امرداد", "شهریور شهريور",
            "مهر", "آبان ابان", "آذر", "دی دي", "بهمن", "اسفند",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
"""Persian months by name, with Arabic and Persian yeh."""
# The 33-year rule agrees with the observed calendar from 1800 to 2256 when leap years are those below.
_LEAP_REMAINDERS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})


def from_jalali(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian date of a Solar Hijri one (Iran), or None where there is no such day."""
    if not (1178 <= year <= 1633 and 1 <= month <= 12):
        return None
    length = 31 if month <= 6 else 30 if month <= 11 or year % 33 in _LEAP_REMAINDERS else 29
    if not 1 <= day <= length:
        return None
    # 1 Farvardin 1403 was 20 March 2024.
    years = range(1403, year) if year >= 1403 else range(year, 1403)
    days = sum(366 if each % 33 in _LEAP_REMAINDERS else 365 for each in years)
    first = date(2024, 3, 20) + timedelta(days=days if year >= 1403 else -days)
    before = (month - 1) * 31 if month <= 7 else 186 + (month - 7) * 30
    return first + timedelta(days=before + day - 1)


def gregorian_year(year: int) -> int:
    """Return a Buddhist year (Thailand: 543 more) as Gregorian; others unchanged."""
    # No Gregorian year of a newspaper lies in 2443 to 2643, which are 1900 to 2100 there.
    return year - 543 if 2443 <= year <= 2643 else year
