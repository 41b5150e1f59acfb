"""`scrapy crawlall`: every publisher, one process each; the one line in cron. One publisher's crash or hang harms no other."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from scrapy.commands import ScrapyCommand

from newsbot import publishers
from newsbot.commands.usage import name_unknown_settings, refuse_in_one_line
from newsbot.exceptions import NewsbotError, StateError, UsageError
from newsbot.options import Options, read_options
from newsbot.outcomes import ExitStatus
from newsbot.schedule import due, shard
from newsbot.state import State

# Seconds a crawl gets to commit and end after it was asked to, before it is killed.
GRACE = 60.0
# Names of publishers left out that a line shows.
SHOWN = 5
_SPAN = re.compile(r"(\d+(?:\.\d+)?)([smh]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}
# These are no faults: the publisher was served, or another run is at it.
_FINE = (ExitStatus.DONE, ExitStatus.LOCKED)


@dataclass(frozen=True, slots=True)
class Finished:
    """How one publisher's crawl ended."""

    publisher: str
    status: int
    seconds: float
    text: str


class Command(ScrapyCommand):
    """Crawls every publisher that is due, some at a time."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the words after the command."""
        return "[options] [publisher …]"

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "Crawl every publisher, one process each"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        super().add_options(parser)
        refuse_in_one_line(parser)
        parser.add_argument(
            "--jobs", type=int, default=4, metavar="N", help="publishers at a time (default 4)"
        )
        parser.add_argument("--shard", metavar="I/N", help="only the I-th of N parts, for several machines")
        parser.add_argument(
            "--due", action="store_true", help="only publishers with a source or an article that is due"
        )
        parser.add_argument(
            "--deadline", metavar="50m", help="end all crawls after this long: 3000s, 50m, 1h"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, print a line a publisher, set the exit status."""
        assert self.settings is not None
        name_unknown_settings(opts.set)
        try:
            options = read_options(self.settings.get)
            names = choose(args, opts.shard, options)
            seconds = read_span(opts.deadline)
            if opts.jobs < 1:
                raise UsageError(f"--jobs {opts.jobs}: give 1 or more")
            if opts.due:
                names = [name for name in names if is_due(name, options)]
        except NewsbotError as error:
            print(f"newsbot: {error}", file=sys.stderr)
            self.exitcode = ExitStatus.BAD_USAGE
            return
        given = [f"-s{pair}" for pair in opts.set] + (["-adue=true"] if opts.due else [])
        finished = asyncio.run(crawl_all(names, given, opts.jobs, seconds))
        self.exitcode = close(finished)


def choose(names: Sequence[str], part: str | None, options: Options) -> list[str]:
    """Return the publishers to crawl: those named, else all but the demo, of one shard. Raises UsageError."""
    known = publishers.names(options.publishers)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"unknown publisher {unknown[0]!r}; `scrapy publishers` lists names")
    chosen = list(names) or [name for name in known if name != "demo" or options.demo_url]
    if part is None:
        return chosen
    found = re.fullmatch(r"(\d+)/(\d+)", part)
    try:
        return shard(chosen, int(found[1]), int(found[2])) if found else shard(chosen, 0, 1)
    except ValueError:
        raise UsageError(f"--shard {part}: give I/N, such as 2/8 for the second of eight parts") from None


def read_span(text: str | None) -> float | None:
    """Return the seconds that 3000, 50m or 1h mean. Raises UsageError."""
    if text is None:
        return None
    found = _SPAN.fullmatch(text.strip())
    if not found or float(found[1]) <= 0:
        raise UsageError(f"--deadline {text}: give seconds, or 50m or 1h")
    return float(found[1]) * _SECONDS[found[2]]


def is_due(name: str, options: Options) -> bool:
    """Whether a publisher has a source or an article to look at now; one that was never crawled has."""
    try:
        state = State.open(options.state_root, name, read_only=True)
    except StateError:
        return True
    try:
        now = time.time()
        return has_due_source(name, state, options) or bool(state.due(now, 1)) or bool(state.pending(1))
    finally:
        state.close()


def has_due_source(name: str, state: State, options: Options) -> bool:
    """Whether one of the sources in the publisher's file is due; those that an index names are opened when the index says so."""
    try:
        publisher = publishers.load(name, options.publishers, options.variables())
    except NewsbotError:
        return True  # the crawl says what is wrong
    known = [
        state.source(source.url)
        for source in publisher.sources
        if not source.backfill and source.kind != "archive"
    ]
    return not known or any(source is None or due(source.next_poll_at, time.time()) for source in known)


async def crawl_all(
    names: Sequence[str], given: Sequence[str], jobs: int, seconds: float | None
) -> list[Finished]:
    """Crawl the publishers, `jobs` at a time; after `seconds`, or at a signal, those under way are asked to end."""
    room, stop = asyncio.Semaphore(jobs), asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)

    async def one(name: str) -> Finished | None:
        async with room:
            if stop.is_set():
                return None
            done = await crawl_one(name, given, stop)
            print(
                f"{ExitStatus(done.status).name.lower() if done.status in _known() else done.status:>14}  {done.text}",
                flush=True,
            )
            return done

    results = await asyncio.gather(*(one(name) for name in names))
    left = [name for name, result in zip(names, results, strict=True) if result is None]
    if left:
        names_left = ", ".join(left[:SHOWN]) + " …" * (len(left) > SHOWN)
        print(
            f"{'not started':>14}  {len(left)} publisher{'s' * (len(left) != 1)}: the end came first ({names_left})"
        )
    return [result for result in results if result]


