"""Pages and files that list addresses: section and archive pages with paging, a site's home page, robots.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbot.discover.found import Announced, Further, address, title
from newsbot.discover.shapes import is_likely_article
from newsbot.discover.sitemaps import read_sitemap
from newsbot.exceptions import UnreadableSource
from newsbot.items import Candidate
from newsbot.publishers.model import Source, SourceKind
from newsbot.urls import same_site, url_key

# Links that a page may announce at most; the fullest archive pages list some hundreds.
MAX_LINKS = 5000
# RFC 9309: at least 500 KiB of a robots.txt are read.
_ROBOTS_BYTES = 512 * 1024
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json", "text/xml"}
)
# Feeds that announce no articles.
_NO_NEWS = re.compile(r"comment|kommentar|podcast|oembed|wp-json", re.IGNORECASE)
_SITEMAP_LINE = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


def read_page(body: bytes, url: str, source: Source) -> Iterator[Announced]:
    """Yield the likely articles that a section or archive page links, and its next page where the source says how to find it.

    Raises UnreadableSource for what is no HTML.
    """
    parser = _parse(body)
    yield from _links(parser, _base(parser, url), source)
    following = _next(parser, _base(parser, url), source)
    if following and following != address(url, url):
        yield Further(replace(source, url=following), is_page=True)


def read_archive(body: bytes, url: str, source: Source) -> Iterator[Announced]:
    """Yield what a dated archive's address answers: a page of links, or a sitemap of the day, month or year."""
    head = body[:512].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if head.startswith((b"\x1f\x8b", b"<?xml", b"<urlset", b"<sitemapindex")) and b"<html" not in head:
        yield from read_sitemap(body, url, replace(source, kind="sitemap", next_page=None))
    else:
        yield from read_page(body, url, source)


def read_home(body: bytes, url: str, source: Source) -> Iterator[Announced]:
    """Yield the feeds and sitemaps that a home page names, and the likely articles that it links. Raises UnreadableSource."""
    parser = _parse(body)
    base = _base(parser, url)
    for node in parser.css("link[rel]"):
        named = _named(node, base)
        if named:
            yield Further(named)
    yield from _links(parser, base, source)


def read_robots(body: bytes, url: str, source: Source) -> Iterator[Announced]:
    """Yield the sitemaps that a robots.txt names; where it names none, the usual place, whose absence is no fault."""
    found = False
    for match in _SITEMAP_LINE.finditer(
        body[:_ROBOTS_BYTES].removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n").replace(b"\0", b"")
    ):
        place = address(match[1].decode("utf-8", "replace"), url)
        if place:
            found = True
            yield Further(Source(_sitemap_kind(place), place, language=source.language))
    if not found:
        guess = address("/sitemap.xml", url)
        assert guess is not None
        yield Further(Source("sitemap", guess, language=source.language, is_guess=True))


def _parse(body: bytes) -> LexborHTMLParser:
    head = body[:4096].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if not head:
        raise UnreadableSource("is empty where an HTML page should be")
    if b"\0" in head.replace(b"\0<", b"").replace(b"<\0", b"") and not head.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        raise UnreadableSource("is binary where an HTML page should be")
    if head.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex")) and not re.search(
        rb"<html[\s>]", head, re.IGNORECASE
    ):
        raise UnreadableSource("is XML where an HTML page should be; name it as a feed or sitemap")
    return LexborHTMLParser(body)


def _base(parser: LexborHTMLParser, url: str) -> str:
    node = parser.css_first("base[href]")
    return (address(node.attributes.get("href"), url) if node else None) or url


def _links(parser: LexborHTMLParser, base: str, source: Source) -> Iterator[Candidate]:
    seen: set[str] = set()
    own = url_key(base)
    for node in parser.css("a[href]"):
        url = _target(node, base)
        if url is None or not same_site(url, base):
            continue
        key = url_key(url)
        if key == own or key in seen or not is_likely_article(url):
            continue
        seen.add(key)
        yield Candidate(url=url, headline=_headline(node), in_language=source.language)
        if len(seen) >= MAX_LINKS:
            return


def _target(node: LexborNode, base: str) -> str | None:
    href = (node.attributes.get("href") or "").strip()
    if not href or href[0] == "#" or "nofollow" in (node.attributes.get("rel") or "").lower():
        return None
    return address(href, base)


def _headline(node: LexborNode) -> str | None:
    """Return a link's text as a headline hint: shorter ones are "More" and the like."""
    text = title(node.text(separator=" ")[:2000])
    return text if text and len(text) >= 15 else None


def _next(parser: LexborHTMLParser, base: str, source: Source) -> str | None:
    if source.next_page is None:
        return None
    for node in parser.css(source.next_page):
        link = node if node.attributes.get("href") else node.css_first("a[href]")
        following = address(link.attributes.get("href"), base) if link else None
        if following and same_site(following, base):
            return following
    return None


def _named(node: LexborNode, base: str) -> Source | None:
    relation = (node.attributes.get("rel") or "").lower().split()
    place = address(node.attributes.get("href"), base)
    if place is None:
        return None
    if "sitemap" in relation:
        return Source("sitemap", place)
    kind = (node.attributes.get("type") or "").lower().partition(";")[0].strip()
    words = f"{place} {node.attributes.get('title') or ''}"
    if "alternate" in relation and kind in _FEED_TYPES and not _NO_NEWS.search(words):
        return Source("feed", place, language=node.attributes.get("hreflang") or None)
    return None


def _sitemap_kind(url: str) -> SourceKind:
    path = urlsplit(url).path.lower()
    return "news_sitemap" if "news" in path.rpartition("/")[2] else "sitemap"
