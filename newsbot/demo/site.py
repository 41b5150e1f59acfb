"""What each path of the demo newspaper answers while it behaves; server.py sends it, nasty cases spoil it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from newsbot.demo import feeds, fronts, sitemaps
from newsbot.demo.clock import LATEST
from newsbot.demo.fronts import Front, draw_front
from newsbot.demo.images import picture
from newsbot.demo.scripted import scripted_page
from newsbot.demo.sections import BY_SLUG
from newsbot.demo.text import LANGUAGES, grammar
from newsbot.demo.wire import Answer, html, redirect

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper

CACHE_BYTES = 128 << 20
"""Bytes of answers kept."""
Feed = Callable[..., bytes]
_FEEDS: dict[str, tuple[Feed, str]] = {
    "rss.xml": (feeds.rss, "application/rss+xml; charset=utf-8"),
    "atom.xml": (feeds.atom, "application/atom+xml; charset=utf-8"),
    "feed.json": (feeds.json_feed, "application/feed+json"),
}


class Site:
    """The newspaper's answers, the newest used ones kept."""

    def __init__(
        self, paper: Newspaper, *, crawl_delay: str | None = None, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self.paper = paper
        self.crawl_delay = crawl_delay
        self._cache: OrderedDict[tuple[int, str], Answer] = OrderedDict()
        self._room = cache_bytes
        self.held = 0
        """Bytes of answers held now, before packing."""
        self._routes: list[tuple[re.Pattern[str], Callable[..., Answer | None]]] = [
            (re.compile(pattern), answer)
            for pattern, answer in (
                (r"/robots\.txt", self._robots),
                (r"/(rss\.xml|atom\.xml|feed\.json)", self._feed),
                (r"/([a-z]+)/(rss\.xml|atom\.xml|feed\.json)", self._section_feed),
                (r"/sitemap\.xml", self._index),
                (r"/news-sitemap\.xml", self._news),
                (r"/sitemaps/(\d{4})-(\d\d)\.xml(?:\.gz)?", self._month),
                (r"/", self._home),
                (r"/tag/([a-z]+)-(\d+)/", self._tag),
                (r"/authors/", self._authors),
                (r"(/authors/([a-z]+)-[0-9a-f]{8}/)", self._author),
                (r"/archive/(\d{4})/(\d\d)/(\d\d)/", self._archive),
                (r"/([a-z]+)/(?:page/(\d+)/)?", self._section),
                (r"/images/([0-9a-z-]+)\.\w+", self._image),
                (r"/(?:amp|print)(/[a-z]+/\d{7}-[a-z0-9-]+/)", self._variant),
                (r"/(scripted|fragments)/(\d+)/", self._scripted),
                (r"/search|/private/.*", self._private),
            )
        ]

    def answer(self, path: str) -> Answer:
        """Return the answer for a path without query, the same every time until the newspaper changes."""
        key = (self.paper.revision, path)
        found = self._cache.get(key)
        if found is not None:
            self._cache.move_to_end(key)
            return found
        made = self._article(path) or self._routed(path) or _missing()
        self._cache[key] = made
        self.held += len(made.body)
        while self.held > self._room and self._cache:
            _, old = self._cache.popitem(last=False)
            self.held -= len(old.body)
        return made

    def _routed(self, path: str) -> Answer | None:
        for pattern, answer in self._routes:
            match = pattern.fullmatch(path)
            if match:
                return answer(*match.groups())
        return None

    def _article(self, path: str) -> Answer | None:
        index = self.paper.find(path)
        if index is None:
            return None
        if index in self.paper.removed:
            return html("<h1>Gone</h1><p>This article was taken down.</p>", self.paper.removed[index])
        if path != self.paper.path(index):
            return redirect(self.paper.url(index), 301)
        changed = self.paper.modified(index) or self.paper.published(index)
        return Answer(self.paper.page(index), modified=changed)

    def _robots(self) -> Answer:
        delay = f"Crawl-delay: {self.crawl_delay}\n" if self.crawl_delay else ""
        base = self.paper.base
        text = (
            f"User-agent: *\nDisallow: /search\nDisallow: /private/\n{delay}\n"
            f"Sitemap: {base}/sitemap.xml\nSitemap: {base}/news-sitemap.xml\n"
        )
        return Answer(text.encode(), media="text/plain; charset=utf-8", modified=LATEST)

    def _feed(self, name: str) -> Answer:
        paper, (draw, media) = self.paper, _FEEDS[name]
        newest = range(paper.newest, min(paper.articles, paper.newest + feeds.ITEMS))
        items = [paper.listed(index) for index in newest]
        return Answer(draw(paper, items, f"/{name}", paper.title), media=media, modified=LATEST)

    def _section_feed(self, slug: str, name: str) -> Answer | None:
        if slug not in BY_SLUG:
            return None
        paper, (draw, media), of = self.paper, _FEEDS[name], BY_SLUG[slug]
        items = fronts.section_items(paper, of, 0, feeds.ITEMS)
        title = f"{paper.title} – {of.title}"
        return Answer(draw(paper, items, f"/{slug}/{name}", title), media=media, modified=LATEST)

    def _index(self) -> Answer:
        return Answer(sitemaps.index(self.paper), media="application/xml", modified=LATEST)

    def _news(self) -> Answer:
        return Answer(sitemaps.news(self.paper), media="application/xml", modified=LATEST)

    def _month(self, year: str, number: str) -> Answer | None:
        for place, month in enumerate(self.paper.clock.months()):
            if (month.year, month.month) == (int(year), int(number)):
                body = sitemaps.month_sitemap(self.paper, place, month)
                is_named = sitemaps.month_path(place, month).endswith(".gz")
                media = "application/gzip" if is_named else "application/xml"
                return Answer(
                    body, media=media, modified=self.paper.published(month.start), packs=place not in (1, 2)
                )
        return None

    def _front(self, front: Front | None) -> Answer | None:
        return Answer(draw_front(self.paper, front), modified=LATEST) if front else None

    def _home(self) -> Answer | None:
        return self._front(fronts.home(self.paper))

    def _section(self, slug: str, number: str | None) -> Answer | None:
        if slug not in BY_SLUG:
            return None
        return self._front(fronts.section(self.paper, BY_SLUG[slug], int(number or 1)))

    def _tag(self, language: str, place: str) -> Answer | None:
        if language not in LANGUAGES or int(place) >= len(grammar(language).lists["tag"]):
            return None
        return self._front(fronts.tag(self.paper, language, int(place)))

    def _authors(self) -> Answer | None:
        return self._front(fronts.authors(self.paper))

    def _author(self, path: str, language: str) -> Answer | None:
        return self._front(fronts.author(self.paper, language, path)) if language in LANGUAGES else None

    def _archive(self, year: str, month: str, day: str) -> Answer | None:
        try:
            asked = date(int(year), int(month), int(day))
        except ValueError:
            return None
        return self._front(fronts.archive(self.paper, asked))

    def _image(self, name: str) -> Answer:
        return Answer(picture(name), media="image/png", modified=LATEST, packs=False)

    def _variant(self, path: str) -> Answer | None:
        """Return an article at its second address: the same page, whose canonical link names the first."""
        return self._article(path)

    def _scripted(self, kind: str, index: str) -> Answer | None:
        return scripted_page(self.paper, int(index), bare=kind == "scripted")

    def _private(self) -> Answer:
        return html(
            "<!DOCTYPE html><title>Private</title><p>robots.txt asks machines to stay out of here.</p>"
        )


def _missing() -> Answer:
    return html("<!DOCTYPE html><title>Not found</title><h1>404</h1><p>There is no such page.</p>", 404)
