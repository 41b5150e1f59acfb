"""Scrapy's log and counters at less cost: the same counts, and records of pages only where they are shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import Settings

from newsbot.extensions.quiet import QuietLogFormatter, QuietStats


def crawler(level: str | int) -> Any:
    """Stand for a crawl with a level of logging."""
    return SimpleNamespace(settings=Settings({"LOG_LEVEL": level}))


@pytest.mark.parametrize(
    ("level", "is_shown"), [("DEBUG", True), (10, True), ("INFO", False), ("WARNING", False), (30, False)]
)
def test_pages_and_items_make_records_where_they_are_shown(level: str | int, *, is_shown: bool) -> None:
    formatter = QuietLogFormatter.from_crawler(crawler(level))
    request, spider = Request("https://alder.example/a"), Spider("alder")
    response = Response(request.url)
    assert bool(formatter.crawled(request, response, spider)) is is_shown
    assert bool(formatter.scraped({}, response, spider)) is is_shown


def test_counters_count() -> None:
    stats = QuietStats(crawler("WARNING"))
    stats.inc_value("pages")
    stats.inc_value("pages", 2)
    stats.max_value("depth", 3)
    assert stats.get_stats() == {"pages": 3, "depth": 3} and stats.get_value("none", 0) == 0
