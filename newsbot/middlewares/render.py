"""Pages that need JavaScript, rendered by Chromium (extra `render`): the browser computes, and never touches the network itself.

The page, and each script and piece of data that it asks for, is fetched by the crawl's own downloader and handed to the browser; so
robots.txt, address guard, size limits, User-Agent and delays hold for every one of them. The browser is started with a resolver
that knows no host and a proxy that is none, so that what bypasses the hand-over (WebSocket, WebRTC, prefetch) reaches nobody.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page as BrowserPage
from playwright.async_api import Route
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from newsbot.middlewares.download import GuardedDownloadHandler
from newsbot.middlewares.limits import PAGE, PART
from newsbot.middlewares.refused import Refused
from newsbot.options import read_fetching
from newsbot.outcomes import Outcome

logger = logging.getLogger(__name__)

# What the text of a page can come from; pictures, fonts, styles, media, pings and frames are not fetched at all.
WANTED = frozenset({"script", "xhr", "fetch"})
# Parts that a page may ask for; advertising asks for more, text comes with the first.
MAX_PARTS = 100
# Milliseconds that a page has to load, and then to come to rest.
LOAD_MS, REST_MS = 20_000, 5_000
# Seconds for all of it: a script that never rests lets no other limit of the browser bite.
LONGEST = 40
_CLOSE_SECONDS = 5
# Headers of a part's request that servers answer by.
_PASSED_ON = ("accept", "origin", "x-requested-with")
# Headers that no longer fit a decoded body.
_DROPPED = frozenset({"content-encoding", "content-length", "transfer-encoding", "content-security-policy"})
ARGUMENTS = [
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


class RenderedDownloadHandler(GuardedDownloadHandler, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Fetches as GuardedDownloadHandler does; a page that came as HTML then goes through the browser."""

    # The browser's driver is started with the engine.
    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.config.launch_options = launch_options(crawler)
        self._max_bytes = read_fetching(crawler.settings.get).max_page_bytes

    async def download_request(self, request: Request) -> Response:
        """Return the response, its body as the browser shows it. Raises as GuardedDownloadHandler does."""
        if request.meta.get("newsbot_kind") != PAGE or request.meta.get("newsbot_within"):
            return await super().download_request(request)
        plain = await self._fetch(_inner(request, request.url))
        request.meta["rights"] = plain.meta.get("rights", {})
        if plain.status != 200 or not isinstance(plain, HtmlResponse):
            return plain.replace(request=request)
        body = await self._render(plain)
        if len(body) > self._max_bytes:
            raise Refused(Outcome.TOO_LARGE, f"larger than {self._max_bytes} bytes when rendered")
        shown = plain.replace(body=body, encoding="utf-8", flags=[*plain.flags, "rendered"], request=request)
        shown.headers["Content-Type"] = "text/html; charset=utf-8"
        return shown

    async def _fetch(self, request: Request) -> Response:
        assert self._crawler.engine is not None
        return await self._crawler.engine.download_async(request)

    async def _render(self, plain: HtmlResponse) -> bytes:
        visit = _Visit(self, plain, self._max_bytes)
        meta = {
            "playwright": True,
            "playwright_context_kwargs": {
                "user_agent": self._crawler.settings["USER_AGENT"],
                "service_workers": "block",
                "accept_downloads": False,
            },
            "playwright_page_init_callback": visit.begin,
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded", "timeout": LOAD_MS},
            "playwright_page_methods": [PageMethod(_rest)],
            "newsbot_within": True,
        }
        showing = super().download_request(Request(plain.url, meta=meta))
        try:
            shown = await asyncio.wait_for(showing, LONGEST)
        except TimeoutError as error:
            raise _lost(f"it took longer than {LONGEST} seconds") from error
        except BrowserError as error:
            raise _lost(error.message.splitlines()[0]) from error
        finally:
            await visit.end()
        return shown.text.encode() if isinstance(shown, HtmlResponse) else shown.body


@dataclass
class _Visit:
    """One page in the browser: answers what it asks for."""

    handler: RenderedDownloadHandler
    plain: HtmlResponse
    bytes_left: int
    parts: int = 0
    page: BrowserPage | None = None

    async def begin(self, page: BrowserPage, request: Request) -> None:  # noqa: ARG002 - the callback's signature
        self.page = page
        # The last route that was added is asked first, and this one leaves nothing to the others.
        await page.route("**", self.answer)

    async def answer(self, route: Route) -> None:
        asked = route.request
        try:
            if asked.is_navigation_request() and asked.url == self.plain.url and not asked.frame.parent_frame:
                await route.fulfill(status=200, headers=_headers(self.plain), body=self.plain.body)
            elif asked.resource_type in WANTED and asked.method == "GET" and self._may_go_on():
                await self._hand_on(route)
            else:
                await route.abort("blockedbyclient")
        except BrowserError:
            logger.debug("the page was closed before %s came", asked.url)

    async def end(self) -> None:
        """Close the page where it is still open; one whose script never rests is left to the end of the browser."""
        if self.page is not None and not self.page.is_closed():
            with suppress(BrowserError, TimeoutError):
                await asyncio.wait_for(self.page.close(), _CLOSE_SECONDS)

    def _may_go_on(self) -> bool:
        self.parts += 1
        return self.parts <= MAX_PARTS and self.bytes_left > 0

    async def _hand_on(self, route: Route) -> None:
        headers = {name: value for name, value in route.request.headers.items() if name in _PASSED_ON}
        try:
            request = Request(route.request.url, headers=headers, **_INNER)
            response = await self.handler._fetch(request)  # noqa: SLF001 - its own handler
        except Exception as error:  # noqa: BLE001 - whatever keeps a part away, the page is shown without it
            logger.debug("%s: %s", route.request.url, error)
            await route.abort("blockedbyclient")
            return
        self.bytes_left -= len(response.body)
        await route.fulfill(status=response.status, headers=_headers(response), body=response.body)


_INNER: dict[str, Any] = {
    "callback": NO_CALLBACK,
    "dont_filter": True,
    "meta": {"newsbot_kind": PART, "dont_retry": True},
}


def _inner(request: Request, url: str) -> Request:
    """Return the request for the page itself, on the delays of its own host."""
    meta = {name: value for name, value in request.meta.items() if name != "download_slot"}
    meta |= {"newsbot_within": True, "dont_retry": False, "autothrottle_dont_adjust_delay": False}
    return request.replace(url=url, meta=meta, callback=NO_CALLBACK, errback=None)


def _headers(response: Response) -> dict[str, str]:
    headers = response.headers.to_unicode_dict()
    return {str(name): value for name, value in headers.items() if str(name).lower() not in _DROPPED}


def _lost(reason: str) -> Refused:
    """Return the failure of a page that the browser did not show. The server is not to blame: its host is not marked."""
    return Refused(Outcome.FETCH_FAILED, f"the browser: {reason}")


async def _rest(page: BrowserPage) -> None:
    """Wait until the page asks for nothing more; one that never comes to rest is taken as it stands."""
    try:
        await page.wait_for_load_state("networkidle", timeout=REST_MS)
    except BrowserError:
        logger.debug("%s does not come to rest", page.url)


def launch_options(crawler: Crawler) -> dict[str, Any]:
    """Return how Chromium is started: the one of NEWSBOT_CHROMIUM, else of the system, else Playwright's own."""
    path = (
        crawler.settings.get("NEWSBOT_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
    )
    # Chromium's sandbox refuses to run as root.
    options: dict[str, Any] = {"args": ARGUMENTS, "chromium_sandbox": os.geteuid() != 0}
    return {**options, "executable_path": path} if path else options