async def crawl_one(name: str, given: Sequence[str], stop: asyncio.Event) -> Finished:
    """Crawl one publisher in a process of its own; at `stop` it is asked to end, and killed after GRACE seconds.

    It leads a process group, which is killed when it has ended, with whatever worker hangs. What it says goes to a file: such a
    worker would hold a pipe open.
    """
    begun = time.monotonic()
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"publisher={name}", *given]
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=asyncio.subprocess.STDOUT,
            process_group=0,
        )
        ending, stopping = asyncio.ensure_future(process.wait()), asyncio.ensure_future(stop.wait())
        await asyncio.wait({ending, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not ending.done():
            process.send_signal(signal.SIGTERM)
            await asyncio.wait({ending}, timeout=GRACE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        status = await ending
        said.seek(0)
        text = said.read().decode("utf-8", "replace").strip().splitlines()
    return Finished(name, status, time.monotonic() - begun, _line(name, status, text))


def _line(name: str, status: int, text: Sequence[str]) -> str:
    """Return the line that says most: the summary's first with the reason of what is wrong, else the error's."""
    reasons = (
        line.split(": ", 1)[-1] for line in text if line.startswith(("  verdict ", "  commit_failed "))
    )
    why = next(reasons, "")
    for line in text:
        if line.startswith(f"{name}: "):
            return f"{line}: {why}" if why else line
    for line in reversed(text):
        if line.startswith("newsbot: "):
            return f"{name}: {line.removeprefix('newsbot: ')}"
    return f"{name}: ended with {status}" + (f": {text[-1]}" if text else "")


def _known() -> set[int]:
    return {int(status) for status in ExitStatus}


def close(finished: Sequence[Finished]) -> ExitStatus:
    """Print the totals and return the exit status of all: done, partly failed, or broken where none was served."""
    failed = [result for result in finished if result.status not in _FINE]
    print(f"{len(finished)} publisher{'s' * (len(finished) != 1)}, {len(failed)} with faults")
    if not failed:
        return ExitStatus.DONE
    if any(result.status == ExitStatus.INTERRUPTED for result in failed) and len(failed) == len(finished):
        return ExitStatus.INTERRUPTED
    return ExitStatus.PARTLY_FAILED if len(failed) < len(finished) else ExitStatus.BROKEN
