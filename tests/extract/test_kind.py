"""newsbot.extract.kind: what kind of page was read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsbot.extract import extract
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher

PROSE = "The harbour board bought a ferry on Monday, after four years of talks and two lawsuits, its chair told the islanders. "
ARTICLE = f"<h1>Islanders see their ferry</h1><article>{''.join(f'<p>{PROSE}{number}</p>' for number in range(14))}</article>"
NAV = "<nav><ul>" + "".join(f"<li><a href='/{n}/'>Section {n}</a></li>" for n in range(9)) + "</ul></nav>"
LINKS = "".join(
    f"<h3><a href='/a{n}'>Board and pilots quarrel over boat number {n}</a></h3>" for n in range(30)
)


def read(body: str, head: str = "", url: str = "https://tide.example/isles/4711-ferry/") -> Article:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    page = Page(url=url, body=html.encode(), fetched_at=datetime(2024, 5, 6, tzinfo=UTC))
    return extract(page, Publisher(name="tide", site="https://tide.example"))


def test_an_article_is_an_article() -> None:
    article = read(NAV + ARTICLE)
    assert (article.kind, article.is_truncated) == ("article", None)


@pytest.mark.parametrize(
    ("kind", "body", "head"),
    [
        ("error", NAV + "<h1>Page not found</h1><p>Try the search.</p>", ""),
        ("error", NAV + "<p>Hier ist nichts.</p>", "<title>Fehler 404 | Die Flut</title>"),
        ("error", NAV + "<h1>Страница не найдена</h1>", ""),
        ("challenge", "<h1>tide.example</h1><p>Checking the site connection.</p>", "<title>Just a moment...</title>"),
        ("challenge", "<form id='challenge-form'></form><p>tide.example needs to look at you.</p>", ""),
        ("consent", "<h1>Before you continue</h1><p>We and our partners store cookies.</p><button>Accept all</button>", ""),
        ("consent", "<form action='https://consent.tide.example/save'><p>Cookies?</p><button>Yes</button></form>", ""),
        ("login", "<h1>Log in to your account</h1><form><input name=u><input type=password></form>", ""),
        ("index", NAV + LINKS, "<title>Isles</title>"),
        ("video", "<video src=a.mp4></video><p>A boat comes in.</p>", '<meta property="og:type" content="video.other">'),
        ("gallery", "<img src=1><img src=2>", '<script type="application/ld+json">{"@type": "ImageGallery"}</script>'),
        ("paywall", "<h1>Boat bought</h1><p>The board has</p><div>Subscribe to continue reading. Already a subscriber?</div>", ""),
    ],
)  # fmt: skip
def test_what_is_no_article_says_what_it_is(kind: str, body: str, head: str) -> None:
    assert read(body, head).kind == kind


def test_words_of_a_wall_in_an_article_do_not_make_it_one() -> None:
    words = "<p>Access denied, said the sign. Page not found, said the clerk. Before you continue, accept all.</p>"
    head = "<title>Page not found: why 404 became a joke</title>"
    assert (
        read(NAV + "<h1>Page not found: why 404 became a joke</h1>" + ARTICLE + words, head).kind == "article"
    )


def test_a_declared_article_of_few_words_stays_one() -> None:
    head = '<meta property="og:type" content="article">'
    assert read(f"<h1>Boat found</h1><p>{PROSE}</p>" + NAV, head).kind == "article"


def test_a_front_page_served_at_an_articles_address_is_an_index() -> None:
    teasers = "".join(
        f"<div><a href='/a{n}'>The board bought boat number {n} on Monday.</a></div>" for n in range(60)
    )
    head = '<link rel="canonical" href="https://tide.example/">'
    assert read(NAV + teasers, head).kind == "index"


def test_a_section_of_teasers_is_an_index_and_a_declared_list_an_article() -> None:
    teasers = "".join(
        f"<div class=item><h2><a href='/a{n}'>Board and pilots on boat {n}</a></h2><p>{PROSE}</p></div>"
        for n in range(20)
    )
    assert read(NAV + teasers).kind == "index"
    assert read(NAV + teasers, '<meta property="og:type" content="article">').kind == "article"


def test_a_cookie_form_amid_a_sites_menus_is_no_wall() -> None:
    bar = "<form action='/consent'><p>We use cookies.</p><button>Accept all</button></form>"
    menu = (
        "<nav><ul>" + "".join(f"<li><a href='/{n}/'>Section {n}</a></li>" for n in range(14)) + "</ul></nav>"
    )
    assert read(bar + menu + f"<h1>Ferry</h1><p>{PROSE}</p>").kind == "article"


def test_live_blogs_are_told_by_their_type_and_by_their_clock() -> None:
    declared = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Islanders see their ferry"}</script>'
    by_type = read(ARTICLE, declared)
    assert (by_type.kind, by_type.is_live_blog) == ("live_blog", True)
    updates = "".join(f"<div><time>1{n}:0{n}</time><p>{PROSE}</p></div>" for n in range(9))
    by_clock = read(
        f"<h1>Ferry comes in</h1><article>{updates}</article>", url="https://tide.example/live/ferry"
    )
    assert (by_clock.kind, by_clock.is_live_blog) == ("live_blog", True)
    elsewhere = read(f"<h1>Ferry comes in</h1><article>{updates}</article>")
    assert (elsewhere.kind, elsewhere.is_live_blog) == ("article", False)


PAID = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Boat bought", '
    '"isAccessibleForFree": false}</script>'
)


def test_a_paid_article_that_is_cut_short_is_truncated() -> None:
    article = read(f"<h1>Boat bought</h1><article><p>{PROSE * 2}</p><p>{PROSE}</p></article>", PAID)
    assert (article.kind, article.is_truncated) == ("article", True)


def test_a_paid_article_whose_text_is_whole_is_not() -> None:
    assert read(ARTICLE, PAID).is_truncated is None
