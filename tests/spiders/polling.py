"""A publisher and its polls for tests: what is asked for, and answers to it."""

from __future__ import annotations

from datetime import UTC, datetime

from newsbot.items import Page
from newsbot.publishers.model import Publisher, Source
from newsbot.run import Run
from newsbot.schedule import Range
from newsbot.spiders.arguments import Arguments
from newsbot.spiders.polls import Poll, Polls
from newsbot.state import KnownSource

SITE = "https://alder.example"
FEED = Source("feed", f"{SITE}/rss")
INDEX = Source("sitemap", f"{SITE}/sitemap.xml")
SECTION = Source("section", f"{SITE}/news/", next_page="a.next")
DAILY = Source("archive", SITE + "/{year}/{month:02}/{day:02}/", backfill=True)
YEAR_2020 = Range(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))


def publisher(*sources: Source, **more: object) -> Publisher:
    return Publisher("alder", SITE, sources=sources, **more)  # type: ignore[arg-type]


def polls(run: Run, of: Publisher, asked: Range | None = None, *, due: bool = False) -> Polls:
    made = Polls(run, of, Arguments(range=asked or Range(), due=due))
    made.plan()
    return made


def urls(made: Polls) -> list[str]:
    found = []
    while batch := list(made.take(0)):
        found += [poll.source.url for poll in batch]
        for poll in batch:
            list(made.read(poll, Page(poll.source.url, b"", datetime.now(UTC), status=304)))
    return found


def answer(made: Polls, poll: Poll, body: bytes, **headers: str) -> list[str]:
    page = Page(poll.source.url, body, datetime.now(UTC), headers=list(headers.items()))
    return [candidate.url for candidate in made.read(poll, page)]


def feed(*paths: str) -> bytes:
    items = "".join(f"<item><title>t</title><link>{SITE}{path}</link></item>" for path in paths)
    return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()


def index(*entries: tuple[str, str | None]) -> bytes:
    parts = [
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for url, changed in entries
    ]
    return f"<sitemapindex>{''.join(parts)}</sitemapindex>".encode()


def known(run: Run, url: str, **more: object) -> None:
    run._polled[url] = KnownSource(url, "sitemap", **more)  # type: ignore[arg-type]
