"""The demo newspaper: what it prints, what is true of each article, and each page's bytes; served by server.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from newsbot.demo.clock import LATEST, Clock, modified_after
from newsbot.demo.draw import draw
from newsbot.demo.edition import Edition
from newsbot.demo.edits import Edit, edited
from newsbot.demo.printed import FIRST_NUMBER, Listed, Printed, iso, said, slug
from newsbot.demo.sections import Allotment, Section
from newsbot.demo.text import grammar

if TYPE_CHECKING:
    from newsbot.demo.page import Around

TITLE = "The Alder Courier"
_ARTICLE = re.compile(r"/([a-z]+)/(\d{7})-[a-z0-9-]+/")
_PRECISION = {"lantern": "minute", "almanac": "day"}


class Newspaper:
    """A newspaper of `articles` articles, each a pure function of seed and index; index 0 is the newest.

    `base` is where it is served, without trailing slash; URLs in pages, feeds, sitemaps and truth begin with it. `edition` names
    another publisher's site: "b" prints half of the same stories, cut and retitled, among its own; see edition.py.
    """

    def __init__(
        self,
        seed: int = 1,
        articles: int = 120,
        *,
        base: str = "http://127.0.0.1:8642",
        edition: str = "",
        per_day: int | None = None,
    ) -> None:
        self.seed = seed
        self.articles = articles
        self.base = base.rstrip("/")
        self.edition = Edition(seed, edition)
        self.title = TITLE if not edition else f"The Tarn Observer {edition.upper()}"
        self.clock = Clock(seed, articles, per_day)
        self.allotment = Allotment(seed)
        self.around: dict[tuple[str, str], Around] = {}
        self.article = lru_cache(maxsize=2048)(self._article)
        self.newest = 0
        """Index of the newest article printed so far; those before it wait for `publish`."""
        self.edits: dict[int, list[Edit]] = {}
        self.removed: dict[int, int] = {}
        """Index -> HTTP status of articles that were taken down."""
        self.revision = 0
        """Grows with every change below: what was drawn before is stale."""

    def __len__(self) -> int:
        return self.articles

    def move(self, base: str) -> None:
        """Say where it is served, without trailing slash."""
        self.base = base.rstrip("/")
        self._forget()

    def publish(self, count: int = 1) -> None:
        """Print `count` of the articles that wait."""
        self.newest = max(0, self.newest - count)
        self._forget()

    def edit(self, index: int, kind: Edit) -> None:
        """Change a printed article; its truth changes with it."""
        self.edits.setdefault(index, []).append(kind)
        self._forget()

    def remove(self, index: int, status: int = 410) -> None:
        """Take an article down: its URL answers with `status`, listings go on naming it for a while, as they do."""
        self.removed[index] = status
        self._forget()

    def _forget(self) -> None:
        self.revision += 1
        self.around.clear()
        self.article.cache_clear()

    def section(self, index: int) -> Section:
        """Return the section of article `index`, in the design of this edition."""
        return self.edition.section(self.allotment.section(index))

    def headline(self, index: int) -> str:
        """Return the headline of article `index` without writing the article."""
        if index in self.edits:
            return self.article(index).story.headline
        return self.edition.headline(index, self.section(index))

    def standfirst(self, index: int) -> str:
        """Return the standfirst of article `index` without writing the article."""
        return self.edition.standfirst(index, self.section(index))

    def path(self, index: int) -> str:
        """Return the path of article `index`, such as /city/8999990-port-alder-plans-a-bridge/."""
        section = self.section(index)
        # An edited headline leaves the URL as it is.
        words = slug(self.edition.headline(index, section)) or f"{section.slug}-{FIRST_NUMBER - index:x}"
        return f"/{section.slug}/{FIRST_NUMBER - index}-{words}/"

    def url(self, index: int) -> str:
        """Return the absolute URL of article `index`."""
        return self.base + self.path(index)

    def position(self, index: int) -> int:
        """Return which article of its section `index` is, 0 the newest."""
        return self.allotment.position(index)

    def tag_path(self, language: str, tag: str) -> str:
        """Return the path of a tag's page, such as /tag/en-3/."""
        return f"/tag/{language}-{grammar(language).lists['tag'].index(tag)}/"

    def story(self, index: int) -> str:
        """Return the id of the story behind article `index`, the same in every edition that prints it."""
        return self.edition.story_id(index)

    def published(self, index: int) -> datetime:
        """Return when article `index` appeared, UTC, to the second, more precisely than its page may say."""
        return self.clock.published(index)

    def modified(self, index: int) -> datetime | None:
        """Return when article `index` was last changed, UTC, None where never."""
        edits = self.edits.get(index)
        if edits:
            return LATEST + timedelta(hours=len(edits))
        return modified_after(self.published(index), draw(self.seed, f"modified {self.edition.name}", index))

    def listed(self, index: int) -> Listed:
        """Return article `index` as listings name it, without writing the article."""
        section, path = self.section(index), self.path(index)
        precision, modified = _PRECISION.get(section.design, "instant"), self.modified(index)
        return Listed(
            place=index,
            url=self.base + path,
            path=path,
            headline=self.headline(index),
            standfirst=self.standfirst(index),
            section=section,
            published=said(self.published(index), precision),
            modified=modified and said(modified, precision),
            precision=precision,
        )

    def find(self, path: str) -> int | None:
        """Return the index of the article whose number is in `path` and which is printed, None where there is none."""
        match = _ARTICLE.fullmatch(path)
        index = FIRST_NUMBER - int(match[2]) if match else -1
        if match is None or not self.newest <= index < self.articles or self.section(index).slug != match[1]:
            return None
        return index

    def _article(self, index: int) -> Printed:
        if not 0 <= index < self.articles:
            raise IndexError(f"article {index} of {self.articles}")
        section, rng = self.section(index), draw(self.seed, f"printed {self.edition.name}", index)
        published, modified = self.published(index), self.modified(index)
        story = self.edition.write(index, section)
        if index in self.edits:
            story = edited(story, self.seed, index, section, self.edits[index])
        precision = _PRECISION.get(section.design, "instant")
        return Printed(
            index=index,
            section=section,
            story=story,
            story_id=self.story(index),
            path=self.path(index),
            published=said(published, precision),
            modified=modified and said(modified, precision),
            precision=precision,
            is_free=_is_free(section.design, rng.random()),
            has_standfirst=section.design != "almanac" or rng.random() < 0.5,
        )

    def truth(self, index: int) -> dict[str, object]:
        """Return the row that a crawl should yield for article `index`: url, then columns; instants ISO 8601 in UTC."""
        article = self.article(index)
        story, url = article.story, self.base + article.path
        return {
            "url": url,
            "canonical_url": url,
            "headline": story.headline,
            "description": story.standfirst,
            "body": "\n\n".join(piece.text for piece in story.pieces),
            "authors": list(story.authors),
            "date_published": iso(article.published),
            "date_modified": article.modified and iso(article.modified),
            "date_precision": article.precision,
            "date_source": "date_published",
            "section": article.section.title,
            "keywords": list(story.keywords),
            "in_language": article.section.language,
            "image_url": self.base + article.image,
            "is_live_blog": story.is_live,
            "is_accessible_for_free": article.is_free,
            "date": f"{article.published:%Y-%m-%d}",
        }

    def truths(self) -> Iterator[dict[str, object]]:
        """Yield the truth of every article, newest first, holding one at a time."""
        for index in range(self.articles):
            yield self.truth(index)

    def rightful(self, index: int) -> list[str]:
        """Return the lines of article `index` that recur in other articles and belong to its text all the same."""
        return [piece.text for piece in self.article(index).story.pieces if piece.recurs]

    def boilerplate(self, index: int) -> list[str]:
        """Return the texts on the page of article `index` that are not the article's, those amid its text first."""
        from newsbot.demo.page import boilerplate  # noqa: PLC0415 - page.py draws what this module prints

        return boilerplate(self, index)

    def page(self, index: int) -> bytes:
        """Return the HTML page of article `index`, UTF-8."""
        from newsbot.demo.page import render  # noqa: PLC0415

        return render(self, index)


def _is_free(design: str, chance: float) -> bool | None:
    """Return what the design declares: two declare it, and few articles are for members."""
    return chance > 0.04 if design in ("quay", "ledger") else None
