"""What the tests of metadata share: a page written in the test, and what is read off it."""

from __future__ import annotations

from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from newsbot.extract.marked import Marked
from newsbot.extract.metadata import read_metadata
from newsbot.extract.signals import Signals, read_signals
from newsbot.items import Article, Candidate, Page
from newsbot.publishers.model import Layout

URL = "https://www.harbour-herald.example/city/101-bridge-opens/"
VISITED = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)


def page_of(html: str, url: str | None = URL, **more: object) -> Page:
    """Return a page of `html`; `more` are other fields of Page."""
    page = Page(url=url, body=html.encode("utf-8", "surrogatepass"), fetched_at=VISITED)
    for name, value in more.items():
        setattr(page, name, value)
    return page


def article_of(html: str, url: str | None = URL, layout: Layout | None = None, **more: object) -> Article:
    """Return what is read off `html`."""
    return read_metadata(Marked(LexborHTMLParser(html)), page_of(html, url, **more), layout)


def signals_of(html: str, url: str | None = URL, layout: Layout | None = None) -> Signals:
    """Return what speaks of metadata on `html`."""
    return read_signals(Marked(LexborHTMLParser(html)), page_of(html, url), layout)


def announced(**hints: str) -> Candidate:
    """Return a candidate with a feed's hints."""
    return Candidate(URL, source="https://www.harbour-herald.example/rss", source_kind="feed", **hints)
