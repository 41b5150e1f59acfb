"""Nasty cases: robots.txt that fails, moves, is huge, or is no robots.txt."""

# ruff: noqa: ARG001 - every case is given the visit, some need nothing of it

from __future__ import annotations

import asyncio
import codecs
from dataclasses import replace

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer, html, redirect

SIZE = 600 << 10
"""Bytes of a large robots.txt; RFC 9309 asks to read at least 500 KiB of it."""


def _text(body: bytes) -> Answer:
    return Answer(body, media="text/plain")


def _rules(visit: Visit) -> bytes:
    return visit.site.answer("/robots.txt").body


@nasty("robots")
async def robots_500(visit: Visit) -> Answer:
    """500: nothing may be fetched (RFC 9309)."""
    return html("<h1>500</h1>", 500)


@nasty("robots")
async def robots_503(visit: Visit) -> Answer:
    """503 with Retry-After."""
    answer = html("<h1>503</h1>", 503)
    answer.headers["Retry-After"] = "120"
    return answer


@nasty("robots")
async def robots_404(visit: Visit) -> Answer:
    """404: everything may be fetched."""
    return html("<h1>404</h1>", 404)


@nasty("robots")
async def robots_403(visit: Visit) -> Answer:
    """403: everything may be fetched, says RFC 9309."""
    return html("<h1>403</h1>", 403)


@nasty("robots")
async def robots_401(visit: Visit) -> Answer:
    """401: everything may be fetched, says RFC 9309."""
    return html("<h1>401</h1>", 401)


@nasty("robots")
async def robots_reset(visit: Visit) -> None:
    """The connection closes without an answer."""


@nasty("robots")
async def robots_slow(visit: Visit) -> Answer:
    """The right rules, ten pauses late."""
    await asyncio.sleep(10 * visit.wrongs.pause)
    return visit.site.answer("/robots.txt")


@nasty("robots")
async def robots_redirect(visit: Visit) -> Answer:
    """Three redirects to the rules, which disallow the section /city/."""
    hop = visit.sent.query.removeprefix("hop=")
    number = int(hop) if hop.isdigit() else 0
    if number >= 3:
        return _text(b"User-agent: *\nDisallow: /city/\n")
    return redirect(f"{visit.paper.base}{visit.sent.path}?hop={number + 1}")


@nasty("robots")
async def robots_redirect_loop(visit: Visit) -> Answer:
    """A redirect to itself."""
    return redirect(visit.paper.base + visit.sent.target)


@nasty("robots")
async def robots_redirect_private(visit: Visit) -> Answer:
    """A redirect to a private address."""
    return redirect("http://10.0.0.1/robots.txt")


@nasty("robots")
async def robots_huge(visit: Visit) -> Answer:
    """600 KiB: a rule for /city/ at the top, comments, a rule for everything behind the first 500 KiB."""
    top = b"User-agent: *\nDisallow: /city/\n"
    filler = b"# nothing to see here, only a comment that fills the file\n"
    body = top + filler * ((SIZE - len(top)) // len(filler)) + b"Disallow: /\n"
    return _text(body)


@nasty("robots")
async def robots_50mb(visit: Visit) -> Answer:
    """50 MB: a rule for /city/ at the top, then one line without an end."""
    return _text(b"User-agent: *\nDisallow: /city/\n# " + b"x" * (50 << 20))


@nasty("robots")
async def robots_html(visit: Visit) -> Answer:
    """The home page instead of rules."""
    return visit.site.answer("/")


@nasty("robots")
async def robots_bom(visit: Visit) -> Answer:
    """A byte order mark before the rules, lines ended by CR alone; /city/ is disallowed."""
    return _text(codecs.BOM_UTF8 + b"User-agent: *\rDisallow: /city/\r")


@nasty("robots")
async def robots_nul(visit: Visit) -> Answer:
    """NUL bytes and bytes that are no UTF-8 among the rules; /city/ is disallowed."""
    return _text(b"\x00\xff\xfe garbage\nUser-agent: *\nDisallow: /city/\nDisallow: /\xe9t\xe9/\n\x00")


@nasty("robots")
async def robots_disallow(visit: Visit) -> Answer:
    """Everything is disallowed."""
    return _text(b"User-agent: *\nDisallow: /\n")


@nasty("robots")
async def robots_delay_absurd(visit: Visit) -> Answer:
    """Crawl-delay: 86400."""
    return _text(b"User-agent: *\nCrawl-delay: 86400\nDisallow: /private/\n")


@nasty("robots")
async def robots_delay_garbage(visit: Visit) -> Answer:
    """Crawl-delays that are none: abc and -1."""
    return _text(b"User-agent: *\nCrawl-delay: abc\nCrawl-delay: -1\nDisallow: /private/\n")


@nasty("robots")
async def robots_rights(visit: Visit) -> Answer:
    """The right rules and signals against training: Content-Signal, Content-Usage."""
    signals = b"Content-Signal: search=yes, ai-train=no\nContent-Usage: train-ai=n\n"
    return replace(_text(_rules(visit).replace(b"User-agent: *\n", b"User-agent: *\n" + signals, 1)))


@nasty()
async def rights_headers(visit: Visit) -> Answer:
    """Articles with X-Robots-Tag: noai and TDM-Reservation: 1."""
    answer = visit.usual()
    stated = {
        "X-Robots-Tag": "noai, noimageai",
        "TDM-Reservation": "1",
        "TDM-Policy": f"{visit.paper.base}/tdm.json",
    }
    return replace(answer, headers={**answer.headers, **stated})
