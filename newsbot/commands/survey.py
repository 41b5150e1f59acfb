"""Looks at a site nobody has described yet and drafts its publisher file: sources, language, patterns, pages for review."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from newsbot.chain import read
from newsbot.commands.errands import Ask
from newsbot.discover.found import Further
from newsbot.discover.shapes import is_likely_article
from newsbot.exceptions import InputError
from newsbot.items import Article, Candidate, Page
from newsbot.publishers.model import Publisher, Source
from newsbot.schedule import Range
from newsbot.spiders.announce import announce

# Sources looked at; what a site names beyond are sections' feeds.
MAX_SOURCES = 8
# What tells an article's address from others, the narrowest first.
_FEATURES = (
    r"/20\d\d/\d\d/\d\d/",
    r"/20\d\d/\d\d/",
    r"/20\d\d-\d\d-\d\d[-/]",
    r"/article[-/]?\d+",
    r"/\d{5,}[-/]",
    r"-\d{5,}(?:\.html?)?/?$",
    r"/\d{4,}-",
    r"/\d{6,}(?:\.html?)?/?$",
)
_NOT_A_COUNTRY = frozenset({"ag", "ai", "cc", "co", "eu", "fm", "io", "me", "to", "tv", "ws"})


@dataclass(slots=True)
class Survey:
    """What was found at a site."""

    publisher: Publisher
    pages: int = 3
    """Article pages to fetch."""
    sources: list[Source] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """Other addresses that the site names."""
    read: list[tuple[Page, Article]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    async def visit(self, ask: Ask) -> None:
        """Ask for robots.txt, the home page, the sources they name, and some articles."""
        site = self.publisher.site
        named = [
            *await self._named(ask, Source("robots", f"{site}/robots.txt")),
            *await self._named(ask, Source("site", f"{site}/")),
        ]
        for source in list({source.url: source for source in named}.values())[:MAX_SOURCES]:
            await self._source(ask, source)
        if not any(source.kind in {"feed", "news_sitemap"} for source in self.sources):
            self.sources.insert(0, Source("section", f"{site}/"))
        await self._articles(ask)

    async def _named(self, ask: Ask, source: Source) -> list[Source]:
        """Return the sources that robots.txt or the home page name."""
        try:
            found = list(announce(source, await ask(source.url, kind=source.kind), Range()))
        except InputError as error:
            self.notes.append(f"{source.url}: {error}")
            return []
        self.candidates += [one for one in found if isinstance(one, Candidate)]
        return [one.source for one in found if isinstance(one, Further)]

    async def _source(self, ask: Ask, source: Source) -> None:
        """Take on a source that answers, as what it turns out to be."""
        try:
            found = list(announce(source, await ask(source.url, kind=source.kind), Range()))
        except InputError as error:
            if not source.is_guess:
                self.notes.append(f"left out: {source.url}: {error}")
            return
        own = [one for one in found if isinstance(one, Candidate) and self.publisher.holds(one.url)]
        is_dated = any(one.date_published_raw for one in own)
        if source.kind != "feed":
            source = replace(source, kind="news_sitemap" if is_dated else "sitemap", backfill=not is_dated)
        if not found:
            self.notes.append(f"left out: {source.url} announces nothing")
            return
        self.sources.append(replace(source, is_guess=False, language=None))
        # What feeds and news sitemaps announce are articles for sure: they come first.
        self.candidates = own + self.candidates if is_dated else self.candidates + own

    async def _articles(self, ask: Ask) -> None:
        """Fetch and read the first likely articles."""
        urls = dict.fromkeys(one.url for one in self.candidates if is_likely_article(one.url))
        for url in list(urls)[: 2 * self.pages]:
            if len(self.read) >= self.pages:
                return
            with suppress(InputError):
                page = await ask(url)
                article = read(page, self.publisher)
                if article.headline and article.body:
                    self.read.append((page, article))

    # -- the draft --------------------------------------------------------------------------------------------------------

    def text(self) -> str:
        """Return the draft of the publisher file; what a person must look at says CHECK."""
        lines = [
            f"title = {json.dumps(self._title(), ensure_ascii=False)}",
            *self._country(),
            f"site = {json.dumps(self.publisher.site)}",
            f"languages = {json.dumps(self._languages())}",
            "# CHECK: the zone of dates that are shown without one, such as Europe/Berlin.",
            'time_zone = "UTC"',
            *self._patterns(),
        ]
        for source in sorted(self.sources, key=lambda source: source.backfill):
            lines += ["", "[[sources]]", f'kind = "{source.kind}"', f"url = {json.dumps(source.url)}"]
            lines += ["backfill = true"] if source.backfill else []
        return "\n".join([*lines, *_LAYOUT])

    def _title(self) -> str:
        names = Counter(name for _, article in self.read for name in article.site_names[:1])
        return names.most_common(1)[0][0] if names else urlsplit(self.publisher.site).netloc

    def _country(self) -> list[str]:
        """Return the country that the domain names; a generic domain names none."""
        last = (urlsplit(self.publisher.site).hostname or "").rpartition(".")[2]
        if not re.fullmatch("[a-z]{2}", last) or last in _NOT_A_COUNTRY:
            return ['# CHECK: the ISO 3166 code of the publisher\'s country: country = "…"']
        return [f'country = "{"gb" if last == "uk" else last}"']

    def _languages(self) -> list[str]:
        found = Counter(article.in_language for _, article in self.read if article.in_language)
        return [language for language, _ in found.most_common()]

    def _patterns(self) -> list[str]:
        sure = [one.url for one in self.candidates if one.date_published_raw]
        feature = telling(sure, [f"{self.publisher.site}/"])
        if feature is None:
            return ["# CHECK: which addresses are articles; without article_patterns they are learned."]
        return [
            "# CHECK: made from the addresses that its sources announce.",
            f"article_patterns = ['{feature}']",
        ]


_LAYOUT = (
    "",
    "# CHECK: only where what is read is wrong; `scrapy extract URL` shows what is read, and why.",
    "# [[layouts]]",
    '# body = ["div.article-body"]',
    '# remove = [".newsletter"]',
    "",
)


def telling(articles: Sequence[str], others: Iterable[str]) -> str | None:
    """Return a pattern that fits nine in ten of the articles' addresses and none of the others, or None."""
    if len(articles) < 5:
        return None
    beyond = [_place(url) for url in others]
    for feature in _FEATURES:
        fits = sum(bool(re.search(feature, _place(url))) for url in articles)
        if fits * 10 >= len(articles) * 9 and not any(re.search(feature, place) for place in beyond):
            return feature
    return None


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
