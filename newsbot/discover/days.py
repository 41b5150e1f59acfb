"""Which sitemaps and archive pages can hold the days of a range, by the dates in their addresses and in their index."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from newsbot.schedule import Range

Span = tuple[date, date]
"""First day, and the day after the last."""

# A publisher's day is not UTC's: a day more on each side covers every zone.
SLACK = timedelta(days=1)
# Archive pages opened for one source at most: ten years of days, and some.
MAX_PAGES = 4000
_YEAR, _MONTH, _DAY = (
    r"(?<!\d)(?P<year>(?:19[89]|20[0-4])\d)",
    r"(?:0[1-9]|1[0-2])",
    r"(?:0[1-9]|[12]\d|3[01])",
)
# The first that fits an address tells its days. `sitemap_2020_2.xml` and `sitemap_2020_10.xml` are parts of a year, not months:
# after `_` only a month that begins with 0 is one for sure, and only folders leave the 0 out.
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}(?P<month>{_MONTH})(?P<day>{_DAY})?(?!\d)",
        rf"{_YEAR}[-./]m?(?P<month>{_MONTH})(?!\d)(?:[-./](?P<day>{_DAY})(?!\d))?",
        rf"{_YEAR}_(?P<month>0[1-9])(?!\d)(?:_(?P<day>{_DAY})(?!\d))?",
        rf"{_YEAR}/(?P<month>[1-9]|1[0-2])(?=/|$)(?:/(?P<day>[1-9]|[12]\d|3[01])(?=/|$))?",
        rf"{_YEAR}(?!\d)(?P<month>)(?P<day>)",
    )
)
_PARAMETERS = {
    "year": re.compile(r"(?:^|[&?])(?:yyyy|year|y|jahr)=(\d{4})(?!\d)"),
    "month": re.compile(r"(?:^|[&?])(?:mm|month|m|monat)=(\d{1,2})(?!\d)"),
    "day": re.compile(r"(?:^|[&?])(?:dd|day|d|tag)=(\d{1,2})(?!\d)"),
}
_ISO_DAY = re.compile(r"\s*(\d{4})-(\d\d)(?:-(\d\d))?")
_PLACE = re.compile(r"\{(year|month|day)(?::0?(\d))?\}")


def span_of(url: str) -> Span | None:
    """Return the days that an address names (a year, a month, a day, or from one to another), or None where it names none."""
    parts = urlsplit(url)
    spans = [span for span in map(_span, _dates(f"{parts.path}?{parts.query}")) if span]
    named = _parameters(parts.query)
    if named or not spans:
        return named
    # Several dates are the two ends of a span, such as from=2020-01-01&to=2020-01-31, or a folder's and a file's.
    finest = min(end - start for start, end in spans)
    kept = [span for span in spans if span[1] - span[0] == finest]
    return min(start for start, _ in kept), max(end for _, end in kept)


def _dates(text: str) -> Iterator[re.Match[str]]:
    for pattern in _DATES:
        found = list(pattern.finditer(text))
        if found:
            yield from found
            return


def _span(match: re.Match[str]) -> Span | None:
    return span(int(match["year"]), _number(match["month"]), _number(match["day"]))


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _parameters(query: str) -> Span | None:
    found = {name: pattern.search(query) for name, pattern in _PARAMETERS.items()}
    numbers = {name: int(match[1]) for name, match in found.items() if match}
    return span(numbers["year"], numbers.get("month"), numbers.get("day")) if "year" in numbers else None


def span(year: int, month: int | None = None, day: int | None = None) -> Span | None:
    """Return the days of a year, month or day; None for one that does not exist."""
    try:
        if month is None:
            return date(year, 1, 1), date(year + 1, 1, 1)
        if day is None:
            return date(year, month, 1), date(year, month, 1) + timedelta(
                days=calendar.monthrange(year, month)[1]
            )
        return date(year, month, day), date(year, month, day) + timedelta(days=1)
    except ValueError:
        return None


def day_of(raw: str | None) -> date | None:
    """Return the day that an ISO 8601 text begins with (W3C datetime, as sitemaps have it), or None."""
    found = _ISO_DAY.match(raw or "")
    if not found:
        return None
    days = span(int(found[1]), int(found[2]), _number(found[3]))
    return days[1] - timedelta(days=1) if days else None


def changed_since(changed_at_raw: str | None, instant: float) -> bool | None:
    """Whether a source changed after `instant` (seconds since 1970), by what its index says; None where that says nothing.

    A bare day counts as its end: what changed on the day of the last visit may have changed after it.
    """
    if not changed_at_raw:
        return None
    try:
        changed = datetime.fromisoformat(changed_at_raw.strip())
        if "T" in changed_at_raw.strip() or " " in changed_at_raw.strip():
            changed = changed if changed.tzinfo else changed.replace(tzinfo=UTC) + SLACK
            return changed.timestamp() >= instant
    except (ValueError, OverflowError):
        pass
    day = day_of(changed_at_raw)
    return day + 2 * SLACK > datetime.fromtimestamp(instant, UTC).date() if day else None


def may_hold(url: str, changed_at_raw: str | None, asked: Range) -> bool:
    """Whether a sitemap can hold articles of the days asked for.

    Its address tells, if it names a year, month or day; else when it changed last, for what did not change since holds nothing
    newer. Where neither tells, it may.
    """
    first, last = ends(asked)
    named = span_of(url)
    if named:
        return (first is None or named[1] > first - SLACK) and (last is None or named[0] < last + SLACK)
    changed = day_of(changed_at_raw)
    return changed is None or first is None or changed >= first - SLACK


def ends(asked: Range) -> tuple[date | None, date | None]:
    """Return the first day asked for and the day after the last, UTC; None leaves a side open."""
    first = asked.since.astimezone(UTC).date() if asked.since else None
    last = (
        (asked.until - timedelta(microseconds=1)).astimezone(UTC).date() + timedelta(days=1)
        if asked.until
        else None
    )
    return first, last


def archive_pages(template: str, asked: Range, now: datetime) -> Iterator[str]:
    """Yield the addresses of a dated archive that can hold the days asked for, newest first, MAX_PAGES at most.

    `template` holds {year}, {month}, {day} (`{month:02}` pads). Without `since`, today's and yesterday's; never a future one.
    """
    first, last = ends(asked)
    today = now.astimezone(UTC).date() + SLACK
    end = min(last or today, today)
    start = first - SLACK if first else end - 2 * SLACK
    seen: dict[str, None] = {}
    day = end
    while day >= start and len(seen) < MAX_PAGES:
        seen.setdefault(fill(template, day))
        day -= timedelta(days=1)
    yield from seen


def fill(template: str, day: date) -> str:
    """Return an archive's address of a day, month or year."""
    return _PLACE.sub(lambda found: str(getattr(day, found[1])).zfill(int(found[2] or 0)), template)
