"""The flow as item pipelines, thin classes in the order of the sentence: archive, extract, normalize, validate, dedup, export.

The news spider yields Pages; extract turns each into an Article that went through the whole chain (clean, normalize, validate).
A spider of the user's may yield dicts, attrs, pydantic or Scrapy items with Article's fields: normalize takes those in.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, Self

from scrapy.crawler import Crawler

from newsbot.adapt import adapt
from newsbot.chain import place_of, seal
from newsbot.exceptions import ReadFailed, ReadTimeout, UnreadablePage
from newsbot.extensions.run import Drop, RunExtension
from newsbot.items import Article, Page
from newsbot.normalize import normalize
from newsbot.outcomes import Outcome
from newsbot.rights import apply_policy, declared_rights
from newsbot.run import Run
from newsbot.validate import REQUIRED, problems
from newsbot.workers import Reader, open_reader

logger = logging.getLogger(__name__)

# Kinds of page that become rows; what the others end as.
_ARTICLES = frozenset({"article", "live_blog"})
_BLOCKED = frozenset({"consent", "challenge"})


class _Pipeline:
    """Finds the crawl's run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the run that the extension opened."""
        return cls(RunExtension.run_of(crawler))


class ArchivePipeline(_Pipeline):
    """Keeps each page in WARC, unless the setting or a noarchive signal says no."""

    def process_item(self, item: Any) -> Any:
        """Write a Page and note its place on it; anything else passes."""
        is_fetched = isinstance(item, Page) and item.status is not None and item.warc_file is None
        if is_fetched and self.run.options.archive:
            if apply_policy(declared_rights(item), self.run.options.rights).keep_page:
                self.run.archive(item)
            else:
                self.run.count({"archive/rights/noarchive": 1})
        return item


class ExtractPipeline(_Pipeline):
    """Turns each Page into an Article by the chain, in worker processes."""

    _reader: Reader | None = None

    async def process_item(self, item: Any) -> Any:
        """Return the Article on a Page; anything else passes. Drops what is no article, with its outcome."""
        if not isinstance(item, Page):
            return item
        try:
            article = await self._open().read(item)
        except UnreadablePage as error:
            raise Drop(Outcome.UNREADABLE, str(error)) from error
        except ReadTimeout as error:
            raise Drop(Outcome.EXTRACT_TIMEOUT, str(error)) from error
        except ReadFailed as error:
            raise Drop(Outcome.EXTRACT_FAILED, str(error)) from error
        if article.kind not in _ARTICLES:
            outcome = Outcome.BLOCKED if article.kind in _BLOCKED else Outcome.NOT_ARTICLE
            raise Drop(outcome, article.kind)
        item.body = b""
        article.page = item
        decision = apply_policy(article.rights, self.run.options.rights)
        if not decision.keep_text:
            article.description = article.body = article.word_count = article.content_hash = None
            article.packed = article.sighted = b""
            article.counters["export/rights/text"] = 1
        return article

    def _open(self) -> Reader:
        if self._reader is None:
            options = self.run.options
            self._reader = open_reader(
                self.run.publisher, self.run.learned, options.workers, options.deadline
            )
        return self._reader

    async def close_spider(self) -> None:
        """End the worker processes."""
        if self._reader is not None:
            await self._reader.close()


class NormalizePipeline(_Pipeline):
    """Takes in items of users' own spiders through itemadapter; articles of the chain are normalised already."""

    def process_item(self, item: Any) -> Article:
        """Return the item as a normalised Article."""
        if isinstance(item, Article) and item.page is not None:
            return item
        article = item if isinstance(item, Article) else adapt(item)
        publisher, now = self.run.publisher, datetime.now(UTC)
        page = Page(
            url=article.url,
            body=b"",
            fetched_at=article.fetched_at or now,
            first_seen_at=article.first_seen_at,
        )
        normalize(article, place_of(publisher, page))
        article.publisher = article.publisher or publisher.name
        article.publisher_country = article.publisher_country or publisher.country
        article.fetched_at, article.first_seen_at = page.fetched_at, page.first_seen_at or page.fetched_at
        article.run_id = self.run.run_id
        seal(article)
        article.problems.extend(problems(article))
        return article


class ValidatePipeline(_Pipeline):
    """Drops what lacks what a row must have; every other fault is null and counted."""

    def process_item(self, article: Article) -> Article:
        """Return the article, or drop it as invalid or out of the range of days asked for."""
        for field, reason in article.problems:
            self.run.count({f"validate/{field}/{reason}": 1})
        missing = [
            f"{field}: {reason}"
            for field, reason in article.problems
            if field in REQUIRED and reason == "missing"
        ]
        if missing and not article.counters.get("export/rights/text"):
            raise Drop(Outcome.INVALID, ", ".join(missing))
        if not self.run.range.holds(article.date_published):
            raise Drop(Outcome.OUT_OF_RANGE, str(article.date_published))
        return article


class DedupPipeline(_Pipeline):
    """Compares each article with its last version and with its publisher's other articles."""

    def process_item(self, article: Article) -> Article:
        """Return the article with its version and change set, or drop it as unchanged or duplicate."""
        outcome = self.run.versions.judge(article)
        if outcome is not None:
            raise Drop(outcome, article=article)
        return article


class ExportPipeline(_Pipeline):
    """Spools each article; the run commits the batch when it is due."""

    def process_item(self, article: Article) -> Article:
        """Spool one row and return the article, for feed exports."""
        self.run.add(article)
        return article
