"""Reads any written date as a UTC instant with its precision, or says why it cannot; the heart of normalize.

Fast paths first: ISO 8601, RFC 2822 and its kin, Unix time, numbers with separators, then months by name in 60 languages
(worded.py), and last relative dates ("2 hours ago") through dateparser, which takes milliseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from newsbot.normalize.calendars import from_jalali, gregorian_year
from newsbot.normalize.relative import read_relative
from newsbot.normalize.worded import Written, day_of, plain, read_clock, read_worded
from newsbot.normalize.zones import BadOffsetError, read_zone, to_instant, zone

Precision = Literal["instant", "minute", "day"]
EARLIEST = 1800
"""First year taken: digitised archives of newspapers begin there."""
SLACK = timedelta(hours=26)
"""How far past the fetch a date may lie: the widest pair of zones is 26 hours apart, and naive times may be in either."""
LONGEST = 300
"""Characters of a text that is searched for a date."""

_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:\s*t\s*|\s+|,\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*(z\b|utc\b|gmt\b|[a-z]{3,4}\b|[+\-−]\d{1,2}:?\d{2}(?!\d)|[+\-−]\d{2}(?!\d)|\+\d{3,}\S*|[a-z]+/[a-z_]+)?)?(?!\d)"
)
_WHOLE_ISO = re.compile(
    r"((?:1[89]|20)\d\d-\d\d-\d\dt(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.\d+)?(z|[+-](?:0\d|1[01]):?[0-5]\d)",
    re.ASCII,
)
"""With years and offsets that mean what they say."""
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?\s*(z|[+-]\d{2}:?\d{2})?)?")
_UNIX = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d+)?")
_NUMERIC = re.compile(r"(?<![\d./:-])(\d{1,2})\s?([./\-–|])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/-]|\.\d)")
_JS_ZONE = re.compile(r"\b(?:gmt|utc)\s?([+-]\d{2}:?\d{2})\b")
_RFC_ZONE = re.compile(r"\d{2}:\d{2}(?::\d{2})?\s+([+-]\d{4})\b")


@dataclass(frozen=True)
class ParsedDate:
    """An instant in UTC and how precise it is; of a day it is the midnight UTC of that calendar day."""

    instant: datetime
    precision: Precision
    local: datetime | None = None
    """The same with the offset it was written in, or naive as it was written without one; None for relative and Unix times."""


@dataclass(frozen=True)
class Reading:
    """What a date is read against."""

    time_zone: str = "UTC"
    """IANA name for times written without a zone."""
    languages: tuple[str, ...] = ()
    """BCP 47, most likely first."""
    date_order: str | None = None
    """DMY, MDY or YMD; None: by language."""
    seen_at: datetime = datetime(9000, 1, 1, tzinfo=UTC)
    """UTC: when the page was fetched; later dates are in the future, relative ones count from here."""
    relative: bool = False
    """Whether "2 hours ago" is read too; it takes milliseconds."""


def parse_date(raw: str, reading: Reading) -> ParsedDate | str:
    """Return the date, or the reason why there is none.

    Reasons: empty, not_a_date, ambiguous (03/04/2020 in unknown order), bad_offset, no_such_time (skipped by a clock change),
    too_early (before 1800, or the epoch), future (past `seen_at`), vague (weeks ago).
    """
    text = plain(raw[:LONGEST])
    if not text:
        return "empty"
    try:
        found = _whole_iso(text) or _unix(text) or _written(text, reading)
        if isinstance(found, Written):
            found = _instant(found, reading)
    except BadOffsetError:
        return "bad_offset"
    except (OverflowError, ValueError):
        return "not_a_date"
    return found if isinstance(found, str) else _sane(found, reading)


def _sane(found: ParsedDate, reading: Reading) -> ParsedDate | str:
    if found.instant > reading.seen_at + SLACK:
        return "future"
    # 1970-01-01 in any zone is an unset field, as is the year 1.
    if found.instant.year < EARLIEST or abs(found.instant - datetime(1970, 1, 1, tzinfo=UTC)) < timedelta(
        hours=15
    ):
        return "too_early"
    return found


def _written(text: str, reading: Reading) -> Written | ParsedDate | str:
    """Read a date by the first form that fits."""
    primary = tuple(dict.fromkeys(language.split("-")[0].lower() for language in reading.languages))
    found = _iso(text) or _numeric(text, reading) or read_worded(text, primary)
    if found is None and not reading.relative:
        return "not_a_date"
    if found is None:
        relative = read_relative(text, primary, reading.seen_at, reading.time_zone)
        if relative is None:
            return "not_a_date"
        return relative if isinstance(relative, str) else ParsedDate(*relative)
    if isinstance(found, Written):
        offset = _JS_ZONE.search(text) or _RFC_ZONE.search(text)
        return Written(found.day, found.clock, offset[1]) if offset and found.clock else found
    return found


def _unix(text: str) -> ParsedDate | None:
    match = _UNIX.fullmatch(text)
    if match is None:
        return None
    seconds = int(match[1]) / (1000 if len(match[1]) > 10 else 1)
    return ParsedDate(datetime.fromtimestamp(seconds, UTC), "instant")


def _whole_iso(text: str) -> ParsedDate | None:
    """Read the form that most systems write, which the readers below read the same in four times the time; None for others."""
    match = _WHOLE_ISO.fullmatch(text)
    if match is None:
        return None
    local = datetime.fromisoformat(f"{match[1].upper()}{'+00:00' if match[2] == 'z' else match[2]}")
    if local.utcoffset() == timedelta():
        local = local.replace(tzinfo=UTC)
    return ParsedDate(local.astimezone(UTC), "instant", local)


def _iso(text: str) -> Written | None:
    match = _ISO.search(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if 1200 <= year <= 1500:
        found = from_jalali(year, month, day)
        if found is None:
            return None
    else:
        found = date(gregorian_year(year), month, day)
    if match[4] is None:
        clock, behind = read_clock(text, match.span())
        return Written(found, clock, behind)
    hour, minute, second = int(match[4]), int(match[5]), min(int(match[6] or 0), 59)
    return Written(
        found + timedelta(days=hour == 24), (hour % 24 if hour == 24 else hour, minute, second), match[7]
    )


def _numeric(text: str, reading: Reading) -> Written | str | None:
    """Read numbers parted by dots, slashes or hyphens; the order decides, where the numbers do not."""
    match = _NUMERIC.search(text) or _year_first(text)
    if match is None:
        return None
    if match.re is not _NUMERIC:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        found = (
            from_jalali(year, month, day) if 1200 <= year <= 1500 else date(gregorian_year(year), month, day)
        )
        return Written(found, *read_clock(text, match.span())) if found else None
    ordered = _order(match, _order_of(match[2], reading), reading.seen_at.date())
    if isinstance(ordered, str):
        return ordered
    return Written(ordered, *read_clock(text, match.span()))


def _year_first(text: str) -> re.Match[str] | None:
    return re.search(r"(?<![\d./-])(\d{4})\s?[./]\s?(\d{1,2})\s?[./]\s?(\d{1,2})(?![\d/-])", text)


def _order(match: re.Match[str], order: str | None, seen_on: date) -> date | str:
    """Return the date of three numbers the last of which may be the year.

    The known order is tried first; without one all that are days not after `seen_on` must agree.
    """
    first, second, last = int(match[1]), int(match[3]), int(match[4])
    long = len(match[4]) == 4
    year = gregorian_year(last) if long else 2000 + last
    readings = {"DMY": (year, second, first), "MDY": (year, first, second)}
    if not long:
        readings["YMD"] = (2000 + first, second, last)
    days = {
        name: day
        for name, numbers in readings.items()
        if (day := day_of(*numbers)) and day <= seen_on + SLACK
    }
    if order in days and (long or order != "YMD"):
        return days[order]
    if not long and order == "YMD" and order in days:
        return days[order]
    if order in ("DMY", "MDY") and long and days:
        # 13/04 in an American text can only be 13 April.
        return next(iter(days.values()))
    return (
        next(iter(days.values())) if len(set(days.values())) == 1 else "ambiguous" if days else "not_a_date"
    )


def _order_of(separator: str, reading: Reading) -> str | None:
    """Return the order of numbers: the publisher's, else a dot's (day first everywhere), else the language's, where it is one."""
    if reading.date_order:
        return reading.date_order
    if separator == ".":
        return "DMY"
    for language in reading.languages[:1]:
        primary, _, region = language.lower().replace("_", "-").partition("-")
        if primary == "en":
            # Bare English is American or British: no order. Other English-speaking countries put the day first.
            return {"us": "MDY", "ph": "MDY", "": None, "ca": None}.get(region, "DMY")
        return "YMD" if primary in ("ja", "zh", "ko", "hu", "lt", "fa") else "DMY"
    return None


def _instant(written: Written, reading: Reading) -> ParsedDate | str:
    """Apply the written zone, else the publisher's."""
    year = written.day.year
    if not 2 <= year <= 9998:
        return "too_early" if year < EARLIEST else "future"
    stated = read_zone(written.zone)
    # Midnight without a zone is how systems write a day.
    if written.clock is None or (stated is None and written.clock == (0, 0, 0)):
        midnight = datetime(year, written.day.month, written.day.day, tzinfo=UTC)
        return ParsedDate(midnight, "day", midnight.replace(tzinfo=None))
    local = datetime.combine(written.day, time(*written.clock))
    instant = to_instant(local, stated or zone(reading.time_zone) or UTC)
    if instant is None:
        return "no_such_time"
    return ParsedDate(instant, "instant" if stated else "minute", local.replace(tzinfo=stated))
