"""What `-a NAME=VALUE` may say to the spiders, as values; nonsense is named with its remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from newsbot.exceptions import UsageError
from newsbot.schedule import Range

_AGO = re.compile(r"(\d{1,5})([dh])")
# URLs may hold commas: only white space or a comma before the next scheme parts them.
_URLS = re.compile(r"[\s,]+(?=https?://)")


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of the news spider."""

    publisher: str | None = None
    site: str | None = None
    urls: tuple[str, ...] = ()
    range: Range = field(default_factory=Range)
    limit: int | None = None
    due: bool = False
    """Poll only sources that are due; else all of the publisher's own."""


def read_arguments(given: Mapping[str, str]) -> Arguments:
    """Return the arguments. Raises UsageError for an unknown name, a bad value, or none of publisher, site and url."""
    unknown = given.keys() - {"publisher", "site", "url", "since", "until", "limit", "due"}
    if unknown:
        raise UsageError(
            f"unknown argument {min(unknown)!r}; take publisher, site, url, since, until, limit or due"
        )
    if not any(given.get(name) for name in ("publisher", "site", "url")):
        raise UsageError(
            "nothing to crawl: give -a publisher=NAME, -a site=URL or -a url=URL; `scrapy publishers` lists names"
        )
    if given.get("publisher") and given.get("site"):
        raise UsageError("-a publisher and -a site name two things to crawl; give one")
    return Arguments(
        publisher=given.get("publisher") or None,
        site=_web_address(given["site"], "site") if given.get("site") else None,
        urls=tuple(_web_address(url, "url") for url in _URLS.split(given.get("url", "").strip()) if url),
        range=read_range(given.get("since"), given.get("until")),
        limit=_limit(given.get("limit")),
        due=_flag(given.get("due")),
    )


def read_range(since: str | None, until: str | None, now: datetime | None = None) -> Range:
    """Return the range of days; `until` includes its day. Each is YYYY-MM-DD, ISO 8601 with a time, or 3d / 12h ago."""
    now = now or datetime.now(UTC)
    first = read_instant(since, "since", now) if since else None
    last = read_instant(until, "until", now, end=True) if until else None
    if first and last and first >= last:
        raise UsageError(f"since={since} is not before until={until}; exchange them")
    return Range(first, last)


def read_instant(text: str, name: str, now: datetime, *, end: bool = False) -> datetime:
    """Return the UTC instant a text means; `end`: for a bare day, the first instant after it."""
    ago = _AGO.fullmatch(text.strip())
    if ago:
        return now - timedelta(**{"days" if ago[2] == "d" else "hours": int(ago[1])})
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return _read_time(text, name)
    try:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=int(end))
    except OverflowError:
        raise _bad_date(text, name) from None


def _read_time(text: str, name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _bad_date(text, name) from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _bad_date(text: str, name: str) -> UsageError:
    return UsageError(
        f"{name}={text} is no date; give YYYY-MM-DD, 2020-12-01T08:00Z, or 3d or 12h for that long ago"
    )


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise UsageError(f"limit={text} is no number of articles; give 1 or more")
    return int(text)


def _flag(text: str | None) -> bool:
    if text is None:
        return False
    if text.lower() not in {"true", "1", "yes", "false", "0", "no"}:
        raise UsageError(f"due={text}: give true or false")
    return text.lower() in {"true", "1", "yes"}


def _web_address(text: str, name: str) -> str:
    text = text.strip()
    if name == "site" and "://" not in text:
        text = f"https://{text}"
    if not re.match(r"https?://[^/\s]+", text):
        raise UsageError(f"{name}={text} is no web address; give one that begins with https://")
    return text
