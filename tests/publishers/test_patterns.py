"""What patterns say of addresses."""

from __future__ import annotations

import pytest

from newsbot.publishers.model import Publisher
from newsbot.publishers.patterns import Patterns

SITE = "https://www.example.com"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/news/1", True),
        ("/news/1/video/", False),
        ("/a?id=7", True),
        ("/a", False),
        ("", False),
        ("/#/news/1", False),
    ],
)
def test_the_unwanted_win_and_the_query_counts(path: str, expected: bool) -> None:
    patterns = Patterns(
        Publisher("x", SITE, article_patterns=(r"^/news/\d", r"\?id="), other_patterns=("/video/",))
    )
    assert patterns.name_articles
    assert patterns.verdict(SITE + path) is expected


def test_without_patterns_nothing_is_said() -> None:
    patterns = Patterns(Publisher("x", SITE, other_patterns=("/video/",)))
    assert not patterns.name_articles
    assert patterns.verdict(f"{SITE}/news/1") is None
    assert patterns.verdict(f"{SITE}/video/1") is False
