"""Generated rows of realistic length for benchmarks of the dataset, and what the state of a crawl learns of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(2016, 1, 1, tzinfo=UTC)


# What is the same in every row.
SAME: dict[str, Any] = {
    "version": 1,
    "change": "first",
    "publisher": "alder",
    "publisher_country": "gb",
    "date_precision": "instant",
    "in_language": "en",
    "http_status": 200,
    "replacement_characters": 0,
    "confidence": 0.97,
    "extractor_version": "1",
    "warc_file": "alder-20260201T000000Z-0a1b2c.warc.gz",
    "run_id": "alder-20260201T000000Z-0a1b2c",
}
SOURCES = {"headline": "json_ld", "body": "model", "date_published": "json_ld", "authors": "json_ld"}


class Articles:
    """Generated rows: bodies of 60 to 3,000 words, half of them under 420, over a vocabulary with Zipf's law.

    With `recurring` the words are drawn once, 400,000 of them, and used again from the start: five times as fast. They come again
    after some 3 MB of text, farther than a page of Parquet or gzip's window, so that nothing compresses better for it.
    """

    def __init__(self, seed: int = 1, *, recurring: bool = False) -> None:
        self.chance = random.Random(seed)
        letters = "etaoinshrdlucmfwypvbgk"
        lengths = self.chance.choices(range(2, 11), [6, 12, 14, 12, 10, 8, 6, 4, 2], k=20_000)
        self.words = ["".join(self.chance.choices(letters, k=length)) for length in lengths]
        total, self.weights = 0.0, []
        for rank in range(1, 20_001):
            total += 1 / rank
            self.weights.append(total)
        self.drawn = self._draw(400_000) if recurring else []
        self.place = 0

    def _draw(self, count: int) -> list[str]:
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def _next(self, count: int) -> list[str]:
        if not self.drawn:
            return self._draw(count)
        if self.place + count > len(self.drawn):
            self.place = 0
        self.place += count
        return self.drawn[self.place - count : self.place]

    def text(self, count: int) -> str:
        """Return sentences of 18 words in paragraphs of 4."""
        words = self._next(count)
        sentences = [" ".join(words[at : at + 18]).capitalize() + "." for at in range(0, count, 18)]
        return "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))

    def row(self, number: int, when: datetime) -> dict[str, Any]:
        """Return one complete row."""
        from newsbot.dataset.schema import row  # noqa: PLC0415 - the other writers' memory is to be theirs

        identity = f"{self.chance.getrandbits(128):032x}"
        return row({**SAME, **self._page(number, when, identity), **self._texts(identity), **_dates(when)})

    def _page(self, number: int, when: datetime, identity: str) -> dict[str, Any]:
        """Return where the article is, and what of it is no text."""
        slug = "-".join(self.text(7).lower().split())[:60]
        url = f"https://www.example.com/news/{when:%Y/%m/%d}/{slug}-{number}"
        return {
            "article_id": identity,
            "url": url,
            "canonical_url": url,
            "section": self.chance.choice(["world", "politics", "sport", "business"]),
            "content_hash": f"{self.chance.getrandbits(128):032x}",
            "warc_offset": number * 9000,
        }

    def _texts(self, identity: str) -> dict[str, Any]:
        words = min(3000, max(60, int(self.chance.lognormvariate(6.04, 0.6))))
        image = f"https://cdn.example.com/{identity}.jpg"
        return {
            "headline": self.text(10)[:-1],
            "description": self.text(24),
            "body": self.text(words),
            "authors": [f"{self.text(1)[:-1]} {self.text(1)[:-1]}"],
            "keywords": self.text(4)[:-1].lower().split(),
            "image_url": image,
            "images": [{"url": image, "caption": self.text(12), "credit": None}],
            "word_count": words,
        }

    def rows(self, count: int, days: int) -> Iterator[dict[str, Any]]:
        """Yield rows in the order of their time, spread over the days."""
        for number in range(count):
            yield self.row(number, EPOCH + timedelta(seconds=number * days * 86400 // count))


def _dates(when: datetime) -> dict[str, Any]:
    """Return the dates of a row, and a map of its own."""
    modified, fetched = when + timedelta(hours=1), when + timedelta(hours=2)
    return {
        "date_published": when,
        "date_modified": modified,
        "date_published_raw": when.isoformat(),
        "date_modified_raw": modified.isoformat(),
        "fetched_at": fetched,
        "first_seen_at": fetched,
        "provenance": dict(SOURCES),
    }


def delta(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the state of a crawl learns of these rows."""
    urls = [
        {"key": row["article_id"], "url": row["url"], "outcome": "new", "article_id": row["article_id"], "fetched_at": 1.0,
         "next_visit_at": 2.0, "visits": 1, "etag": '"0123456789"', "last_modified": None}
        for row in rows
    ]  # fmt: skip
    articles = [
        {"article_id": row["article_id"], "version": 1, "page_hash": row["content_hash"], "headline_hash": row["content_hash"],
         "sketch": row["content_hash"] * 8, "first_seen_at": 1.0, "changed_at": 1.0, "edits": 0, "extractor_version": "1",
         "row": '{"publisher":"alder","headline":"A headline of some length"}'}
        for row in rows
    ]  # fmt: skip
    return {"urls": urls, "articles": articles}
