"""Feeds, sitemaps and listing pages name every article they should, once, and their dates as pages say them."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest

from newsbot.demo.clock import LATEST, ZONE
from newsbot.demo.newspaper import Newspaper
from newsbot.demo.printed import iso
from newsbot.demo.sections import SECTIONS
from newsbot.demo.site import Site

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
_LINK = re.compile(r'<div class="front-item"><h2><a href="([^"]+)">')


@pytest.fixture(scope="module")
def site(paper: Newspaper) -> Site:
    return Site(paper)


def body(site: Site, path: str) -> bytes:
    answer = site.answer(path)
    assert answer.status == 200, path
    return gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body


def xml(site: Site, path: str) -> ET.Element:
    return ET.fromstring(body(site, path))


def locations(site: Site, path: str) -> list[str]:
    return [str(loc.text) for loc in xml(site, path).iter(f"{SITEMAP}loc")]


def items(site: Site, path: str) -> list[str]:
    return _LINK.findall(body(site, path).decode())


def urls(paper: Newspaper) -> list[str]:
    return [paper.url(index) for index in range(paper.newest, len(paper))]


def test_the_sitemaps_name_every_article_once(site: Site) -> None:
    months = [url.removeprefix(site.paper.base) for url in locations(site, "/sitemap.xml")]
    assert len(months) == 3
    found = [url for month in months for url in locations(site, month)]
    assert found == urls(site.paper)


def test_one_sitemap_is_gzipped_and_one_without_saying_so(site: Site) -> None:
    months = [url.removeprefix(site.paper.base) for url in locations(site, "/sitemap.xml")]
    packed = [month for month in months if site.answer(month).body[:2] == b"\x1f\x8b"]
    assert [month.endswith(".gz") for month in packed] == [True, False]


def test_months_hold_their_own_days_only(site: Site) -> None:
    paper = site.paper
    for url in locations(site, "/sitemap.xml"):
        month = re.search(r"/(\d{4}-\d\d)\.xml", url)
        assert month
        for article in locations(site, url.removeprefix(paper.base)):
            index = paper.find(article.removeprefix(paper.base))
            assert index is not None
            assert f"{paper.published(index):%Y-%m}" == month[1]


def test_the_news_sitemap_has_two_days_with_title_and_date(site: Site) -> None:
    found = locations(site, "/news-sitemap.xml")
    recent = [i for i in range(len(site.paper)) if site.paper.published(i) >= LATEST - timedelta(days=2)]
    assert found == [site.paper.url(index) for index in recent]
    text = body(site, "/news-sitemap.xml").decode()
    assert text.count("<news:title>") == len(recent) == text.count("<news:publication_date>")


@pytest.mark.parametrize("path", ["/rss.xml", "/atom.xml", "/feed.json"])
def test_feeds_name_the_newest_once(site: Site, path: str) -> None:
    if path == "/feed.json":
        found = [item["url"] for item in json.loads(body(site, path))["items"]]
    elif path == "/atom.xml":
        found = [str(link.get("href")) for link in xml(site, path).iterfind(f"{ATOM}entry/{ATOM}link")]
    else:
        found = [str(link.text) for link in xml(site, path).iterfind("channel/item/link")]
    assert found == urls(site.paper)[:40]


def test_feeds_date_articles_as_their_pages_do(site: Site) -> None:
    for index, item in enumerate(xml(site, "/rss.xml").iterfind("channel/item")):
        truth, date_ = site.paper.truth(index), item.findtext("pubDate")
        if truth["date_precision"] == "day":
            assert date_ is None
        else:
            assert iso(parsedate_to_datetime(str(date_))) == truth["date_published"]


def test_sections_name_their_articles_once_over_all_pages(site: Site) -> None:
    found = []
    for section in SECTIONS:
        path: str | None = f"/{section.slug}/"
        while path:
            page = items(site, path)
            assert len(page) <= 20
            found += page
            more = re.search(r'<a class="next" rel="next" href="([^"]+)">', body(site, path).decode())
            path = more[1] if more else None
    assert sorted(found) == sorted(site.paper.path(index) for index in range(len(site.paper)))


def test_a_page_beyond_a_sections_end_is_missing(site: Site) -> None:
    assert site.answer("/world/page/99/").status == 404


def test_the_archive_names_every_article_on_its_local_day(site: Site) -> None:
    paper = site.paper
    first, last = (paper.published(i).astimezone(ZONE).date() for i in (len(paper) - 1, 0))
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for path in items(site, f"/archive/{day:%Y/%m/%d}/"):
            index = paper.find(path)
            assert index is not None
            assert paper.published(index).astimezone(ZONE).date() == day
            found.append(path)
    assert sorted(found) == sorted(paper.path(index) for index in range(len(paper)))


@pytest.mark.parametrize(
    "path", ["/archive/2026/02/30/", "/archive/1999/01/01/", f"/archive/{date(2026, 3, 3):%Y/%m/%d}/"]
)
def test_days_without_a_newspaper_are_missing(site: Site, path: str) -> None:
    assert site.answer(path).status == 404


def test_tags_and_authors_list_what_is_theirs(site: Site) -> None:
    article = site.paper.article(0)
    tag = site.paper.tag_path(article.section.language, article.story.keywords[0])
    assert article.path in items(site, tag)
    with_author = next(i for i in range(40) if site.paper.article(i).story.authors)
    page = site.paper.page(with_author).decode()
    link = re.search(r'<a rel="author" href="([^"]+)">', page)
    if link:
        assert site.paper.path(with_author) in items(site, link[1])
    staff = re.findall(r'href="(/authors/[^"]+)"', body(site, "/authors/").decode())
    assert len(set(staff)) > 60
    assert site.answer(staff[0]).status == 200
    assert site.answer("/authors/en-00000000/").status == 404
    assert site.answer("/tag/en-99/").status == 404
    assert site.answer("/tag/xx-1/").status == 404


def test_the_home_page_names_its_feeds(site: Site) -> None:
    page = body(site, "/").decode()
    found = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', page)
    assert [site.answer(path).media.partition(";")[0] for _, path in found] == [media for media, _ in found]
    assert len(found) == 3
    assert len(items(site, "/")) > 40


def test_every_link_of_an_article_leads_somewhere(site: Site) -> None:
    for index in range(14):
        for path in set(re.findall(r'href="(/[^"#]*)"', site.paper.page(index).decode())):
            assert site.answer(path).status == 200, path


def test_a_waiting_article_is_listed_nowhere() -> None:
    paper = Newspaper(seed=3, articles=120)
    paper.newest = 7
    site, waiting = Site(paper), [paper.path(index) for index in range(7)]
    paths = [
        "/",
        "/rss.xml",
        "/atom.xml",
        "/feed.json",
        "/sitemap.xml",
        "/sitemaps/2026-03.xml",
        "/news-sitemap.xml",
    ]
    for path in [*paths, *(f"/{section.slug}/" for section in SECTIONS), "/archive/2026/03/02/"]:
        answer = site.answer(path)
        assert not any(path.encode() in answer.body for path in waiting), path
    paper.publish(7)
    assert paper.path(0).encode() in site.answer("/rss.xml").body


def test_robots_names_sitemaps_and_delays_on_request_only(paper: Newspaper) -> None:
    plain = Site(paper).answer("/robots.txt").body.decode()
    assert f"Sitemap: {paper.base}/sitemap.xml\n" in plain
    assert "Disallow: /search\nDisallow: /private/\n" in plain
    assert "Crawl-delay" not in plain
    assert "Crawl-delay: 3\n" in Site(paper, crawl_delay="3").answer("/robots.txt").body.decode()
