"""newsbot.tombstone: the row of an article that is gone."""

from __future__ import annotations

from datetime import UTC, datetime

from newsbot.items import Article, Page
from newsbot.state import KnownArticle
from newsbot.tombstone import pack_row, tombstone

SEEN = datetime(2024, 5, 6, tzinfo=UTC)


def known(row: str | None) -> KnownArticle:
    return KnownArticle(
        article_id="ab" * 16, version=2, page_hash="cd" * 16, headline_hash=None, sketch=None,
        first_seen_at=SEEN.timestamp(), changed_at=SEEN.timestamp(), edits=1, extractor_version="1", row=row,
    )  # fmt: skip


def test_a_tombstone_repeats_what_the_article_was_but_not_its_text() -> None:
    article = Article(
        headline="Ferry bought",
        body="A body.",
        url="https://tide.example/a",
        publisher="tide",
        date_published=SEEN,
    )
    gone = Page(
        url="https://tide.example/a",
        body=b"",
        fetched_at=datetime(2024, 6, 1, tzinfo=UTC),
        status=410,
        run_id="r2",
    )
    row = tombstone(known(pack_row(article)), gone)
    assert (row.change, row.body, row.headline, row.date_published) == ("removed", None, "Ferry bought", SEEN)
    assert (row.http_status, row.run_id, row.first_seen_at, row.fetched_at) == (
        410,
        "r2",
        SEEN,
        gone.fetched_at,
    )
    assert row.fingerprint is not None and row.fingerprint.page_hash is None
    assert "headline" in row.provenance and "section" not in row.provenance


def test_an_article_of_which_nothing_is_remembered_has_its_id_at_least() -> None:
    row = tombstone(known(None), Page(url=None, body=b"", fetched_at=SEEN, status=404))
    assert (row.article_id, row.change, row.headline) == ("ab" * 16, "removed", None)
