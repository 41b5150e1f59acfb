"""Obeys robots.txt by RFC 9309, and reads what it and tdmrep.json reserve onto each request.

Where Scrapy differs: an answer of 5xx or none at all disallows the whole host for the run, unless a copy of an earlier run is
there; what was read is kept for a day in the publisher's state; Crawl-delay is kept to, up to a cap.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from newsbot.extensions.run import RunExtension
from newsbot.extensions.throttle import set_floor
from newsbot.middlewares.limits import ROBOTS
from newsbot.middlewares.outcomes import reason_of
from newsbot.middlewares.refused import Refused
from newsbot.options import Fetching, read_fetching
from newsbot.outcomes import Outcome
from newsbot.robots import ALLOW_ALL, DISALLOW_ALL, MAX_BYTES, UNREAD, Robots, reserved
from newsbot.state import State

logger = logging.getLogger(__name__)

# Seconds that a copy is good for (RFC 9309, section 2.4).
MAX_AGE = 24 * 3600
ROBOTS_PATH, TDMREP_PATH = "/robots.txt", "/.well-known/tdmrep.json"


@dataclass(frozen=True, slots=True)
class Site:
    """What one origin says."""

    robots: Robots
    tdmrep: bytes = b"[]"
    fault: str | None = None
    """Why robots.txt could not be read, where the whole host is disallowed for it."""


class RobotsMiddleware:
    """Refuses what robots.txt disallows."""

    def __init__(self, crawler: Crawler, fetching: Fetching) -> None:
        self._crawler, self._fetching = crawler, fetching
        self._sites: dict[str, asyncio.Future[Site]] = {}
        self._memory: dict[str, tuple[float, bytes]] = {}
        self._listening = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the options."""
        return cls(crawler, read_fetching(crawler.settings.get))

    async def process_request(self, request: Request) -> None:
        """Note the rights on the request. Raises Refused where robots.txt disallows it or could not be read."""
        if request.meta.get("newsbot_kind") == ROBOTS:
            return
        site = await self._site(request)
        if not site.robots.allows(request.url):
            self._count("robotstxt/forbidden")
            raise Refused(Outcome.ROBOTS, site.fault or "robots.txt disallows it")
        request.meta["rights"] = {**reserved(site.tdmrep, request.url), **site.robots.rights(request.url)}

    async def _site(self, request: Request) -> Site:
        parts = urlparse_cached(request)
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        future = self._sites.get(origin)
        if future is None:
            future = self._sites[origin] = asyncio.get_running_loop().create_future()
            try:
                future.set_result(await self._read(origin, parts.hostname or ""))
            except BaseException as error:
                # Those who wait must not wait for ever; the next request tries again.
                del self._sites[origin]
                told = error if isinstance(error, Refused) else Refused(Outcome.ROBOTS, UNREAD)
                future.set_exception(told)
                future.exception()  # asyncio complains of one that nobody has asked for
                raise
        return await future

    async def _read(self, origin: str, host: str) -> Site:
        site = await self._read_robots(origin)
        asked = site.robots.crawl_delay(self._fetching.max_crawl_delay)
        if asked is not None:
            seconds, was_cut = asked
            if was_cut:
                logger.warning("%s: Crawl-delay is longer than %g s, cut to it", origin, seconds)
                self._count("robotstxt/crawl_delay_cut")
            set_floor(self._crawler, host, seconds)
        if site.fault or not site.robots.allows(origin + TDMREP_PATH):
            return site
        return Site(site.robots, await self._read_tdmrep(origin))

    async def _read_robots(self, origin: str) -> Site:
        url = origin + ROBOTS_PATH
        known = self._known(url)
        if known and time.time() - known[0] < MAX_AGE:
            return Site(Robots.parse(known[1]))
        answer = await self._fetch(url)
        self._count("robotstxt/request_count")
        if isinstance(answer, Response) and self._is_said(answer, url):
            body = answer.body[: MAX_BYTES + 1] if answer.status == 200 else b""
            self._remember(url, body)
            return Site(Robots.parse(body))
        if isinstance(answer, Response) and answer.status in {401, 403}:
            return Site(DISALLOW_ALL, fault=f"robots.txt: HTTP {answer.status}")
        return self._unreachable(url, answer, known)

    def _is_said(self, answer: Response, url: str) -> bool:
        """Whether an answer says what is allowed: a file, or that there is none (section 2.3.1.3)."""
        if answer.status in {401, 403}:
            logger.warning("%s: HTTP %d, taken as %s", url, answer.status, self._fetching.robots_forbidden)
            return self._fetching.robots_forbidden == "allow"
        # Too many requests is no statement about the file.
        return answer.status < 500 and answer.status != 429

    def _unreachable(self, url: str, answer: Response | Exception, known: tuple[float, bytes] | None) -> Site:
        self._count("robotstxt/unreachable")
        reason = f"HTTP {answer.status}" if isinstance(answer, Response) else reason_of(Failure(answer))  # type: ignore[no-untyped-call]
        if isinstance(answer, Refused) and answer.outcome is Outcome.REDIRECT_LIMIT:
            logger.warning("%s: %s; taken as none there (RFC 9309, section 2.3.1.2)", url, reason)
            return Site(ALLOW_ALL)
        if isinstance(answer, Refused) and answer.outcome is Outcome.BLOCKED_ADDRESS:
            raise answer
        if known:
            logger.warning("%s: %s; the copy of %s is used", url, reason, time.ctime(known[0]))
            return Site(Robots.parse(known[1]))
        logger.error("%s: %s; the whole host is disallowed for this run (RFC 9309)", url, reason)
        return Site(DISALLOW_ALL, fault=f"{UNREAD}: {reason}")

    async def _read_tdmrep(self, origin: str) -> bytes:
        url = origin + TDMREP_PATH
        known = self._known(url)
        if known and time.time() - known[0] < MAX_AGE:
            return known[1]
        answer = await self._fetch(url)
        if not isinstance(answer, Response) or answer.status >= 500 or answer.status == 429:
            return known[1] if known else b"[]"
        body = answer.body if answer.status == 200 and len(answer.body) <= MAX_BYTES else b"[]"
        self._remember(url, body)
        return body

    async def _fetch(self, url: str) -> Response | Exception:
        meta = {"newsbot_kind": ROBOTS}
        request = Request(
            url,
            headers={"Accept-Encoding": "identity"},
            priority=1000,
            meta=meta,
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        assert self._crawler.engine is not None
        self._listen(1)
        try:
            return await self._crawler.engine.download_async(request)
        except IgnoreRequest as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever a server can provoke: the host is unreachable
            return error
        finally:
            self._listen(-1)

    def _listen(self, more: int) -> None:
        """Look at what arrives while a robots.txt does, to cut endless ones; pages come in many pieces, each a call."""
        before, self._listening = self._listening, self._listening + more
        if not before:
            self._crawler.signals.connect(self.bytes_received, signal=signals.bytes_received)
        elif not self._listening:
            self._crawler.signals.disconnect(self.bytes_received, signal=signals.bytes_received)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stop a robots.txt that goes on after what is parsed of it, and keep what came."""
        if request.meta.get("newsbot_kind") != ROBOTS:
            return
        got = request.meta["newsbot_bytes"] = request.meta.get("newsbot_bytes", 0) + len(data)
        if got > MAX_BYTES:
            raise StopDownload(fail=False)

    # -- what is kept for a day ------------------------------------------------------------------------------------------------

    def _state(self) -> State | None:
        extension: Any = self._crawler.get_extension(RunExtension)
        return extension.run.state if extension else None

    def _known(self, url: str) -> tuple[float, bytes] | None:
        state = self._state()
        return state.robots(url) if state else self._memory.get(url)

    def _remember(self, url: str, body: bytes) -> None:
        state = self._state()
        if state:
            state.remember_robots(url, time.time(), body)
        else:
            self._memory[url] = (time.time(), body)

    def _count(self, name: str) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(name)
