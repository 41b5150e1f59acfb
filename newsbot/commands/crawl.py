"""`scrapy crawl`: runs a spider, prints what came of it, and ends with a status that says whether it did its job."""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError as ScrapyUsageError

from newsbot.commands.usage import name_unknown_settings, refuse_in_one_line
from newsbot.exceptions import DatasetError, InputError, Locked, NewsbotError, StateError, UsageError
from newsbot.exporters import check_feeds
from newsbot.extensions.run import RunExtension
from newsbot.outcomes import ExitStatus
from newsbot.report import exit_status, summary


class Command(ScrapyCrawl):
    """The crawl command, with an exit status and a summary."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options: Scrapy's own."""
        super().add_options(parser)
        refuse_in_one_line(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider named; see docs/OPERATIONS.md for the exit statuses."""
        if len(args) != 1:
            raise ScrapyUsageError("name one spider: news or replay")
        assert self.crawler_process is not None and self.settings is not None
        name_unknown_settings(opts.set)
        try:
            check_feeds(self.settings.getdict("FEEDS"))
            crawler = self._create_crawler(args[0])
        except UsageError as error:
            self._fail(error)
            return
        except KeyError:
            self._fail(
                UsageError(f"no spider {args[0]!r}; take news or replay, or add one under SPIDER_MODULES")
            )
            return
        ended = self.crawler_process.crawl(crawler, **opts.spargs)
        assert isinstance(ended, asyncio.Task), "newsbot runs on the asyncio reactor"
        ended.add_done_callback(self._take_error)
        # What was loaded until now stays, and a page leaves few cycles: looking for those was a twentieth of the time.
        gc.freeze()
        gc.set_threshold(5_000)
        self.crawler_process.start()
        if self._error is not None:
            self._fail(self._error)
            return
        self._close(crawler)

    _error: BaseException | None = None

    def _take_error(self, task: asyncio.Task[None]) -> None:
        """Keep the error that ended the crawl; asking for it keeps asyncio from printing its traceback."""
        if not task.cancelled():
            self._error = task.exception()

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, NewsbotError):
            raise error
        print(f"newsbot: {error}", file=sys.stderr)
        self.exitcode = status_of(error)

    def _close(self, crawler: Crawler) -> None:
        extension = crawler.get_extension(RunExtension)
        if extension is None:
            self.exitcode = ExitStatus.DONE
            return
        run, options = extension.run, extension.run.options
        if run.record.ended_at is None:
            # A signal came before the first request: the spider was never opened, so it was never closed.
            run.close("shutdown")
        self.exitcode = exit_status(
            run.record,
            failed=run.failed,
            tolerated=options.failure_share,
            nothing_new=options.nothing_new_status,
        )
        print(summary(run.record, run.options.root))


def status_of(error: NewsbotError) -> ExitStatus:
    """Return the exit status that an error stands for."""
    statuses: tuple[tuple[type[NewsbotError], ExitStatus], ...] = (
        (UsageError, ExitStatus.BAD_USAGE),
        (InputError, ExitStatus.BAD_INPUT),
        (Locked, ExitStatus.LOCKED),
        (DatasetError, ExitStatus.COMMIT_FAILED),
        (StateError, ExitStatus.COMMIT_FAILED),
    )
    return next((status for kind, status in statuses if isinstance(error, kind)), ExitStatus.FAILED)
