"""Fetches the URLs that standard input names through newsbot's middlewares and prints what became of each, as JSON."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from newsbot.middlewares.outcomes import outcome_of, reason_of
from newsbot.options import read_options
from newsbot.politeness import politeness
from newsbot.publishers.model import Publisher


class ProbeSpider(Spider):
    """Asks for each URL and notes what came."""

    name = "probe"
    asked: dict[str, Any]
    results: dict[int, dict[str, Any]]

    async def start(self) -> AsyncIterator[Any]:
        for number, _ in enumerate(self.asked["urls"]):
            yield self.request(number)
            if not self.asked.get("together"):
                return

    def request(self, number: int) -> Request:
        kind = self.asked["kind"]
        return Request(
            self.asked["urls"][number],
            callback=self.take,
            errback=self.lose,
            dont_filter=True,
            meta={"number": number, "newsbot_kind": kind},
        )

    def take(self, response: Response) -> Any:
        return self.note(response.meta["number"], response, response)

    def lose(self, failure: Failure) -> Any:
        return self.note(failure.request.meta["number"], failure, None)  # type: ignore[attr-defined]

    def note(self, number: int, result: Any, response: Response | None) -> Any:
        self.results[number] = {
            "outcome": outcome_of(result),
            "reason": reason_of(result),
            "status": response.status if response else None,
            "size": len(response.body) if response else None,
            "flags": response.flags if response else [],
            "rights": response.meta.get("rights", {}) if response else {},
            "body": response.body[: self.asked["keep"]].decode("latin-1") if response else "",
            "url": response.url if response else None,
        }
        if not self.asked.get("together") and number + 1 < len(self.asked["urls"]):
            yield self.request(number + 1)


def main() -> None:
    asked = json.load(sys.stdin)
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newsbot.settings")
    settings = get_project_settings()
    settings.set("ITEM_PIPELINES", {})
    settings.get("EXTENSIONS")["newsbot.extensions.run.RunExtension"] = None
    asked["together"] = asked["settings"].pop("together", False)
    publisher = Publisher("probe", "http://127.0.0.1", **asked.pop("publisher"))
    for name, value in politeness(publisher, read_options(settings.get)).items():
        settings.set(name, value, priority="project")
    for name, value in asked["settings"].items():
        settings.set(name, value, priority="cmdline")
    started = time.monotonic()
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ProbeSpider)
    results: dict[int, dict[str, Any]] = {}
    process.crawl(crawler, asked=asked, results=results, publisher=publisher)
    process.start()
    assert crawler.stats is not None
    json.dump(
        {
            "results": [results[number] for number in sorted(results)],
            "stats": crawler.stats.get_stats(),
            "rss": peak(),
            "seconds": time.monotonic() - started,
        },
        sys.stdout,
        default=str,
    )


def peak() -> int:
    """Return the most bytes this process held; getrusage would start from what the test's process held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024  # type: ignore[index]


if __name__ == "__main__":
    main()
