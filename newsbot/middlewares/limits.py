"""The first station of a request: credentials are taken off, its kind decides how much may come and how long it may take."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from newsbot.middlewares.refused import Refused
from newsbot.options import Fetching, read_fetching
from newsbot.outcomes import Outcome
from newsbot.robots import MAX_BYTES

# Seconds for a source: a sitemap may be 50 MB.
SOURCE_TIMEOUT = 180
# What `meta["newsbot_kind"]` says of a request for a page; of robots.txt and tdmrep.json; any other is a source.
PAGE, ROBOTS = "page", "robots.txt"


class LimitsMiddleware:
    """Refuses what is not of the web, and sets what the download handler goes by."""

    def __init__(self, fetching: Fetching) -> None:
        self._fetching = fetching

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the limits."""
        return cls(read_fetching(crawler.settings.get))

    def process_request(self, request: Request) -> Request | None:
        """Return the request without credentials where it had some, else None."""
        parts = urlparse_cached(request)
        if parts.scheme not in {"http", "https"}:
            raise Refused(Outcome.BLOCKED_ADDRESS, f"{parts.scheme or 'no scheme'}: neither http nor https")
        if not parts.hostname:
            raise Refused(Outcome.BLOCKED_ADDRESS, "a URL without a host")
        if "@" in parts.netloc:
            return request.replace(url=without_credentials(request.url))
        kind = request.meta.get("newsbot_kind", PAGE)
        if kind == PAGE:
            request.meta.setdefault("download_maxsize", self._fetching.max_page_bytes)
        elif kind == ROBOTS:
            # Twice what is parsed, for the cut is made at the end of a line; a larger one is cut, not refused.
            request.meta.setdefault("download_maxsize", 2 * MAX_BYTES)
        else:
            request.meta.setdefault("download_maxsize", self._fetching.max_source_bytes)
            request.meta.setdefault("download_timeout", SOURCE_TIMEOUT)
        return None


def without_credentials(url: str) -> str:
    """Return a URL without user name and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
