"""Who a page says wrote it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.bylines import AUTHOR_META, organisations_of, read_authors, site_keys
from newsbot.publishers.model import Layout
from tests.extract.reading import article_of, signals_of


def authors(
    html: str, headline: str | None = None, layout: Layout | None = None
) -> tuple[list[str], str] | None:
    return read_authors(signals_of(html, layout=layout), headline)


def json_ld(author: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "B", "author": author})}</script>'


def test_a_page_that_names_nobody() -> None:
    assert authors("<h1>Bridge opens</h1><p>The mayor cut the ribbon.</p>") is None


def test_the_layout_wins() -> None:
    html = json_ld("Ben Roe") + "<h1>B</h1><p class=sig>Ada Quill</p>"
    assert authors(html, layout=Layout(authors=(".sig",))) == (["Ada Quill"], "layout")


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Ada Quill", ["Ada Quill"]),
        ({"@type": "Person", "name": "Ada Quill"}, ["Ada Quill"]),
        ([{"name": "Ada Quill"}, "Ben Roe", {"name": ""}], ["Ada Quill", "Ben Roe"]),
        ({"givenName": "Ada", "familyName": "Quill"}, ["Ada Quill"]),
        ([{"name": "https://x.example/ada"}, {"name": "Ben Roe"}], ["Ben Roe"]),
        ({"name": "ada@herald.example"}, None),
        ({"name": "page.head.author"}, None),
        ({"name": "{{author}}"}, None),
        (None, None),
        (12, None),
    ],
)
def test_authors_of_json_ld(author: object, expected: list[str] | None) -> None:
    found = authors(json_ld(author))
    assert found == ((expected, "json_ld") if expected else None)


@pytest.mark.parametrize("name", AUTHOR_META[:-1])
def test_authors_of_meta_elements(name: str) -> None:
    assert authors(f'<meta name="{name}" content="Ada Quill">') == (["Ada Quill"], "meta")


def test_twitter_data_only_with_its_label() -> None:
    assert authors('<meta name="twitter:data1" content="Ada Quill">') is None
    html = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Quill">'
    assert authors(html) == (["Ada Quill"], "meta")


def test_a_shown_person_comes_before_the_site_that_names_itself() -> None:
    html = (
        '<meta property="og:site_name" content="Harbour Herald"><meta name=author content="Harbour Herald">'
    )
    assert authors(html + "<h1>B</h1>") == (["Harbour Herald"], "meta")
    shown = html + '<h1>B</h1><div class="byline">By Ada Quill and Ben Roe</div>'
    assert authors(shown) == (["Ada Quill", "Ben Roe"], "html")


def test_an_announced_byline_completes_a_single_stated_name() -> None:
    html = json_ld("Ada Quill") + '<h1>B</h1><div class="byline">By Ada Quill and Ben Roe</div>'
    assert authors(html) == (["Ada Quill", "Ben Roe"], "html")
    other = (
        json_ld("Ada Quill")
        + '<h1>B</h1><p><a href="/authors/ada">Ada Quill</a></p><p><a href="/authors/cy">Cy Poe</a></p>'
    )
    assert authors(other) == (["Ada Quill"], "json_ld")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<div class="byline">By Ada Quill</div>', ["Ada Quill"]),
        ('<div class="byline"><p>By</p><p>Ada Quill</p><p>Senior Reporter</p></div>', ["Ada Quill"]),
        ('<div class="author">Ada Quill May 3, 2024</div>', ["Ada Quill"]),
        ('<div class="author">Ada Quill 3 May 2024</div>', ["Ada Quill"]),
        ('<div class="byline">Written by Ada Quill | Edited by Ben Roe</div>', ["Ada Quill"]),
        (
            '<div class="author">Reviewed by Ben Roe</div><div class="author">By Ada Quill</div>',
            ["Ada Quill"],
        ),
        ('<div class="byline">By Ada Quill, Harbour</div>', ["Ada Quill"]),
        ('<div class="byline">By Ada Quill in Port Alder</div>', ["Ada Quill"]),
        ('<div class="autor">Von Anna Groß und Jörg Weiß</div>', ["Anna Groß", "Jörg Weiß"]),
        (
            '<p class="author"><a href="/a" rel="author">Ada Quill</a>, <a rel="author" href="/b">Ben Roe</a></p>',
            ["Ada Quill", "Ben Roe"],
        ),
        ('<div class="author">More posts</div><div class="author">Ada Quill</div>', ["Ada Quill"]),
        (
            '<div class="comments"><p class="author">Dee Loud</p></div><div class="author">Ada Quill</div>',
            ["Ada Quill"],
        ),
        ("<p>By Ada Quill</p>", ["Ada Quill"]),
        ("<p>Von <b>Anna Groß</b></p>", ["Anna Groß"]),
    ],
)
def test_authors_as_shown(html: str, expected: list[str]) -> None:
    assert authors(f"<h1>Bridge opens</h1>{html}", "Bridge opens") == (expected, "html")


@pytest.mark.parametrize(
    "html",
    [
        '<div class="author">Read more</div>',
        '<div class="author-bio">About the author</div>',
        "<p>By noon the bridge was open to everyone who had waited for it</p>",
        '<div class="byline">Published 3 May 2024</div>',
        '<div class="byline">Senior Editor</div>',
        '<div class="author">flappy bird</div>',
        '<ol class="commentlist"><li class="comment"><b class="fn">Dee Loud</b> says:</li></ol>',
        '<a href="https://social.example/profile/herald">Follow us on Twitter</a>',
    ],
)
def test_what_names_nobody(html: str) -> None:
    assert authors(f"<h1>Bridge opens</h1>{html}", "Bridge opens") is None


def test_organisations_of_json_ld() -> None:
    html = json_ld([{"@type": "Organization", "name": "Reuters"}, {"@type": "Person", "name": "Ada Quill"}])
    assert organisations_of(signals_of(html).graph) == {"Reuters"}
    article = article_of(html)
    assert article.authors == ["Ada Quill"]
    assert article.credited == ["Reuters", "Ada Quill"]


def test_what_a_site_is_called() -> None:
    keys = site_keys(signals_of('<meta property="og:site_name" content="The Harbour Herald">'))
    assert {"harbourherald"} <= keys


@given(st.text(alphabet=st.sampled_from("By AdQuil,|&\n0123<>'\"and"), max_size=80))
def test_no_shown_byline_raises(text: str) -> None:
    found = authors(f'<h1>B</h1><div class="byline"><p>{text}</p></div>', "B")
    assert found is None or all(found[0])
