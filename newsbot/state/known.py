"""What is known of a URL, an article and a source between runs: the rows of a publisher's state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class KnownUrl:
    """What is known of a URL that was fetched before; times in seconds since 1970 UTC."""

    key: str
    url: str
    outcome: str
    article_id: str | None
    fetched_at: float | None
    next_visit_at: float | None
    visits: int
    etag: str | None
    last_modified: str | None


@dataclass(slots=True)
class KnownArticle:
    """The latest version of an article; times in seconds since 1970 UTC."""

    article_id: str
    version: int
    page_hash: str | None
    """Hash of headline and body before learned boilerplate was taken out, so that learning more is no new version."""
    headline_hash: str | None
    sketch: str | None
    """Hex of the body's near-duplicate sketch."""
    first_seen_at: float
    changed_at: float
    edits: int
    """Versions seen that the publisher made, the first not counted."""
    extractor_version: str | None
    row: str | None
    """JSON of what a tombstone row repeats: publisher, url, headline, dates."""


@dataclass(slots=True)
class KnownSource:
    """What is known of a source; times in seconds since 1970 UTC."""

    url: str
    kind: str
    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    polled_at: float | None = None
    changed_at: float | None = None
    next_poll_at: float | None = None
    interval: float | None = None
    """Seconds between polls, following the pace at which the source changes."""
    conditional: int = 0
    """Conditional polls in a row; every n-th is unconditional, for servers whose validators are stuck."""
    failures: int = 0
