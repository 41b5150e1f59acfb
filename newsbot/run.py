"""One crawl of one publisher: its lock, state, dataset writer, archive and books, held together. Knows no Scrapy."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime

import orjson

from newsbot.archive import Archive
from newsbot.clean.boilerplate import Learned, Sightings
from newsbot.dataset.commit import Manifest, recover
from newsbot.dataset.schema import row as as_row
from newsbot.dataset.writer import Limits, Writer
from newsbot.dedup.versions import judge
from newsbot.delta import Delta
from newsbot.discover.shapes import Shapes
from newsbot.exceptions import CommitFailed, DatasetError, StateError
from newsbot.items import Article, Candidate, Fingerprint, Page
from newsbot.lock import PublisherLock
from newsbot.monitors import verdict
from newsbot.options import Options
from newsbot.outcomes import Outcome
from newsbot.politeness import user_agent
from newsbot.publishers.model import Publisher
from newsbot.reclean import look_over, reclean
from newsbot.record import Ledger, RunRecord, SourceRecord, now
from newsbot.report import write_page
from newsbot.robots import UNREAD
from newsbot.schedule import Range, haste, next_visit
from newsbot.state import KnownArticle, KnownSource, KnownUrl, State
from newsbot.tombstone import pack_row
from newsbot.urls import article_id, url_key, without_credentials

logger = logging.getLogger(__name__)

# A candidate that failed this often in as many runs is given up.
MAX_ATTEMPTS = 5
# Decisions of newsbot, not faults: the candidate is not kept for the next run, its source announces it again.
LEFT_ALONE = frozenset({Outcome.KNOWN, Outcome.ROBOTS, Outcome.OUT_OF_RANGE})


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
        limits = Limits(self.options.batch_rows, self.options.batch_bytes, self.options.batch_seconds)
        self.writer = Writer(self.options.root, self.run_id, self.publisher.name, limits, self.state)
        self._archive: Archive | None = None
        self._archivist = ThreadPoolExecutor(1, "archive")
        self._sightings = Sightings()
        self._sightings.merge(self.state.recurring())
        self.learned: Learned = self._sightings.learned()
        self.shapes = Shapes(self.state.shapes())
        self._haste = haste(self.state.runs(30))
        self.delta = Delta()
        self._waiting: dict[str, Outcome] = {}
        self._attempts: dict[str, int] = {}
        self._polled: dict[str, KnownSource] = {}
        self._judged: dict[str, KnownArticle] = {}
        self.failed: str | None = None

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
        return self.delta.urls.get(key) or self.state.url(key)

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
            self._remember(key, url, outcome, page, article.article_id if article else None)

    def postpone(self, key: str, candidate: Candidate, outcome: Outcome, reason: str | None = None) -> None:
        """End a URL for this run and leave its candidate to the next, up to 5 times; a mere delay does not count."""
        self.end(key, outcome, reason)
        # A robots.txt that could not be read says nothing of the URL.
        is_delay = outcome is Outcome.DEFERRED or (reason or "").startswith(UNREAD)
        attempts = self._attempts.get(key, 0) + (not is_delay)
        if (outcome in LEFT_ALONE and not is_delay) or attempts >= MAX_ATTEMPTS:
            self.delta.pending_done.add(key)
        else:
            self.delta.postpone(key, candidate, attempts, time.time())

    def keep_pending(self, announced: Sequence[tuple[str, Candidate]]) -> None:
        """Write candidates down as left to do, at once: should this run be killed, the next one has them."""
        if not announced:
            return
        rows = Delta()
        for key, candidate in announced:
            rows.postpone(key, candidate, self._attempts.get(key, 0), time.time())
        try:
            self._apply(rows)
        except CommitFailed as error:
            # The run goes on: only a kill would lose them, and a commit will say the same of the disk.
            logger.warning("%s", error)

    def pending(self) -> list[Candidate]:
        """Return the candidates that earlier runs left to do."""
        rows = self.state.pending()
        self._attempts = {key: attempts for key, _, attempts in rows}
        return [Candidate(**orjson.loads(text)) for _, text, _ in rows]

    def _remember(self, key: str, url: str, outcome: Outcome, page: Page | None, article: str | None) -> None:
        before = self.known(key)
        known = KnownUrl(
            key=key,
            url=url,
            outcome=outcome.value,
            article_id=article or (before.article_id if before else None),
            fetched_at=page.fetched_at.timestamp() if page else None,
            next_visit_at=None,
            visits=(before.visits if before else 0) + 1,
            etag=_validator(page, "etag") or (before.etag if before else None),
            last_modified=_validator(page, "last-modified") or (before.last_modified if before else None),
        )
        if self.record.spider == "replay":
            # A saved page says nothing of when its site is to be asked again.
            known.next_visit_at = before.next_visit_at if before else None
        elif known.article_id and outcome is not Outcome.REMOVED:
            known.next_visit_at = self._next_visit(known.article_id)
        self.delta.remember(known)

    def _count_shape(self, url: str, *, is_article: bool) -> None:
        """Learn which addresses are articles."""
        if self.record.spider != "replay":
            self.shapes.count(url, is_article=is_article)
            self.delta.shapes.count(url, is_article=is_article)

    def _next_visit(self, identity: str) -> float | None:
        known = self.article(identity)
        if known is None:
            return None
        return next_visit(known.first_seen_at, time.time(), known.edits + self._haste, self.options.revisits)

    # -- articles --------------------------------------------------------------------------------------------------------

    def article(self, identity: str) -> KnownArticle | None:
        """Return the latest version of an article, those judged and not yet committed included."""
        return self._judged.get(identity) or self.delta.articles.get(identity) or self.state.article(identity)

    def judge(self, article: Article) -> Outcome | None:
        """Set version, change and first sight of an article; return UNCHANGED or DUPLICATE where it makes no row."""
        assert article.article_id and article.fingerprint and article.fetched_at and article.first_seen_at
        known = self.article(article.article_id)
        if article.change == "removed":
            return self._bury(article, known)
        change = judge(_fingerprint(known) if known else None, article.fingerprint)
        if change is None:
            return Outcome.UNCHANGED
        page_hash = article.fingerprint.page_hash
        if known is None and page_hash and article.body and self._has(page_hash):
            return Outcome.DUPLICATE
        article.change, article.version = change, (known.version if known else 0) + 1
        if known:
            article.first_seen_at = datetime.fromtimestamp(known.first_seen_at, UTC)
        self._judged[article.article_id] = KnownArticle(
            article_id=article.article_id,
            version=article.version,
            first_seen_at=article.first_seen_at.timestamp(),
            changed_at=article.fetched_at.timestamp(),
            edits=(known.edits + (change != "reprocessed")) if known else 0,
            row=pack_row(article),
            **asdict(article.fingerprint),
        )
        return None

    def _bury(self, article: Article, known: KnownArticle | None) -> Outcome | None:
        assert known is not None and article.fingerprint and article.fetched_at
        if known.page_hash is None:
            return Outcome.UNCHANGED
        article.version = known.version + 1
        self._judged[known.article_id] = replace(
            known,
            version=article.version,
            changed_at=article.fetched_at.timestamp(),
            **asdict(article.fingerprint),
        )
        return None

    def _has(self, page_hash: str) -> bool:
        """Whether an article of this publisher has this content."""
        if page_hash in self.delta.hashes or any(
            judged.page_hash == page_hash for judged in self._judged.values()
        ):
            return True
        return self.state.article_with(page_hash) is not None

    def add(self, article: Article) -> None:
        """Spool the row of a judged article; its URL ends when the batch is committed, which may be now."""
        assert article.article_id
        if article.packed is None:
            look_over(article)
        self.writer.add(as_row(article), article.packed or b"")
        self.delta.remember_article(self._judged.pop(article.article_id))
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
        self._remember(key, begun, outcome, article.page, article.article_id)
        for url in (article.url, article.canonical_url):
            other = article_id(url_key(url)) if url else key
            if url and other != key and self.known(other) is None and not self.ledger.is_open(other):
                self._remember(other, url, Outcome.DUPLICATE, None, article.article_id)
                self.delta.urls[other].next_visit_at = None

    def tick(self) -> None:
        """Commit where the open batch is due."""
        if self.writer.due():
            self.commit()

    def commit(self) -> None:
        """Commit the open batch: rows and state delta together. Raises CommitFailed; its URLs stay open and unseen."""
        if self.writer.rows == 0 and self.delta.is_empty:
            return
        self._learn(self.delta.sightings)
        if self.writer.rows:
            self._book(
                self.writer.commit(
                    self.delta.as_json(), lambda row, blocks: reclean(row, blocks, self.learned)
                )
            )
        else:
            self._apply(self.delta)
        self.delta = Delta()
        self._sightings.forget_singles()
        waiting, self._waiting = self._waiting, {}
        for key, outcome in waiting.items():
            self.ledger.end(key, outcome)

    def _learn(self, batch: Sightings) -> None:
        """Learn from the batch, and from what earlier runs saw once of its texts."""
        self._sightings.merge(self.state.texts(batch.counts.keys() - self._sightings.counts.keys()))
        self._sightings.merge(batch.counts.values())
        self.learned = self._sightings.learned()

    def _apply(self, delta: Delta) -> None:
        """Put a delta that goes with no rows into the state. Raises CommitFailed, as a batch with rows does."""
        try:
            self.state.apply(None, delta.as_json())
        except StateError as error:
            raise CommitFailed(str(error)) from error

    def _book(self, manifest: Manifest) -> None:
        self.record.batches.append(manifest.name)
        for file in manifest.files:
            self.record.rows += file.rows
            self.record.partitions[file.partition] = self.record.partitions.get(file.partition, 0) + file.rows

    # -- sources, archive, counters ----------------------------------------------------------------------------------------

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

    async def archive(self, page: Page) -> None:
        """Keep the page in the run's WARC file and note its place on the page; a thread writes, one page after the other."""
        if self._archive is None:
            agent = user_agent(self.options.contact)
            self._archive = Archive.open(self.options.folder("archive"), self.run_id, agent)
        writing = asyncio.get_running_loop().run_in_executor(self._archivist, self._archive.write, page)
        page.warc_file, page.warc_offset = await writing

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
            self._archivist.shutdown()
            if self._archive:
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
        self._waiting, self.delta = {}, Delta()

    def _sum_up(self) -> None:
        record = self.record
        record.ended_at, record.seconds = now(), round(self.seconds, 3)
        record.urls = self.ledger.urls
        record.outcomes = {outcome.value: count for outcome, count in sorted(self.ledger.outcomes.items())}
        record.samples = {outcome.value: lines for outcome, lines in sorted(self.ledger.samples.items())}
        found = verdict(asdict(record), self.state.runs(30))
        record.verdict, record.verdict_reason = found


def new_run_id(publisher: str) -> str:
    """Return a run's id: publisher, UTC second, 6 random hex digits; sorts by time, and no two are the same."""
    return f"{publisher}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _fingerprint(known: KnownArticle) -> Fingerprint:
    return Fingerprint(known.page_hash, known.headline_hash, known.sketch, known.extractor_version)


def _validator(page: Page | None, name: str) -> str | None:
    return page.header(name) if page else None
