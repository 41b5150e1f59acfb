"""Section pages, archives, home pages and robots.txt name addresses and further sources."""

from __future__ import annotations

import gzip

import pytest

from newsbot.discover.found import Further
from newsbot.discover.listings import MAX_LINKS, read_archive, read_home, read_page, read_robots
from newsbot.exceptions import UnreadableSource
from newsbot.items import Candidate
from newsbot.publishers.model import Source

URL = "https://www.example.com/news/"
SECTION = Source("section", URL, language="en", next_page="a.next")

PAGE = b"""<!doctype html><html><head><title>News</title></head><body><nav><a href="/about/">About</a>
<a href="/tag/ferry-crossings-in-winter/">T</a>
</nav><a href="4711-second-hand-ferry/?utm_source=front#top"> The second-hand
 ferry sails </a><a href="https://m.example.com/news/4711-second-hand-ferry/">More</a>
<a href="/news/">News</a><a href="/pictures/2024-12345.jpg">x</a><a href="https://other.example/news/12345-elsewhere-in-the-world">x</a>
<a href="mailto:a@example.com">m</a><a href="#x">x</a><a href="javascript:void(0)">x</a><a>none</a>
<a rel="nofollow sponsored" href="/news/9999-an-advertisement-of-theirs/">Ad</a><a href="/opinion/4712-a-column">Short</a>
<a class="next" href="?page=2">Older</a></body></html>"""


def test_likely_articles_of_the_site_are_announced_once() -> None:
    *candidates, further = read_page(PAGE, URL, SECTION)
    assert candidates == [
        Candidate(
            "https://www.example.com/news/4711-second-hand-ferry/",
            headline="The second-hand ferry sails",
            in_language="en",
        ),
        Candidate("https://www.example.com/opinion/4712-a-column", in_language="en"),
    ]
    assert further == Further(Source("section", f"{URL}?page=2", "en", next_page="a.next"), is_page=True)


@pytest.mark.parametrize(
    ("selector", "page", "following"),
    [
        (None, b"<a class=next href='/p/2'>", None),
        ("a.next", b"<p>none</p>", None),
        ("li.next", b"<ul><li class=next><a href='/p/2'>2</a></ul>", "https://www.example.com/p/2"),
        ("link[rel=next]", b"<link rel=next href='/p/2'>", "https://www.example.com/p/2"),
        ("a.next", b"<a class=next href='/news/'>itself</a>", None),
        ("a.next", b"<a class=next href='https://other.example/p/2'>elsewhere</a>", None),
        (
            "a.next",
            b"<base href='https://www.example.com/de/'><a class=next href='p/2'>",
            "https://www.example.com/de/p/2",
        ),
    ],
)
def test_the_next_page_is_where_the_source_says(
    selector: str | None, page: bytes, following: str | None
) -> None:
    found = list(read_page(b"<html><body>" + page, URL, Source("section", URL, next_page=selector)))
    assert [one.source.url for one in found if isinstance(one, Further)] == ([following] if following else [])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b" ", "is empty"),
        (b"\x00\x01\x02\x03" * 20, "is binary"),
        (b"<?xml version='1.0'?><rss></rss>", "is XML where an HTML page should be"),
        (b"<urlset></urlset>", "is XML"),
    ],
)
def test_what_is_no_page_is_named(body: bytes, message: str) -> None:
    with pytest.raises(UnreadableSource, match=message):
        list(read_page(body, URL, SECTION))


def test_xhtml_is_a_page() -> None:
    body = b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><a href='/news/12345-x'>x</a></body></html>"
    assert len(list(read_page(body, URL, Source("section", URL)))) == 1


def test_a_page_announces_a_bounded_number() -> None:
    body = b"<html>" + b"".join(
        b"<a href='/news/%d-x'>x</a>" % number for number in range(10_000, 10_000 + MAX_LINKS + 9)
    )
    assert len(list(read_page(body, URL, SECTION))) == MAX_LINKS


def test_a_dated_archive_may_be_a_page_or_a_sitemap() -> None:
    source = Source("archive", "https://www.example.com/2020/12/", next_page="a.next")
    assert next(one.url for one in read_archive(PAGE, URL, source) if isinstance(one, Candidate)).endswith(
        "ferry/"
    )
    sitemap = b"<?xml version='1.0'?><urlset><url><loc>https://www.example.com/a</loc></url></urlset>"
    for body in (sitemap, gzip.compress(sitemap)):
        assert list(read_archive(body, URL, source)) == [Candidate("https://www.example.com/a")]
    index = (
        b"<sitemapindex><sitemap><loc>https://www.example.com/2020/12/1.xml</loc></sitemap></sitemapindex>"
    )
    assert list(read_archive(index, URL, source)) == [
        Further(Source("sitemap", "https://www.example.com/2020/12/1.xml"))
    ]


HOME = b"""<html><head>
<link rel="alternate" type="application/rss+xml" title="News" href="/rss.xml">
<link rel="alternate" type="application/atom+xml; charset=utf-8" hreflang="de" href="https://www.example.com/de/atom.xml">
<link rel="alternate" type="application/rss+xml" title="Example &raquo; Comments Feed" href="/comments/feed/">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" hreflang="fr" href="/fr/"><link rel="stylesheet" href="/a.css">
<link rel="sitemap" type="application/xml" href="/map.xml"></head>
<body><a href="/news/4711-second-hand-ferry/">The second-hand ferry</a></body></html>"""


def test_a_home_page_names_feeds_and_sitemaps_and_links_articles() -> None:
    home = "https://www.example.com/"
    assert list(read_home(HOME, home, Source("site", home))) == [
        Further(Source("feed", "https://www.example.com/rss.xml")),
        Further(Source("feed", "https://www.example.com/de/atom.xml", language="de")),
        Further(Source("sitemap", "https://www.example.com/map.xml")),
        Candidate("https://www.example.com/news/4711-second-hand-ferry/", headline="The second-hand ferry"),
    ]


ROBOTS = "https://www.example.com/robots.txt"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b"User-agent: *\r\nDisallow: /x\r\nSitemap: https://www.example.com/s.xml\r\nSITEMAP : /news-map.xml # the news\r",
            [
                ("sitemap", "https://www.example.com/s.xml"),
                ("news_sitemap", "https://www.example.com/news-map.xml"),
            ],
        ),
        (
            b"\xef\xbb\xbfSitemap: https://www.example.com/s.xml",
            [("sitemap", "https://www.example.com/s.xml")],
        ),
        (b"Sitemap: ftp://www.example.com/s.xml", [("sitemap", "https://www.example.com/sitemap.xml")]),
        (b"", [("sitemap", "https://www.example.com/sitemap.xml")]),
        (b"<html>not found</html>", [("sitemap", "https://www.example.com/sitemap.xml")]),
        (b"\0\xff" * 1000, [("sitemap", "https://www.example.com/sitemap.xml")]),
    ],
)
def test_robots_txt_names_sitemaps_else_the_usual_place_is_tried(
    body: bytes, expected: list[tuple[str, str]]
) -> None:
    found = [
        one.source for one in read_robots(body, ROBOTS, Source("robots", ROBOTS)) if isinstance(one, Further)
    ]
    assert [(source.kind, source.url) for source in found] == expected
    assert all(source.is_guess == (source.url == "https://www.example.com/sitemap.xml") for source in found)
