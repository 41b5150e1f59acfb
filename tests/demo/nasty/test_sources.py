"""Feeds and sitemaps that are broken, endless or bombs, as their cases say."""

from __future__ import annotations

import re
import zlib
from xml.etree import ElementTree as ET

import pytest

from newsbot.demo.server import Server
from tests.demo.browsing import get
from tests.demo.nasty.visiting import at, meet

_LOC = re.compile(r"<loc>([^<]*)</loc>")


def locations(server: Server, name: str, path: str = "/sitemap.xml") -> list[str]:
    return _LOC.findall(meet(server, name, path).text)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("feed_malformed", "/rss.xml"),
        ("sitemap_deep", "/sitemap.xml"),
        ("sitemap_cut", "/sitemap.xml"),
        ("feed_blank", "/rss.xml"),
    ],
)
def test_no_xml(server: Server, name: str, path: str) -> None:
    got = meet(server, name, path)
    # The parser would build a million levels before it failed: its head tells enough.
    with pytest.raises(ET.ParseError):
        ET.fromstring(got.text[:3000] if name == "sitemap_deep" else got.text)


@pytest.mark.parametrize(("name", "path"), [("feed_html", "/rss.xml"), ("sitemap_html", "/sitemap.xml")])
def test_html_instead(server: Server, name: str, path: str) -> None:
    got = meet(server, name, path)
    assert got.text.startswith("<!DOCTYPE html>")
    assert got.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("feed_tracking", r"<link>http://127[^<]*/\?utm_source=rss&amp;"),
        ("feed_relative", r"<link>/[a-z]+/\d{7}-"),
        ("feed_foreign", r"<link>http://stranger.invalid/"),
        ("feed_foreign", r"<link>javascript:alert"),
        ("feed_undated", r"<pubDate>Blursday"),
    ],
)
def test_odd_feeds_are_xml_still(server: Server, name: str, pattern: str) -> None:
    text = meet(server, name, "/rss.xml").text
    assert re.search(pattern, text)
    assert len(ET.fromstring(text).findall("channel/item")) == 40


def test_a_feed_without_items(server: Server) -> None:
    assert ET.fromstring(meet(server, "feed_empty", "/rss.xml").text).findall("channel/item") == []


def test_a_feed_in_another_encoding_than_it_says(server: Server) -> None:
    got = meet(server, "feed_latin", "/rss.xml")
    with pytest.raises(UnicodeDecodeError):
        got.body.decode()


@pytest.mark.parametrize(
    ("name", "path"), [("entity_bomb", "/sitemap.xml"), ("feed_entity_bomb", "/rss.xml")]
)
def test_entity_bombs(server: Server, name: str, path: str) -> None:
    text = meet(server, name, path).text
    assert text.count("<!ENTITY") == 10
    assert "&e9;" in text
    assert server.newspaper.url(0) in text


def test_foreign_entities_and_dtds_would_be_noticed(server: Server) -> None:
    entities = meet(server, "external_entity", "/sitemap.xml").text
    assert 'SYSTEM "file:///etc/passwd"' in entities
    assert f'SYSTEM "{server.url}/private/xxe"' in entities
    assert f'SYSTEM "{server.url}/private/dtd"' in meet(server, "external_dtd", "/sitemap.xml").text


def test_circles(server: Server) -> None:
    assert locations(server, "sitemap_self") == [at(server, "sitemap_self", "/sitemap.xml")]
    url, met = at(server, "sitemap_cycle", "/sitemap.xml"), list[str]()
    for _ in range(6):
        url = _LOC.findall(get(url).text)[0]
        met.append(url)
    assert met[:3] == met[3:]
    assert len(set(met)) == 3


def test_an_endless_tree(server: Server) -> None:
    first = locations(server, "sitemap_endless")
    second = [url for parent in first for url in _LOC.findall(get(parent).text)]
    assert len({*first, *second}) == 6


def test_an_index_of_50000(server: Server) -> None:
    leaves = locations(server, "sitemap_index_50000")
    assert len(set(leaves)) == 50_000
    assert _LOC.findall(get(leaves[161]).text) == [server.newspaper.url(1)]


def test_a_sitemap_of_50000(server: Server) -> None:
    got = meet(server, "sitemap_50000", "/sitemap.xml")
    assert 40 << 20 < len(got.body) < 50 << 20
    assert got.body.count(b"<loc>") == 50_000


@pytest.mark.parametrize(
    ("name", "date"),
    [("lastmod_now", "2026-11-20T10:"), ("lastmod_future", "2199-"), ("lastmod_garbage", "yesterday")],
)
def test_lastmods(server: Server, name: str, date: str) -> None:
    text = meet(server, name, "/sitemap.xml").text
    assert text.count(f"<lastmod>{date}") == text.count("<url>") == 160
    assert _LOC.findall(text)[0] == server.newspaper.url(0)


def test_no_lastmods(server: Server) -> None:
    text = meet(server, "lastmod_missing", "/sitemap.xml").text
    assert "lastmod" not in text
    assert text.count("<url>") == 160


def test_sitemaps_elsewhere(server: Server) -> None:
    assert locations(server, "sitemap_foreign")[:2] == ["http://10.0.0.1/sitemap.xml", "file:///etc/passwd"]


def test_a_gzipped_bomb(server: Server) -> None:
    got = meet(server, "sitemap_bomb", "/sitemap.xml")
    assert len(got.body) < 4 << 20
    assert "content-encoding" not in got.headers
    assert len(zlib.decompressobj(31).decompress(got.body, 32 << 20)) == 32 << 20
