"""The node of a page's article among all that its JSON-LD says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.json_ld import Graph, read_graph, same_page, text_in, types

URL = "https://www.harbour-herald.example/city/101-bridge-opens/"


def graph(*blocks: object, url: str | None = URL, titles: tuple[str, ...] = ("Bridge opens",)) -> Graph:
    return read_graph([json.dumps(block) for block in blocks], url, titles)


def test_an_article_at_the_top() -> None:
    found = graph({"@type": "NewsArticle", "headline": "Bridge opens"})
    assert found.is_article
    assert found.article["headline"] == "Bridge opens"


def test_an_article_in_a_graph_with_references() -> None:
    found = graph(
        {
            "@graph": [
                {"@type": "WebPage", "@id": URL, "name": "Bridge opens | Herald"},
                {"@type": "Article", "headline": "Bridge opens", "author": {"@id": "#ada"}},
                {"@type": "Person", "@id": "#ada", "name": "Ada Quill"},
                {"@type": "Organization", "@id": "#org", "name": "Harbour Herald"},
            ]
        }
    )
    assert found.article["headline"] == "Bridge opens"
    assert found.follow(found.article["author"]) == {"@type": "Person", "@id": "#ada", "name": "Ada Quill"}
    assert found.page["name"] == "Bridge opens | Herald"
    assert found.site_names == ["Harbour Herald"]


def test_of_several_articles_the_one_with_the_pages_url() -> None:
    others = [
        {"@type": "NewsArticle", "headline": f"Other {n}", "url": f"https://harbour-herald.example/{n}"}
        for n in range(3)
    ]
    found = graph(*others, {"@type": "NewsArticle", "headline": "An older title", "url": URL}, titles=())
    assert found.article["headline"] == "An older title"


def test_of_several_articles_the_one_with_the_pages_headline() -> None:
    found = graph(
        {"@type": "NewsArticle", "headline": "Market falls", "datePublished": "2024-01-01", "author": "A"},
        {"@type": "NewsArticle", "headline": "Bridge opens"},
        url=None,
    )
    assert found.article["headline"] == "Bridge opens"


def test_an_article_beats_the_web_page_that_names_the_url() -> None:
    found = graph(
        {"@type": "WebPage", "url": URL, "name": "Bridge opens", "datePublished": "2024-01-02"},
        {
            "@type": "NewsArticle",
            "headline": "Bridge opens at last",
            "mainEntityOfPage": {"@id": "https://elsewhere.example/"},
        },
    )
    assert found.article["headline"] == "Bridge opens at last"


def test_teasers_and_authors_are_not_the_article() -> None:
    found = graph(
        {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Market falls"}]}
    )
    assert not found.is_article
    assert found.article == {}


def test_a_video_is_no_article_but_states_its_date() -> None:
    found = graph({"@type": "VideoObject", "name": "Bridge opens", "uploadDate": "2024-01-01"})
    assert not found.is_article
    assert found.article["uploadDate"] == "2024-01-01"


def test_a_blogger_is_no_site() -> None:
    assert graph({"@type": ["Person", "Organization"], "name": "Ada Quill"}).site_names == []


def test_breadcrumbs_by_position() -> None:
    found = graph(
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": 2, "item": {"@id": "/city", "name": "City &amp; port"}},
                {"@type": "ListItem", "position": 1, "name": "Home"},
                "rubbish",
            ],
        }
    )
    assert found.breadcrumbs == ["Home", "City & port"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" a ", "a"),
        ("", None),
        (5, "5"),
        (True, None),
        (None, None),
        (["", {"name": "b"}], "b"),
        ({"@value": "c"}, "c"),
        ({"headline": "d"}, "d"),
        ({"x": "e"}, None),
    ],
)
def test_text_in(value: object, expected: str | None) -> None:
    assert text_in(value) == expected


def test_types_lose_their_vocabulary() -> None:
    assert types({"@type": ["https://schema.org/NewsArticle", "schema:Article", 3]}) == [
        "newsarticle",
        "article",
    ]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("http://harbour-herald.example/city/101-bridge-opens", True),
        ("https://amp.harbour-herald.example/city/101-bridge-opens/?utm_source=x", True),
        ("/city/101-bridge-opens/", True),
        ("https://harbour-herald.example/", False),
        ("https://elsewhere.example/city/101-bridge-opens/", False),
        ("http://[broken", False),
    ],
)
def test_same_page(other: str, expected: bool) -> None:
    assert same_page(URL, other) is expected


def test_depth_and_number_of_nodes_are_bounded() -> None:
    deep: object = {"@type": "Thing"}
    for _ in range(500):
        deep = {"x": deep}
    assert graph(deep, [{"@type": "Thing"}] * 50_000).article == {}


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@id",
                        "@graph",
                        "name",
                        "headline",
                        "author",
                        "url",
                        "mainEntityOfPage",
                        "itemListElement",
                        "position",
                        "item",
                    ]
                ),
                inner | st.sampled_from(["NewsArticle", "BreadcrumbList", "WebPage", "Person"]),
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
def test_no_graph_raises(value: object) -> None:
    found = graph(value)
    assert isinstance(found.article, dict)
    assert all(isinstance(name, str) for name in found.site_names + found.breadcrumbs)
