"""Writes the whole demo newspaper as files for a static server such as nginx; used by benchmarks through `--write FOLDER`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from newsbot.demo.clock import LATEST, ZONE
from newsbot.demo.fronts import archive_path
from newsbot.demo.sections import SECTIONS
from newsbot.demo.site import Site
from newsbot.demo.sitemaps import month_path

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper


def write_site(paper: Newspaper, folder: Path) -> tuple[int, int]:
    """Write every page and listing below `folder`, one at a time; return how many files and bytes.

    A path that ends in `/` becomes `index.html` in a folder of that name. Raises OSError.
    """
    site, files, size = Site(paper, cache_bytes=1 << 20), 0, 0
    for path in paths(paper, site):
        body = site.answer(path).body
        file = folder / path.lstrip("/")
        if path.endswith("/"):
            file /= "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        files, size = files + 1, size + len(body)
    return files, size


def paths(paper: Newspaper, site: Site) -> Iterator[str]:
    """Yield the paths of robots.txt, listings and articles."""
    yield from (
        "/robots.txt",
        "/rss.xml",
        "/atom.xml",
        "/feed.json",
        "/sitemap.xml",
        "/news-sitemap.xml",
        "/",
        "/authors/",
    )
    for place, month in enumerate(paper.clock.months()):
        yield month_path(place, month)
    for section in SECTIONS:
        yield f"/{section.slug}/"
        for number in count(2):
            path = f"/{section.slug}/page/{number}/"
            if site.answer(path).status != 200:
                break
            yield path
    yield from _archive(paper)
    for index in range(paper.newest, paper.articles):
        yield paper.path(index)


def _archive(paper: Newspaper) -> Iterator[str]:
    last = paper.published(paper.articles - 1).astimezone(ZONE).date()
    day = LATEST.astimezone(ZONE).date()
    while day >= last:
        yield archive_path(day)
        day -= timedelta(days=1)
