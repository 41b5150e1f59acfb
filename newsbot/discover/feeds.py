"""Feeds: RSS, Atom and JSON Feed, with their hints of headline, dates and language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import feedparser
import orjson

from newsbot.discover.found import MAX_ENTRIES, Announced, Further, address, raw, title
from newsbot.discover.xml import refuse_tricks, refuse_what_is_no_source, unpack
from newsbot.exceptions import UnreadableSource
from newsbot.items import Candidate
from newsbot.publishers.model import Source

# The largest feed of the known publishers has 5 MB with full texts in it.
MAX_FEED = 16 * 1024 * 1024


def read_feed(body: bytes, url: str, source: Source) -> Iterator[Announced]:
    """Yield what a feed at `url` announces, in its order; the next page of a paged feed (RFC 5005) as a further source.

    Raises UnreadableSource for what is no feed.
    """
    text = _whole(body)
    refuse_what_is_no_source(text[:65536], "a feed")
    if text.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1] == b"{":
        yield from _read_json(text, url, source)
        return
    refuse_tricks(text)
    feed = feedparser.parse(text, response_headers={"content-location": url}, sanitize_html=False)
    if not feed.version and not feed.entries:
        raise UnreadableSource(f"is neither RSS, Atom nor JSON Feed ({_reason(feed)})")
    for entry in feed.entries[:MAX_ENTRIES]:
        candidate = _candidate(entry, feed, url, source)
        if candidate:
            yield candidate
    for link in feed.feed.get("links", []):
        following = address(link.get("href"), url) if link.get("rel") in {"next", "prev-archive"} else None
        if following:
            yield Further(replace(source, url=following), is_page=True)


def _whole(body: bytes) -> bytes:
    parts, size = [], 0
    for part in unpack(body):
        size += len(part)
        if size > MAX_FEED:
            raise UnreadableSource(f"is larger than {MAX_FEED} bytes, too large for a feed")
        parts.append(part)
    return b"".join(parts)


def _reason(feed: Any) -> str:
    return str(feed.get("bozo_exception") or "no element of theirs is in it").splitlines()[0][:120]


def _candidate(entry: Any, feed: Any, url: str, source: Source) -> Candidate | None:
    found = address(_link(entry), url)
    if found is None:
        return None
    # dict.get: feedparser's own makes one date stand in for the other.
    published, updated = dict.get(entry, "published"), dict.get(entry, "updated")
    if published is None and not feed.version.startswith("atom"):
        # RSS 1.0 and modules have one date, Dublin Core's, which is that of publication.
        published, updated = updated or dict.get(entry, "created"), None
    return Candidate(
        url=found,
        headline=title(dict.get(entry, "title")),
        date_published_raw=raw(published),
        date_modified_raw=raw(updated),
        in_language=_language(entry, feed) or source.language,
    )


def _link(entry: Any) -> str | None:
    """Return the article's own address: a proxy's feed keeps it beside the link that it counts clicks on."""
    link = entry.get("feedburner_origlink") or dict.get(entry, "link")
    if not link and str(entry.get("id", "")).startswith(("http://", "https://")):
        link = entry["id"]
    return str(link) if link else None


def _language(entry: Any, feed: Any) -> str | None:
    own = (entry.get("title_detail") or {}).get("language")
    return str(own or feed.feed.get("language") or "") or None


def _read_json(text: bytes, url: str, source: Source) -> Iterator[Announced]:
    try:
        feed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UnreadableSource(f"is broken JSON where a feed should be ({error})") from error
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        raise UnreadableSource("is JSON, but no JSON Feed (https://www.jsonfeed.org/version/1.1/)")
    for item in items[:MAX_ENTRIES]:
        found = (
            address(_text(item, "url") or _text(item, "external_url"), url)
            if isinstance(item, dict)
            else None
        )
        if found:
            yield Candidate(
                url=found,
                headline=title(_text(item, "title")),
                date_published_raw=raw(_text(item, "date_published")),
                date_modified_raw=raw(_text(item, "date_modified")),
                in_language=_text(item, "language") or _text(feed, "language") or source.language,
            )
    following = address(_text(feed, "next_url"), url)
    if following:
        yield Further(replace(source, url=following), is_page=True)


def _text(item: dict[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and value.strip() else None
