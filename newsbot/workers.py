"""Worker processes that read pages, so that parsing never blocks the reactor; a page over its deadline costs its worker only."""

from __future__ import annotations

import os
from functools import cache, partial
from multiprocessing import forkserver, get_context
from typing import Protocol

from newsbot.chain import read
from newsbot.clean.boilerplate import Learned
from newsbot.exceptions import ReadFailed, ReadTimeout
from newsbot.items import Article, Page
from newsbot.pool import Overdue, Pool, WorkerDied
from newsbot.publishers.model import Publisher
from newsbot.reclean import look_over


class Reader(Protocol):
    """Turns pages into articles."""

    async def read(self, page: Page) -> Article:
        """Return the article on `page`; raises what `chain.read` raises, ReadTimeout, ReadFailed."""

    async def close(self) -> None:
        """Give back processes."""


class InlineReader:
    """Reads in this process: for tests, tools and machines with one core. Has no deadline."""

    def __init__(self, publisher: Publisher, learned: Learned | None) -> None:
        self._publisher, self._learned = publisher, learned

    async def read(self, page: Page) -> Article:
        """Return the article on `page`, its blocks looked over and left out."""
        return _read(self._publisher, self._learned, page)

    async def close(self) -> None:
        """Nothing to give back."""


class WorkerReader:
    """Reads in `workers` processes, each killed and replaced when a page takes longer than `deadline` seconds."""

    def __init__(self, publisher: Publisher, learned: Learned | None, workers: int, deadline: float) -> None:
        warm()
        self._pool = Pool(partial(_read, publisher, learned), workers, deadline)
        self._deadline = deadline

    async def read(self, page: Page) -> Article:
        """Return the article on `page`; raises ReadTimeout past the deadline, ReadFailed where the worker died."""
        try:
            article: Article = await self._pool.run(page)
        except Overdue as error:
            raise ReadTimeout(
                f"{page.url}: not read within {self._deadline:g} s; NEWSBOT_DEADLINE sets it"
            ) from error
        except WorkerDied as error:
            raise ReadFailed(f"{page.url}: the worker reading it died ({error})") from error
        return article

    async def close(self) -> None:
        """End the processes."""
        await self._pool.close()


@cache
def warm() -> None:
    """Start the server that workers are forked from; it loads what they need while this process does other things.

    They are not forked from this process: a forked copy of the lock's file would keep the publisher locked after this process was
    killed, and threads and sockets of the reactor have no place in a worker.
    """
    # NumPy's library for matrices, which nothing here asks for, starts threads that spin for 0.1 s each.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    get_context("forkserver").set_forkserver_preload(["newsbot.warm", __name__])
    forkserver.ensure_running()


def open_reader(publisher: Publisher, learned: Learned | None, workers: int, deadline: float) -> Reader:
    """Return a reader in `workers` processes, or inline for 0."""
    if workers == 0:
        return InlineReader(publisher, learned)
    return WorkerReader(publisher, learned, workers, deadline)


def _read(publisher: Publisher, learned: Learned | None, page: Page) -> Article:
    return _trim(read(page, publisher, learned))


def _trim(article: Article) -> Article:
    """Look the blocks over and leave them out, and what else the flow does not read: it would cost a copy between processes."""
    look_over(article)
    article.blocks, article.date_candidates = [], []
    return article
