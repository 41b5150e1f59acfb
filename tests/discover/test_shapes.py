"""Which addresses look like articles, and what is learned of their shapes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.discover.shapes import FEW, Shapes, is_likely_article, shape_of

SITE = "https://www.example.com"


@pytest.mark.parametrize(
    "path",
    [
        "/news/473849-second-hand-ferry/",
        "/2020/12/01/ferry-sails/",
        "/the-ferry-sails-at-last",
        "/artikel/ferry-12345.html",
        "/news/articles/c4gx7p0z2k9o",
        "/story.php?id=12345",
        "/?p=12345",
        "/en/the-ferry-sails-at-last/amp",
        "/новости/паром-пришёл",
        "/a/%E8%88%B9%E6%9D%A5%E4%BA%86",
        "/doc/60a0111a-c2f3-4d5e",
    ],
)
def test_articles_look_like_articles(path: str) -> None:
    assert is_likely_article(SITE + path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/news/",
        "/news/world/",
        "/sport/football/2024/",
        "/2024/11/",
        "/tag/the-ferry-sails-at-last/",
        "/author/jo-bloggs-of-the-isles-desk/",
        "/privacy-policy",
        "/pictures/the-ferry-sails-at-last.jpg",
        "/feed.xml",
        "/news/?page=2",
        "/amp/",
    ],
)
def test_other_pages_do_not(path: str) -> None:
    assert not is_likely_article(SITE + path)


@given(st.text(max_size=80))
def test_any_path_is_survived(text: str) -> None:
    url = f"{SITE}/{text.replace('[', '').replace(']', '')}"
    is_likely_article(url)
    assert shape_of(url) == shape_of(url)


def test_most_addresses_of_known_articles_look_like_articles(shared: Path) -> None:
    urls = [
        json.loads(line)["url"]
        for corpus in ("aeb", "fundus", "fundus_eval")
        for line in (shared / "corpus" / corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    unlike = [url for url in urls if url and not is_likely_article(url)]
    assert len(urls) > 250
    # 6 of 306 when it was written.
    assert len(unlike) <= 0.03 * len(urls), unlike


@pytest.mark.parametrize(
    ("one", "other", "shape"),
    [
        ("/news/473849-three-words-here/", "/news/473850-four-other-words-here/", "/news/#-slug/"),
        (
            "/2020/12/01/ferry-sails-home.html",
            "/2021/01/31/boat-sinks-again-twice.html",
            "/#4/#2/#2/slug.html",
        ),
        ("/story.php?id=12&lang=en", "/story.php?lang=fr&id=99999", "/story.php?id&lang"),
        ("/a/c4gx7p0z2k9f1/x", "/a/c4gx7p0z2k9f2/x", None),
        ("/новости/паром", "/новости/корабль", "/slug/slug"),
    ],
)
def test_like_addresses_share_a_shape(one: str, other: str, shape: str | None) -> None:
    if shape:
        assert shape_of(SITE + one) == shape_of(SITE + other) == shape
    else:
        assert shape_of(SITE + one).startswith("/a/")


def test_unlike_addresses_do_not() -> None:
    shapes = [
        shape_of(SITE + path)
        for path in ("/", "/news/", "/sport/", "/news/1/", "/news/a-long-slug-here", "/news?x=1")
    ]
    assert len(set(shapes)) == len(shapes)


def test_what_turned_out_is_learned_from_few_pages_on() -> None:
    shapes = Shapes()
    for number in range(FEW - 1):
        shapes.count(f"{SITE}/news/{number + 10_000}-some-words-here", is_article=True)
        shapes.count(f"{SITE}/quiz/{number + 10_000}-some-words-here", is_article=False)
    assert shapes.verdict(SITE + "/news/99999-other-words-there") is None
    shapes.count(SITE + "/news/20000-some-words-here", is_article=True)
    shapes.count(SITE + "/quiz/20000-some-words-here", is_article=False)
    assert shapes.verdict(SITE + "/news/99999-other-words-there") is True
    assert shapes.verdict(SITE + "/quiz/99999-other-words-there") is False
    assert shapes.verdict(SITE + "/else/99999-other-words-there") is None


@pytest.mark.parametrize(
    ("articles", "others", "verdict"), [(1, 18, True), (1, 40, None), (0, 40, False), (30, 0, True)]
)
def test_one_article_in_twenty_keeps_a_shape_open(articles: int, others: int, verdict: bool | None) -> None:
    shapes = Shapes([{"name": "/news/#-slug", "articles": articles, "others": others}])
    assert shapes.verdict(SITE + "/news/99999-other-words-there") is verdict


def test_counts_add_up_over_runs() -> None:
    shapes = Shapes([{"name": "/b", "articles": 1, "others": 2}, {"name": "/a", "articles": 3, "others": 0}])
    shapes.add("/b", 4, 5)
    assert shapes.rows() == [
        {"name": "/a", "articles": 3, "others": 0},
        {"name": "/b", "articles": 5, "others": 7},
    ]
