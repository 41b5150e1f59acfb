"""How complete a backfill can be: which of the days asked for were covered by sitemaps and archive pages that name their days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from newsbot.discover.days import SLACK, day_of, ends, span_of
from newsbot.items import Candidate
from newsbot.publishers.model import Source
from newsbot.schedule import Range

# Decades of days are enough; a range that is open at its beginning has no end.
_MAX_DAYS = 40_000


@dataclass(slots=True)
class Coverage:
    """What was read of the days asked for, and what could not be."""

    asked: Range
    now: datetime
    missing: set[date] = field(init=False)
    """Days that no source read so far names."""
    dated: int = 0
    """Sitemaps and archive pages read that name their days."""
    undated: int = 0
    """Sitemaps read that do not: what they hold is known only when they are read."""
    failed: int = 0
    oldest: date | None = None
    """Day of the oldest article that a source without days announced."""

    def __post_init__(self) -> None:
        """List the days asked for, none where no beginning was given."""
        first, last = ends(self.asked)
        end = min(last or date.max, self.now.date() + SLACK)
        count = min((end - first).days, _MAX_DAYS) if first else 0
        self.missing = {first + timedelta(days=number) for number in range(count)} if first else set()

    def read(self, source: Source, announced: Iterable[Candidate]) -> None:
        """Take in a source that was read, with what it announced."""
        named = span_of(source.url) if source.kind in {"sitemap", "news_sitemap", "archive"} else None
        if named:
            self.dated += 1
            self.missing = {day for day in self.missing if not named[0] <= day < named[1]}
            return
        count = 0
        for candidate in announced:
            count += 1
            day = day_of(candidate.date_published_raw or candidate.date_modified_raw)
            if day and (self.oldest is None or day < self.oldest):
                self.oldest = day
        self.undated += source.kind == "sitemap" and count > 0

    def sentence(self) -> str | None:
        """Return how complete the run can be, in one sentence; None where no beginning was asked for."""
        if self.asked.since is None:
            return None
        first, last = ends(self.asked)
        until = min((last or date.max), self.now.date() + SLACK) - timedelta(days=1)
        words = self._words(f"{first} to {until}")
        return words + (f"; {self.failed} sources could not be read" if self.failed else "")

    def _words(self, days: str) -> str:
        back = f", whose oldest dated entry is of {self.oldest}" if self.oldest else ""
        if self.dated and not self.missing:
            return f"as complete as the site's archive: {self.dated} dated sitemaps and archive pages cover every day of {days}"
        if self.undated:
            return f"as complete as the site's sitemaps: {self.undated} that name no days were read in full{back}"
        if self.dated:
            return f"incomplete: {len(self.missing)} days of {days} are in no sitemap or archive page that the site names"
        return f"incomplete: only feeds, news sitemaps and pages were read{back}; no archive names the days of {days}"
