"""Metadata of whole pages, and of pages that mean harm."""

from __future__ import annotations

import json
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newsbot.extract.marked import Marked
from newsbot.extract.metadata import absolute, read_metadata
from newsbot.normalize import Place, normalize
from newsbot.publishers.model import Layout
from tests.extract.reading import URL, VISITED, announced, article_of, page_of

WHOLE = """<html lang="en-CA"><head>
<title>Bridge opens - Harbour Herald</title>
<link rel="canonical" href="/city/101-bridge-opens/?utm_source=feed">
<meta property="og:site_name" content="Harbour Herald"><meta property="og:description" content="The town has waited.">
<meta property="article:section" content="City">
<meta property="article:tag" content="bridges"><meta property="article:tag" content="port">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge opens",
 "author": {"@type": "Person", "name": "Ada Quill"},
 "datePublished": "2024-05-03T08:00:00-03:00", "dateModified": "2024-05-03T09:30:00-03:00", "isAccessibleForFree": "False"}</script>
</head><body><h1>Bridge opens</h1><p class="date">3 May 2024</p></body></html>"""


def test_a_whole_page() -> None:
    article = article_of(WHOLE)
    assert article.headline == "Bridge opens"
    assert article.description == "The town has waited."
    assert article.authors == ["Ada Quill"]
    assert article.canonical_url == f"{URL}?utm_source=feed"
    assert article.section == "City"
    assert article.keywords == ["bridges", "port"]
    assert article.in_language == "en-CA"
    assert article.is_accessible_for_free is False
    assert article.is_live_blog is False
    assert article.date_published_raw == "2024-05-03T08:00:00-03:00"
    assert article.date_modified_raw == "2024-05-03T09:30:00-03:00"
    assert article.site_names[0] == "Harbour Herald"
    assert dict(article.provenance) == {
        "headline": "html",
        "description": "open_graph",
        "authors": "json_ld",
        "canonical_url": "html",
        "section": "open_graph",
        "keywords": "open_graph",
        "in_language": "html",
        "is_accessible_for_free": "json_ld",
        "date_published": "json_ld",
        "date_modified": "json_ld",
    }


def test_an_empty_page_says_nothing() -> None:
    article = article_of("")
    assert dict(article.provenance) == {}
    assert article.problems == []
    assert (article.headline, article.canonical_url, article.in_language, article.is_accessible_for_free) == (
        None,
    ) * 4
    assert not (article.authors or article.keywords or article.date_candidates)


def test_a_layout_wins_in_every_field() -> None:
    html = WHOLE.replace(
        "</body>",
        "<b class=h>H</b><b class=s>S</b><b class=a>Ben Roe</b><b class=c>Home</b><b class=c>Port</b><b class=k>x</b>"
        "<b class=d>4 May 2024</b></body>",
    )
    layout = Layout(
        headline=(".h",),
        standfirst=(".s",),
        authors=(".a",),
        section=(".c",),
        keywords=(".k",),
        date_published=(".d",),
    )
    article = article_of(html, layout=layout)
    assert (article.headline, article.description, article.authors) == ("H", "S", ["Ben Roe"])
    assert (article.section, article.keywords, article.date_published_raw) == ("Port", ["x"], "4 May 2024")
    assert set(article.provenance.values()) >= {"layout"}


@pytest.mark.parametrize(
    ("href", "expected", "problems"),
    [
        ("https://www.harbour-herald.example/a", "https://www.harbour-herald.example/a", []),
        ("//www.harbour-herald.example/a?page=2", "https://www.harbour-herald.example/a?page=2", []),
        ("/a b", None, []),
        ("https://agency.example/a", None, [("canonical_url", "other_site")]),
        ("https://www.harbour-herald.example/", None, []),
        ("javascript:void(0)", None, []),
        ("http://[bad", None, []),
    ],
)
def test_the_canonical_url(href: str, expected: str | None, problems: list[tuple[str, str]]) -> None:
    article = article_of(f'<link rel=canonical href="{href}">')
    assert article.canonical_url == expected
    assert article.problems == problems


def test_a_saved_page_has_the_url_it_declares() -> None:
    assert (
        article_of('<link rel=canonical href="https://a.example/b">', url=None).canonical_url
        == "https://a.example/b"
    )


def test_the_next_statement_serves_where_the_canonical_link_is_off_site() -> None:
    html = f'<link rel=canonical href="https://agency.example/a"><meta property="og:url" content="{URL}">'
    article = article_of(html)
    assert article.canonical_url == URL
    assert article.provenance["canonical_url"] == "open_graph"


