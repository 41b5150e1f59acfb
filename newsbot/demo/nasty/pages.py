"""Nasty cases: 200 with something that is no article, and pages built to hurt a parser."""

# ruff: noqa: ARG001 - every case is given the visit, some need nothing of it

from __future__ import annotations

import re
from dataclasses import replace

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer, html

HUGE = 60 << 20
"""Bytes of a huge page: above what a crawler should take."""
NODES = 100_000
LEVELS = 10_000
TEXT = 20 << 20


def _page(title: str, inner: str) -> Answer:
    return html(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>{inner}</body></html>'
    )


def _amid(visit: Visit, inner: str) -> Answer:
    """Return the usual page with HTML put before the end of its body."""
    answer = visit.usual()
    body = answer.body.replace(b"</body>", inner.encode() + b"</body>", 1)
    return replace(answer, body=body, packed=None, _etag=None)


def _in_head(visit: Visit, inner: str) -> Answer:
    answer = visit.usual()
    return replace(
        answer, body=answer.body.replace(b"</head>", inner.encode() + b"</head>", 1), packed=None, _etag=None
    )


@nasty()
async def error_page(visit: Visit) -> Answer:
    """An error page behind a 200."""
    return _page(
        "Page not found", "<h1>Oops! That page can’t be found.</h1><p>It may have moved. Try the search.</p>"
    )


@nasty()
async def server_error_page(visit: Visit) -> Answer:
    """A server error behind a 200."""
    return _page(
        "500 Internal Server Error", "<h1>Internal Server Error</h1><p>Something went wrong on our side.</p>"
    )


@nasty()
async def consent_wall(visit: Visit) -> Answer:
    """A wall that asks for consent before anything else."""
    ask = "We and our 842 partners store and access information on a device, such as cookies, and process personal data."
    return _page(
        "Before you continue",
        f'<div id="consent-wall" class="cmp-container" role="dialog"><h1>We value your privacy</h1><p>{ask}</p>'
        '<form action="/consent" method="post"><button>Accept all</button><button>Reject all</button>'
        "<a href='/privacy'>Manage options</a></form></div>",
    )


def _challenge() -> Answer:
    return _page(
        "Just a moment...",
        '<noscript>Enable JavaScript and cookies to continue</noscript><div id="challenge-running"><h2>Checking your browser '
        'before accessing the site.</h2></div><script src="/challenge-platform/h/b/orchestrate.js"></script>',
    )


@nasty()
async def bot_challenge(visit: Visit) -> Answer:
    """A challenge for robots behind a 200 that says: just a moment."""
    return _challenge()


@nasty()
async def bot_block(visit: Visit) -> Answer:
    """A challenge for robots with status 403."""
    return replace(_challenge(), status=403)


@nasty()
async def login_wall(visit: Visit) -> Answer:
    """A form to log in, behind a 200."""
    return _page(
        "Log in",
        '<h1>Log in to read on</h1><form action="/login" method="post"><input type="email" name="email">'
        '<input type="password" name="password"><button>Log in</button></form><p>No account yet? <a href="/join">Join us</a></p>',
    )


@nasty()
async def paywalled(visit: Visit) -> Answer:
    """The first paragraph of the article, then an offer; JSON-LD says it is not free."""
    index = visit.paper.find(visit.asked.path)
    if index is None:
        return visit.usual()
    truth = visit.paper.truth(index)
    first = str(truth["body"]).split("\n\n")[0]
    stated = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","isAccessibleForFree":false,'
        '"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".paywall"}}</script>'
    )
    return _page(
        str(truth["headline"]),
        f"{stated}<article><h1>{truth['headline']}</h1><p>{truth['description']}</p><div class='quay-text'><p>{first}</p></div>"
        '<div class="paywall"><h2>This article is for subscribers</h2><p>Subscribe to read on.</p><a href="/join">Subscribe</a>'
        "</div></article>",
    )


@nasty()
async def index_page(visit: Visit) -> Answer:
    """The home page at an article's URL, without a redirect."""
    return visit.site.answer("/")


@nasty()
async def binary(visit: Visit) -> Answer:
    """A picture that says it is HTML."""
    return Answer(visit.site.answer("/images/1.png").body + bytes(range(256)) * 200, packs=False)


