"""Tests of newsbot.extract.live: the updates of a live blog are not its article's text."""

from __future__ import annotations

import json

import pytest

from newsbot.extract.body import make_blocks
from newsbot.extract.live import drop_updates
from tests.extract.blocks import SENTENCE, read, tree_of

LEAD = "<h1>Ferry: live</h1>" + f"<p>{SENTENCE}</p>" * 4
POST = "<article><h2>Update number {0} is here</h2><p>At {0} the ferry — “late” — passed the light house.</p></article>"
POSTS = f"<div>{''.join(POST.format(number) for number in range(5))}</div>"
FOOT = "<p>After all this the islanders went home.</p>"


def source(numbers: range = range(5)) -> str:
    posts = [
        {"@type": "BlogPosting", "articleBody": f"At {n} the ferry — “late” — passed the light house. More."}
        for n in numbers
    ]
    return json.dumps({"@type": "LiveBlogPosting", "headline": "Ferry: live", "liveBlogUpdate": posts})


def kept(body: str, declared: str) -> list[str]:
    tree = tree_of(body)
    blocks = make_blocks(tree)
    drop_updates([declared], tree, blocks)
    return [block.text for block in blocks if block.kept]


# A page shows more updates than it lists.
@pytest.mark.parametrize("listed", [range(5), range(3)])
def test_updates_go_and_the_text_around_them_stays(listed: range) -> None:
    own = ["Ferry: live", *[SENTENCE.strip()] * 4]
    assert kept(LEAD + POSTS, source(listed)) == own
    assert kept(LEAD + POSTS + FOOT, source(listed)) == [*own, "After all this the islanders went home."]


def test_without_a_text_of_its_own_the_updates_are_the_article() -> None:
    assert len(kept("<h1>Ferry: live</h1>" + POSTS, source())) == 11


@pytest.mark.parametrize(
    "declared",
    [
        "",
        '{"articleBody": "At 1 the ferry"}',
        '"liveBlogUpdate"',
        '"liveBlogUpdate": [{"articleBody": "Other"}]',
    ],
)
def test_other_pages_are_left_alone(declared: str) -> None:
    assert len(kept(LEAD + POSTS, declared)) == 15


def test_the_article_says_that_it_is_a_live_blog() -> None:
    head = f'<script type="application/ld+json">{source()}</script>'
    html = f"<html><head>{head}</head><body><main>{LEAD}{POSTS}</main></body></html>"
    article = read(html)
    assert article.is_live_blog
    assert {block.reason for block in article.blocks if block.text.startswith("At ")} <= {
        "extract/live_update",
        "extract/model",
    }
