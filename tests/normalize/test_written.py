"""The date as the page wrote it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsbot.items import Article
from newsbot.normalize import Place, normalize
from newsbot.normalize.written import written_date

PLACE = Place(time_zone="America/Halifax", languages=("en",), now=datetime(2024, 5, 4, 12, 0, tzinfo=UTC))


def written(**raws: str) -> str | None:
    article = Article(date_candidates=[(field, raw, "meta") for field, raw in raws.items()])
    normalize(article, PLACE)
    return written_date(article, PLACE)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-05-02T22:00:00-05:00", "2024-05-02T22:00:00-05:00"),
        ("2024-05-03T08:00:00Z", "2024-05-03T08:00:00+00:00"),
        ("May 3, 2024", "2024-05-03"),
        ("2024-05-03 08:00", "2024-05-03T11:00:00+00:00"),
        ("2 hours ago", "2024-05-04T10:00:00+00:00"),
        ("no idea", None),
    ],
)
def test_dates_of_publication(raw: str, expected: str | None) -> None:
    assert written(date_published=raw) == expected


def test_a_page_that_only_says_when_it_was_changed() -> None:
    assert (
        written(date_published="no idea", date_modified="2024-05-02T22:00-05:00")
        == "2024-05-02T22:00:00-05:00"
    )
    assert written(date_modified="May 3, 2024") == "2024-05-03"


def test_an_items_own_instant() -> None:
    article = Article(date_published=datetime(2024, 5, 3, 8, 0, tzinfo=UTC))
    normalize(article, PLACE)
    assert written_date(article, PLACE) == "2024-05-03T08:00:00+00:00"
    assert written_date(Article(), PLACE) is None
