"""What a fetched source announces, by its kind: candidates and further sources; where the shell calls discover."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from newsbot.discover.days import may_hold
from newsbot.discover.feeds import read_feed
from newsbot.discover.found import Announced, Further
from newsbot.discover.listings import read_archive, read_home, read_page, read_robots
from newsbot.discover.sitemaps import read_sitemap
from newsbot.items import Page
from newsbot.publishers.model import Source, SourceKind
from newsbot.schedule import Range

__all__ = ["READERS", "Announced", "Further", "announce"]

Reader = Callable[[bytes, str, Source], Iterator[Announced]]

READERS: dict[SourceKind, Reader] = {
    "feed": read_feed,
    "sitemap": read_sitemap,
    "news_sitemap": read_sitemap,
    "section": read_page,
    "archive": read_archive,
    "site": read_home,
    "robots": read_robots,
}


def announce(source: Source, page: Page, asked: Range) -> Iterator[Announced]:
    """Yield what the page of a source announces, in its order; of an index, only what can hold the days asked for.

    Raises UnreadableSource, after what came before the fault.
    """
    for found in READERS[source.kind](page.body, page.url or source.url, source):
        if (
            isinstance(found, Further)
            and found.source.kind in {"sitemap", "news_sitemap"}
            and not found.is_page
        ):
            if may_hold(found.source.url, found.changed_at_raw, asked):
                yield found
            continue
        yield found
