"""Keeps a run's pages in WARC: a thread compresses and writes, one page after the other, while the reactor goes on."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from newsbot.archive import Archive
from newsbot.items import Page
from newsbot.options import Options
from newsbot.politeness import user_agent


class Keeper:
    """The archive of one run; no file and no thread is made before the first page."""

    def __init__(self, options: Options, run_id: str) -> None:
        self._archive = Archive.open(options.folder("archive"), run_id, user_agent(options.contact))
        self._thread = ThreadPoolExecutor(1, "archive")

    async def keep(self, page: Page) -> None:
        """Write a page and note its place on it. Raises OutputUnwritable."""
        writing = asyncio.get_running_loop().run_in_executor(self._thread, self._archive.write, page)
        page.warc_file, page.warc_offset = await writing

    def close(self) -> None:
        """Wait for what is being written, and close the file."""
        self._thread.shutdown()
        self._archive.close()
