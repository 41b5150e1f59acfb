"""An article as it stands in the newspaper and in listings, and how dates and URLs are written; part of newspaper.py."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import NamedTuple

from newsbot.demo.clock import ZONE
from newsbot.demo.sections import Section
from newsbot.demo.story import Story

FIRST_NUMBER = 9_000_000
"""Number in the newest article's URL; older articles have smaller ones."""
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Printed:
    """A story as it stands in the newspaper."""

    index: int
    section: Section
    story: Story
    story_id: str
    """The same for the same story in another edition."""
    path: str
    published: datetime
    """UTC, as precise as its page says it."""
    modified: datetime | None
    precision: str
    is_free: bool | None
    """What its page says about a paywall; None: nothing."""
    has_standfirst: bool
    """Whether the page shows it, beside declaring it."""

    @property
    def number(self) -> int:
        """The number in its URL."""
        return FIRST_NUMBER - self.index

    @property
    def image(self) -> str:
        """Path of its lead image."""
        return f"/images/{self.number}.jpg"


class Listed(NamedTuple):
    """An article as listings name it."""

    place: int
    """Its index."""
    url: str
    path: str
    headline: str
    standfirst: str
    section: Section
    published: datetime
    """As precise as its page says it."""
    modified: datetime | None
    precision: str


def said(instant: datetime, precision: str) -> datetime:
    """Return an instant as a page of that precision says it: a day is the midnight UTC of the newspaper's calendar day."""
    if precision == "day":
        return datetime.combine(instant.astimezone(ZONE).date(), time(), UTC)
    return instant.replace(second=0) if precision == "minute" else instant


def iso(instant: datetime) -> str:
    """Return an instant such as 2026-02-27T17:42:00Z."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def slug(headline: str) -> str:
    """Return a headline as part of a URL, empty where it has no Latin words."""
    folded = unicodedata.normalize("NFKD", headline.lower()).encode("ascii", "ignore").decode()
    words = _NOT_SLUG.sub("-", folded).strip("-")
    if not re.search(r"[a-z]{3}", words):
        return ""  # a headline of another script leaves its digits only
    return words[:60].rsplit("-", 1)[0] if len(words) > 60 else words
