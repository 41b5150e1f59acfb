"""Which sources a run polls, in which order, and what their answers announce."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from newsbot.exceptions import UnreadableSource
from newsbot.items import Candidate, Page
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher, Source
from newsbot.record import SourceRecord
from newsbot.run import Run
from newsbot.schedule import next_interval
from newsbot.spiders.announce import Announced, announce
from newsbot.spiders.arguments import Arguments
from newsbot.state import KnownSource

logger = logging.getLogger(__name__)

# Sources are polled while fewer candidates than this wait, so that memory does not grow with the site.
FEW_WAITING = 500
# Polls under way at a time.
AT_A_TIME = 4
# Every n-th poll is unconditional: servers exist whose validators are stuck.
UNCONDITIONAL = 10
# Sources opened a run at most: a sitemap index may name 50,000 sitemaps.
MAX_POLLS = 60_000


@dataclass(slots=True)
class Poll:
    """One visit to a source."""

    source: Source
    known: KnownSource
    depth: int = 0
    """Paging or nesting steps from the publisher's own source."""
    headers: dict[str, str] = field(default_factory=dict)


class Polls:
    """The sources of a run that are not polled yet, and the books of those that were."""

    def __init__(self, run: Run, publisher: Publisher, arguments: Arguments) -> None:
        self._run, self._publisher, self._arguments = run, publisher, arguments
        self._waiting: deque[tuple[Source, int]] = deque()
        self._met: set[str] = set()
        self._flying = 0
        self._wanted = [re.compile(pattern) for pattern in publisher.article_patterns]
        self._unwanted = [re.compile(pattern) for pattern in publisher.other_patterns]

    def plan(self) -> None:
        """Take on the publisher's sources; of a site without any, its home page and robots.txt, which name them."""
        backfill = self._arguments.range.since is not None
        for source in self._publisher.sources:
            if backfill or not source.backfill:
                self.push(source, 0)
        if not self._publisher.sources:
            self.push(Source("site", self._publisher.site + "/"), 0)
            self.push(Source("robots", self._publisher.site + "/robots.txt"), 0)

    def push(self, source: Source, depth: int) -> None:
        """Take on a source, once a run: index cycles and paging loops end here."""
        if source.url in self._met or len(self._met) >= MAX_POLLS or depth > self._publisher.budgets.max_depth:
            return
        self._met.add(source.url)
        self._waiting.append((source, depth))

    def take(self, waiting: int) -> Iterator[Poll]:
        """Give out polls while few candidates wait."""
        while self._waiting and waiting < FEW_WAITING and self._flying < AT_A_TIME:
            source, depth = self._waiting.popleft()
            self._flying += 1
            known = self._run.source(source.url) or KnownSource(source.url, source.kind)
            yield Poll(source, known, depth, self._conditions(known))

    def _conditions(self, known: KnownSource) -> dict[str, str]:
        # A range is asked of everything that a source holds, not of what is new in it.
        if self._arguments.range.since or (known.conditional and known.conditional % UNCONDITIONAL == 0):
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def read(self, poll: Poll, page: Page) -> Iterator[Candidate]:
        """Yield the candidates that an answer announces and that may be articles; books the source when all are read."""
        self._flying -= 1
        if page.status == 304:
            self._book(poll, page, SourceRecord(poll.source.url, poll.source.kind, "not_modified"), changed=False)
            return
        record = SourceRecord(poll.source.url, poll.source.kind)
        try:
            for announced in announce(poll.source, page, self._arguments.range):
                yield from self._sort(announced, poll, record)
        except UnreadableSource as error:
            self._fail(poll, "unreadable", str(error))
            return
        digest = hashlib.blake2b(page.body, digest_size=16).hexdigest()
        poll.known.content_hash, before = digest, poll.known.content_hash
        self._book(poll, page, record, changed=digest != before)

    def _sort(self, announced: Announced, poll: Poll, record: SourceRecord) -> Iterator[Candidate]:
        if isinstance(announced, Source):
            self.push(announced, poll.depth + 1)
            return
        record.candidates += 1
        if self.may_be_article(announced.url):
            yield replace(announced, source=poll.source.url, source_kind=poll.source.kind)

    def may_be_article(self, url: str) -> bool:
        """Whether the publisher's patterns let a URL be an article."""
        path = "/" + url.split("://", 1)[-1].partition("/")[2]
        if any(pattern.search(path) for pattern in self._unwanted):
            return False
        return not self._wanted or any(pattern.search(path) for pattern in self._wanted)

    def lose(self, poll: Poll, outcome: Outcome, reason: str | None) -> None:
        """Book a source that brought no answer."""
        self._flying -= 1
        self._fail(poll, outcome.value, reason or outcome.value)

    def _fail(self, poll: Poll, status: str, reason: str) -> None:
        if poll.source.kind in {"site", "robots"} and self._met - {poll.source.url}:
            return
        logger.error("source %s: %s", poll.source.url, reason)
        poll.known.failures += 1
        poll.known.etag = poll.known.last_modified = None
        self._run.polled(SourceRecord(poll.source.url, poll.source.kind, status, 0, reason), poll.known)

    def _book(self, poll: Poll, page: Page, record: SourceRecord, *, changed: bool) -> None:
        known, now = poll.known, time.time()
        known.failures, known.polled_at = 0, now
        known.conditional = known.conditional + 1 if poll.headers else 1
        known.interval = next_interval(known.interval, changed=changed)
        known.next_poll_at = now + known.interval
        if changed:
            known.changed_at = now
        if page.status != 304:
            known.etag, known.last_modified = page.header("etag"), page.header("last-modified")
        self._run.polled(record, known)
