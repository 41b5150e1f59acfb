"""Sitemaps of all forms become candidates and further sources; hostile ones stop early and cheaply."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator

import pytest

from newsbot.discover.found import MAX_ENTRIES, Announced, Further
from newsbot.discover.sitemaps import read_sitemap
from newsbot.discover.xml import MAX_BYTES
from newsbot.exceptions import UnreadableSource
from newsbot.items import Candidate
from newsbot.publishers.model import Source

URL = "https://www.example.com/sitemap.xml"
SOURCE = Source("sitemap", URL)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

LEAF = f"""{HEAD}<urlset {NS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://www.example.com/a/1?utm_source=x&amp;b=2</loc><lastmod>2020-12-01</lastmod>
 <image:image><image:loc>https://img.example.com/1.jpg</image:loc></image:image></url>
<url><loc>
   https://www.example.com/a/2
</loc></url><url><lastmod>2020-12-01</lastmod></url></urlset>""".encode()

INDEX = f"""{HEAD}<sitemapindex {NS}>
<sitemap><loc>https://www.example.com/sitemap_2020.xml</loc><lastmod>2020-12-31T23:00:00Z</lastmod></sitemap>
<sitemap><loc>/sitemap_2019.xml.gz</loc></sitemap></sitemapindex>""".encode()

NEWS = f"""{HEAD}<urlset {NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"><url><loc>https://www.example.com/a/3</loc>
<news:news><news:publication><news:name>Example</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2020-12-01T11:42:00Z</news:publication_date><news:title>Ferry &amp; mole</news:title></news:news>
<video:video><video:title>Not this</video:title></video:video></url></urlset>""".encode()


def read(body: bytes, source: Source = SOURCE) -> list[Announced]:
    return list(read_sitemap(body, URL, source))


def test_a_leaf_gives_addresses_and_their_last_change() -> None:
    assert read(LEAF) == [
        Candidate("https://www.example.com/a/1?b=2", date_modified_raw="2020-12-01"),
        Candidate("https://www.example.com/a/2"),
    ]


def test_an_index_gives_further_sources_of_its_kind() -> None:
    source = Source("news_sitemap", URL, language="en", backfill=True)
    assert read(INDEX, source) == [
        Further(
            Source("news_sitemap", "https://www.example.com/sitemap_2020.xml", "en", backfill=True),
            "2020-12-31T23:00:00Z",
        ),
        Further(Source("news_sitemap", "https://www.example.com/sitemap_2019.xml.gz", "en", backfill=True)),
    ]


def test_a_news_sitemap_gives_title_date_and_language() -> None:
    assert read(NEWS) == [
        Candidate(
            "https://www.example.com/a/3",
            headline="Ferry & mole",
            date_published_raw="2020-12-01T11:42:00Z",
            in_language="en",
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(LEAF),
        gzip.compress(LEAF[:100]) + gzip.compress(LEAF[100:]),
        b"\n \n" + LEAF,
        b"\xef\xbb\xbf" + LEAF,
        LEAF.replace(b' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"', b""),
        LEAF.replace(f" {NS}".encode(), b""),
        LEAF.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ],
    ids=["gzip", "two members", "blank lines", "BOM", "prefix unbound", "no namespace", "UTF-16"],
)
def test_the_same_in_other_dress(body: bytes) -> None:
    assert read(body) == read(LEAF)


def test_a_plain_list_of_addresses() -> None:
    body = b"\xef\xbb\xbfhttps://www.example.com/a\r\nhttps://www.example.com/b\nnonsense\n\nhttps://www.example.com/c"
    assert [found.url for found in read(body) if isinstance(found, Candidate)] == [
        "https://www.example.com/a",
        "https://www.example.com/b",
        "https://www.example.com/c",
    ]


def test_a_feed_may_stand_in_for_a_sitemap() -> None:
    body = b"<rss version='2.0'><channel><item><title>t</title><link>https://www.example.com/x</link></item></channel></rss>"
    assert [found.url for found in read(body) if isinstance(found, Candidate)] == [
        "https://www.example.com/x"
    ]


def taken(body: bytes) -> Iterator[int]:
    """Yield 1 for each entry until the fault."""
    try:
        for _ in read_sitemap(body, URL, SOURCE):
            yield 1
    except UnreadableSource:
        return


@pytest.mark.parametrize("body", [LEAF[:-30], LEAF + b"<more/>", gzip.compress(LEAF)[:-4]])
def test_a_damaged_sitemap_gives_what_came_before_the_fault(body: bytes) -> None:
    assert sum(taken(body)) == 2
    with pytest.raises(UnreadableSource):
        read(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html></html>", "is an HTML page where a sitemap should be"),
        (b"<opml><body/></opml>", "XML of another kind"),
        (b"\x00\x01\x02", "no well-formed XML"),
        (gzip.compress(b""), "is empty"),
        (b'<!DOCTYPE urlset [<!ENTITY a "x">]><urlset/>', "XML entities"),
        (
            b'<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
            "XML entities",
        ),
        (b"<urlset>" + b"<a>" * 1_000_000, "deep"),
    ],
)
def test_what_is_no_sitemap_is_named_in_one_line(body: bytes, message: str) -> None:
    with pytest.raises(UnreadableSource, match=message) as caught:
        read(body)
    assert "\n" not in str(caught.value)


def entry(number: int) -> bytes:
    return (
        b"<url><loc>https://www.example.com/news/%d-a-story-of-some-length</loc><lastmod>2020-12-01</lastmod></url>\n"
        % number
    )


def test_fifty_thousand_entries_stream_in_little_memory() -> None:
    body = gzip.compress(b"<urlset>" + b"".join(map(entry, range(50_000))) + b"</urlset>", compresslevel=1)
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_sitemap(body, URL, SOURCE))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 50_000
    assert peak < 4 * 1024 * 1024


def test_an_index_of_fifty_thousand() -> None:
    one = b"<sitemap><loc>https://www.example.com/s/%d.xml</loc></sitemap>"
    body = b"<sitemapindex>" + b"".join(one % number for number in range(50_000)) + b"</sitemapindex>"
    assert sum(1 for _ in read_sitemap(body, URL, SOURCE)) == 50_000


def test_more_entries_than_the_protocol_allows_are_left() -> None:
    body = b"<urlset>" + b"".join(map(entry, range(MAX_ENTRIES + 5))) + b"</urlset>"
    assert sum(taken(body)) == MAX_ENTRIES
    with pytest.raises(UnreadableSource, match="the rest was left"):
        read(body)


def test_a_bomb_stops_at_the_limit_in_little_memory() -> None:
    bomb = gzip.compress(b"<urlset>" + entry(1) + b" " * (2 * MAX_BYTES))
    tracemalloc.start()
    try:
        assert sum(taken(bomb)) == 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024
    with pytest.raises(UnreadableSource, match="unpacks to more than"):
        read(bomb)


def test_a_text_node_of_megabytes_is_cut() -> None:
    assert (
        read(b"<urlset><url><loc>https://www.example.com/" + b"a" * 20_000_000 + b"</loc></url></urlset>")
        == []
    )
