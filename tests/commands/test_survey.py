"""A survey drafts a publisher file; here the site is a dictionary."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from newsbot.commands.survey import Survey, telling
from newsbot.publishers.model import Publisher
from newsbot.publishers.reader import examine
from tests.commands.test_probe import ARTICLE, PAGE, SITE, site

HOME = """<html><head><link rel=alternate type="application/rss+xml" href="/rss"></head>
<body><a href="/city/4711-a-ferry">A ferry</a></body></html>"""
ITEMS = "".join(
    f"<item><link>{SITE}/city/{number}-a-ferry</link><pubDate>Tue, 01 Dec 2020 11:42:00 GMT</pubDate></item>"
    for number in range(4711, 4719)
)
RSS = f"<rss version='2.0'><channel>{ITEMS}</channel></rss>"


def survey(answers: Mapping[str, str], of: str = SITE) -> Survey:
    made = Survey(Publisher("example", of))
    asyncio.run(made.visit(site(answers)))
    return made


def test_a_site_with_feed_and_sitemap() -> None:
    made = survey(
        {
            f"{SITE}/": HOME,
            f"{SITE}/robots.txt": f"Sitemap: {SITE}/s.xml\nSitemap: {SITE}/none.xml",
            f"{SITE}/rss": RSS,
            f"{SITE}/s.xml": f"<urlset><url><loc>{ARTICLE}</loc></url></urlset>",
            ARTICLE: PAGE,
        }
    )
    draft = tomllib.loads(made.text())
    assert draft["site"] == SITE
    assert draft["languages"] == ["en"]
    assert draft["article_patterns"] == [r"/\d{4,}-"]
    assert draft["sources"] == [
        {"kind": "feed", "url": f"{SITE}/rss"},
        {"kind": "sitemap", "url": f"{SITE}/s.xml", "backfill": True},
    ]
    assert made.notes == [f"left out: {SITE}/none.xml: gone: HTTP 404 Not Found"]
    assert [page.url for page, _ in made.read] == [ARTICLE]


def test_a_site_that_names_nothing_gets_its_home_page() -> None:
    made = survey({f"{SITE}/": HOME.replace("alternate", "x"), ARTICLE: PAGE})
    assert tomllib.loads(made.text())["sources"] == [{"kind": "section", "url": f"{SITE}/"}]
    assert "CHECK: which addresses are articles" in made.text()
    assert len(made.read) == 1


def test_a_site_that_does_not_answer() -> None:
    made = survey({})
    assert made.read == []
    assert len(made.notes) == 2


@pytest.mark.parametrize(
    ("host", "line"),
    [
        ("www.example.co.uk", 'country = "gb"'),
        ("www.example.de", 'country = "de"'),
        ("example.com", "# CHECK"),
        ("example.tv", "# CHECK"),
    ],
)
def test_the_country_is_the_domain_s_where_it_has_one(host: str, line: str) -> None:
    assert f"\n{line}" in Survey(Publisher("x", f"https://{host}")).text()


def test_a_draft_is_a_publisher_file(tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(survey({f"{SITE}/": HOME, f"{SITE}/rss": RSS, ARTICLE: PAGE}).text(), encoding="utf-8")
    publisher, problems = examine(path, {})
    assert problems == []
    assert publisher is not None and publisher.sources[0].url == f"{SITE}/rss"


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["/2024/05/0{}/x"], r"/20\d\d/\d\d/\d\d/"),
        (["/2024/0{}/x-y-z"], r"/20\d\d/\d\d/"),
        (["/article/12345{}"], r"/article[-/]?\d+"),
        (["/a/12345{}/x"], r"/\d{5,}[-/]"),
        (["/x-12345{}.html"], r"-\d{5,}(?:\.html?)?/?$"),
        (["/words-and-words-{}"], None),
    ],
)
def test_what_tells_articles_from_other_pages(paths: list[str], expected: str | None) -> None:
    urls = [SITE + path.format(number) for path in paths for number in range(1, 9)]
    assert telling(urls, [f"{SITE}/"]) == expected
    assert telling(urls[:3], []) is None
    if expected:
        assert telling(urls, [urls[0]]) != expected
