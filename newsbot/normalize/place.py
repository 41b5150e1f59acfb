"""Where and when an article was published, as far as reading its dates and names needs it; input of normalize()."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True)
class Place:
    """What normalize knows of a publisher. Defaults are those of a site without a publisher file."""

    time_zone: str = "UTC"
    """IANA name: the zone of times written without one."""
    languages: tuple[str, ...] = ()
    """BCP 47, the main one first."""
    date_order: str | None = None
    """DMY, MDY or YMD for dates such as 03/04/2020; None: by the page's language, else such dates are null."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    """UTC: what "2 hours ago" counts from and the future begins at, where the article has no fetched_at."""
    site_names: tuple[str, ...] = ()
    """Names of the site, which are cut off headlines and are no authors."""
