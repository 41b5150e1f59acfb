"""RSS, Atom and JSON Feed become candidates; what is no feed is named."""

from __future__ import annotations

import gzip
from typing import Any

import orjson
import pytest

from newsbot.discover.feeds import MAX_FEED, read_feed
from newsbot.discover.found import Announced, Further
from newsbot.exceptions import UnreadableSource
from newsbot.items import Candidate
from newsbot.publishers.model import Source

URL = "https://www.example.com/rss"
SOURCE = Source("feed", URL, language="cy")

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Example</title><language>en</language>
<item><title>Ferry &amp;amp; &lt;b&gt;mole&lt;/b&gt;</title><link>https://www.example.com/a/1-ferry/?utm_source=rss&amp;utm_medium=rss</link>
  <pubDate>Tue, 01 Dec 2020 11:42:00 +0000</pubDate><guid isPermaLink="false">1</guid></item>
<item><title>Second</title><guid isPermaLink="true">https://www.example.com/a/2</guid></item>
<item><title>Third</title><link>/a/3#comments</link><dc:date>2020-12-01T10:00:00Z</dc:date></item>
<item><title>No link</title></item>
<item><title>Script</title><link>javascript:alert(1)</link></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Beispiel</title>
<link rel="next" href="/atom?page=2"/>
<entry><title>Fähre</title><link rel="alternate" href="https://www.example.com/b/1"/><link rel="edit" href="https://www.example.com/edit/1"/>
<published>2020-12-01T11:42:00+01:00</published><updated>2020-12-02T08:00:00+01:00</updated></entry></feed>""".encode()

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://www.example.com/"><title>x</title></channel>
<item rdf:about="https://www.example.com/c/1"><title>One</title><link>https://www.example.com/c/1</link>
<dc:date>2020-12-01T11:42:00Z</dc:date></item></rdf:RDF>"""


def read(body: bytes) -> list[Announced]:
    return list(read_feed(body, URL, SOURCE))


def candidates(body: bytes) -> list[Candidate]:
    return [found for found in read(body) if isinstance(found, Candidate)]


def test_rss_gives_addresses_without_trackers_and_hints() -> None:
    first, second, third = candidates(RSS)
    assert first == Candidate(
        url="https://www.example.com/a/1-ferry/",
        headline="Ferry & mole",
        date_published_raw="Tue, 01 Dec 2020 11:42:00 +0000",
        in_language="en",
    )
    assert second.url == "https://www.example.com/a/2"
    assert third.url == "https://www.example.com/a/3"
    assert third.date_published_raw == "2020-12-01T10:00:00Z"


def test_atom_has_two_dates_a_language_and_further_pages() -> None:
    candidate, further = read(ATOM)
    assert candidate == Candidate(
        url="https://www.example.com/b/1",
        headline="Fähre",
        date_published_raw="2020-12-01T11:42:00+01:00",
        date_modified_raw="2020-12-02T08:00:00+01:00",
        in_language="de",
    )
    assert further == Further(
        Source("feed", "https://www.example.com/atom?page=2", language="cy"), is_page=True
    )


def test_rss_1_dates_by_dublin_core() -> None:
    (candidate,) = candidates(RDF)
    assert (candidate.date_published_raw, candidate.date_modified_raw) == ("2020-12-01T11:42:00Z", None)
    assert candidate.in_language == "cy"


def test_json_feed() -> None:
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "en",
        "next_url": "https://www.example.com/feed.json?page=2",
        "items": [
            {
                "url": "https://www.example.com/d/1",
                "title": "One",
                "date_published": "2020-12-01T11:42:00Z",
                "language": "fr",
            },
            {"external_url": "https://www.example.com/d/2", "date_modified": "2020-12-02T00:00:00Z"},
            {"id": "3"},
            "nonsense",
        ],
    }
    one, two, further = read(orjson.dumps(feed))
    assert one == Candidate(
        "https://www.example.com/d/1", None, "request", "One", "2020-12-01T11:42:00Z", None, "fr"
    )
    assert isinstance(two, Candidate)
    assert (two.url, two.date_modified_raw, two.in_language) == (
        "https://www.example.com/d/2",
        "2020-12-02T00:00:00Z",
        "en",
    )
    assert isinstance(further, Further)


def test_gzip_is_known_by_its_bytes() -> None:
    assert [one.url for one in candidates(gzip.compress(RSS))] == [one.url for one in candidates(RSS)]


@pytest.mark.parametrize("start", [b"\n\n", b"\xef\xbb\xbf", b"<!-- hello <html> -->"])
def test_what_stands_before_a_feed_does_no_harm(start: bytes) -> None:
    assert len(candidates(start + RSS.partition(b"?>")[2])) == 3


def test_a_feed_that_ends_too_early_gives_its_first_half() -> None:
    assert [one.url for one in candidates(RSS[: RSS.index(b"<item><title>Third")])] == [
        "https://www.example.com/a/1-ferry/",
        "https://www.example.com/a/2",
    ]


def test_a_proxy_s_link_gives_way_to_the_article_s_own() -> None:
    body = RSS.replace(
        b"<item><title>Second",
        b'<item xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><feedburner:origLink>https://www.example.com/own'
        b"</feedburner:origLink><link>https://feeds.example.net/~r/2</link><title>Second",
    )
    assert candidates(body)[1].url == "https://www.example.com/own"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "is an HTML page where a feed should be"),
        (b"<html lang=en><head></head></html>", "is an HTML page"),
        (b"just text", "neither RSS, Atom nor JSON Feed"),
        (b"<urlset></urlset>", "neither RSS, Atom nor JSON Feed"),
        (b"{", "broken JSON"),
        (b'{"items": []}', "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "no JSON Feed"),
        (b"\x1f\x8b\x08nonsense", "damaged gzip"),
        (gzip.compress(RSS)[:-20], "gzip that ends too early"),
        (b" " * (MAX_FEED + 1), "too large for a feed"),
        (gzip.compress(b" " * (MAX_FEED + 1)), "too large for a feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "neither RSS, Atom nor JSON Feed"),
    ],
)
def test_what_is_no_feed_is_named_in_one_line(body: bytes, message: str) -> None:
    with pytest.raises(UnreadableSource, match=message) as caught:
        read(body)
    assert "\n" not in str(caught.value)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title>&b;</title><item><title>&b;</title><link>https://www.example.com/x</link></item></channel></rss>"""


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        BOMB.decode().replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"),
        BOMB.replace(b"<!DOCTYPE", b"<!-- <rss> --><!DOCTYPE"),
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>',
        b'<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><rss><channel></channel></rss>',
    ],
)
def test_entities_are_refused(body: bytes) -> None:
    with pytest.raises(UnreadableSource, match="XML entities"):
        read(body)


def test_a_doctype_without_entities_is_passed_over() -> None:
    doctype = b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    assert len(candidates(RSS.replace(b"<rss", doctype + b"<rss"))) == 3


def test_a_million_nested_elements_are_refused_at_once() -> None:
    with pytest.raises(UnreadableSource, match="deep"):
        read(b"<rss><channel>" + b"<a>" * 1_000_000)
