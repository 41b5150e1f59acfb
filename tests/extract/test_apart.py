"""Tests of newsbot.extract.apart: what a page sets apart from its text goes, a text that only stands in such a part stays."""

from __future__ import annotations

import pytest

from newsbot.extract.apart import drop_apart
from newsbot.extract.body import make_blocks
from newsbot.items import Block
from tests.extract.blocks import SENTENCE, read, tree_of

LEAD = f"<h1>The ferry</h1><p>{SENTENCE}</p><p>{SENTENCE * 3}</p>"
SAID = "<p>I was on it and saw nothing.</p>"


def judged(body: str) -> list[Block]:
    """Return the blocks of a page after all of them had been kept."""
    tree = tree_of(body)
    blocks = make_blocks(tree)
    drop_apart(tree, blocks)
    return blocks


def reason_of(text: str, body: str) -> str | None:
    """Return why the one block with a text was dropped; None where it stays."""
    (block,) = (block for block in judged(body) if block.text == text)
    return block.reason


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ('<div class="comment-list">{}</div>', "extract/comments"),
        ('<section id="disqus_thread"><div>{}</div></section>', "extract/comments"),
        ('<ol class="post-Kommentare">{}</ol>', "extract/comments"),
        ('<div class="wp-caption">{}</div>', "extract/caption"),
        ('<div class="factbox large">{}</div>', "extract/factbox"),
        ('<div class="embed__placeholder">{}</div>', "extract/placeholder"),
        ("<aside>{}</aside>", "extract/aside"),
        ("<footer><div>{}</div></footer>", "extract/aside"),
        ("<article><h1>Another</h1>{}</article>", "extract/second_article"),
    ],
)
def test_a_part_behind_the_text_goes(part: str, reason: str) -> None:
    assert reason_of("I was on it and saw nothing.", LEAD + part.format(SAID)) == reason


@pytest.mark.parametrize(
    "body",
    [
        LEAD + f'<div class="commentary">{SAID}</div>',
        LEAD + f'<div class="no-sidebar">{SAID}</div>',
        LEAD + f"<article><h2>Another</h2>{SAID}</article>",
        # What holds the beginning of the text holds the text, whatever it is called.
        f'<div class="has-comments">{LEAD}{SAID}</div>',
        f"<aside>{LEAD}{SAID}</aside>",
        f"<article>{LEAD}{SAID}</article>",
        # Without a heading before it the text has none, and the article with one may be the page's.
        f"<p>{SENTENCE * 4}</p><article><h1>The ferry</h1>{SAID}</article>",
    ],
)
def test_the_text_stays(body: str) -> None:
    assert reason_of("I was on it and saw nothing.", body) is None


@pytest.mark.parametrize("part", ['<div class="comments">{}</div>', "<aside>{}</aside>"])
def test_where_little_else_would_be_left_the_part_stays(part: str) -> None:
    assert reason_of("I was on it and saw nothing.", "<h1>The ferry</h1>" + part.format(SAID)) is None


def test_a_text_given_once_more_as_one_block_goes() -> None:
    sentences = [
        f"On day {day} the ferry to the northern islands was late by {day} hours again. " for day in range(30)
    ]
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    blocks = judged(text + f"<div>{''.join(sentences)}</div>")
    assert [block.reason for block in blocks] == [None] * 30 + ["extract/repeated"]
    other = "".join(sentence.replace("ferry", "train") for sentence in sentences)
    assert {block.reason for block in judged(text + f"<div>{other}</div>")} == {None}


def test_a_page_without_blocks_or_with_none_kept() -> None:
    assert judged("") == []
    tree = tree_of(LEAD + f"<aside>{SAID}</aside>")
    blocks = make_blocks(tree)
    for block in blocks:
        block.kept, block.reason = False, "extract/model"
    drop_apart(tree, blocks)
    assert {block.reason for block in blocks} == {"extract/model"}


def test_comments_that_read_like_paragraphs_are_not_in_an_article() -> None:
    comments = "".join(f'<li class="comment"><p>{SENTENCE}{number}</p></li>' for number in range(12))
    article = read(
        f"<html><body><main><article>{LEAD}<p>{SENTENCE * 4}</p></article>"
        f'<ol class="commentlist">{comments}</ol></main></body></html>'
    )
    assert any(block.kept for block in article.blocks)
    assert not any(block.kept for block in article.blocks if "commentlist" in block.path)
