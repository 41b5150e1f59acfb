"""Which sources a run polls, in which order, and what their answers announce."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from newsbot.discover.coverage import Coverage
from newsbot.discover.days import archive_pages, changed_since
from newsbot.discover.found import Further
from newsbot.exceptions import UnreadableSource
from newsbot.items import Candidate, Page
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher, Source
from newsbot.record import SourceRecord
from newsbot.run import Run
from newsbot.schedule import FIRST_POLL, HOUR, after_failure, due, next_interval
from newsbot.spiders.announce import announce
from newsbot.spiders.arguments import Arguments
from newsbot.spiders.frontier import UNCONDITIONAL, conditions
from newsbot.spiders.sieve import Sieve
from newsbot.state import KnownSource
from newsbot.urls import same_site, without_credentials

logger = logging.getLogger(__name__)

# Sources are polled while fewer candidates than this wait, so that memory does not grow with the site.
FEW_WAITING = 500
# Polls under way at a time.
AT_A_TIME = 4
# Unconditional beside every n-th poll is that of a source that has answered 304 for this many of its usual gaps.
LONG_GAPS = 8
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
        self._asked = arguments.range
        self._waiting: deque[tuple[Source, int]] = deque()
        self._met: set[str] = set()
        self._unread: set[str] = set()
        self._named_by: dict[str, str] = {}
        self._flying = 0
        self._sieve = Sieve(run, publisher)
        self._coverage = Coverage(self._asked, datetime.now(UTC))

    # -- which ------------------------------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Take on the publisher's sources; of a site without any, its home page and robots.txt, which name them."""
        for source in self._publisher.sources:
            if self._asked.since is None and source.backfill:
                continue
            if self._arguments.due and not self._is_due(source):
                self._run.count({"discover/not_due": 1})
            elif source.kind == "archive":
                for url in archive_pages(source.url, self._asked, datetime.now(UTC)):
                    self.push(replace(source, url=url, is_guess=True), 0)
            else:
                self.push(source, 0)
        if not self._publisher.sources and self._publisher.site:
            self.push(Source("site", self._publisher.site + "/"), 0)
            self.push(Source("robots", self._publisher.site + "/robots.txt"), 0)

    def push(self, source: Source, depth: int, named_by: str | None = None) -> None:
        """Take on a source, once a run: index cycles and paging loops end here. `named_by`: URL of the source that names it."""
        source = replace(source, url=without_credentials(source.url)) if "@" in source.url else source
        if source.url in self._met:
            return
        if len(self._met) >= MAX_POLLS or depth > self._publisher.budgets.max_depth:
            self._run.count(
                {"discover/too_deep" if depth > self._publisher.budgets.max_depth else "discover/too_many": 1}
            )
            return
        self._met.add(source.url)
        self._unread.add(source.url)
        if named_by is not None:
            self._named_by[source.url] = named_by
        self._waiting.append((source, depth))

    def _is_due(self, source: Source) -> bool:
        known = self._run.source(source.url)
        return known is None or due(known.next_poll_at, time.time())

    def _push_further(self, found: Further, poll: Poll) -> None:
        """Take on a source that another names: of the site, or beside its index; again only when it changed or is due."""
        source = found.source
        if not (self._publisher.holds(source.url) or same_site(source.url, poll.source.url)):
            self._run.count({"discover/off_site_sources": 1})
        elif not found.is_page and self._is_settled(found):
            self._run.count({"discover/not_due": 1})
        else:
            self.push(source, poll.depth + 1, poll.source.url)

    def _is_settled(self, found: Further) -> bool:
        if self._asked.since is not None:
            return False
        known = self._run.source(found.source.url)
        if known is None or known.polled_at is None or known.failures:
            return False
        changed = changed_since(found.changed_at_raw, known.polled_at)
        return changed is False or (changed is None and not due(known.next_poll_at, time.time()))

    def take(self, waiting: int) -> Iterator[Poll]:
        """Give out polls while few candidates wait."""
        while self._waiting and waiting < FEW_WAITING and self._flying < AT_A_TIME:
            source, depth = self._waiting.popleft()
            self._flying += 1
            known = self._run.source(source.url) or KnownSource(source.url, source.kind)
            yield Poll(source, known, depth, self._conditions(known))

    def _conditions(self, known: KnownSource) -> dict[str, str]:
        # A range is asked of everything that a source holds, not of what is new in it.
        if self._asked.since or (known.conditional and known.conditional % UNCONDITIONAL == 0):
            return {}
        if (
            known.changed_at
            and known.interval
            and time.time() - known.changed_at > LONG_GAPS * known.interval
        ):
            return {}
        return conditions(known)

    # -- what they answer ---------------------------------------------------------------------------------------------------

    def read(self, poll: Poll, page: Page) -> Iterator[Candidate]:
        """Yield the candidates that an answer announces and that may be articles; books the source when all are read."""
        self._flying -= 1
        record = SourceRecord(poll.source.url, poll.source.kind)
        if page.status == 304:
            record.status = "not_modified"
            self._book(poll, page, record, changed=False)
            return
        further, fresh, candidates = 0, False, []
        try:
            for found in announce(poll.source, page, self._asked):
                if isinstance(found, Further):
                    further += not found.is_page
                    if not found.is_page or fresh or self._is_unread(found.source):
                        self._push_further(found, poll)
                    continue
                record.candidates += 1
                if self._asked.since:
                    candidates.append(found)
                if self._sieve.takes(found, poll.source):
                    fresh = fresh or self._is_new(found)
                    yield replace(found, source=poll.source.url, source_kind=poll.source.kind)
        except UnreadableSource as error:
            self._fail(poll, "unreadable", str(error), record.candidates)
            return
        self._coverage.read(poll.source, candidates)
        if poll.source.kind == "site" and not further and not record.candidates:
            record.reason = "names no feed and links no article; name its sources in a publisher file"
        digest = hashlib.blake2b(page.body, digest_size=16).hexdigest()
        poll.known.content_hash, before = digest, poll.known.content_hash
        self._book(poll, page, record, changed=digest != before)
        if further:
            self._watch(poll.known)

    def _is_new(self, candidate: Candidate) -> bool:
        try:
            return self._run.known(self._run.key_of(candidate)) is None
        except ValueError:
            return False

    def _is_unread(self, source: Source) -> bool:
        """Whether a next page is to be read though the page before announces nothing new: in backfills, and once for all."""
        known = self._run.source(source.url)
        return self._asked.since is not None or known is None or known.polled_at is None

    @staticmethod
    def _watch(known: KnownSource) -> None:
        """Ask a source that names others for its whole text each time, and often: they change while it stays as it is."""
        known.etag = known.last_modified = None
        known.interval = min(known.interval or FIRST_POLL, HOUR)
        known.next_poll_at = time.time() + known.interval

    def lose(self, poll: Poll, outcome: Outcome, reason: str | None) -> None:
        """Book a source that brought no answer. A guess that is not there, a day without a page: no fault."""
        self._flying -= 1
        if poll.source.kind == "robots":
            guess = Source("sitemap", self._publisher.site + "/sitemap.xml", is_guess=True)
            self.push(guess, poll.depth + 1)
        if poll.source.is_guess and outcome in {Outcome.GONE, Outcome.ROBOTS}:
            self._run.count({"discover/absent": 1})
            self._unread.discard(poll.source.url)
            return
        self._fail(poll, outcome.value, reason or outcome.value)

    def leave(self) -> None:
        """Let the next run read anew what names a source that this run did not read: asked with its validator it answers 304."""
        for url in self._unread:
            above = self._named_by.get(url)
            while above is not None:
                known = self._run.source(above)
                if known is not None:
                    known.etag = known.last_modified = known.next_poll_at = None
                above = self._named_by.get(above)

    def completeness(self) -> str | None:
        """Return how complete a backfill can be, in one sentence; None for a run that asked for no days."""
        return self._coverage.sentence()

    def _fail(self, poll: Poll, status: str, reason: str, candidates: int = 0) -> None:
        if poll.source.kind in {"site", "robots"} and self._met - {poll.source.url}:
            return
        logger.error("source %s: %s", poll.source.url, reason)
        known = poll.known
        known.failures += 1
        known.etag = known.last_modified = None
        known.next_poll_at = time.time() + after_failure(known.failures)
        self._coverage.failed += 1
        self._run.polled(SourceRecord(poll.source.url, poll.source.kind, status, candidates, reason), known)
        self._say_completeness()

    def _book(self, poll: Poll, page: Page, record: SourceRecord, *, changed: bool) -> None:
        self._unread.discard(poll.source.url)
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
        self._say_completeness()

    def _say_completeness(self) -> None:
        self._run.record.completeness = self.completeness()
