"""Nasty cases: feeds and sitemaps that are none, are huge, run in circles, or carry bombs."""

# ruff: noqa: ARG001 - every case is given the visit, some need nothing of it

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import lru_cache

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.sitemaps import sitemap_index, urlset
from newsbot.demo.wire import Answer

MOST = 50_000
"""Entries a sitemap or index may have by the protocol."""
_DOCTYPE = '<?xml version="1.0"?>\n<!DOCTYPE {root} [{entities}]>\n'


def _xml(body: bytes | str) -> Answer:
    return Answer(body if isinstance(body, bytes) else body.encode(), media="application/xml")


def _changed(answer: Answer, old: bytes, new: bytes, count: int = -1) -> Answer:
    return replace(answer, body=answer.body.replace(old, new, count), packed=None, _etag=None)


@nasty("feed")
async def feed_html(visit: Visit) -> Answer:
    """The home page at the feed's URL."""
    return visit.site.answer("/")


@nasty("feed")
async def feed_malformed(visit: Visit) -> Answer:
    """A feed that is no XML: bare ampersands, and cut off amid an item."""
    answer = _changed(visit.usual(), b"<title>", b"<title>Fish & Chips & ")
    return replace(answer, body=answer.body[: len(answer.body) * 3 // 4])


@nasty("feed")
async def feed_empty(visit: Visit) -> Answer:
    """A feed without items."""
    return _xml('<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet</title></channel></rss>')


@nasty("feed")
async def feed_blank(visit: Visit) -> Answer:
    """Nothing at the feed's URL."""
    return Answer(b"", media="application/rss+xml")


@nasty("feed")
async def feed_tracking(visit: Visit) -> Answer:
    """Links with tracking parameters."""
    return _changed(visit.usual(), b"/</link>", b"/?utm_source=rss&amp;utm_medium=feed&amp;fbclid=42</link>")


@nasty("feed")
async def feed_relative(visit: Visit) -> Answer:
    """Links without scheme and host."""
    return _changed(visit.usual(), b"<link>" + visit.paper.base.encode(), b"<link>")


@nasty("feed")
async def feed_foreign(visit: Visit) -> Answer:
    """Links to another site's articles, and to schemes that are no web."""
    answer = _changed(
        visit.usual(), b"<link>" + visit.paper.base.encode(), b"<link>http://stranger.invalid", 5
    )
    return _changed(answer, b"<link>" + visit.paper.base.encode(), b"<link>javascript:alert(1)//", 2)


@nasty("feed")
async def feed_undated(visit: Visit) -> Answer:
    """Items whose dates mean nothing."""
    return _changed(visit.usual(), b"<pubDate>", b"<pubDate>Blursday, 45 Foo 20x6 or ")


@nasty("feed")
async def feed_latin(visit: Visit) -> Answer:
    """A feed in windows-1252 that says it is utf-8."""
    answer = visit.usual()
    body = answer.body.decode().encode("cp1252", "xmlcharrefreplace")
    return replace(answer, body=body, packed=None, _etag=None)


def _entity_bomb(root: str) -> str:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return _DOCTYPE.format(root=root, entities='<!ENTITY e0 "boom">' + levels)


@nasty("sitemap")
async def entity_bomb(visit: Visit) -> Answer:
    """A billion laughs in the first URL of a sitemap, then a right one."""
    url = f"<url><loc>{visit.paper.url(0)}</loc></url>"
    return _xml(
        f"{_entity_bomb('urlset')}<urlset><url><loc>{visit.paper.base}/&e9;</loc></url>{url}</urlset>"
    )


@nasty("feed")
async def feed_entity_bomb(visit: Visit) -> Answer:
    """A billion laughs in a feed."""
    item = f"<item><title>&e9;</title><link>{visit.paper.url(0)}</link></item>"
    return _xml(f'{_entity_bomb("rss")}<rss version="2.0"><channel><title>&e9;</title>{item}</channel></rss>')


@nasty("sitemap")
async def external_entity(visit: Visit) -> Answer:
    """A sitemap that asks for /etc/passwd and for a file of this server, /private/xxe."""
    entities = f'<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "{visit.paper.base}/private/xxe">'
    head = _DOCTYPE.format(root="urlset", entities=entities)
    return _xml(f"{head}<urlset><url><loc>{visit.paper.base}/&a;&b;</loc></url></urlset>")


@nasty("sitemap")
async def external_dtd(visit: Visit) -> Answer:
    """A sitemap with a DTD on this server, /private/dtd."""
    head = f'<?xml version="1.0"?>\n<!DOCTYPE urlset SYSTEM "{visit.paper.base}/private/dtd">\n'
    return _xml(f"{head}<urlset><url><loc>{visit.paper.url(0)}</loc></url></urlset>")


@nasty("sitemap")
async def sitemap_deep(visit: Visit) -> Answer:
    """XML nested a million levels deep."""
    return _xml(b'<?xml version="1.0"?>' + b"<a>" * 1_000_000)


@nasty("sitemap")
async def sitemap_html(visit: Visit) -> Answer:
    """The home page at the sitemap's URL."""
    return visit.site.answer("/")


@nasty("sitemap")
async def sitemap_self(visit: Visit) -> Answer:
    """An index that names itself."""
    return _xml(sitemap_index([(visit.paper.base + visit.sent.path, "")]))


@nasty("sitemap")
async def sitemap_cycle(visit: Visit) -> Answer:
    """Indexes that name each other in a ring of three, one with a right sitemap in it."""
    base = f"{visit.paper.base}/nasty/sitemap_cycle/sitemaps/"
    place = visit.asked.path.rpartition("/ring-")[2].removesuffix(".xml")
    number = int(place) if place.isdigit() else 0
    months = [(f"{visit.paper.base}/news-sitemap.xml", "")] if number == 1 else []
    return _xml(sitemap_index([(f"{base}ring-{(number + 1) % 3}.xml", ""), *months]))


@nasty("sitemap")
async def sitemap_endless(visit: Visit) -> Answer:
    """Every index names two new ones."""
    stem = visit.asked.path.rpartition("/")[2].removesuffix(".xml")
    base = f"{visit.paper.base}/nasty/sitemap_endless/sitemaps/"
    return _xml(sitemap_index([(f"{base}{stem}-{letter}.xml", "") for letter in "ab"]))


@nasty("sitemap")
async def sitemap_index_50000(visit: Visit) -> Answer:
    """An index of 50,000 sitemaps of a URL each."""
    number = visit.asked.path.rpartition("/leaf-")[2].removesuffix(".xml")
    if number.isdigit():
        url = visit.paper.url(int(number) % visit.paper.articles)
        return _xml(urlset([f"<url><loc>{url}</loc></url>\n"]))
    return _xml(_index_of_many(visit.paper.base))


@lru_cache(maxsize=2)
def _index_of_many(base: str) -> bytes:
    leaves = f"{base}/nasty/sitemap_index_50000/sitemaps/leaf-"
    return sitemap_index((f"{leaves}{number}.xml", "2026-03-01") for number in range(MOST))


@nasty("sitemap")
async def sitemap_50000(visit: Visit) -> Answer:
    """A sitemap of 50,000 URLs, about 50 MB, most of them of no article."""
    return replace(_xml(_many_urls(visit.paper.base)), packs=True)


@lru_cache(maxsize=2)
def _many_urls(base: str) -> bytes:
    padding = "x" * 880
    return urlset(f"<url><loc>{base}/notes/{number}-{padding}/</loc></url>\n" for number in range(MOST))


@nasty("sitemap")
async def lastmod_now(visit: Visit) -> Answer:
    """Every URL changed just now, at every visit."""
    return await _lastmod(visit, f"2026-11-20T10:{visit.times() % 60:02}:00Z")


@nasty("sitemap")
async def lastmod_future(visit: Visit) -> Answer:
    """Every URL will change in 2199."""
    return await _lastmod(visit, "2199-01-01")


@nasty("sitemap")
async def lastmod_missing(visit: Visit) -> Answer:
    """No URL has a lastmod."""
    answer = await _lastmod(visit, "")
    return _changed(answer, b"<lastmod></lastmod>", b"")


@nasty("sitemap")
async def lastmod_garbage(visit: Visit) -> Answer:
    """lastmod that means nothing."""
    return await _lastmod(visit, "yesterday-ish")


async def _lastmod(visit: Visit, date: str) -> Answer:
    paper = visit.paper
    newest = range(paper.newest, min(paper.articles, paper.newest + 200))
    return _xml(urlset(f"<url><loc>{paper.url(i)}</loc><lastmod>{date}</lastmod></url>\n" for i in newest))


@nasty("sitemap")
async def sitemap_cut(visit: Visit) -> Answer:
    """A sitemap that ends amid a URL."""
    answer = await _lastmod(visit, "2026-03-01")
    return replace(answer, body=answer.body[: len(answer.body) * 2 // 3])


@nasty("sitemap")
async def sitemap_foreign(visit: Visit) -> Answer:
    """An index that names sitemaps of a private address and of other schemes."""
    targets = ["http://10.0.0.1/sitemap.xml", "file:///etc/passwd", "http://169.254.169.254/sitemap.xml"]
    return _xml(sitemap_index((target, "") for target in targets))


@nasty("sitemap")
async def sitemap_bomb(visit: Visit) -> Answer:
    """A gzipped sitemap, so named, that unpacks to half a gibibyte of URLs."""
    return Answer(_sitemap_bomb(visit.paper.base), media="application/gzip", packs=False)


@lru_cache(maxsize=1)
def _sitemap_bomb(base: str) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = f"<url><loc>{base}/notes/boom/</loc></url>\n".encode() * 20_000
    start = packer.compress(b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    return start + b"".join(packer.compress(block) for _ in range((512 << 20) // len(block))) + packer.flush()
