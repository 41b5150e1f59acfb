"""Finds the article's text among a page's blocks: by the publisher's layout where one matches, else by what the blocks are like."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from newsbot.extract.layouts import mark_by_layout
from newsbot.extract.tree import HEADINGS, Run, Tree, walk
from newsbot.items import Article, Block
from newsbot.publishers.model import Layout

_ROLES = {
    "figcaption": "caption",
    "blockquote": "quote",
    "li": "list",
    "dd": "list",
    "dt": "list",
    **dict.fromkeys(HEADINGS, "heading"),
}


def read_body(parser: LexborHTMLParser, article: Article, layout: Layout | None) -> None:
    """Fill blocks, each kept or dropped with its reason, confidence, and the body's provenance."""
    tree = walk(parser)
    article.blocks = [make_block(tree, run) for run in tree.runs]
    if layout is not None and layout.body and mark_by_layout(parser, tree, article.blocks, layout):
        article.confidence, article.provenance["body"] = 1.0, "layout"
        return
    article.confidence = mark_by_density(tree, article.blocks)
    article.provenance["body"] = "model"


def make_block(tree: Tree, run: Run) -> Block:
    """Return a run as a block, with the role that its elements give it."""
    tag = tree.tags[run.owner]
    return Block(run.text, tag, tree.path(run.place), _role(tree, run.owner))


def _role(tree: Tree, index: int) -> str:
    """Return the role of the nearest of the elements around a block that have one."""
    while index > 0:
        role = _ROLES.get(tree.tags[index])
        if role:
            return role
        index = tree.parents[index]
    return "body"


def mark_by_density(tree: Tree, blocks: list[Block]) -> float:
    """Keep the blocks under the element whose children and grandchildren hold most text outside links; return a confidence."""
    weights: dict[int, float] = {}
    for run in tree.runs:
        size = len(run.text) - 2 * run.linked
        if size > 60:
            parent = tree.parents[run.owner]
            weights[parent] = weights.get(parent, 0) + size
            grandparent = tree.parents[parent] if parent >= 0 else -1
            weights[grandparent] = weights.get(grandparent, 0) + size / 2
    best = max(weights, key=lambda index: weights[index], default=-1)
    chosen = tree.inside([tree.ids[best]]) if best >= 0 else [False] * len(tree.tags)
    for run, block in zip(tree.runs, blocks, strict=True):
        if not chosen[run.place] or 2 * run.linked > len(run.text):
            block.kept, block.reason = False, "extract/model"
    return 0.5
