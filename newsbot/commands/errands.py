"""Fetches pages for a command, one after another and a publisher at a time, with every guard of a crawl on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from twisted.python.failure import Failure

from newsbot.exceptions import InputError
from newsbot.items import Candidate, Page
from newsbot.middlewares.outcomes import outcome_of, reason_of
from newsbot.options import Options
from newsbot.politeness import check_contact, politeness
from newsbot.publishers.model import Publisher
from newsbot.spiders.news import page_of

Ask = Callable[..., Awaitable[Page]]
"""`await ask(url, kind="page")` returns the page at a URL, or raises InputError saying why there is none."""
Errand = Callable[[Ask], Awaitable[None]]

# Publishers visited at a time: each by a crawler of its own, which holds some megabytes.
AT_A_TIME = 8


class ErrandSpider(Spider):
    """Does one errand at one publisher."""

    name = "errand"
    custom_settings = {  # noqa: RUF012 - Scrapy's form
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {"newsbot.extensions.run.RunExtension": None},
    }

    publisher: Publisher
    errand: Errand

    async def start(self) -> AsyncIterator[Any]:
        """Do the errand; it asks for its pages itself."""
        await self.errand(self.ask)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def ask(self, url: str, kind: str = "page") -> Page:
        """Return the page at `url`. Raises InputError."""
        assert self.crawler.engine is not None
        request = Request(url, dont_filter=True, meta={"newsbot_kind": kind})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            failure = Failure(error)  # type: ignore[no-untyped-call]
            raise InputError(f"{outcome_of(failure)}: {reason_of(failure)}") from error
        outcome = outcome_of(response)
        if outcome is not None:
            raise InputError(f"{outcome}: {reason_of(response)}")
        return page_of(response, Candidate(url), "")


def run_errands(process: Any, errands: Iterable[tuple[Publisher, Errand]], options: Options) -> None:
    """Do the errands, some publishers at a time. Raises UsageError without a contact before anything is fetched."""
    assert isinstance(process, AsyncCrawlerProcess)
    waiting = list(errands)
    for publisher, _ in waiting:
        check_contact(publisher, options)
    following = iter(waiting)

    def begin(_ended: asyncio.Task[None] | None = None) -> None:
        for publisher, errand in _next(following):
            crawler = process.create_crawler(ErrandSpider)
            for name, value in politeness(publisher, options).items():
                crawler.settings.set(name, value, priority="spider")
            process.crawl(crawler, publisher=publisher, errand=errand).add_done_callback(begin)

    for _ in range(min(AT_A_TIME, len(waiting))):
        begin()
    if waiting:
        process.start()


def _next(following: Iterator[tuple[Publisher, Errand]]) -> Iterator[tuple[Publisher, Errand]]:
    """Yield the next errand, if there is one."""
    errand = next(following, None)
    if errand:
        yield errand
