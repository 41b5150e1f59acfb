"""The row that says an article is gone: what its last version said of itself, without text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from newsbot.items import Article, Fingerprint, Page
from newsbot.state import KnownArticle

# What a tombstone repeats of the last version; dates keep it in the same partition.
_REPEATED = (
    "publisher", "publisher_country", "url", "canonical_url", "headline", "date_published", "date_precision",
    "section", "in_language",
)  # fmt: skip
_DATES = {"date_published"}


def pack_row(article: Article) -> str:
    """Return as JSON what a tombstone of this article would repeat."""
    return orjson.dumps({name: getattr(article, name) for name in _REPEATED}).decode()


def tombstone(known: KnownArticle, page: Page) -> Article:
    """Return the row for a known article whose page answers 404 or 410: change `removed`, body null."""
    kept: dict[str, Any] = orjson.loads(known.row or "{}")
    for name in _DATES & kept.keys():
        kept[name] = datetime.fromisoformat(kept[name]) if kept[name] else None
    return Article(
        **kept,
        article_id=known.article_id,
        change="removed",
        fetched_at=page.fetched_at,
        first_seen_at=datetime.fromtimestamp(known.first_seen_at, page.fetched_at.tzinfo),
        http_status=page.status,
        run_id=page.run_id,
        provenance=dict.fromkeys((name for name, value in kept.items() if value is not None), "item"),
        fingerprint=Fingerprint(None, None, None, known.extractor_version),
        page=page,
    )
