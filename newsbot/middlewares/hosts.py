"""What a run knows of each host: whether it asked for a pause, and whether it is down.

429 and 503 pause the whole host, for as long as Retry-After says or, without one, twice as long each time. A host that asks
for more than a run waits, or goes on asking, or cannot be reached several times in a row, is left to the next run.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from newsbot.middlewares.outcomes import VERDICT
from newsbot.middlewares.refused import Refused
from newsbot.options import Fetching, read_fetching
from newsbot.outcomes import Outcome

logger = logging.getLogger(__name__)

# Statuses that ask for a pause (RFC 6585, RFC 9110 section 15.6.4).
PAUSING = frozenset({429, 503})
# Pauses in a row, with no page between, after which a host is left to the next run.
MAX_PAUSES = 5
# Requests in a row without any answer after which a host counts as down; retries count.
MAX_LOST = 9
# Seconds between two looks whether the crawl is being stopped while a request waits.
_STEP = 0.5
_UNREACHABLE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)


@dataclass(slots=True)
class Host:
    """One host and port in one run; times of the monotonic clock."""

    until: float = 0.0
    """Not to be asked before."""
    pauses: int = 0
    """In a row."""
    lost: int = 0
    """Requests in a row without an answer."""
    closed: str | None = None
    """Why it is left to the next run."""


class HostsMiddleware:
    """Holds requests back while their host is to be left alone."""

    def __init__(self, crawler: Crawler, fetching: Fetching) -> None:
        self._crawler, self._fetching = crawler, fetching
        self._hosts: dict[str, Host] = {}
        self._started = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the limits."""
        return cls(crawler, read_fetching(crawler.settings.get))

    def _host(self, request: Request) -> Host:
        return self._hosts.setdefault(urlparse_cached(request).netloc, Host())

    async def process_request(self, request: Request) -> None:
        """Wait for the end of the host's pause. Raises Refused where the host is left to the next run."""
        host = self._host(request)
        while True:
            if host.closed:
                raise Refused(Outcome.DEFERRED, host.closed)
            left = host.until - time.monotonic()
            if left <= 0:
                return
            if is_closing(self._crawler):
                raise Refused(Outcome.DEFERRED, "the run ended while its host was paused")
            await asyncio.sleep(min(left, _STEP))

    def process_response(self, request: Request, response: Response) -> Response:
        """Note a pause that the response asks for, or that the host answers."""
        host = self._host(request)
        host.lost = 0
        if response.status in PAUSING:
            self._pause(request, response, host)
        elif response.status < 500:
            host.pauses = 0
        return response

    def _pause(self, request: Request, response: Response, host: Host) -> None:
        now = time.monotonic()
        asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        # Requests that were under way when the pause began bring its answer again.
        if now >= host.until:
            host.pauses += 1
        seconds = asked if asked is not None else self._fetching.pause * 2 ** (host.pauses - 1)
        if seconds > self._longest_pause(now):
            self._close(request, host, f"HTTP {response.status}, asks to wait {seconds:.0f} s")
        elif host.pauses > MAX_PAUSES:
            self._close(request, host, f"HTTP {response.status} {host.pauses} times in a row")
        else:
            host.until = max(host.until, now + seconds)
            self._count("hosts/pauses")
        if host.closed:
            request.meta[VERDICT] = (Outcome.DEFERRED, host.closed)
            request.meta["dont_retry"] = True

    def _longest_pause(self, now: float) -> float:
        longest = self._fetching.max_pause
        if self._fetching.run_seconds:
            longest = min(longest, self._fetching.run_seconds - (now - self._started))
        return longest

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count a request without an answer."""
        if not isinstance(exception, _UNREACHABLE):
            return
        host = self._host(request)
        host.lost += 1
        if host.lost >= MAX_LOST:
            self._close(request, host, f"no answer {host.lost} times in a row")

    def _close(self, request: Request, host: Host, reason: str) -> None:
        if host.closed is None:
            host.closed = reason
            logger.warning("%s: %s; left to the next run", urlparse_cached(request).netloc, reason)
            self._count("hosts/closed")

    def _count(self, name: str) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(name)


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for, 0 for a date in the past; None for none, negative or rubbish."""
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())


def is_closing(crawler: Crawler) -> bool:
    """Whether the crawl is being stopped, by a signal or by the spider."""
    slot = getattr(crawler.engine, "_slot", None)
    return not crawler.crawling or (slot is not None and slot.closing is not None)
