"""Statements of both dates, lined up."""

from __future__ import annotations

import json

import pytest

from newsbot.extract.dated import MODIFIED_META, PUBLISHED_META, line_up_dates
from newsbot.publishers.model import Layout
from tests.extract.reading import URL, announced, article_of, signals_of


def lined(
    html: str, headline: str | None = "Bridge opens", url: str | None = URL, layout: Layout | None = None
) -> list[tuple[str, str, str]]:
    return line_up_dates(signals_of(html, url, layout), headline)


def news(**fields: str) -> str:
    node = {"@type": "NewsArticle", "headline": "Bridge opens", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def published(html: str, **more: object) -> list[tuple[str, str]]:
    return [(raw, source) for field, raw, source in lined(html, **more) if field == "date_published"]  # type: ignore[arg-type]


def modified(html: str, **more: object) -> list[tuple[str, str]]:
    return [(raw, source) for field, raw, source in lined(html, **more) if field == "date_modified"]  # type: ignore[arg-type]


def test_a_page_without_dates() -> None:
    assert lined("<h1>Bridge opens</h1><p>Nothing.</p>") == []


def test_the_order_of_trust() -> None:
    html = (
        news(datePublished="2024-05-03")
        + '<meta property="article:published_time" content="2024-05-03T08:00Z"><meta name="date" content="2024-05-02">'
        + '<div itemscope itemtype="https://schema.org/Article"><meta itemprop="datePublished" content="2024-05-03T08:00"></div>'
        + "<h1>Bridge opens</h1><p class=when>3 May 2024, 08:00</p>"
    )
    found = published(
        html, url="https://h.example/2024/05/03/bridge/", layout=Layout(date_published=(".when",))
    )
    assert found == [
        ("3 May 2024, 08:00", "layout"),
        ("2024-05-03", "json_ld"),
        ("2024-05-03T08:00Z", "open_graph"),
        ("2024-05-02", "meta"),
        ("2024-05-03T08:00", "microdata"),
        ("2024-05-03", "url"),
    ]


@pytest.mark.parametrize("name", PUBLISHED_META)
def test_meta_names_of_publication(name: str) -> None:
    assert published(f'<meta name="{name}" content="2024-05-03">')[0][0] == "2024-05-03"


@pytest.mark.parametrize("name", MODIFIED_META)
def test_meta_names_of_change(name: str) -> None:
    assert modified(f'<meta property="{name}" content="2024-05-04">')[0][0] == "2024-05-04"


def test_a_date_shown_below_the_headline() -> None:
    html = "<p>1 January 2020</p><h1>Bridge opens</h1><div>3 May 2024</div><p>text</p>"
    assert published(html)[0] == ("3 May 2024", "html")


def test_a_shown_change_is_no_publication() -> None:
    html = '<h1>Bridge opens</h1><p class="date">Updated: 4 May 2024</p>'
    assert published(html) == []
    assert modified(html) == [("Updated: 4 May 2024", "html")]


def test_an_unmarked_shown_change() -> None:
    html = "<h1>Bridge opens</h1><p>Last updated on 4 May 2024</p>"
    assert published(html) == []
    assert modified(html) == [("Last updated on 4 May 2024", "html")]


def test_declared_news_is_not_corrected_by_what_is_shown() -> None:
    html = news(datePublished="2024-05-03T08:00Z") + '<h1>Bridge opens</h1><p class="date">1 May 2024</p>'
    assert published(html) == [("2024-05-03T08:00Z", "json_ld")]


def test_other_pages_offer_what_is_shown_beside_the_headline() -> None:
    html = (
        '<meta name="date" content="2024-05-03"><h1>Bridge opens</h1><p class="date">1 May 2024</p>'
        '<p class="date">Updated 2 May 2024</p>'
    )
    assert published(html) == [("2024-05-03", "meta"), ("1 May 2024", "html")]


def test_hints_of_the_source_come_before_the_url() -> None:
    article = article_of(
        "<h1>Bridge opens</h1>",
        "https://h.example/2024/05/03/b/",
        candidate=announced(date_published_raw="Fri, 3 May 2024"),
    )
    assert article.date_candidates == [
        ("date_published", "Fri, 3 May 2024", "feed"),
        ("date_published", "2024-05-03", "url"),
    ]
    assert article.date_published_raw == "Fri, 3 May 2024"
    assert article.provenance["date_published"] == "feed"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h.example/2024/05/03/bridge", "2024-05-03"),
        ("https://h.example/bridge-20240503.html", "2024-05-03"),
        ("https://h.example/a/2024-05-03/b", "2024-05-03"),
        ("https://h.example/2024/may/03/bridge", "03 may 2024"),
        ("https://h.example/2024/October/3/bridge", "3 October 2024"),
        ("https://h.example/id/202405031234/b", None),
        ("https://h.example/2024/13/03/bridge", None),
        (None, None),
    ],
)
def test_dates_in_urls(url: str | None, expected: str | None) -> None:
    assert published("", url=url) == ([(expected, "url")] if expected else [])
