"""The demo newspaper's sitemaps: an index of months, a sitemap a month, the news of the last two days; served by site.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from newsbot.demo.clock import LATEST, Month
from newsbot.demo.printed import iso
from newsbot.demo.wire import pack

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS_NAMESPACE = "http://www.google.com/schemas/sitemap-news/0.9"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
NEWS_AT_MOST = 1000
"""Entries of the news sitemap, the protocol's limit."""


def month_path(place: int, month: Month) -> str:
    """Return the path of a month's sitemap; `place` 0 is the newest month, the second is gzipped and named so."""
    return f"/sitemaps/{month.year}-{month.month:02}.xml{'.gz' if place == 1 else ''}"


def month_sitemap(paper: Newspaper, place: int, month: Month) -> bytes:
    """Return a month's sitemap; the third newest is gzipped, though its name does not say so."""
    body = urlset(_entry(paper, index) for index in range(max(month.start, paper.newest), month.stop))
    return pack(body) if place in (1, 2) else body


def urlset(entries: Iterable[str]) -> bytes:
    """Return a sitemap of `<url>` entries."""
    return f'{_DECLARATION}<urlset xmlns="{NAMESPACE}">\n{"".join(entries)}</urlset>\n'.encode()


def sitemap_index(entries: Iterable[tuple[str, str]]) -> bytes:
    """Return a sitemap index of URLs and their dates of last change (empty: none)."""
    lines = "".join(
        f"<sitemap><loc>{escape(url)}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</sitemap>\n"
        for url, date in entries
    )
    return f'{_DECLARATION}<sitemapindex xmlns="{NAMESPACE}">\n{lines}</sitemapindex>\n'.encode()


def index(paper: Newspaper) -> bytes:
    """Return the sitemap index: its months, newest first."""
    return sitemap_index(
        (paper.base + month_path(place, month), f"{paper.published(month.start):%Y-%m-%d}")
        for place, month in enumerate(paper.clock.months())
    )


def _entry(paper: Newspaper, index: int) -> str:
    item = paper.listed(index)
    return (
        f"<url><loc>{escape(item.url)}</loc><lastmod>{iso(item.modified or item.published)}</lastmod></url>\n"
    )


def news(paper: Newspaper) -> bytes:
    """Return the news sitemap: two days at most, with title and date as precise as the page says it."""
    stop = min(
        paper.clock.first_before(LATEST - timedelta(days=2)), paper.newest + NEWS_AT_MOST, paper.articles
    )
    entries = "".join(_news_entry(paper, index) for index in range(paper.newest, stop))
    return (
        f'{_DECLARATION}<urlset xmlns="{NAMESPACE}" xmlns:news="{_NEWS_NAMESPACE}">\n{entries}</urlset>\n'
    ).encode()


def _news_entry(paper: Newspaper, index: int) -> str:
    item = paper.listed(index)
    date = f"{item.published:%Y-%m-%d}" if item.precision == "day" else iso(item.published)
    return (
        f"<url><loc>{escape(item.url)}</loc><news:news><news:publication><news:name>{escape(paper.title)}</news:name>"
        f"<news:language>{item.section.language}</news:language></news:publication>"
        f"<news:publication_date>{date}</news:publication_date><news:title>{escape(item.headline)}</news:title>"
        "</news:news></url>\n"
    )