@nasty()
async def pdf(visit: Visit) -> Answer:
    """A PDF at an article's URL."""
    return Answer(b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n", media="application/pdf", packs=False)


@nasty()
async def no_media(visit: Visit) -> Answer:
    """The right page without Content-Type."""
    return replace(visit.usual(), media="")


@nasty()
async def huge_page(visit: Visit) -> Answer:
    """A page of 60 MB."""
    return replace(_amid(visit, "<p>Room for more.</p>" * (HUGE // 21)), packs=False)


@nasty()
async def deep_nesting(visit: Visit) -> Answer:
    """An article below ten thousand levels of nesting."""
    answer = visit.usual()
    body = re.sub(rb"(<body[^>]*>)", lambda m: m[1] + b"<div>" * LEVELS, answer.body, count=1)
    return replace(answer, body=body, packed=None, _etag=None)


@nasty()
async def many_nodes(visit: Visit) -> Answer:
    """An article and a hundred thousand elements more."""
    return _amid(visit, "<div>" + "<span><b>x</b></span>" * (NODES // 2) + "</div>")


@nasty()
async def long_text(visit: Visit) -> Answer:
    """An article and a text node of 20 MB."""
    return _amid(visit, "<div>" + "lorem, " * (TEXT // 7) + "</div>")


@nasty()
async def regex_bait(visit: Visit) -> Answer:
    """Text that drives careless regular expressions to exponential time."""
    bait = " " * 50_000 + "!" + "a" * 50_000 + "@" + "1-" * 20_000 + "((((" * 5000 + "By " * 20_000
    return _amid(visit, f'<p class="byline">{bait}</p><time>{bait}</time>')


@nasty()
async def json_ld_broken(visit: Visit) -> Answer:
    """Two blocks of JSON-LD that are no JSON, beside what the page has."""
    return _in_head(
        visit,
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"cut off</script>'
        '<script type="application/ld+json">{ // a comment\n"@type":"NewsArticle",,}</script>',
    )


@nasty()
async def json_ld_deep(visit: Visit) -> Answer:
    """JSON-LD nested a hundred thousand levels deep."""
    return _in_head(visit, f'<script type="application/ld+json">{"[" * NODES}{"]" * NODES}</script>')


@nasty()
async def json_ld_huge(visit: Visit) -> Answer:
    """JSON-LD of 5 MB."""
    people = ",".join(f'{{"@type":"Person","name":"Reader {n}"}}' for n in range(130_000))
    return _in_head(
        visit, f'<script type="application/ld+json">{{"@type":"Thing","knows":[{people}]}}</script>'
    )


@nasty()
async def json_ld_strangers(visit: Visit) -> Answer:
    """JSON-LD of other articles, as teasers have it."""
    others = ",".join(
        f'{{"@type":"NewsArticle","headline":"Another story, number {n}","url":"{visit.paper.base}/other/{n}/",'
        f'"datePublished":"2001-01-0{n}T00:00:00Z"}}'
        for n in range(1, 6)
    )
    return _in_head(visit, f'<script type="application/ld+json">[{others}]</script>')


def _dated(visit: Visit, date: str) -> Answer:
    return _page(
        "A day in the life",
        f"<article><h1>A day in the life of a lighthouse</h1><time datetime='{date}'>{date}</time><div class='quay-text'>"
        + "<p>The keeper climbs the stairs, trims the wick and writes down the hour; then the gulls have the rest of it.</p>"
        * 8
        + "</div></article>",
    )


@nasty()
async def date_future(visit: Visit) -> Answer:
    """An article of the year 2199."""
    return _dated(visit, "2199-01-01T10:00:00Z")


@nasty()
async def date_epoch(visit: Visit) -> Answer:
    """An article of 1970-01-01."""
    return _dated(visit, "1970-01-01T00:00:00Z")


@nasty()
async def date_absurd(visit: Visit) -> Answer:
    """An article of day 45 of month 13, offset +25:00."""
    return _dated(visit, "2025-13-45T25:61:61+25:00")


@nasty()
async def hostile_strings(visit: Visit) -> Answer:
    """A headline that is a spreadsheet formula, a path and a line break."""
    return _page(
        "=cmd|' /C calc'!A0",
        '<article><h1>=HYPERLINK("http://127.0.0.1:9/","../../etc/passwd")&#10;\r\n</h1><div class=\'quay-text\'>'
        + "<p>=1+1, @SUM(A1), -2+3, +4; \"quoted\", 'single', \\n and | pipes, all of it text and nothing but text.</p>"
        * 6
        + "</div></article>",
    )
