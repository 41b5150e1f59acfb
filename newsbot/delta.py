"""What one batch adds to the publisher's state: built while rows spool, committed in their manifest, applied by `State.apply`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from newsbot.clean.boilerplate import Sightings
from newsbot.discover.shapes import Shapes
from newsbot.items import Candidate
from newsbot.state import KnownArticle, KnownSource, KnownUrl

# Rows of texts that a batch counts at most, 11 MB: those of about 400 articles. Of a hundred articles and more only what stands on
# more than one in 400 is kept, so texts of one article that go when there are so many would go with the batch all the same.
MOST_SIGHTINGS = 16_000


@dataclass(slots=True)
class Delta:
    """The state delta of the open batch, and what the batch knows beyond the state."""

    urls: dict[str, KnownUrl] = field(default_factory=dict)
    articles: dict[str, KnownArticle] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    """page_hash -> article_id of the articles above."""
    sources: dict[str, KnownSource] = field(default_factory=dict)
    pending: dict[str, dict[str, Any]] = field(default_factory=dict)
    pending_done: set[str] = field(default_factory=set)
    shapes: Shapes = field(default_factory=Shapes)
    """What the pages of the batch turned out to be, by the shape of their URLs."""
    sightings: Sightings = field(default_factory=lambda: Sightings(most=MOST_SIGHTINGS))

    def clear(self) -> None:
        """Begin the next batch's."""
        self.__init__()  # type: ignore[misc]

    def remember(self, url: KnownUrl) -> None:
        """Take in what became of a URL; it is no longer pending."""
        self.urls[url.key] = url
        self.pending.pop(url.key, None)
        self.pending_done.add(url.key)

    def remember_article(self, article: KnownArticle) -> None:
        """Take in the latest version of an article."""
        self.articles[article.article_id] = article
        if article.page_hash:
            self.hashes[article.page_hash] = article.article_id

    def postpone(self, key: str, candidate: Candidate, attempts: int, now: float) -> None:
        """Leave a candidate to a later run."""
        self.pending[key] = {
            "key": key,
            "candidate": orjson.dumps(candidate).decode(),
            "attempts": attempts,
            "since": now,
        }
        self.pending_done.discard(key)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.urls or self.articles or self.sources or self.pending or self.pending_done)

    def as_json(self) -> dict[str, Any]:
        """Return the delta as JSON values, as `State.apply` takes it."""
        return {
            "urls": [as_row(url) for url in self.urls.values()],
            "articles": [as_row(article) for article in self.articles.values()],
            "sources": [as_row(source) for source in self.sources.values()],
            "pending": list(self.pending.values()),
            "pending_done": sorted(self.pending_done),
            "boilerplate": self.sightings.rows(),
            "shapes": self.shapes.rows(),
        }


def as_row(known: KnownUrl | KnownArticle | KnownSource) -> dict[str, Any]:
    """Return the fields by name. `dataclasses.asdict` copies what is in them, at ten times the price; a batch has thousands."""
    return {name: getattr(known, name) for name in known.__slots__}
