"""Endless sites end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsbot.discover.traps import MAX_FACETS, MAX_VARIANTS, Traps

SITE = "https://www.example.com"
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def traps() -> Traps:
    return Traps(NOW)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/news/1/news/2/news/3", "repeats 'news' 3 times"),
        ("/" + "/".join("abcdefghijklmno"), "a path of 15 segments"),
        ("/" + "x" * 3000, "characters"),
        ("/calendar/2031/05/", "in the future"),
        ("/events/2031-05-03/", "in the future"),
        ("/2031/05/03/the-ferry-sails", "in the future"),
    ],
)
def test_traps_are_named(traps: Traps, path: str, reason: str) -> None:
    assert reason in (traps.reason(SITE + path) or "")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/news/473849-second-hand-ferry/",
        "/2024/06/01/the-ferry-sails",
        "/2024/05/calendar/",
        "/what-will-2031-bring",
        "/2024/2024/2024/x",
        "/a/b/c/d/e/f/g/h/i",
    ],
)
def test_articles_pass(traps: Traps, path: str) -> None:
    assert traps.reason(SITE + path) is None


def test_facets_are_few_and_ids_are_many(traps: Traps) -> None:
    ids = [traps.reason(f"{SITE}/story?id={number}") for number in range(5000)]
    assert not any(ids)
    facets = [traps.reason(f"{SITE}/list?colour={number}&size=1&sort=up") for number in range(MAX_FACETS + 3)]
    assert [reason for reason in facets if reason is None] == [None] * MAX_FACETS
    assert "differ in 3 parameters only" in (facets[-1] or "")
    pairs = [traps.reason(f"{SITE}/list?colour={number}&size=1") for number in range(MAX_VARIANTS[2] + 1)]
    assert pairs[-2] is None
    assert pairs[-1] is not None


def test_a_session_id_in_the_path_is_taken_once(traps: Traps) -> None:
    assert traps.reason(f"{SITE}/s/{'a1' * 16}/the-ferry-sails") is None
    assert "session id" in (traps.reason(f"{SITE}/s/{'b2' * 16}/the-ferry-sails") or "")
    assert traps.reason(f"{SITE}/s/{'b2' * 16}/another-story") is None


def test_what_the_publisher_names_an_article_is_only_bounded(traps: Traps) -> None:
    url = f"{SITE}/calendar/2031/05/"
    assert traps.reason(url) is not None
    assert traps.reason(url, is_named=True) is None
    assert traps.reason(f"{SITE}/news/a/news/a/news/a", is_named=True) is not None
