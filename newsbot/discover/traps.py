"""Guards of a run against endless sites: calendars, facets, session ids, paths that repeat themselves."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from newsbot.discover.days import span_of
from newsbot.discover.found import MAX_URL

# The deepest article path among the known publishers has 9 segments.
MAX_SEGMENTS = 14
# A segment that stands this often in one path comes from relative links that loop.
MAX_REPEATS = 3
# Addresses that differ in nothing but parameters, by how many parameters they have: ids need one, facets several.
MAX_VARIANTS = {1: 50_000, 2: 2_000}
MAX_FACETS = 100
# Calendars run into the future; announcements are dated a few days ahead at most.
AHEAD = timedelta(days=32)
_CALENDAR = re.compile(
    r"(?:^|/)(?:calendar|kalender|calendario|calendrier|events?|veranstaltungen)(?:/|$)", re.IGNORECASE
)
_SESSION = re.compile(r"^(?:s|sess|session|sid|phpsessid|jsessionid)?[=_:-]?[0-9a-f]{24,}$", re.IGNORECASE)


class Traps:
    """Looks at each address that a run is about to take on; counts what it needs to."""

    def __init__(self, now: datetime | None = None) -> None:
        self._now = now or datetime.now(UTC)
        self._variants: Counter[tuple[str, int]] = Counter()
        self._ends: Counter[str] = Counter()

    def reason(self, url: str, *, is_named: bool = False) -> str | None:
        """Return why an address looks like part of an endless site, or None; each address is to be shown once.

        `is_named`: the publisher's patterns call it an article; then only its length and repetitions count.
        """
        parts = urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if segment]
        if is_named:
            return _too_much(url, segments)
        return (
            _too_much(url, segments)
            or self._facets(parts.hostname or "", parts.path, parts.query)
            or self._calendar(url, parts.path)
            or self._sessions(parts.hostname or "", segments)
        )

    def _facets(self, host: str, path: str, query: str) -> str | None:
        count = len(parse_qsl(query, keep_blank_values=True))
        if not count:
            return None
        self._variants[f"{host}{path}", min(count, 3)] += 1
        most = MAX_VARIANTS.get(count, MAX_FACETS)
        if self._variants[f"{host}{path}", min(count, 3)] > most:
            return f"more than {most} addresses of {path} that differ in {count} parameters only"
        return None

    def _calendar(self, url: str, path: str) -> str | None:
        named = span_of(url)
        if named is None:
            return None
        first = datetime(named[0].year, named[0].month, named[0].day, tzinfo=UTC)
        if first > self._now + AHEAD and (
            _CALENDAR.search(path) or named[1] - named[0] <= timedelta(days=31)
        ):
            return f"a page of {named[0]}, which is in the future"
        return None

    def _sessions(self, host: str, segments: list[str]) -> str | None:
        if len(segments) < 2 or not any(_SESSION.match(segment) for segment in segments[:-1]):
            return None
        end = f"{host}/{segments[-1]}"
        self._ends[end] += 1
        if self._ends[end] > 1:
            return f"another address of {segments[-1]} with a session id in its path"
        return None


def _too_much(url: str, segments: list[str]) -> str | None:
    if len(url) > MAX_URL:
        return f"an address of {len(url)} characters"
    if len(segments) > MAX_SEGMENTS:
        return f"a path of {len(segments)} segments"
    if segments:
        segment, times = Counter(segments).most_common(1)[0]
        if times >= MAX_REPEATS and not segment.isdecimal():
            return f"a path that repeats {segment[:40]!r} {times} times"
    return None
