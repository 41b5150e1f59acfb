"""Rows of a state as deltas hold them."""

from __future__ import annotations

from typing import Any

KEY = "00112233445566778899aabbccddeeff"
ARTICLE = "ffeeddccbbaa99887766554433221100"


def url_row(**changes: Any) -> dict[str, Any]:
    row = {
        "key": KEY,
        "url": "https://example.com/a",
        "outcome": "new",
        "article_id": ARTICLE,
        "fetched_at": 100.0,
        "next_visit_at": 3700.0,
        "visits": 1,
        "etag": '"1"',
        "last_modified": None,
    }
    return {**row, **changes}


def article_row(**changes: Any) -> dict[str, Any]:
    row = {
        "article_id": ARTICLE,
        "version": 1,
        "page_hash": "aa" * 16,
        "headline_hash": "bb" * 16,
        "sketch": "0102",
        "first_seen_at": 100.0,
        "changed_at": 100.0,
        "edits": 0,
        "extractor_version": "1",
        "row": "{}",
    }
    return {**row, **changes}
