"""One crawl of one publisher: its lock, state, dataset writer, archive and books, held together. Knows no Scrapy."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson

from newsbot.archive import Archive
from newsbot.clean.boilerplate import Learned
from newsbot.dataset.commit import recover
from newsbot.dataset.schema import row as as_row
from newsbot.dataset.writer import Limits, Writer
from newsbot.delta import Delta
from newsbot.discover.shapes import Shapes
from newsbot.exceptions import CommitFailed, DatasetError, StateError
from newsbot.items import Article, Candidate, Page
from newsbot.lock import PublisherLock
from newsbot.monitors import verdict
from newsbot.options import Options
from newsbot.outcomes import Outcome
from newsbot.politeness import user_agent
from newsbot.publishers.model import Publisher
from newsbot.reclean import look_over, reclean
from newsbot.record import Ledger, RunRecord, SourceRecord, now
from newsbot.report import write_page
from newsbot.run.leftovers import MAX_ATTEMPTS, Leftovers
from newsbot.run.lessons import Lessons
from newsbot.run.versions import Versions
from newsbot.run.visits import Visits
from newsbot.schedule import Range
from newsbot.state import KnownArticle, KnownSource, KnownUrl, State
from newsbot.urls import article_id, url_key, without_credentials

__all__ = ["MAX_ATTEMPTS", "Run", "new_run_id"]

logger = logging.getLogger(__name__)


class Run:
    """Opened before the first request; `close` commits what is left and writes the record."""

    def __init__(self, options: Options, publisher: Publisher, spider: str) -> None:
        """Take the lock, open the state, roll forward what an earlier run committed but did not finish.

        Raises Locked, StateError, OutputUnwritable, ManifestDamaged.
        """
        self.options, self.publisher = options, publisher
        self.run_id = new_run_id(publisher.name)
        self.record = RunRecord(self.run_id, publisher.name, spider, started_at=now())
        self.ledger = Ledger()
        self.range = Range()
        self._started = time.monotonic()
        self._lock = PublisherLock(options.state_root, publisher.name, self.run_id)
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise

    def _open(self) -> None:
        self.state = State.open(self.options.state_root, self.publisher.name)
        recovery = recover(self.options.root, self.publisher.name, self.state)
        if recovery.rolled_forward:
            logger.warning(
                "%s: finished %d commits of an earlier run", self.publisher.name, len(recovery.rolled_forward)
            )
        limits = Limits(**self.options.batch)
        self.writer = Writer(self.options.root, self.run_id, self.publisher.name, limits, self.state)
        agent = user_agent(self.options.contact)
        self._archive = Archive.open(self.options.folder("archive"), self.run_id, agent)
        self._lessons = Lessons(self.state)
        self.shapes = Shapes(self.state.shapes())
        self.delta = Delta()
        self.versions = Versions(self.state, self.delta)
        self._leftovers = Leftovers(self.state, self.delta)
        revisits = None if self.record.spider == "replay" else self.options.revisits
        self._visits = Visits(self.state, self.delta, self.versions, revisits)
        self._waiting: dict[str, Outcome] = {}
        self._polled: dict[str, KnownSource] = {}
        self.failed: str | None = None

    @property
    def learned(self) -> Learned:
        """What is known by now to recur on the publisher's pages."""
        return self._lessons.learned

    # -- URLs ------------------------------------------------------------------------------------------------------------

    @staticmethod
    def key_of(candidate: Candidate) -> str:
        """Return the key under which a candidate is booked and known. Raises ValueError for what is no web address."""
        if candidate.source_kind == "file":
            return article_id(f"file\n{candidate.url}")
        return article_id(url_key(candidate.url))

    def begin(self, candidate: Candidate) -> str | None:
        """Take on a candidate; return its key, or None where this run has had it or it is no web address."""
        try:
            key = self.key_of(candidate)
        except ValueError:
            return None
        candidate.url = without_credentials(candidate.url)
        return key if self.ledger.begin(key, candidate.url) else None

    def known(self, key: str) -> KnownUrl | None:
        """Return what is known of a URL, the open batch included."""
        return self._visits.known(key)

    def end(
        self,
        key: str,
        outcome: Outcome,
        reason: str | None = None,
        *,
        page: Page | None = None,
        article: Article | None = None,
    ) -> None:
        """End a URL and, where the outcome is final, remember it."""
        url = self.ledger.url(key)
        if url is None or not self.ledger.end(key, outcome, reason):
            return
        if outcome is Outcome.NOT_ARTICLE:
            self._count_shape(url, is_article=False)
        if outcome.is_final:
            self._visits.remember(key, url, outcome, page, article.article_id if article else None)

    def postpone(self, key: str, candidate: Candidate, outcome: Outcome, reason: str | None = None) -> None:
        """End a URL for this run and leave its candidate to the next, up to 5 times; a mere delay does not count."""
        self.end(key, outcome, reason)
        self._leftovers.postpone(key, candidate, outcome, reason)

    def keep_pending(self, announced: Sequence[tuple[str, Candidate]]) -> None:
        """Write candidates down as left to do, at once: should this run be killed, the next one has them."""
        if not announced:
            return
        try:
            self._apply(self._leftovers.keep(announced).as_json())
        except CommitFailed as error:
            # The run goes on: only a kill would lose them, and a commit will say the same of the disk.
            logger.warning("%s", error)

    def pending(self) -> list[Candidate]:
        """Return the candidates that earlier runs left to do."""
        return self._leftovers.pending()

    def _count_shape(self, url: str, *, is_article: bool) -> None:
        if self.record.spider != "replay":
            self.shapes.count(url, is_article=is_article)
            self.delta.shapes.count(url, is_article=is_article)

    # -- articles --------------------------------------------------------------------------------------------------------

    def article(self, identity: str) -> KnownArticle | None:
        """Return the latest version of an article, those judged and not yet committed included."""
        return self.versions.latest(identity)

    def add(self, article: Article) -> None:
        """Spool the row of a judged article; its URL ends when the batch is committed, which may be now."""
        assert article.article_id
        if article.packed is None:
            look_over(article)
        self.writer.add(as_row(article), article.packed or b"")
        self.versions.take(article.article_id)
        if article.version == 1:
            self.delta.sightings.merge(orjson.loads(article.sighted or b"[]"))
        if article.page and article.page.candidate:
            self._await_commit(self.key_of(article.page.candidate), article)
        self.count(article.counters)
        self.tick()

    def _await_commit(self, key: str, article: Article) -> None:
        outcome = {"first": Outcome.NEW, "removed": Outcome.REMOVED}.get(
            article.change or "", Outcome.CHANGED
        )
        self._waiting[key] = outcome
        begun = self.ledger.url(key) or article.url or ""
        if outcome is Outcome.NEW:
            self._count_shape(begun, is_article=True)
        self._visits.remember(key, begun, outcome, article.page, article.article_id)
        for url in (article.url, article.canonical_url):
            other = article_id(url_key(url)) if url else key
            if url and other != key and self.known(other) is None and not self.ledger.is_open(other):
                self._visits.remember_other(other, url, article.article_id or "")

    def tick(self) -> None:
        """Commit where the open batch is due."""
        if self.writer.due():
            self.commit()

    def commit(self) -> None:
        """Commit the open batch: rows and state delta together. Raises CommitFailed; its URLs stay open and unseen."""
        if self.writer.rows == 0 and self.delta.is_empty:
            return
        self._lessons.learn(self.delta.sightings)
        delta = self.delta.as_json()
        # Most texts stand on one article only: they make room before the batch is written.
        self.delta.sightings.counts.clear()
        self._lessons.settle()
        if self.writer.rows:
            manifest = self.writer.commit(delta, partial(reclean, learned=self.learned))
            self.record.add_batch(manifest.name, [(file.partition, file.rows) for file in manifest.files])
        else:
            self._apply(delta)
        self.delta.clear()
        waiting, self._waiting = self._waiting, {}
        for key, outcome in waiting.items():
            self.ledger.end(key, outcome)

    def _apply(self, delta: dict[str, Any]) -> None:
        """Put a delta that goes with no rows into the state. Raises CommitFailed, as a batch with rows does."""
        try:
            self.state.apply(None, delta)
        except StateError as error:
            raise CommitFailed(str(error)) from error

    def source(self, url: str) -> KnownSource | None:
        """Return what is known of a source, the open batch included."""
        return self._polled.get(url) or self.state.source(url)

    def polled(self, record: SourceRecord, known: KnownSource | None) -> None:
        """Book what a source gave; `known` is remembered for its next poll, None leaves what was known as it is.

        It is remembered when the run ends: were a validator kept sooner, a kill would leave candidates that the source,
        answering 304, announces no more.
        """
        self.record.sources.append(record)
        if known is not None:
            self._polled[known.url] = known

    def archive(self, page: Page) -> None:
        """Keep the page in the run's WARC file and note its place on the page. Raises OutputUnwritable."""
        page.warc_file, page.warc_offset = self._archive.write(page)

    def count(self, counters: dict[str, int]) -> None:
        """Add to the run's counters."""
        for name, times in counters.items():
            self.record.counters[name] = self.record.counters.get(name, 0) + times

    # -- end ---------------------------------------------------------------------------------------------------------------

    @property
    def seconds(self) -> float:
        """Seconds since the run was opened, by a clock that does not jump."""
        return time.monotonic() - self._started

    def close(self, reason: str, waiting: Sequence[tuple[str, Candidate]] = ()) -> RunRecord:
        """Commit what is left, leave `waiting` candidates to the next run, write the record, give the lock back."""
        try:
            for key, candidate in waiting:
                self.postpone(key, candidate, Outcome.DEFERRED)
            self._settle(reason)
        finally:
            self.writer.close()
            self._archive.close()
            self.state.close()
            self._lock.release()
        return self.record

    def _settle(self, reason: str) -> None:
        self.record.finish_reason = reason
        self.delta.sources.update(self._polled)
        try:
            self.commit()
        except DatasetError as error:
            logger.error("%s", error)  # noqa: TRY400 - one line: it names the input and the remedy
            self.fail_commit(str(error))
        self.ledger.end_all(Outcome.DEFERRED, "the run ended first")
        self._sum_up()
        self.record.write(self.options.folder("runs"))
        write_page(self.options.folder("runs"), self.options.folder("report"))
        self.state.remember_run(self.run_id, self.record.brief())

    def fail_commit(self, reason: str) -> None:
        """Book that the open batch could not be committed: its URLs were never seen."""
        self.failed = reason
        for key in self._waiting:
            self.ledger.end(key, Outcome.COMMIT_FAILED, reason)
        self._waiting = {}
        self.delta.clear()

    def _sum_up(self) -> None:
        record = self.record
        record.ended_at, record.seconds = now(), round(self.seconds, 3)
        record.urls = self.ledger.urls
        record.outcomes = {outcome.value: count for outcome, count in sorted(self.ledger.outcomes.items())}
        record.samples = {outcome.value: lines for outcome, lines in sorted(self.ledger.samples.items())}
        record.verdict, record.verdict_reason = verdict(asdict(record), self.state.runs(30))


def new_run_id(publisher: str) -> str:
    """Return a run's id: publisher, UTC second, 6 random hex digits; sorts by time, and no two are the same."""
    return f"{publisher}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
