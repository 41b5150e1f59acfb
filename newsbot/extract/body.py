"""Finds the article's text among a page's blocks: by the publisher's layout where one matches, else by the trained model."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from newsbot.extract.apart import drop_apart
from newsbot.extract.hinted import Hints
from newsbot.extract.layouts import mark_by_layout
from newsbot.extract.letters import Bools, Floats
from newsbot.extract.live import drop_updates
from newsbot.extract.model import Model, load_model
from newsbot.extract.tree import Tree
from newsbot.items import Article, Block
from newsbot.publishers.model import Layout

# Where no block of a page reaches the model's threshold, those near its surest block are taken, unless that is unlikely itself.
_NEAR_BEST, _LEAST = 0.75, 0.4
# The elements that social networks' embed codes put around a post's text.
_POSTS = ("twitter-tweet", "instagram-media", "tiktok-embed", "bluesky-embed", "mastodon-embed")
_POST = re.compile(rf"\b(?:{'|'.join(_POSTS)})\b")
# An embedded post this many blocks behind the last text still belongs to it.
_POST_REACH = 6
_ARTICLE_BODY = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]++|\\.)*+)"')
# Statements of a text looked at, and characters of each.
_STATEMENTS, _STATED = 20, 300_000
_ESCAPED = re.compile(r"\\(?![\"\\/bfnrtu])|[\x00-\x1f]")
_MARKUP = re.compile(r"<[^<>]*>")


class Parsed(NamedTuple):
    """A page's HTML, parsed and walked."""

    parser: LexborHTMLParser
    tree: Tree
    statements: list[str]
    """The texts of its JSON-LD."""


def read_body(parsed: Parsed, article: Article, layout: Layout | None) -> None:
    """Fill blocks, each kept or dropped with its reason, confidence, and the body's provenance."""
    parser, tree, statements = parsed
    article.blocks = make_blocks(tree)
    if layout is not None and layout.body and mark_by_layout(parser, tree, article.blocks, layout):
        article.confidence, article.provenance["body"] = 1.0, "layout"
    elif article.blocks:
        model = chosen_model()
        scores = model.judge(tree, hints_of(article, statements))
        article.confidence = mark_by_scores(tree, article.blocks, scores, model.threshold)
        article.provenance["body"] = "model"
        drop_apart(tree, article.blocks)
        if drop_updates(statements, tree, article.blocks):
            article.is_live_blog = True


def chosen_model() -> Model:
    """Return the package's model; benchmarks put one that did not see the page in its place."""
    return load_model()


def make_blocks(tree: Tree) -> list[Block]:
    """Return the runs of a page as blocks, each with the role of the nearest element around it that gives one."""
    if not tree.runs:
        return []
    texts, owners, places, *_, roles = zip(*tree.runs, strict=True)
    tags = tree.tags
    return list(map(Block, texts, [tags[owner] for owner in owners], tree.paths(list(places)), roles))


def hints_of(article: Article, statements: list[str]) -> Hints:
    """Return what metadata and JSON-LD say that helps the model."""
    body = article_body("\n".join(statements))
    return Hints(article.headline or "", article.description or "", body, bool(article.is_live_blog))


def article_body(statements: str) -> str:
    """Return the longest `articleBody` that JSON-LD states, which need not be sound, without mark-up, or ''."""
    longest, at = "", -1
    for _ in range(_STATEMENTS):
        at = statements.find('"articleBody"', at + 1)
        if at < 0:
            break
        match = _ARTICLE_BODY.match(statements, at, at + _STATED)
        if match and len(match[1]) > len(longest):
            longest = match[1]
    try:
        return _MARKUP.sub("", json.loads(f'"{_ESCAPED.sub(" ", longest)}"'))
    except ValueError:
        return ""


def mark_by_scores(tree: Tree, blocks: list[Block], scores: Floats, threshold: float) -> float:
    """Keep the blocks whose probability is above the threshold; return the mean probability of what is kept, by length."""
    posts = embedded_posts(tree)
    best = (scores if posts is None else scores[~posts]).max(initial=0.0)
    kept = scores > min(threshold, max(_NEAR_BEST * best, _LEAST))
    if posts is not None:
        kept = keep_posts(kept, posts)
    sizes: list[int] = []
    for block, score, keep in zip(blocks, scores.round(4).tolist(), kept.tolist(), strict=True):
        block.score = score
        sizes.append(len(block.text) if keep else 0)
        if not keep:
            block.kept, block.reason = False, "extract/model"
    return float((np.array(sizes) * scores).sum() / max(sum(sizes), 1))


def embedded_posts(tree: Tree) -> Bools | None:
    """Return for each block whether it is text of a post that a social network's code embeds; None where no block is."""
    signs, codes = tree.signs
    written = "\n".join([name for _, name in signs if name])
    # Most pages embed no post: looking for the names in all classes at once spares them the expression for each.
    if not any(post in written for post in _POSTS):
        return None
    posts = {code for code, (_, name) in enumerate(signs) if name and _POST.search(name)}
    is_post: list[bool] = []
    for code, parent in zip(codes, tree.parents, strict=True):
        is_post.append(code in posts or (parent >= 0 and is_post[parent]))
    embedded = np.array([is_post[run.owner] for run in tree.runs], bool)
    return embedded if embedded.any() else None


def keep_posts(kept: Bools, posts: Bools) -> Bools:
    """Return the decisions with the policy for embedded posts: they stay where they stand amid the text or right behind it.

    The page shows them as part of the text, which speaks of them. (Of the corpora aeb has them in its truth, the others do not.)
    """
    text = np.flatnonzero(kept & ~posts)
    result: Bools = kept & ~posts
    if len(text):
        index = np.arange(len(kept))
        result |= posts & (index > text[0]) & (index < text[-1] + _POST_REACH)
    return result
