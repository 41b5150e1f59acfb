"""Which sources a run polls."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from newsbot.outcomes import Outcome
from newsbot.publishers.model import Budgets, Source
from newsbot.run import Run
from newsbot.schedule import Range
from newsbot.state import KnownUrl
from newsbot.urls import article_id, url_key
from tests.spiders.polling import (
    DAILY,
    FEED,
    INDEX,
    SECTION,
    SITE,
    YEAR_2020,
    answer,
    index,
    known,
    polls,
    publisher,
    urls,
)


def test_archives_are_opened_in_backfills_only(run: Run) -> None:
    of = publisher(FEED, Source("sitemap", f"{SITE}/all.xml", backfill=True), DAILY)
    assert urls(polls(run, of)) == [f"{SITE}/rss"]
    found = urls(polls(run, of, Range(datetime(2020, 3, 1, tzinfo=UTC), datetime(2020, 3, 2, tzinfo=UTC))))
    assert found == [
        f"{SITE}/rss",
        f"{SITE}/all.xml",
        f"{SITE}/2020/03/02/",
        f"{SITE}/2020/03/01/",
        f"{SITE}/2020/02/29/",
    ]


def test_a_site_without_sources_is_asked_for_them(run: Run) -> None:
    assert urls(polls(run, publisher())) == [f"{SITE}/", f"{SITE}/robots.txt"]


def test_a_site_s_home_page_and_robots_txt_lead_to_its_sources(run: Run) -> None:
    made = polls(run, publisher())
    home, robots = made.take(0)
    link = b'<link rel=alternate type="application/rss+xml" href="/rss">'
    assert answer(made, home, b"<html><head>" + link + b"</head><a href='/city/4711-a-ferry'>x</a>") == [
        f"{SITE}/city/4711-a-ferry"
    ]
    answer(made, robots, b"Sitemap: https://alder.example/map.xml")
    assert [poll.source.url for poll in made.take(0)] == [f"{SITE}/rss", f"{SITE}/map.xml"]


def test_a_guess_that_is_not_there_is_no_fault(run: Run) -> None:
    made = polls(run, publisher())
    home, robots = made.take(0)
    made.lose(robots, Outcome.GONE, "HTTP 404")
    answer(made, home, b"<html><a href='/city/4711-a-ferry'>x</a></html>")
    (guess,) = made.take(0)
    assert guess.source.url == f"{SITE}/sitemap.xml"
    made.lose(guess, Outcome.GONE, "HTTP 404")
    assert [(record.kind, record.status) for record in run.record.sources] == [("site", "ok")]


def test_a_home_page_that_names_nothing_says_so(run: Run) -> None:
    made = polls(run, publisher())
    home, _ = made.take(0)
    answer(made, home, b"<html><body>Hello</body></html>")
    assert "name its sources in a publisher file" in (run.record.sources[0].reason or "")


def test_cycles_and_doubles_are_polled_once(run: Run) -> None:
    made = polls(run, publisher(INDEX, INDEX))
    (poll,) = made.take(0)
    answer(made, poll, index((INDEX.url, None), (f"{SITE}/2.xml", None), (f"{SITE}/2.xml", None)))
    (second,) = made.take(0)
    answer(made, second, index((INDEX.url, None), (f"{SITE}/2.xml", None)))
    assert list(made.take(0)) == []


def test_paging_ends_at_the_depth_the_publisher_allows(run: Run) -> None:
    made = polls(run, publisher(SECTION, budgets=Budgets(max_depth=3)))
    pages = 0
    while found := list(made.take(0)):
        pages += 1
        answer(made, found[0], f"<html><a class=next href='/news/?page={pages + 1}'>x</a></html>".encode())
    assert pages == 4
    assert run.record.counters["discover/too_deep"] == 1


def section(number: int, following: int) -> bytes:
    return f"<html><a href='/city/{number}-a-ferry'>x</a><a class=next href='/news/?page={following}'>x</a></html>".encode()


def know(run: Run, number: int) -> None:
    url = f"{SITE}/city/{number}-a-ferry"
    key = article_id(url_key(url))
    run.delta.urls[key] = KnownUrl(key, url, "new", "a", time.time(), None, 1, None, None)


def test_paging_ends_where_a_page_read_before_announces_nothing_new(run: Run) -> None:
    know(run, 4711)
    known(run, f"{SITE}/news/?page=2", polled_at=time.time())
    for number, asked, expected in (
        (4711, Range(), []),
        (4712, Range(), [f"{SITE}/news/?page=2"]),
        (4711, YEAR_2020, [f"{SITE}/news/?page=2"]),
    ):
        made = polls(run, publisher(SECTION), asked)
        (poll,) = made.take(0)
        answer(made, poll, section(number, 2))
        assert [found.source.url for found in made.take(0)] == expected


def test_a_page_that_was_never_read_is_read_once_for_all(run: Run) -> None:
    know(run, 4711)
    made = polls(run, publisher(SECTION))
    (poll,) = made.take(0)
    answer(made, poll, section(4711, 3))
    assert [found.source.url for found in made.take(0)] == [f"{SITE}/news/?page=3"]


def test_sitemaps_elsewhere_are_left_unless_their_index_lies_there(run: Run) -> None:
    made = polls(run, publisher(INDEX, Source("sitemap", "https://cdn.example.net/index.xml")))
    own, other = made.take(0)
    answer(made, own, index(("https://evil.example.org/1.xml", None)))
    answer(made, other, index(("https://cdn.example.net/2.xml", None)))
    assert [poll.source.url for poll in made.take(0)] == ["https://cdn.example.net/2.xml"]
    assert run.record.counters["discover/off_site_sources"] == 1


def test_a_backfill_opens_only_sitemaps_that_can_hold_its_days(run: Run) -> None:
    made = polls(run, publisher(INDEX), YEAR_2020)
    (poll,) = made.take(0)
    answer(
        made,
        poll,
        index(
            (f"{SITE}/sitemap-2019-06.xml", None),
            (f"{SITE}/sitemap-2020-06.xml", None),
            (f"{SITE}/sitemap-2021-06.xml", None),
            (f"{SITE}/old.xml", "2019-05-05"),
            (f"{SITE}/new.xml", "2026-05-05"),
        ),
    )
    assert [found.source.url for found in made.take(0)] == [f"{SITE}/sitemap-2020-06.xml", f"{SITE}/new.xml"]


def test_a_backfill_says_how_complete_it_can_be(run: Run) -> None:
    made = polls(run, publisher(Source("sitemap", f"{SITE}/sitemap_2020.xml")), YEAR_2020)
    (poll,) = made.take(0)
    answer(made, poll, b"<urlset></urlset>")
    assert (made.completeness() or "").startswith("as complete as the site's archive")
    assert run.record.completeness == made.completeness()


def test_a_sitemap_that_did_not_change_since_stays_shut(run: Run) -> None:
    now = time.time()
    before = f"{datetime.now(UTC) - timedelta(days=9):%Y-%m-%d}"
    after = f"{datetime.now(UTC) + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    for name in ("settled", "changed", "waits", "due"):
        known(
            run, f"{SITE}/{name}.xml", polled_at=now - 60, next_poll_at=now + (-1 if name == "due" else 3600)
        )
    known(run, f"{SITE}/failed.xml", polled_at=now - 60, next_poll_at=now + 3600, failures=1)
    made = polls(run, publisher(INDEX))
    (poll,) = made.take(0)
    entries = [
        ("settled", before),
        ("changed", after),
        ("waits", None),
        ("due", None),
        ("failed", before),
        ("unknown", before),
    ]
    answer(made, poll, index(*((f"{SITE}/{name}.xml", changed) for name, changed in entries)))
    assert urls(made) == [f"{SITE}/{name}.xml" for name in ("changed", "due", "failed", "unknown")]
    assert run.record.counters["discover/not_due"] == 2


def test_due_alone_leaves_sources_whose_time_has_not_come(run: Run) -> None:
    known(run, FEED.url, polled_at=time.time(), next_poll_at=time.time() + 600)
    of = publisher(FEED, INDEX)
    assert urls(polls(run, of, due=True)) == [INDEX.url]
    assert urls(polls(run, of)) == [FEED.url, INDEX.url]


def test_sources_are_polled_while_few_candidates_wait(run: Run) -> None:
    made = polls(run, publisher(FEED))
    assert list(made.take(100_000)) == []
    assert len(list(made.take(10))) == 1
