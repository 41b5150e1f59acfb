"""What a publisher file declares, as frozen dataclasses; the registry reads files into them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from newsbot.urls import same_site

SourceKind = Literal["feed", "sitemap", "news_sitemap", "section", "archive", "site", "robots"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place where a publisher announces URLs."""

    kind: SourceKind
    """feed (RSS, Atom, JSON Feed), sitemap (index or leaf), news_sitemap, section page, dated archive page; of a site without a
    file: site (its home page) and robots (its robots.txt), which name the others."""
    url: str
    """Absolute URL; an archive's holds {year}, {month}, {day} (`{month:02}` pads)."""
    language: str | None = None
    """BCP 47 of what it announces, where it differs from the publisher's first."""
    backfill: bool = False
    """Read only in runs with `since`: archives that announce far more than is new."""
    next_page: str | None = None
    """Section and archive pages: CSS selector of the link to the next page; None: one page."""
    is_guess: bool = False
    """Tried without being named anywhere: that it is missing is no fault. Never set by a file."""


@dataclass(frozen=True, slots=True)
class Layout:
    """CSS selectors of one design of a publisher's article pages; each tuple is tried in order, the first that matches wins."""

    valid_until: date | None = None
    """Last UTC day on which pages had this design; None: today's. Archived pages meet the rules of their day."""
    headline: tuple[str, ...] = ()
    standfirst: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    """Containers of the text; all matches of the first selector that matches are taken, in document order."""
    date_published: tuple[str, ...] = ()
    """Elements whose `datetime`, `content` or text is the date."""
    date_modified: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    """Elements that are never article text; all are removed before anything is read."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """Limits of one run of one publisher, against endless sites and for politeness."""

    max_pages: int | None = None
    """Article fetches a run; None: the setting's."""
    max_depth: int = 20
    """Paging steps from a source."""
    delay: float | None = None
    """Seconds between requests to a host; None: the setting's."""
    concurrency: int | None = None
    """Requests at a time to a host; None: the setting's."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """One news site: unit of configuration, politeness, state, lock, schedule and report."""

    name: str
    """Registry name: lower-case ASCII letters, digits, `_`, `-`; the file's stem; safe in paths."""
    site: str
    """Root URL, http(s), without trailing slash."""
    other_sites: tuple[str, ...] = ()
    """Root URLs of other domains on which its pages stand, such as example.com beside example.co.uk."""
    title: str | None = None
    """Display name, such as `RT`."""
    country: str | None = None
    """ISO 3166-1 alpha-2, lower case."""
    languages: tuple[str, ...] = ()
    """BCP 47, the main one first; empty: detect."""
    time_zone: str = "UTC"
    """IANA name; the zone of dates shown without one."""
    date_order: Literal["DMY", "MDY", "YMD"] | None = None
    """Order of ambiguous dates such as 03/04/2020; None: by language, else such dates are null."""
    sources: tuple[Source, ...] = ()
    article_patterns: tuple[str, ...] = ()
    """Regular expressions searched in the URL's path and query; empty: learned."""
    other_patterns: tuple[str, ...] = ()
    """URLs that are never articles; wins over article_patterns."""
    layouts: tuple[Layout, ...] = ()
    """Newest first."""
    budgets: Budgets = field(default_factory=Budgets)
    render: bool = False
    """Whether pages need JavaScript (extra `render`)."""
    verify_tls: bool = True
    """False is recorded on every row."""
    path: str | None = None
    """The file it was read from; None for a site named on the command line."""

    def holds(self, url: str) -> bool:
        """Whether a URL is of one of the publisher's sites."""
        return any(same_site(url, site) for site in (self.site, *self.other_sites))
