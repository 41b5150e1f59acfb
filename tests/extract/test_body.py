"""Tests of newsbot.extract.body: what is kept of a page without a layout."""

from __future__ import annotations

import numpy as np
import pytest

from newsbot.extract.body import article_body, keep_posts, make_blocks, mark_by_scores
from tests.extract.blocks import SENTENCE, news_page, read, tree_of


def test_the_model_keeps_the_article_and_drops_what_is_around_it() -> None:
    article = read(news_page())
    kept = [block.text for block in article.blocks if block.kept and block.text != "Ferry leaves"]
    assert kept == [f"{SENTENCE}Paragraph {number} says so." for number in range(6)]
    assert {block.reason for block in article.blocks if not block.kept} == {"extract/model"}
    assert all(block.score is not None and 0 <= block.score <= 1 for block in article.blocks)
    assert article.provenance["body"] == "model"
    assert article.confidence is not None
    assert article.confidence > 0.6


def test_a_page_without_text_has_no_blocks_and_no_body() -> None:
    article = read("<html><body><img src=a></body></html>")
    assert article.blocks == []
    assert "body" not in article.provenance


def test_roles_come_from_the_nearest_element() -> None:
    tree = tree_of(
        "<p>a</p><h3>b</h3><ul><li><p>c</p></li></ul><blockquote><p>d</p></blockquote><figure><figcaption>e</figcaption></figure>"
    )
    assert [block.role for block in make_blocks(tree)] == ["body", "heading", "list", "quote", "caption"]


def marked(scores: list[float], body: str | None = None) -> list[bool]:
    tree = tree_of(body or "".join(f"<p>block {number}</p>" for number in range(len(scores))))
    blocks = make_blocks(tree)
    mark_by_scores(tree, blocks, np.array(scores), 0.5)
    return [block.kept for block in blocks]


@pytest.mark.parametrize(
    ("scores", "kept"),
    [
        ([0.9, 0.2, 0.6, 0.5], [True, False, True, False]),
        # No block is above the threshold: those near the best, unless the best is unlikely itself.
        ([0.48, 0.1, 0.42, 0.3], [True, False, True, False]),
        ([0.39, 0.1, 0.38], [False, False, False]),
    ],
)
def test_blocks_above_the_threshold_are_kept(scores: list[float], kept: list[bool]) -> None:
    assert marked(scores) == kept


def test_an_embedded_post_is_kept_amid_the_text_whatever_its_score() -> None:
    post = "<blockquote class='twitter-tweet'><p>post</p></blockquote>"
    assert marked([0.9, 0.1, 0.9], f"<p>a</p>{post}<p>b</p>") == [True, True, True]
    assert marked([0.9, 0.9, 0.9], f"{post}<p>a</p><p>b</p>") == [False, True, True]


def test_a_post_far_behind_the_text_is_dropped() -> None:
    posts = np.zeros(20, bool)
    posts[[5, 15]] = True
    kept = np.zeros(20, bool)
    kept[:4] = True
    assert np.flatnonzero(keep_posts(kept, posts)).tolist() == [0, 1, 2, 3, 5]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{"articleBody": "One \\"two\\" \\u00e9"}', 'One "two" é'),
        ('{"articleBody":"short"} {"articleBody" : "longer <b>one</b>"}', "longer one"),
        ('{"articleBody": "a raw\nline"}', "a raw line"),
        ('{"articleBody": "a \\d slip"}', "a  d slip"),
        ('{"articleBody": "never ends', ""),
        ('{"articleBody": 5}', ""),
        ('{"articleBody": "\\ud800"}', "\ud800"),
        ("nothing", ""),
    ],
)
def test_the_declared_text_is_read_without_parsing_the_rest(source: str, text: str) -> None:
    assert article_body(source) == text


def test_a_lone_surrogate_in_the_declared_text_harms_nothing() -> None:
    html = news_page().replace(
        "</head>",
        '<script type="application/ld+json">{"articleBody": "\\ud800 ' + "word " * 100 + '"}</script></head>',
    )
    assert any(block.kept for block in read(html).blocks)
