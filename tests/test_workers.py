"""Worker processes read as the inline reader does; one that hangs or dies costs its page only."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsbot.exceptions import ReadFailed, ReadTimeout, UnreadablePage
from newsbot.items import Page
from newsbot.publishers.model import Publisher
from newsbot.workers import InlineReader, Reader, WorkerReader, open_reader

PUBLISHER = Publisher("alder", "https://alder.example")
PARAGRAPH = (
    "<p>The harbour council met on Tuesday evening, and nobody spoke against the plan for a new bridge.</p>"
)
HTML = f"<html><head><title>A bridge</title></head><body><h1>A bridge</h1><article>{PARAGRAPH * 4}</article></body></html>"
# A page that takes seconds to read, however fast the machine.
HEAVY = f"<html><body><h1>Long</h1>{('<div>' + PARAGRAPH) * 40_000}</body></html>"


def page(html: str = HTML) -> Page:
    return Page("https://alder.example/a", html.encode(), datetime(2020, 12, 1, tzinfo=UTC))


def with_reader(use: Callable[[Reader], Awaitable[None]], deadline: float = 60) -> None:
    """Use a reader with one worker inside one event loop, as a crawl does."""

    async def main() -> None:
        reader = WorkerReader(PUBLISHER, None, 1, deadline)
        try:
            await use(reader)
        finally:
            await reader.close()

    asyncio.run(main())


def test_a_worker_reads_what_the_inline_reader_reads() -> None:
    async def use(reader: Reader) -> None:
        assert await reader.read(page()) == await InlineReader(PUBLISHER, None).read(page())

    with_reader(use)


def test_bytes_that_are_no_page_are_said_to_be_so() -> None:
    async def use(reader: Reader) -> None:
        with pytest.raises(UnreadablePage, match="empty"):
            await reader.read(page(""))

    with_reader(use)


def test_a_page_over_its_deadline_is_given_up_and_the_next_is_read() -> None:
    async def use(reader: Reader) -> None:
        await warm(reader)
        with pytest.raises(ReadTimeout, match="NEWSBOT_DEADLINE"):
            await reader.read(page(HEAVY))
        await warm(reader)

    with_reader(use, deadline=1.0)


async def warm(reader: Reader) -> None:
    """Read a small page; a new process may need longer than its first deadline to start."""
    for _ in range(20):
        try:
            article = await reader.read(page())
        except ReadTimeout:
            continue
        assert article.headline == "A bridge"
        return
    raise AssertionError("no worker came up")


def test_a_worker_that_dies_costs_its_page_only() -> None:
    async def use(reader: Reader) -> None:
        await warm(reader)
        reading = asyncio.ensure_future(reader.read(page(HEAVY)))
        await asyncio.sleep(0.3)
        os.kill(worker(), signal.SIGKILL)
        with pytest.raises(ReadFailed, match="died"):
            await reading
        await warm(reader)

    with_reader(use)


def worker() -> int:
    """Return the process id of the busiest grandchild: the one that reads."""
    children = [pid for pid in pids() if parent(pid) == os.getpid()]
    grandchildren = [pid for pid in pids() if parent(pid) in children]
    return max(grandchildren, key=ticks)


def pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def parent(pid: int) -> int:
    fields = stat(pid)
    return int(fields[1]) if fields else 0


def ticks(pid: int) -> int:
    fields = stat(pid)
    return int(fields[11]) if fields else 0


def test_no_workers_means_inline() -> None:
    assert isinstance(open_reader(PUBLISHER, None, 0, 2), InlineReader)


def test_a_killed_run_leaves_no_worker_behind(tmp_path: Path) -> None:
    """The lock of a killed run must be free at once, and its workers gone soon."""
    import subprocess
    import sys

    code = (
        "import asyncio, sys, time\n"
        "from tests.test_workers import PUBLISHER, page, WorkerReader\n"
        "from newsbot.lock import PublisherLock\n"
        "from pathlib import Path\n"
        f"lock = PublisherLock(Path({str(tmp_path)!r}), 'alder', 'alder-20201201T000000Z-abcdef')\n"
        "reader = WorkerReader(PUBLISHER, None, 1, 60)\n"
        "async def main():\n"
        "    await reader.read(page())\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    family = [pid for pid in pids() if parent(pid) == process.pid]
    family += [pid for pid in pids() if parent(pid) in family]
    process.kill()
    process.communicate()
    from newsbot.lock import PublisherLock

    PublisherLock(tmp_path, "alder", "alder-20201201T000001Z-abcdef").release()
    end = time.monotonic() + 30
    while time.monotonic() < end and any(Path(f"/proc/{pid}").exists() for pid in family):
        time.sleep(0.1)
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
