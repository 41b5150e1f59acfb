"""Reads a date out of shown text, such as `Published time: 1 Dec, 2020 11:42` or `2024年12月3日 午後11時17分`; serves dates.py."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from newsbot.normalize.calendars import JALALI_MONTHS, from_jalali, gregorian_year
from newsbot.normalize.months import months

_YEAR_FIRST = re.compile(
    r"(令和|平成|昭和|民國|民国)?\s*(元|\d{1,4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号]?"
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_CLOCK = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-3])(?:\s*[:：h時시点點]\s*|\.)([0-5]\d)(?:[:：分]\s*([0-5]\d))?(?:분|分)?(?:\.\d+)?(?!\d|[./-]\d)"
    r"(?:\s*(a\.?\s?m\.?|p\.?\s?m\.?)(?!\w))?"
)
_HOUR = re.compile(r"(?<![\d:.])(1[0-2]|[1-9])\s*(a\.?\s?m\.?|p\.?\s?m\.?)(?!\w)")
_AFTERNOON = re.compile(r"午後|下午|오후|晚上")
_MORNING = re.compile(r"午前|上午|오전|凌晨|早上")
_ZONE = re.compile(
    r"^\s*(?:uhr|hrs?|часов)?[\s,(]*((?:utc|gmt)?\s?[+\-−]\d{1,2}(?::?\d{2})?(?!\d)|[a-z]{1,5}(?![\w])|мск|[a-z]+/[a-z_/]+)",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?<![\d:.,])(\d{1,2})(?:st|nd|rd|th|er|º|ª|e|\.|-?(?:го|е|га))?(?![\d:])")
_YEAR = re.compile(r"(?<!\d)['’]?(\d{4})(?!\d)")
_ABBREVIATED = re.compile(r"(?<=[^\W\d_])\.|(?<=[\u0e00-\u0e7f])\.")
_THAI_DOT = re.compile(r"(?<=[\u0e00-\u0e7f])\.")
_ORDINAL_OF = re.compile(r"^[\s,./-]*(?:de|del|of|di|do|da|ta’|του)?[\s,./-]*$")
_JALALI = re.compile("(?<!\\w)(" + "|".join(sorted(JALALI_MONTHS, key=len, reverse=True)) + ")(?!\\w)")
_DIGITS = str.maketrans(
    {chr(code): str(unicodedata.decimal(chr(code))) for code in range(0x660, 0xFF1A) if chr(code).isdecimal()}
)


@dataclass(frozen=True)
class Written:
    """A date as it stands in a text: no zone applied yet."""

    day: date
    clock: tuple[int, int, int] | None
    """Hour, minute, second."""
    zone: str | None
    """What is written behind the time, if it may be a zone."""


def plain(text: str) -> str:
    """Return the text in lower case with ASCII digits and single spaces."""
    if not text.isascii():
        # Not casefold: it takes a Greek letter with two accents apart.
        text = unicodedata.normalize("NFC", text.translate(_DIGITS))
    return " ".join(text.lower().split())


def read_worded(text: str, languages: tuple[str, ...]) -> Written | None:
    """Return the first full date (day, month by name or sign, year) of a `plain` text, with a time near it, or None."""
    is_ascii = text.isascii()
    match = None if is_ascii else _YEAR_FIRST.search(text)
    if match:
        found = _east_asian(match)
        return Written(found, *read_clock(text, match.span())) if found else None
    jalali = None if is_ascii else _JALALI.search(text)
    if jalali:
        numbers = [int(number) for number in re.findall(r"(?<![\d:])\d{1,4}(?![\d:])", text)]
        years, days = [n for n in numbers if n > 1000], [n for n in numbers if 1 <= n <= 31]
        day = (
            from_jalali(years[0], JALALI_MONTHS[jalali[1]], days[0])
            if years and days and years[0] < 1700
            else None
        )
        if day:
            return Written(day, *read_clock(text, jalali.span()))
    # Abbreviations lose their dot, Thai ones (ม.ค.) all of them; positions must not move.
    dotless = _ABBREVIATED.sub(" ", text) if "." in text else text
    joined = text if is_ascii else _THAI_DOT.sub("", text)
    for candidate in (dotless, joined) if joined != text else (dotless,):
        for start, end, month in months(candidate, languages):
            written = _around(candidate, start, end, month)
            if written:
                return written
    return None


def _east_asian(match: re.Match[str]) -> date | None:
    year = 1 if match[2] == "元" else int(match[2])
    year = year + _ERAS[match[1]] if match[1] else gregorian_year(year)
    return day_of(year, int(match[3]), int(match[4])) if year > 1000 else None


def _around(text: str, start: int, end: int, month: int) -> Written | None:
    """Return the date whose month stands at start:end, with its day and year beside it."""
    before, after = text[max(0, start - 24) : start], text[end : end + 60]
    year_match = _YEAR.search(after[:40])
    day_match = _last(_DAY, before)
    if day_match is None or not _ORDINAL_OF.match(before[day_match.end() :]):
        day_match = _DAY.match(after.lstrip(" ,./-")) if after else None
        if day_match is None and after:
            day_match = _DAY.search(after[:8])
    if year_match is None:
        early = _last(_YEAR, before)
        year_match = early or re.match(r"(?:[\s.,/-]*['’]|-)(\d{2})(?!\d)", after)
    if day_match is None or year_match is None:
        return None
    year = int(year_match[1])
    day = day_of(gregorian_year(year if year > 99 else 2000 + year), month, int(day_match[1]))
    return Written(day, *read_clock(text, (start, end))) if day else None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found: re.Match[str] | None = None
    for match in pattern.finditer(text):
        found = match
    return found


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_clock(text: str, near: tuple[int, int]) -> tuple[tuple[int, int, int] | None, str | None]:
    """Return hour, minute, second and what is written behind them: the first time behind the date, else the last before it."""
    match = (
        _CLOCK.search(text, near[1])
        or _HOUR.search(text, near[1])
        or _last(_CLOCK, text[: near[0]])
        or _last(_HOUR, text[: near[0]])
    )
    if match is None:
        return None, None
    hours = int(match[1])
    is_hour = match.re is _HOUR
    half = (match[2] if is_hour else match[4]) or ""
    lead = text[max(0, match.start() - 6) : match.start()]
    if half.startswith("p") or _AFTERNOON.search(lead):
        hours = hours + 12 if hours < 12 else hours
    elif (half.startswith("a") or _MORNING.search(lead)) and hours == 12:
        hours = 0
    zone = _ZONE.match(text[match.end() : match.end() + 40])
    return (hours, 0 if is_hour else int(match[2]), 0 if is_hour else int(match[3] or 0)), zone[
        1
    ] if zone else None
