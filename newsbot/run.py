"""One crawl of one publisher: its lock, state, dataset writer, archive and books, held together. Knows no Scrapy."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson

from newsbot.archive import Archive
from newsbot.clean.boilerplate import Learned, Sightings
from newsbot.dataset.commit import recover
from newsbot.dataset.schema import row as as_row
from newsbot.dataset.writer import Limits, Writer
from newsbot.delta import Delta
from newsbot.exceptions import DatasetError
from newsbot.items import Article, Candidate, Page
from newsbot.lock import PublisherLock
from newsbot.monitors import verdict
from newsbot.options import Options
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher
from newsbot.reclean import pack_blocks, reclean
from newsbot.record import Ledger, RunRecord, SourceRecord, now
from newsbot.schedule import next_visit
from newsbot.state import KnownArticle, KnownSource, KnownUrl, State
from newsbot.urls import article_id, url_key

logger = logging.getLogger(__name__)

# A candidate that failed this often in as many runs is given up.
MAX_ATTEMPTS = 5


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
            logger.warning("%s: finished %d commits of an earlier run", self.publisher.name, len(recovery.rolled_forward))
        limits = Limits(self.options.batch_rows, self.options.batch_bytes, self.options.batch_seconds)
        self.writer = Writer(self.options.root, self.run_id, self.publisher.name, limits, self.state)
        self._archive: Archive | None = None
        self._sightings = Sightings()
        self._sightings.merge(self.state.boilerplate())
        self.learned: Learned = self._sightings.learned()
        self.delta = Delta()
        self._waiting: dict[str, Outcome] = {}

    # -- URLs ------------------------------------------------------------------------------------------------------------

    def begin(self, candidate: Candidate) -> str | None:
        """Take on a candidate; return its key, or None where this run has had it or it is no web address."""
        try:
            key = article_id(url_key(candidate.url))
        except ValueError:
            return None
        return key if self.ledger.begin(key, candidate.url) else None

    def known(self, key: str) -> KnownUrl | None:
        """Return what is known of a URL, the open batch included."""
        return self.delta.urls.get(key) or self.state.url(key)

    def end(self, key: str, outcome: Outcome, reason: str | None = None, *, page: Page | None = None) -> None:
        """End a URL. A final outcome is remembered; a passing one leaves its candidate to the next run."""
        url = self.ledger.url(key)
        if url is None or not self.ledger.end(key, outcome, reason):
            return
        if outcome.is_final:
            self._remember(key, url, outcome, page)

    def postpone(self, key: str, candidate: Candidate, outcome: Outcome, reason: str | None = None) -> None:
        """End a URL for this run and leave its candidate to the next, up to 5 times; a mere delay does not count."""
        attempts = self._attempts.get(key, 0) + (outcome is not Outcome.DEFERRED)
        self.end(key, outcome, reason)
        if attempts < MAX_ATTEMPTS:
            self.delta.postpone(key, candidate, attempts, time.time())
        else:
            self.delta.pending_done.add(key)

    def pending(self) -> list[Candidate]:
        """Return the candidates that earlier runs left to do."""
        rows = self.state.pending()
        self._attempts = {key: attempts for key, _, attempts in rows}
        return [Candidate(**orjson.loads(text)) for _, text, _ in rows]

    _attempts: dict[str, int] = {}  # noqa: RUF012 - replaced whole by pending()

    def _remember(self, key: str, url: str, outcome: Outcome, page: Page | None, article: str | None = None) -> None:
        before = self.known(key)
        fetched_at = page.fetched_at.timestamp() if page else None
        known = KnownUrl(
            key=key,
            url=url,
            outcome=outcome.value,
            article_id=article or (before.article_id if before else None),
            fetched_at=fetched_at,
            next_visit_at=None,
            visits=(before.visits if before else 0) + 1,
            etag=_validator(page, "etag") or (before.etag if before else None),
            last_modified=_validator(page, "last-modified") or (before.last_modified if before else None),
        )
        if known.article_id and outcome is not Outcome.REMOVED:
            known.next_visit_at = self._next_visit(known.article_id)
        self.delta.remember(known)

    def _next_visit(self, article: str) -> float | None:
        known = self.article(article)
        if known is None:
            return None
        return next_visit(known.first_seen_at, time.time(), known.edits, self.options.revisits)

    # -- articles --------------------------------------------------------------------------------------------------------

    def article(self, identity: str) -> KnownArticle | None:
        """Return the latest version of an article, the open batch included."""
        return self.delta.articles.get(identity) or self.state.article(identity)

    def article_with(self, page_hash: str) -> str | None:
        """Return the id of an article of this publisher with this content, the open batch included."""
        if page_hash in self.delta.hashes:
            return self.delta.hashes[page_hash]
        known = self.state.article_with(page_hash)
        return known.article_id if known else None

    def same(self, key: str | None, article: Article, outcome: Outcome) -> None:
        """End the URL of a page whose content is known already: unchanged or duplicate."""
        url = self.ledger.url(key) if key else None
        if key and url and self.ledger.end(key, outcome):
            self._remember(key, url, outcome, article.page, article.article_id)

    def add(self, key: str | None, article: Article, known: KnownArticle) -> None:
        """Spool one row; its URL ends when the batch is committed. Commits where the batch is full or old enough."""
        self.writer.add(as_row(article), pack_blocks(article))
        self.delta.remember_article(known)
        if article.version == 1:
            self._sightings.add(article)
            self.delta.sightings.add(article)
        if key:
            outcome = {"first": Outcome.NEW, "removed": Outcome.REMOVED}.get(article.change or "", Outcome.CHANGED)
            self._waiting[key] = outcome
            self._remember(key, self.ledger.url(key) or article.url or "", outcome, article.page, article.article_id)
            self._remember_alternates(key, article)
        self.count(article.counters)
        self.tick()

    def _remember_alternates(self, key: str, article: Article) -> None:
        for url in (article.url, article.canonical_url):
            other = article_id(url_key(url)) if url else key
            if other != key and self.known(other) is None and not self.ledger.is_open(other):
                self._remember(other, url or "", Outcome.DUPLICATE, None, article.article_id)
                self.delta.urls[other].next_visit_at = None

    def tick(self) -> None:
        """Commit where the open batch is due."""
        if self.writer.due():
            self.commit()

    def commit(self) -> None:
        """Commit the open batch: rows and state delta together. Raises CommitFailed; its URLs stay open and unseen."""
        if self.writer.rows == 0 and self.delta.is_empty:
            return
        self.learned = self._sightings.learned()
        manifest = self.writer.commit(
            self.delta.as_json(), lambda row, blocks: reclean(row, blocks, self.learned)
        )
        self.delta = Delta()
        waiting, self._waiting = self._waiting, {}
        for key, outcome in waiting.items():
            self.ledger.end(key, outcome)
        if manifest is None:
            return
        self.record.batches.append(manifest.name)
        for file in manifest.files:
            self.record.rows += file.rows
            self.record.partitions[file.partition] = self.record.partitions.get(file.partition, 0) + file.rows

    # -- sources, archive, counters ----------------------------------------------------------------------------------------

    def source(self, url: str) -> KnownSource | None:
        """Return what is known of a source, the open batch included."""
        return self.delta.sources.get(url) or self.state.source(url)

    def polled(self, record: SourceRecord, known: KnownSource | None) -> None:
        """Book what a source gave; `known` is remembered for its next poll, None leaves what was known as it is."""
        self.record.sources.append(record)
        if known is not None:
            self.delta.sources[known.url] = known

    def archive(self, page: Page) -> None:
        """Keep the page in the run's WARC file and note its place on the page."""
        if self._archive is None:
            self._archive = Archive.open(self.options.folder("archive"), self.run_id)
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
            if self._archive:
                self._archive.close()
            self.state.close()
            self._lock.release()
        return self.record

    def _settle(self, reason: str) -> None:
        self.record.finish_reason = reason
        try:
            self.commit()
        except DatasetError as error:
            logger.error("%s", error)  # noqa: TRY400 - one line: it names the input and the remedy
            self.fail_commit(str(error))
        self.ledger.end_all(Outcome.DEFERRED, "the run ended first")
        self._sum_up()
        if not self.failed:
            # The record travels in a last manifest of its own, so that the state knows the publisher's history.
            self.delta.runs.append({"run_id": self.run_id, "record": orjson.dumps(self._brief()).decode()})
            try:
                self.writer.commit(self.delta.as_json())
            except DatasetError as error:
                logger.error("%s", error)  # noqa: TRY400
                self.failed = str(error)
        self.record.write(self.options.folder("runs"))

    failed: str | None = None
    """Why a batch could not be committed."""

    def fail_commit(self, reason: str) -> None:
        """Book that the open batch could not be committed: its URLs were never seen."""
        self.failed = reason
        for key in self._waiting:
            self.ledger.end(key, Outcome.COMMIT_FAILED, reason)
        self._waiting, self.delta = {}, Delta()

    def _sum_up(self) -> None:
        record = self.record
        record.ended_at, record.seconds = now(), round(self.seconds, 3)
        record.urls = self.ledger.urls
        record.outcomes = {outcome.value: count for outcome, count in sorted(self.ledger.outcomes.items())}
        record.samples = {outcome.value: lines for outcome, lines in sorted(self.ledger.samples.items())}
        found = verdict(asdict(record), self.state.runs(30))
        record.verdict, record.verdict_reason = found

    def _brief(self) -> dict[str, Any]:
        kept = ("run_id", "started_at", "ended_at", "seconds", "urls", "outcomes", "rows", "verdict", "verdict_reason")
        return {name: value for name, value in asdict(self.record).items() if name in kept}


def new_run_id(publisher: str) -> str:
    """Return a run's id: publisher, UTC second, 6 random hex digits; sorts by time, and no two are the same."""
    return f"{publisher}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _validator(page: Page | None, name: str) -> str | None:
    return page.header(name) if page else None
