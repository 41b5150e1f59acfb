"""A probe says what answers, what moved and what reads; here the site is a dictionary."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from newsbot.commands.errands import Ask
from newsbot.commands.probe import Probe
from newsbot.exceptions import InputError
from newsbot.items import Candidate, Page
from newsbot.publishers.model import Publisher, Source

SITE = "https://www.example.com"
ARTICLE = f"{SITE}/city/4711-a-ferry"
FEED = f"""<rss version='2.0'><channel><item><title>t</title><link>{ARTICLE}</link>
<pubDate>Tue, 01 Dec 2020 11:42:00 GMT</pubDate></item></channel></rss>"""
TEXT = "The ferry came in at first light on Thursday, two days late and with a list to port, and was tied up at the old mole. "
PAGE = f"""<html lang=en><head><title>A ferry arrives at last</title><meta property="og:type" content="article">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A ferry arrives at last",
 "datePublished": "2020-12-01T11:42:00Z"}}
</script></head><body><article><h1>A ferry arrives at last</h1>
<p>{TEXT * 2}</p><p>{TEXT[:90]} Then it rained.</p></article></body></html>"""


def site(answers: Mapping[str, str]) -> Ask:
    async def ask(url: str, kind: str = "page") -> Page:
        answer = answers.get(url)
        if answer is None:
            raise InputError("gone: HTTP 404 Not Found")
        moved, arrow, body = answer.partition("->")
        return Page(
            moved if arrow else url,
            (body if arrow else answer).encode(),
            datetime.now(UTC),
            candidate=Candidate(url),
        )

    return ask


def probe(answers: Mapping[str, str], *sources: Source, **more: object) -> Probe:
    publisher = Publisher("example", SITE, sources=sources or (Source("feed", f"{SITE}/rss"),), **more)  # type: ignore[arg-type]
    made = Probe(publisher)
    asyncio.run(made.visit(site(answers)))
    return made


def lines(made: Probe) -> list[str]:
    return [f"{'ok' if one.is_fine else 'FAIL'} {one.place} {one.text}" for one in made.findings]


def test_a_site_that_is_well() -> None:
    made = probe({f"{SITE}/robots.txt": "User-agent: *", f"{SITE}/rss": FEED, ARTICLE: PAGE})
    assert made.is_fine
    assert lines(made)[:2] == [
        "ok robots.txt read",
        "ok feed announces 1, 1 of them articles by the file's patterns",
    ]
    assert "words of 2020-12-01: A ferry arrives at last" in lines(made)[2]
    assert made.as_json()["fine"] is True


def test_a_feed_that_moved_or_went() -> None:
    made = probe({f"{SITE}/rss": f"{SITE}/new/rss->{FEED}", ARTICLE: PAGE})
    assert lines(made)[0] == "ok robots.txt gone: HTTP 404 Not Found"
    assert lines(made)[1].endswith(f"moved to {SITE}/new/rss")
    assert not made.is_fine
    made = probe({})
    assert lines(made)[1:] == ["FAIL feed gone: HTTP 404 Not Found", "FAIL article no source announces one"]


def test_a_feed_that_is_html_empty_or_of_other_pages() -> None:
    assert (
        "is an HTML page where a feed should be" in lines(probe({f"{SITE}/rss": "<!doctype html><html>"}))[1]
    )
    assert (
        lines(probe({f"{SITE}/rss": "<rss version='2.0'><channel></channel></rss>"}))[1]
        == "FAIL feed announces nothing"
    )
    made = probe({f"{SITE}/rss": FEED}, article_patterns=("^/story/",))
    assert lines(made)[1] == "FAIL feed announces 1, 0 of them articles by the file's patterns"


def test_sitemaps_that_the_file_does_not_name_are_told() -> None:
    made = probe({f"{SITE}/robots.txt": f"Sitemap: {SITE}/s.xml", f"{SITE}/rss": FEED, ARTICLE: PAGE})
    assert lines(made)[0] == f"ok robots.txt names 1 sitemaps that the file does not: {SITE}/s.xml"


def test_an_index_is_opened_until_it_announces_an_article() -> None:
    index = f"<sitemapindex><sitemap><loc>{SITE}/1.xml</loc></sitemap><sitemap><loc>{SITE}/9.xml</loc></sitemap></sitemapindex>"
    answers = {
        f"{SITE}/s.xml": index,
        f"{SITE}/1.xml": "<urlset></urlset>",
        f"{SITE}/9.xml": f"<urlset><url><loc>{ARTICLE}</loc></url></urlset>",
        ARTICLE: PAGE,
    }
    assert lines(probe(answers, Source("sitemap", f"{SITE}/s.xml")))[1].startswith("ok sitemap announces 1")


def test_archives_are_asked_for_the_newest_day_that_is_dated() -> None:
    archive = Source("archive", SITE + "/{year}/{month:02}/{day:02}/")
    answers = {f"{SITE}/rss": FEED, f"{SITE}/2020/12/01/": f"<html><a href='{ARTICLE}'>x</a>", ARTICLE: PAGE}
    made = probe(answers, archive, Source("feed", f"{SITE}/rss"))
    assert [one.url for one in made.findings][2] == f"{SITE}/2020/12/01/"
    assert made.is_fine


def test_an_article_that_does_not_read() -> None:
    made = probe({f"{SITE}/rss": FEED, ARTICLE: "<html><body><h1>Only a headline here</h1></body></html>"})
    assert lines(made)[-1].startswith("FAIL article without")
    assert lines(probe({f"{SITE}/rss": FEED}))[-1] == "FAIL article gone: HTTP 404 Not Found"
    assert lines(probe({f"{SITE}/rss": FEED, ARTICLE: " "}))[-1].startswith("FAIL article")
