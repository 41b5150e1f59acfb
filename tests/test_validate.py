"""newsbot.validate: every fault is named, nothing is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newsbot.items import Article
from newsbot.validate import AHEAD, EARLIEST, problems

SEEN = datetime(2024, 5, 6, 7, tzinfo=UTC)


def article(**fields: Any) -> Article:
    whole = {"headline": "H", "body": "B", "fetched_at": SEEN, "date_published": SEEN - timedelta(hours=1)}
    return Article(**{**whole, **fields})


def test_a_whole_article_has_no_problems() -> None:
    assert problems(article()) == []
    assert problems(article(date_modified=SEEN)) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"headline": None}, [("headline", "missing")]),
        ({"headline": ""}, [("headline", "missing")]),
        ({"headline": None, "body": None}, [("body", "missing"), ("headline", "missing")]),
        ({"date_published": None}, [("date_published", "none")]),
        ({"date_published": EARLIEST - timedelta(days=1)}, [("date_published", "too_old")]),
        ({"date_published": SEEN + AHEAD + timedelta(minutes=1)}, [("date_published", "future")]),
        ({"date_published": SEEN + AHEAD}, []),
        ({"date_modified": SEEN - timedelta(days=9)}, [("date_modified", "before_published")]),
        ({"date_modified": SEEN + timedelta(days=9)}, [("date_modified", "future")]),
        ({"body": "a\x00b"}, [("body", "not_utf8")]),
        ({"description": "\ud800"}, [("description", "not_utf8")]),
    ],
)
def test_faults_are_named(fields: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    given = article(**fields)
    before = (given.headline, given.body, given.date_published, given.date_modified)
    assert problems(given) == expected
    assert (given.headline, given.body, given.date_published, given.date_modified) == before


def test_an_article_that_was_never_fetched_is_judged_by_the_clock() -> None:
    assert problems(article(fetched_at=None, date_published=datetime.now(UTC))) == []
    assert ("date_published", "future") in problems(
        article(fetched_at=None, date_published=datetime(2999, 1, 1, tzinfo=UTC))
    )
