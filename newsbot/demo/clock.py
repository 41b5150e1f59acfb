"""When the demo newspaper's articles appeared: a pure function of seed, index and number of articles; read by newspaper.py."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from newsbot.demo.draw import draw

LATEST = datetime(2026, 3, 2, 17, 42, tzinfo=UTC)
"""The newest article is not later: every article lies in the past, whenever the newspaper is read."""
ZONE = ZoneInfo("America/Halifax")
"""The newspaper's own zone, UTC-4 and UTC-3 in summer: a sixth of its evening articles belong to the next UTC day."""
PER_DAY = 30
"""Articles a day, up to ten years' worth; a larger newspaper has more a day."""
DAYS_AT_LEAST = 40
"""A small newspaper has fewer a day, down to three, so that it spans months too."""
YEARS_AT_MOST = 10


class Month(NamedTuple):
    """A UTC month and its articles, newest first: indexes from `start` up to, without, `stop`."""

    year: int
    month: int
    start: int
    stop: int


class Clock:
    """Index 0 is the newest article; the further, the older."""

    def __init__(self, seed: int, articles: int, per_day: int | None = None) -> None:
        self.seed = seed
        self.articles = articles
        usual = min(PER_DAY, max(3, articles // DAYS_AT_LEAST))
        self.per_day = per_day or max(usual, -(-articles // (YEARS_AT_MOST * 365)))
        self.spacing = 86400 / self.per_day

    def published(self, index: int) -> datetime:
        """Return when article `index` appeared, UTC, to the second; never a local time that exists twice."""
        seconds = index * self.spacing + draw(self.seed, "clock", index).random() * 0.8 * self.spacing
        instant = LATEST - timedelta(seconds=int(seconds))
        local = instant.astimezone(ZONE)
        if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
            # The hour in which summer time ends: later, where the local time is unambiguous.
            instant += timedelta(hours=2)
        return _past_midnight(instant)

    def first_before(self, instant: datetime) -> int:
        """Return the smallest index whose article is older than `instant` (`articles` if none is)."""
        return bisect_right(
            range(self.articles), -instant.timestamp(), key=lambda i: -self.published(i).timestamp()
        )

    def months(self) -> Iterator[Month]:
        """Yield the UTC months that have articles, newest first."""
        start, cursor = 0, LATEST.replace(day=1, hour=0, minute=0, second=0)
        while start < self.articles:
            stop = self.first_before(cursor)
            if stop > start:
                yield Month(cursor.year, cursor.month, start, stop)
            start, cursor = stop, (cursor - timedelta(days=1)).replace(day=1)


def modified_after(published: datetime, rng: Random) -> datetime | None:
    """Return when an article that appeared at `published` was last changed: half of them were, within two days."""
    if rng.random() < 0.5:
        return None
    changed = published + timedelta(seconds=int(60 + rng.random() ** 3 * 170_000))
    local = changed.astimezone(ZONE)
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        changed += timedelta(hours=2)
    return min(_past_midnight(changed), LATEST + timedelta(minutes=10))


def _past_midnight(instant: datetime) -> datetime:
    """Return a minute later what would be shown as 00:00: readers take that for a day without a time."""
    local = instant.astimezone(ZONE)
    return instant + timedelta(minutes=1) if (local.hour, local.minute) == (0, 0) else instant
