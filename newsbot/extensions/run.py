"""Opens the run of a crawl before its first request and closes it after its last; spider and pipelines find it here."""

from __future__ import annotations

import logging
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from newsbot.dataset.later import give_back, spare_memory
from newsbot.exceptions import DatasetError
from newsbot.items import Article, Page
from newsbot.options import read_options
from newsbot.outcomes import Outcome
from newsbot.publishers import for_spider
from newsbot.run import Run

logger = logging.getLogger(__name__)


class Drop(DropItem):
    """Ends an item's way through the pipelines with an outcome and a reason."""

    def __init__(self, outcome: Outcome, reason: str | None = None, article: Article | None = None) -> None:
        super().__init__(f"{outcome.value}: {reason}" if reason else outcome.value, log_level="DEBUG")
        self.outcome, self.reason, self.article = outcome, reason, article


class RunExtension:
    """Holds the crawl's Run. A failure to open it (locked, not writable …) ends the crawl before its first request."""

    def __init__(self, run: Run, crawler: Crawler) -> None:
        self.run, self._crawler = run, crawler
        self._ticks = create_looping_call(self._tick)

    @classmethod
    def run_of(cls, crawler: Crawler) -> Run:
        """Return the run that the crawl's extension opened."""
        extension = crawler.get_extension(cls)
        assert extension is not None, "EXTENSIONS must name newsbot.extensions.run.RunExtension"
        return extension.run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the run of `crawler.spider`: of its `publisher`, else of one named after the spider."""
        spare_memory()
        options = read_options(crawler.settings.get)
        publisher = getattr(crawler.spider, "publisher", None) or for_spider(crawler.spider.name)  # type: ignore[union-attr]
        extension = cls(Run(options, publisher, crawler.spider.name), crawler)  # type: ignore[union-attr]
        connect = crawler.signals.connect
        connect(extension.spider_opened, signal=signals.spider_opened)
        connect(extension.spider_closed, signal=signals.spider_closed)
        connect(extension.item_dropped, signal=signals.item_dropped)
        connect(extension.item_error, signal=signals.item_error)
        return extension

    def spider_opened(self) -> None:
        """Look once a second whether the open batch is due, so that a slow crawl delivers too."""
        self._ticks.start(1.0, now=False)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Commit what is left and write the record."""
        self._ticks.stop()
        waiting = spider.waiting() if hasattr(spider, "waiting") else ()
        self.run.close(reason, waiting)

    def item_dropped(self, item: Any, exception: DropItem) -> None:
        """Book the outcome of a dropped page or article."""
        if not isinstance(exception, Drop):
            self.run.count({"dropped_by_others": 1})
            return
        self._end(item, exception.outcome, exception.reason, exception.article)

    def item_error(self, item: Any, failure: Failure) -> None:
        """Book a page whose way through the pipelines raised."""
        if isinstance(failure.value, DatasetError):
            self.run.fail_commit(str(failure.value))
            self._end(item, Outcome.COMMIT_FAILED, str(failure.value))
            self._crawler.engine.close_spider(self._crawler.spider, "commit_failed")  # type: ignore[arg-type]
            return
        self._end(item, Outcome.EXTRACT_FAILED, f"{type(failure.value).__name__}: {failure.value}")

    def _end(self, item: Any, outcome: Outcome, reason: str | None, article: Article | None = None) -> None:
        page = item if isinstance(item, Page) else item.page if isinstance(item, Article) else None
        if page is None or page.candidate is None:
            return
        key = self.run.key_of(page.candidate)
        if outcome.is_final:
            self.run.end(key, outcome, reason, page=page, article=article)
        else:
            self.run.postpone(key, page.candidate, outcome, reason)

    def _tick(self) -> None:
        # Pages leave gaps as they come and go, 15 MB of them in 2,000 pages.
        give_back()
        try:
            self.run.tick()
        except DatasetError as error:
            logger.error("%s", error)  # noqa: TRY400 - one line: it names the input and the remedy
            self.run.fail_commit(str(error))
            self._crawler.engine.close_spider(self._crawler.spider, "commit_failed")  # type: ignore[arg-type]
