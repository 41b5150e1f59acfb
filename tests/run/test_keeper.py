"""The keeper: pages lie in WARC in the order they came."""

from __future__ import annotations

import asyncio
from pathlib import Path

from newsbot.archive import pages as warc_pages
from newsbot.items import Page
from newsbot.run import Run
from tests.run.running import (
    NOW,
)


def test_pages_are_kept_one_after_the_other_whoever_asks_at_once(run: Run, tmp_path: Path) -> None:
    pages = [Page(f"https://alder.example/{n}", b"x" * 50_000, NOW, headers=[]) for n in range(6)]

    async def keep_all() -> None:
        await asyncio.gather(*(run.archive(page) for page in pages))

    asyncio.run(keep_all())
    run.close("finished")
    kept = list(warc_pages(tmp_path / "archive" / str(pages[0].warc_file)))
    assert [(page.url, page.warc_offset) for page in kept] == [(page.url, page.warc_offset) for page in pages]
