"""Whole crawls of sites whose sources are broken, hostile or endless: what can be had is had, the rest is named, and they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.outcomes import ExitStatus
from tests.crawling import crawl, last_record, scrapy, served

FRONT = """
site = "${NEWSBOT_DEMO_URL}"
[[sources]]
kind = "section"
url = "${NEWSBOT_DEMO_URL}/city/"
next_page = "a[rel=next]"
[[sources]]
kind = "section"
url = "${NEWSBOT_DEMO_URL}/"
[budgets]
max_depth = 5
"""


def test_a_feed_that_is_html_beside_sound_sitemaps(tmp_path: Path) -> None:
    with served(tmp_path, 30, 1, "--nasty", "feed_html") as site:
        done = crawl(tmp_path / "out", site)
    assert done.returncode == ExitStatus.PARTLY_FAILED, done.stdout + done.stderr
    assert "rss.xml: is an HTML page where a feed should be" in done.stdout
    assert last_record(tmp_path / "out")["outcomes"] == {"new": 30}


def test_sitemaps_in_a_ring_beside_a_sound_feed(tmp_path: Path) -> None:
    with served(tmp_path, 30, 1, "--nasty", "feed_tracking,sitemap_cycle") as site:
        done = crawl(tmp_path / "out", site)
    assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
    record = last_record(tmp_path / "out")
    assert record["outcomes"] == {"new": 30}
    assert len({source["url"] for source in record["sources"]}) == len(record["sources"]) == 6


def test_entities_are_refused_and_nothing_is_fetched_for_them(tmp_path: Path) -> None:
    with served(tmp_path, 30, 1, "--nasty", "feed_entity_bomb,external_entity") as site:
        done = crawl(tmp_path / "out", site)
    assert done.returncode == ExitStatus.BROKEN, done.stdout + done.stderr
    record = last_record(tmp_path / "out")
    assert record["verdict"] == "broken"
    assert {source["reason"] for source in record["sources"]} == {"declares XML entities, which are refused"}


@pytest.mark.parametrize(
    "nasty", ["paging_trap", "calendar_trap", "facets_trap", "repetition_trap", "session_trap"]
)
def test_endless_sections_end(tmp_path: Path, nasty: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "front.toml").write_text(FRONT)
    words = ("crawl", "news", "-a", "publisher=front", "-a", "limit=40")
    with served(tmp_path, 30, 1, "--nasty", nasty) as site:
        scrapy(tmp_path / "out", *words, url=site.url, publishers=str(tmp_path / "own"))
    record = last_record(tmp_path / "out", "front")
    assert record["finish_reason"] == "finished"
    assert len(record["sources"]) <= 8
    assert sum(record["outcomes"].values()) == record["urls"] <= 40
