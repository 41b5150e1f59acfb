"""Meta elements, links and microdata of a page."""

from __future__ import annotations

import pytest

from newsbot.extract.declared import Declared
from tests.extract.reading import signals_of


def declared(html: str) -> Declared:
    return signals_of(html).declared


def test_meta_by_property_name_and_http_equiv_in_lower_case() -> None:
    found = declared(
        '<meta property="OG:Title" content=" Bridge "><meta name=Author content="Ada"><meta name=author content="Ben">'
        '<meta http-equiv=Content-Language content=en><meta name=empty content=" "><meta content=lost>'
    )
    assert found.meta == {"og:title": ["Bridge"], "author": ["Ada", "Ben"], "content-language": ["en"]}
    assert found.first("missing", "author") == "Ada"
    assert found.first("missing") is None


def test_links_that_are_read() -> None:
    found = declared(
        '<link rel="canonical" href="/a"><link rel="Canonical alternate" href="/b"><link rel=stylesheet href=x.css>'
    )
    assert found.links == {"canonical": ["/a", "/b"]}


def test_the_root_says_the_language() -> None:
    assert declared('<html lang="de-CH"><p>').language == "de-CH"
    assert declared("<p>").language is None


def test_microdata_of_the_article() -> None:
    found = declared(
        '<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline name">Bridge <b>opens</b></h1>'
        '<meta itemprop="datePublished" content="2024-05-03"><time itemprop="dateModified" datetime="2024-05-04">today</time>'
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ada Quill</b>, reporter</span>'
        '<img itemprop="image" src="/a.jpg"><p itemprop="articleBody">Long</p></div>'
    )
    assert found.items == {
        "headline": ["Bridge opens"],
        "name": ["Bridge opens"],
        "datepublished": ["2024-05-03"],
        "datemodified": ["2024-05-04"],
        "author": ["Ada Quill"],
        "image": ["/a.jpg"],
    }
    assert found.item("alternativeheadline", "headline") == "Bridge opens"


@pytest.mark.parametrize("kind", ["Comment", "Organization", "ListItem", "Product", "VideoObject"])
def test_microdata_of_something_else_is_not_the_articles(kind: str) -> None:
    time = '<p><time itemprop="datePublished" datetime="2020-01-01">x</time></p>'
    html = f'<div itemscope itemtype="https://schema.org/{kind}">{time}</div>'
    assert declared(html).items == {}


def test_a_long_text_is_no_value() -> None:
    assert declared(f'<p itemprop="description">{"word " * 5000}</p>').items == {}
