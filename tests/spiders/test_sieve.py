"""Which announced candidates a run takes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot.items import Candidate
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher, Source
from newsbot.run import Run
from newsbot.spiders.sieve import ONE_IN, Sieve
from tests.run.running import options

SITE = "https://www.example.com"
FEED, SITEMAP = Source("feed", f"{SITE}/rss"), Source("sitemap", f"{SITE}/sitemap.xml")
NAMED = Publisher("alder", SITE, article_patterns=(r"^/city/\d+", "id="), other_patterns=("/video/",))
UNNAMED = Publisher("alder", SITE, other_sites=("https://www.example.net",))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    opened = Run(options(tmp_path), UNNAMED, "news")
    yield opened
    opened.close("finished")


def taken(sieve: Sieve, *paths: str, source: Source = FEED) -> list[str]:
    urls = [path if "://" in path else SITE + path for path in paths]
    return [url.removeprefix(SITE) for url in urls if sieve.takes(Candidate(url), source)]


def test_the_publisher_s_patterns_decide(run: Run) -> None:
    paths = ("/city/1-a", "/city/2/video/x", "/about", "/x?id=3", "/city/a")
    assert taken(Sieve(run, NAMED), *paths) == ["/city/1-a", "/x?id=3"]
    assert run.record.counters == {"discover/not_article": 3}


def test_without_patterns_feeds_are_believed_and_sitemaps_are_not(run: Run) -> None:
    paths = ("/city/4711-a-ferry-sails", "/about/", "/section")
    assert taken(Sieve(run, UNNAMED), *paths) == list(paths)
    assert taken(Sieve(run, UNNAMED), *paths, source=SITEMAP) == ["/city/4711-a-ferry-sails"]


def test_what_was_learned_decides_where_patterns_do_not(run: Run) -> None:
    for number in range(40):
        run.shapes.count(f"{SITE}/s/x{number}/", is_article=False)
        run.shapes.count(f"{SITE}/quiz/{number + 10_000}-some-words-here", is_article=False)
        run.shapes.count(f"{SITE}/short", is_article=True)
    quizzes = [f"/quiz/{number}-other-words-there" for number in range(20_000, 20_400)]
    sieve = Sieve(run, UNNAMED)
    few = taken(sieve, *quizzes)
    # One in twenty is looked at all the same.
    assert 400 / ONE_IN / 3 < len(few) < 400 / ONE_IN * 3
    assert taken(sieve, "/short", source=SITEMAP) == ["/short"]


def test_other_sites_are_left_out_and_counted(run: Run) -> None:
    sieve = Sieve(run, UNNAMED)
    assert taken(
        sieve, "https://elsewhere.example.org/1", "https://m.example.com/1", "https://www.example.net/2"
    ) == [
        "https://m.example.com/1",
        "https://www.example.net/2",
    ]
    assert run.record.counters == {"discover/off_site": 1}


def test_each_address_is_taken_once(run: Run) -> None:
    assert taken(Sieve(run, UNNAMED), "/a/1", "/a/1") == ["/a/1"]


def test_traps_end_as_such(run: Run) -> None:
    assert taken(Sieve(run, UNNAMED), "/a/b/a/b/a/b/1") == []
    assert run.ledger.outcomes == {Outcome.TRAP: 1}
    assert "repeats" in run.ledger.samples[Outcome.TRAP][0]
