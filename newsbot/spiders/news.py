"""The news spider: polls a publisher's sources, fetches what is new or due, and yields Pages; the pipelines do the rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newsbot import publishers
from newsbot.exceptions import UsageError
from newsbot.extensions.run import RunExtension
from newsbot.items import Candidate, Page
from newsbot.middlewares.outcomes import outcome_of, reason_of
from newsbot.normalize.dates import ParsedDate, Reading, parse_date
from newsbot.options import Options, read_options
from newsbot.outcomes import Outcome
from newsbot.politeness import check_contact, politeness
from newsbot.publishers.model import Publisher
from newsbot.run import Run
from newsbot.schedule import Range
from newsbot.spiders.arguments import Arguments, read_arguments
from newsbot.spiders.frontier import Frontier, Ticket, conditions
from newsbot.spiders.polls import Poll, Polls
from newsbot.tombstone import tombstone
from newsbot.workers import warm

logger = logging.getLogger(__name__)

# Pages asked for at a time and a few more, so that the downloader never waits for the spider.
AHEAD = 8
# Candidates taken on before the downloader gets its turn: 50,000 of one sitemap take 3 s, these about 30 ms.
AT_ONCE = 500


class NewsSpider(Spider):
    """`scrapy crawl news -a publisher=rt | -a site=URL | -a url=URL [-a since=] [-a until=] [-a limit=]`."""

    name = "news"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Read the arguments, find the publisher, set its politeness. Raises UsageError before anything is fetched."""
        options = read_options(crawler.settings.get)
        arguments = read_arguments(kwargs)
        publisher = find_publisher(arguments, options)
        check_contact(publisher, options, arguments.urls)
        for name, value in politeness(publisher, options).items():
            crawler.settings.set(name, value, priority="spider")
        spider = super().from_crawler(crawler, *args)
        spider.arguments, spider.options, spider.publisher = arguments, options, publisher
        return spider

    arguments: Arguments
    options: Options
    publisher: Publisher
    run: Run
    frontier: Frontier
    polls: Polls

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first requests; each response brings the next."""
        self.run = RunExtension.run_of(self.crawler)
        self.run.range = self.arguments.range
        self.frontier = Frontier(
            self.run, min(self.arguments.limit or self.options.max_pages, self.options.max_pages)
        )
        self.polls = Polls(self.run, self.publisher, self.arguments)
        self._flying: dict[str, Ticket] = {}
        self._room = self.crawler.settings.getint("CONCURRENT_REQUESTS") + AHEAD
        self._plan()
        for request in self.feed():
            yield request

    def _plan(self) -> None:
        if self.options.workers and self._expects_pages():
            warm()
        for url in self.arguments.urls:
            self.frontier.push(Candidate(url), first=True, always=True)
        if self.arguments.urls:
            return
        self.polls.plan()
        # A run that asks for days leaves alone what lies outside them: left-overs and visits stay due.
        if self.arguments.range == Range():
            self.frontier.resume()
            self.frontier.revisit()

    def _expects_pages(self) -> bool:
        """Whether there will be pages to read as far as can be told: a source is polled for the first time, or URLs are named."""
        return bool(self.arguments.urls) or any(
            self.run.source(source.url) is None for source in self.publisher.sources if not source.backfill
        )

    # -- requests ---------------------------------------------------------------------------------------------------------

    def feed(self) -> Iterator[Request]:
        """Yield requests while there is room: pages first, and a source where pages run low."""
        if self.options.run_seconds and self.run.seconds > self.options.run_seconds:
            return
        for ticket in self.frontier.take(self._room - len(self._flying)):
            self._flying[ticket.key] = ticket
            yield self._page_request(ticket)
        if not self.frontier.is_spent:
            for poll in self.polls.take(len(self.frontier)):
                yield self._poll_request(poll)

    def _page_request(self, ticket: Ticket) -> Request:
        if self.options.workers:
            # There will be a page to read: let its worker come up while it is fetched.
            warm()
        headers = conditions(ticket.known) if ticket.is_conditional and ticket.known else {}
        return Request(
            ticket.candidate.url,
            callback=self.parse_page,
            errback=self.lose_page,
            headers=headers,
            dont_filter=True,  # the ledger takes each URL once
            meta={"ticket": ticket, "newsbot_kind": "page"},
        )

    def _poll_request(self, poll: Poll) -> Request:
        return Request(
            poll.source.url,
            callback=self.parse_source,
            errback=self.lose_source,
            headers=poll.headers,
            dont_filter=True,
            priority=10,
            meta={"poll": poll, "newsbot_kind": poll.source.kind},
        )

    # -- pages ------------------------------------------------------------------------------------------------------------

    def parse_page(self, response: Response) -> Iterator[Any]:
        """Yield the Page of a response, or end its URL with the outcome its status stands for."""
        ticket: Ticket = response.meta["ticket"]
        self._flying.pop(ticket.key, None)
        # What is to be fetched next goes first: the page takes its time.
        yield from self.feed()
        page = page_of(response, ticket.candidate, self.run.run_id)
        outcome = outcome_of(response)
        if response.status == 304:
            self.run.end(ticket.key, Outcome.NOT_MODIFIED, page=page)
        elif outcome is Outcome.GONE:
            yield from self._gone(ticket, page)
        elif outcome is not None:
            self._end(ticket, outcome, reason_of(response))
        elif went_home(ticket.candidate.url, response.url):
            self._end(ticket, Outcome.NOT_ARTICLE, f"redirected to {response.url}")
        else:
            yield page

    def _gone(self, ticket: Ticket, page: Page) -> Iterator[Any]:
        known = (
            self.run.article(ticket.known.article_id) if ticket.known and ticket.known.article_id else None
        )
        if known is None:
            self._end(ticket, Outcome.GONE, f"HTTP {page.status}")
            return
        yield tombstone(known, page)

    def lose_page(self, failure: Failure) -> Iterator[Request]:
        """End the URL of a request that brought no response."""
        ticket: Ticket = failure.request.meta["ticket"]  # type: ignore[attr-defined]
        self._flying.pop(ticket.key, None)
        self._end(ticket, outcome_of(failure) or Outcome.FETCH_FAILED, reason_of(failure))
        yield from self.feed()

    def _end(self, ticket: Ticket, outcome: Outcome, reason: str | None) -> None:
        if outcome.is_final:
            self.run.end(ticket.key, outcome, reason)
        else:
            self.run.postpone(ticket.key, ticket.candidate, outcome, reason)

    # -- sources ----------------------------------------------------------------------------------------------------------

    async def parse_source(self, response: Response) -> AsyncIterator[Request]:
        """Take on the candidates that a source announces."""
        poll: Poll = response.meta["poll"]
        outcome = outcome_of(response)
        if response.status != 304 and outcome is not None:
            self.polls.lose(poll, outcome, reason_of(response))
        else:
            page = page_of(response, Candidate(poll.source.url), self.run.run_id)
            announced = self.polls.read(poll, page)
            while some := list(islice(announced, AT_ONCE)):
                self._take_on(some)
                await asyncio.sleep(0)
        for request in self.feed():
            yield request

    def _take_on(self, announced: Iterable[Candidate]) -> None:
        """Put candidates into the frontier, and into the state: a kill must not lose what a feed announces only once."""
        taken = []
        for candidate in announced:
            if hint_is_outside(candidate, self.run.range):
                key = self.run.begin(candidate)
                if key is not None:
                    self.run.end(key, Outcome.OUT_OF_RANGE)
                continue
            ticket = self.frontier.push(candidate)
            if ticket is not None and ticket.known is None:
                taken.append((ticket.key, ticket.candidate))
        self.run.keep_pending(taken)

    def lose_source(self, failure: Failure) -> Iterator[Request]:
        """Book a source that brought no response."""
        poll: Poll = failure.request.meta["poll"]  # type: ignore[attr-defined]
        self.polls.lose(poll, outcome_of(failure) or Outcome.FETCH_FAILED, reason_of(failure))
        yield from self.feed()

    def waiting(self) -> list[tuple[str, Candidate]]:
        """Return what the run has not fetched, for the next run."""
        if not hasattr(self, "frontier"):
            return []
        self.polls.leave()
        flying = [(ticket.key, ticket.candidate) for ticket in self._flying.values()]
        return flying + list(self.frontier.waiting())


def find_publisher(arguments: Arguments, options: Options) -> Publisher:
    """Return the publisher that the arguments name, by name, site or URL. Raises UnknownPublisher, UsageError."""
    variables = options.variables()
    if arguments.publisher:
        publisher = publishers.load(arguments.publisher, options.publishers, variables)
    else:
        site = arguments.site or arguments.urls[0]
        publisher = publishers.for_site(site, options.publishers, variables)
    strangers = [url for url in arguments.urls if not publisher.holds(url)]
    if strangers:
        raise UsageError(
            f"url={strangers[0]} is not of {publisher.site}; crawl each site in a run of its own"
        )
    return publisher


def hint_is_outside(candidate: Candidate, range_: Range) -> bool:
    """Whether a source's dates say that an article cannot lie within the range of days; a day's doubt counts as within.

    `lastmod` is not before the publication, so what was last changed before `since` was published before it.
    """
    if range_.since is None and range_.until is None:
        return False
    reading = Reading(seen_at=datetime.now(UTC))
    published, modified = (
        parse_date(raw, reading) if raw else None
        for raw in (candidate.date_published_raw, candidate.date_modified_raw)
    )
    day = timedelta(days=1)
    if isinstance(published, ParsedDate):
        early = range_.since is not None and published.instant < range_.since - day
        late = range_.until is not None and published.instant >= range_.until + day
        return early or late
    return (
        isinstance(modified, ParsedDate)
        and range_.since is not None
        and modified.instant < range_.since - day
    )


def page_of(response: Response, candidate: Candidate, run_id: str) -> Page:
    """Return the Page of a response: header names in lower case, its body decompressed."""
    headers = [
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    return Page(
        url=response.url,
        body=response.body,
        fetched_at=datetime.now(UTC),
        status=response.status,
        headers=headers,
        candidate=replace(candidate),
        is_truncated=bool({"dataloss", "partial"} & set(response.flags)),
        rights=dict(response.meta.get("rights", {})),
        run_id=run_id,
    )


def went_home(asked: str, got: str) -> bool:
    """Whether a redirect led from a page to a site's root: the article is not there any more."""
    return is_root(got) and not is_root(asked)


def is_root(url: str) -> bool:
    """Whether a URL is a site's root."""
    return "/" not in url.split("://", 1)[-1].split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].rstrip("/")
