"""What -a may say, and what is said back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsbot.exceptions import UsageError
from newsbot.spiders.arguments import read_arguments, read_range

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_a_publisher_with_a_range_and_a_limit() -> None:
    arguments = read_arguments(
        {"publisher": "demo", "since": "2020-01-01", "until": "2020-01-31", "limit": "5"}
    )
    assert arguments.publisher == "demo"
    assert arguments.limit == 5
    assert arguments.range.since == datetime(2020, 1, 1, tzinfo=UTC)
    assert arguments.range.until == datetime(2020, 2, 1, tzinfo=UTC)


def test_several_urls_are_parted_by_space_or_comma_but_not_within() -> None:
    arguments = read_arguments(
        {"url": "https://example.com/a,b?x=1,2, https://example.com/c\nhttps://example.com/d"}
    )
    assert arguments.urls == (
        "https://example.com/a,b?x=1,2",
        "https://example.com/c",
        "https://example.com/d",
    )


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("1", True), ("no", False)])
def test_due_is_a_flag(text: str, expected: bool) -> None:
    assert read_arguments({"publisher": "demo", "due": text}).due is expected
    assert read_arguments({"publisher": "demo"}).due is False


def test_a_site_may_be_named_without_its_scheme() -> None:
    assert read_arguments({"site": "www.example.com"}).site == "https://www.example.com"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "nothing to crawl"),
        ({"publisher": ""}, "nothing to crawl"),
        ({"publisher": "demo", "site": "example.com"}, "give one"),
        ({"publisher": "demo", "sinse": "2020"}, "unknown argument 'sinse'"),
        ({"publisher": "demo", "limit": "0"}, "limit=0"),
        ({"publisher": "demo", "due": "maybe"}, "due=maybe"),
        ({"publisher": "demo", "limit": "ten"}, "limit=ten"),
        ({"publisher": "demo", "since": "the other day"}, "since=the other day is no date"),
        ({"publisher": "demo", "since": "2020-13-01"}, "since=2020-13-01 is no date"),
        ({"publisher": "demo", "until": "9999-12-31"}, "until=9999-12-31 is no date"),
        ({"publisher": "demo", "since": "2020-02-02", "until": "2020-02-01"}, "is not before"),
        ({"url": "ftp://example.com/a"}, "is no web address"),
        ({"site": "https:///nothing"}, "is no web address"),
    ],
)
def test_nonsense_is_named_with_its_remedy(given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_arguments(given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3d", NOW - timedelta(days=3)),
        ("12h", NOW - timedelta(hours=12)),
        ("2020-12-01T08:30", datetime(2020, 12, 1, 8, 30, tzinfo=UTC)),
        ("2020-12-01T08:30+02:00", datetime(2020, 12, 1, 6, 30, tzinfo=UTC)),
        ("2020-12-01T08:30Z", datetime(2020, 12, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_instants_are_utc(text: str, expected: datetime) -> None:
    assert read_range(text, None, NOW).since == expected
