"""The first station of a request: credentials are taken off, its kind decides how much may come and how long it may take."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from newsbot.middlewares.addresses import AddressGuard
from newsbot.middlewares.refused import Refused
from newsbot.options import Fetching, read_fetching
from newsbot.outcomes import Outcome
from newsbot.urls import without_credentials

# Seconds for a source: a sitemap may be 50 MB.
SOURCE_TIMEOUT = 180
# What `meta["newsbot_kind"]` says of a request: for a page, for a part of a page that is rendered, for robots.txt or
# tdmrep.json; any other is a source.
PAGE, PART, ROBOTS = "page", "part", "robots.txt"
# The downloader's slot of pages in the browser; what they are made of is fetched on the slots of its hosts.
RENDER_SLOT = "render"


class LimitsMiddleware:
    """Refuses what is not of the web, and sets what the download handler goes by."""

    def __init__(self, fetching: Fetching, *, renders: bool = False) -> None:
        self._fetching, self._renders = fetching, renders

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the limits. Raises SettingError, also for the guard's setting, which is read where Scrapy would hide the error."""
        AddressGuard.of(crawler.settings.get)
        publisher = getattr(crawler.spider, "publisher", None)
        return cls(read_fetching(crawler.settings.get), renders=bool(getattr(publisher, "render", False)))

    def process_request(self, request: Request) -> Request | None:
        """Return the request without credentials where it had some, else None."""
        parts = urlparse_cached(request)
        if parts.scheme not in {"http", "https"}:
            raise Refused(Outcome.BLOCKED_ADDRESS, f"{parts.scheme or 'no scheme'}: neither http nor https")
        if not parts.hostname:
            raise Refused(Outcome.BLOCKED_ADDRESS, "a URL without a host")
        if "@" in parts.netloc:
            return request.replace(url=without_credentials(request.url))
        self._limit(request, request.meta.setdefault("newsbot_kind", PAGE))
        return None

    def _limit(self, request: Request, kind: str) -> None:
        meta = request.meta
        if kind in {PAGE, PART}:
            meta.setdefault("download_maxsize", self._fetching.max_page_bytes)
        elif kind == ROBOTS:
            # One that is too large is not refused but cut, by the robots middleware while it comes.
            meta.setdefault("download_maxsize", 0)
        else:
            meta.setdefault("download_maxsize", self._fetching.max_source_bytes)
            meta.setdefault("download_timeout", SOURCE_TIMEOUT)
        if self._renders and kind == PAGE and not meta.get("newsbot_within"):
            meta |= {"download_slot": RENDER_SLOT, "dont_retry": True, "autothrottle_dont_adjust_delay": True}
