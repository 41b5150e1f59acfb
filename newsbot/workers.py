"""Worker processes that read pages, so that parsing never blocks the reactor; a page over its deadline costs its worker only."""

from __future__ import annotations

import asyncio
import fcntl
import gc
from concurrent.futures import TimeoutError as DeadlineExceeded
from contextlib import suppress
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext
from typing import Any, Protocol

from pebble import ProcessExpired, ProcessPool

from newsbot.chain import read
from newsbot.clean.boilerplate import Learned
from newsbot.exceptions import ReadFailed, ReadTimeout
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher
from newsbot.reclean import look_over

_reading: tuple[Publisher, Learned | None]
# Bytes that the pipes to and from the workers hold, where the system lets them: a page of 100 KB goes through the usual 64 KB in
# turns, each a wait for the other side. 1 MiB is what Linux allows everyone (pipe(7)).
PIPE_BYTES = 1 << 20


class _Context(ForkServerContext):
    """Starts processes from the fork server, over wide pipes."""

    def Pipe(self, duplex: bool = True) -> tuple[Any, Any]:  # noqa: N802 - multiprocessing's own signature
        """Return the two ends of a pipe."""
        ends = super().Pipe(duplex)
        if not duplex and hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):
                fcntl.fcntl(ends[1].fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return ends


class Reader(Protocol):
    """Turns pages into articles."""

    async def read(self, page: Page) -> Article:
        """Return the article on `page`; raises what `chain.read` raises, ReadTimeout, ReadFailed."""

    def close(self) -> None:
        """Give back processes."""


class InlineReader:
    """Reads in this process: for tests, tools and machines with one core. Has no deadline."""

    def __init__(self, publisher: Publisher, learned: Learned | None) -> None:
        self._publisher, self._learned = publisher, learned

    async def read(self, page: Page) -> Article:
        """Return the article on `page`, its blocks looked over and left out."""
        return _trim(read(page, self._publisher, self._learned))

    def close(self) -> None:
        """Nothing to give back."""


class WorkerReader:
    """Reads in `workers` processes, each killed and replaced when a page takes longer than `deadline` seconds."""

    def __init__(self, publisher: Publisher, learned: Learned | None, workers: int, deadline: float) -> None:
        warm()
        # A worker is renewed after 2,000 pages: parsers of hostile input fragment memory.
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=2000,
            initializer=_start,
            initargs=(publisher, learned),
            context=_Context(),
        )
        self._deadline = deadline

    async def read(self, page: Page) -> Article:
        """Return the article on `page`; raises ReadTimeout past the deadline, ReadFailed where the worker died."""
        future = self._pool.schedule(_read, args=(page,), timeout=self._deadline)
        try:
            article: Article = await asyncio.wrap_future(future)
        except DeadlineExceeded as error:
            raise ReadTimeout(
                f"{page.url}: not read within {self._deadline:g} s; NEWSBOT_DEADLINE sets it"
            ) from error
        except ProcessExpired as error:
            raise ReadFailed(f"{page.url}: the worker reading it died ({error})") from error
        return article

    def close(self) -> None:
        """End the processes once their pages are read."""
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()


@cache
def warm() -> None:
    """Start the server that workers are forked from; it loads what they need while this process does other things.

    They are not forked from this process: a forked copy of the lock's file would keep the publisher locked after this process was
    killed, and threads and sockets of the reactor have no place in a worker.
    """
    get_context("forkserver").set_forkserver_preload(["newsbot.warm"])
    forkserver.ensure_running()


def open_reader(publisher: Publisher, learned: Learned | None, workers: int, deadline: float) -> Reader:
    """Return a reader in `workers` processes, or inline for 0."""
    if workers == 0:
        return InlineReader(publisher, learned)
    return WorkerReader(publisher, learned, workers, deadline)


def _start(publisher: Publisher, learned: Learned | None) -> None:
    global _reading  # noqa: PLW0603 - set once a process, before its first page
    _reading = (publisher, learned)
    gc.freeze()
    # A page makes thousands of objects and next to no cycles: looking for those after each 700 was a twentieth of the time.
    gc.set_threshold(20_000)


def _read(page: Page) -> Article:
    return _trim(read(page, *_reading))


def _trim(article: Article) -> Article:
    """Look the blocks over and leave them out, and what else the flow does not read: it would cost a copy between processes."""
    look_over(article)
    article.blocks, article.date_candidates = [], []
    return article