def test_the_section_of_a_breadcrumb_trail() -> None:
    trail = [
        {"position": 1, "name": "Home"},
        {"position": 2, "name": "City"},
        {"position": 3, "name": "Bridge opens"},
    ]
    html = f'<script type="application/ld+json">{json.dumps({"@type": "BreadcrumbList", "itemListElement": trail})}</script>'
    assert article_of(html + "<h1>Bridge opens</h1>").section == "City"


@pytest.mark.parametrize(
    ("html", "headers", "expected", "source"),
    [
        ('<html lang="fr">', [("content-language", "en")], "fr", "html"),
        ('<meta http-equiv="content-language" content="de">', [], "de", "meta"),
        ('<meta property="og:locale" content="pt_BR">', [], "pt_BR", "open_graph"),
        ("", [("content-language", "nl")], "nl", "header"),
        ("", [], "is", "feed"),
    ],
)
def test_the_language(html: str, headers: list[tuple[str, str]], expected: str, source: str) -> None:
    article = article_of(html, headers=headers, candidate=announced(in_language="is"))
    assert (article.in_language, article.provenance["in_language"]) == (expected, source)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("True", True),
        ("false", False),
        (True, True),
        (0, False),
        ("perhaps", None),
        ("http://schema.org/True", True),
    ],
)
def test_free_or_not(said: object, meant: bool | None) -> None:
    node = {"@type": "NewsArticle", "headline": "B", "isAccessibleForFree": said}
    assert (
        article_of(f'<script type="application/ld+json">{json.dumps(node)}</script>').is_accessible_for_free
        is meant
    )


def test_tags_serve_where_no_keywords_are_declared() -> None:
    tags = '<a rel="tag">bridges</a><a rel="tag">port</a>'
    assert article_of(tags).keywords == ["bridges", "port"]
    assert article_of('<meta name="keywords" content="a, b">' + tags).keywords == ["a, b"]


def test_a_live_blog_says_so() -> None:
    assert article_of(
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "B"}</script>'
    ).is_live_blog


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [
        ("/a", URL, "https://www.harbour-herald.example/a"),
        ("a", None, None),
        ("mailto:x@y.example", URL, None),
        (" ", URL, URL),
        (None, URL, None),
    ],
)
def test_absolute(value: str | None, base: str | None, expected: str | None) -> None:
    assert absolute(value, base) == expected


HOSTILE = {
    "nested": "<div class='author'>" * 10_000 + "Ada",
    "many": "<h1>B</h1>"
    + '<p class="author date"><a rel=author href="/author/x">Ada Quill</a> 3 May 2024</p>' * 30_000,
    "one text": "<h1>B</h1><p class=date>" + "3 May 2024 " * 1_000_000,
    "one attribute": f'<meta name="author" content="{"Ada, " * 500_000}"><meta name=keywords content="{"a," * 500_000}">',
    "json": '<script type="application/ld+json">' + '{"@type": "NewsArticle", "x": [' * 100_000 + "</script>",
    "headings": "<h1>Bridge</h1>" * 50_000,
    "spaces": "<title>a" + " " * 3_000_000 + "b</title><h1>" + "- " * 200_000 + "</h1>",
    "items": "<div itemprop=author><p itemprop=description>" * 5_000 + "Ada",
    "links": "<p>" + '<a href="/author/ada">Ada Quill</a> ' * 20_000,
    "figures": '<figure class=credit><img src="/a.jpg"><b class=credit>' * 3_000,
    "words": "<h1>B</h1><p>by</p>" + "<p>by " * 30_000,
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_is_read_in_time(html: str) -> None:
    parser = LexborHTMLParser(html)
    started = time.process_time()
    article = read_metadata(Marked(parser), page_of(html))
    normalize(article, Place(now=VISITED))
    assert time.process_time() - started < 10
    assert len(article.credited) <= 50


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(body: bytes) -> None:
    html = WHOLE.replace("Bridge opens", body.decode("utf-8", "replace"), 3)
    article = article_of(html)
    normalize(article, Place(now=VISITED))
    for text in (
        article.headline,
        article.description,
        article.section,
        article.canonical_url,
        *article.authors,
        *article.keywords,
    ):
        assert text is None or (
            text == text.strip()
            and text.encode()
            and not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)
        )
    assert article.date_published is None or article.date_published <= VISITED.replace(day=6)


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.characters(), max_size=60),
    st.sampled_from(
        [
            "author",
            "article:published_time",
            "keywords",
            "og:title",
            "og:url",
            "og:locale",
            "robots",
            "og:image",
        ]
    ),
)
def test_no_statement_raises(value: str, name: str) -> None:
    quoted = value.encode("utf-8", "replace").decode().replace('"', "")
    article = article_of(f'<meta property="{name}" content="{quoted}"><h1>B</h1>')
    normalize(article, Place(now=VISITED))
    json.dumps(article.provenance)
