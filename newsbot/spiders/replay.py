"""The replay spider: saved pages, plain-text dumps and WARC files through the same stages, without a request."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from newsbot import publishers
from newsbot.archive import pages
from newsbot.exceptions import InputError, UsageError
from newsbot.extensions.run import RunExtension
from newsbot.items import Candidate, Page
from newsbot.options import Options, read_options
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher
from newsbot.record import SourceRecord
from newsbot.run import Run
from newsbot.schedule import Range
from newsbot.spiders.arguments import read_range

# What is replayed, by the end of its name.
HTML = (".html", ".htm", ".html.gz", ".htm.gz")
TEXT = (".txt", ".txt.gz")
WARC = (".warc", ".warc.gz", ".wet", ".wet.gz")
# Pages on their way through the pipelines at a time; more would only wait in memory.
IN_FLIGHT = 32
# A saved page larger than this, packed or not, is no article page.
MAX_BYTES = 64 * 1024 * 1024


class ReplaySpider(Spider):
    """`scrapy crawl replay -a path=FILE_OR_FOLDER -a publisher=rt [-a url=URL] [-a since=] [-a until=]`."""

    name = "replay"

    publisher: Publisher
    paths: list[Path]
    url: str | None
    range: Range
    run: Run
    room: asyncio.Semaphore

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Read the arguments and find the files. Raises UsageError, UnknownPublisher, InputError."""
        options = read_options(crawler.settings.get)
        unknown = kwargs.keys() - {"path", "publisher", "site", "url", "since", "until"}
        if unknown:
            raise UsageError(
                f"unknown argument {min(unknown)!r}; take path, publisher, site, url, since or until"
            )
        spider = super().from_crawler(crawler, *args)
        spider.publisher = find_publisher(kwargs, options)
        spider.paths = find_files(kwargs.get("path", ""))
        spider.range = read_range(kwargs.get("since"), kwargs.get("until"))
        spider.url = kwargs.get("url")
        if spider.url and len(spider.paths) > 1:
            raise UsageError(
                f"url={spider.url} names one page, but {kwargs['path']} holds {len(spider.paths)} files"
            )
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.leave, signal=signal)
        return spider

    def leave(self) -> None:
        """Make room for one more page."""
        self.room.release()

    async def start(self) -> AsyncIterator[Any]:
        """Yield the pages, no more at a time than the pipelines take."""
        self.run = RunExtension.run_of(self.crawler)
        self.run.range = self.range
        self.room = asyncio.Semaphore(IN_FLIGHT)
        for path in self.paths:
            for page in self._read(path):
                await self.room.acquire()
                yield page

    def _read(self, path: Path) -> Iterator[Page]:
        if path.name.endswith(WARC):
            found = self._archived(path)
        else:
            found = iter([self._file_page(path)]) if self._begin(path) else iter(())
        for page in found:
            page.run_id = self.run.run_id
            if page.warc_offset is not None:
                page.candidate = page.candidate or candidate_of(page, path)
                if self.run.begin(page.candidate) is None:
                    continue
            yield page

    def _archived(self, path: Path) -> Iterator[Page]:
        """Yield the pages of a WARC file; one that cannot be read is booked as a source that failed, and the others go on."""
        source = SourceRecord(str(path), "archive")
        try:
            for page in pages(path):
                source.candidates += 1
                yield page
        except InputError as error:
            source.status, source.reason = "unreadable", str(error)
        self.run.polled(source, None)

    def _begin(self, path: Path) -> bool:
        return self.run.begin(Candidate(str(path), source_kind="file")) is not None

    def _file_page(self, path: Path) -> Page:
        candidate = Candidate(str(path), source_kind="file")
        body = b""
        try:
            body = read_bytes(path)
        except InputError as error:
            self.run.end(self.run.key_of(candidate), Outcome.UNREADABLE, str(error))
        media = "text" if path.name.endswith(TEXT) else "html"
        return Page(
            url=self.url,
            body=body,
            fetched_at=datetime.now(UTC),
            status=None,
            media=media,  # type: ignore[arg-type]
            candidate=candidate,
        )


def candidate_of(page: Page, path: Path) -> Candidate:
    """Return the candidate of a record that names none, as other crawlers write them."""
    if page.url:
        return Candidate(page.url)
    return Candidate(f"{path}#{page.warc_offset}", source_kind="file")


def find_publisher(given: Mapping[str, str], options: Options) -> Publisher:
    """Return the publisher that the arguments name. Raises UsageError, UnknownPublisher."""
    variables = options.variables("http://127.0.0.1")
    if given.get("publisher"):
        return publishers.load(given["publisher"], options.publishers, variables)
    site = given.get("site") or given.get("url")
    if not site:
        raise UsageError(
            "whose pages are these? give -a publisher=NAME or -a site=URL; `scrapy publishers` lists names"
        )
    return publishers.for_site(site, options.publishers, variables)


def find_files(given: str) -> list[Path]:
    """Return the files to replay, sorted. Raises UsageError without a path, InputError where nothing can be read."""
    if not given:
        raise UsageError(
            "nothing to replay: give -a path=FILE_OR_FOLDER with .html, .html.gz, .txt or .warc.gz files"
        )
    path = Path(given)
    try:
        found = (
            sorted(part for part in path.rglob("*") if part.name.endswith(HTML + TEXT + WARC))
            if path.is_dir()
            else [path]
        )
        for file in found[:1]:
            file.open("rb").close()
    except OSError as error:
        raise InputError(
            f"cannot read {given}: {error.strerror}; give a file or folder that may be read"
        ) from error
    if not found:
        raise InputError(f"{given} holds no .html, .html.gz, .txt or .warc.gz file")
    if not path.is_dir() and not path.name.endswith(HTML + TEXT + WARC):
        raise InputError(f"{given} is none of .html, .html.gz, .txt, .warc.gz; rename it after what it is")
    return found


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, unpacked where they are gzip whatever the name says. Raises InputError."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
        if body[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                body = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    if len(body) > MAX_BYTES:
        raise InputError(f"{path} is larger than {MAX_BYTES} bytes, too large for a page")
    return body
