"""The demo newspaper's feeds: RSS, Atom and JSON Feed of its newest articles; served by site.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import orjson

from newsbot.demo.clock import LATEST
from newsbot.demo.printed import Listed, iso

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper

ITEMS = 40
"""Articles in a feed."""


def rss(paper: Newspaper, items: Iterable[Listed], path: str, title: str) -> bytes:
    """Return RSS 2.0 of articles; one whose page shows no time of day has no pubDate."""
    entries = "\n".join(_rss_item(item) for item in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{escape(title)}</title><link>{paper.base}/</link><description>{escape(title)}</description>\n"
        f'<atom:link href={quoteattr(paper.base + path)} rel="self" type="application/rss+xml"/>\n'
        f"<lastBuildDate>{_mail_date(LATEST)}</lastBuildDate><ttl>60</ttl>\n{entries}\n</channel></rss>\n"
    ).encode()


def _rss_item(item: Listed) -> str:
    date = f"<pubDate>{_mail_date(item.published)}</pubDate>" if item.precision != "day" else ""
    return (
        f'<item><title>{escape(item.headline)}</title><link>{escape(item.url)}</link><guid isPermaLink="true">'
        f"{escape(item.url)}</guid>{date}<category>{escape(item.section.title)}</category>"
        f"<dc:language>{item.section.language}</dc:language><description>{escape(item.standfirst)}</description></item>"
    )


def _mail_date(instant: datetime) -> str:
    return format_datetime(instant, usegmt=True)


def atom(paper: Newspaper, items: Iterable[Listed], path: str, title: str) -> bytes:
    """Return an Atom feed of articles."""
    entries = "\n".join(_atom_entry(item) for item in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{escape(title)}</title><id>{paper.base}/</id><updated>{iso(LATEST)}</updated>\n"
        f'<link href="{paper.base}/"/><link rel="self" href={quoteattr(paper.base + path)}/>\n{entries}\n</feed>\n'
    ).encode()


def _atom_entry(item: Listed) -> str:
    published = f"<published>{iso(item.published)}</published>" if item.precision != "day" else ""
    return (
        f'<entry xml:lang="{item.section.language}"><title type="html">{escape(escape(item.headline))}</title>'
        f'<link rel="alternate" href={quoteattr(item.url)}/><id>{escape(item.url)}</id>{published}'
        f"<updated>{iso(item.modified or item.published)}</updated><summary>{escape(item.standfirst)}</summary></entry>"
    )


def json_feed(paper: Newspaper, items: Iterable[Listed], path: str, title: str) -> bytes:
    """Return a JSON Feed 1.1 of articles."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": title,
            "home_page_url": f"{paper.base}/",
            "feed_url": paper.base + path,
            "items": [_json_item(item) for item in items],
        }
    )


def _json_item(item: Listed) -> dict[str, str]:
    stated = {
        "id": item.url,
        "url": item.url,
        "title": item.headline,
        "summary": item.standfirst,
        "language": item.section.language,
    }
    if item.precision != "day":
        stated["date_published"] = iso(item.published)
    if item.modified:
        stated["date_modified"] = iso(item.modified)
    return stated
