"""Fetches one page for a command, with every guard of a crawl on: robots.txt, addresses, sizes, User-Agent."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from newsbot.exceptions import InputError
from newsbot.items import Candidate, Page
from newsbot.middlewares.outcomes import outcome_of, reason_of
from newsbot.options import Options
from newsbot.outcomes import Outcome
from newsbot.politeness import check_contact, politeness
from newsbot.publishers.model import Publisher
from newsbot.spiders.arguments import Arguments
from newsbot.spiders.news import find_publisher, page_of

REMEDY = "name it in NEWSBOT_ALLOWED_ADDRESSES where it is yours, such as 127.0.0.1/32:8000"


class OneSpider(Spider):
    """Fetches one URL and keeps the page."""

    name = "one"
    custom_settings = {"ITEM_PIPELINES": {}, "EXTENSIONS": {"newsbot.extensions.run.RunExtension": None}}  # noqa: RUF012

    url: str
    publisher: Publisher
    page: Page | None = None
    reason: str | None = None

    async def start(self) -> Any:
        """Ask for the one page."""
        yield Request(self.url, callback=self.take, errback=self.lose, dont_filter=True)

    def take(self, response: Response) -> None:
        """Keep the page, or say why there is none."""
        if outcome_of(response) is not None:
            self.reason = reason_of(response)
            return
        self.page = page_of(response, Candidate(self.url), "")

    def lose(self, failure: Failure) -> None:
        """Say why there is no page."""
        outcome = outcome_of(failure)
        remedy = f"; {REMEDY}" if outcome is Outcome.BLOCKED_ADDRESS else ""
        self.reason = f"{outcome}: {reason_of(failure)}{remedy}"


def fetch(process: Any, url: str, publisher: str | None, options: Options) -> Page:
    """Return the page at `url`. Raises InputError where none came, UsageError without a contact."""
    assert isinstance(process, AsyncCrawlerProcess)
    found = find_publisher(Arguments(publisher=publisher, urls=(url,)), options)
    check_contact(found, options, (url,))
    crawler = process.create_crawler(OneSpider)
    for name, value in politeness(found, options).items():
        crawler.settings.set(name, value, priority="spider")
    process.crawl(crawler, url=url, publisher=found)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, OneSpider)
    if spider.page is None:
        raise InputError(f"{url} brought no page: {spider.reason or 'no answer'}")
    return spider.page
