"""Takes the updates of a live blog out of its article's text: what its JSON-LD lists under `liveBlogUpdate`; called by body.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsbot.extract.hinted import fold
from newsbot.extract.json_blocks import unquote
from newsbot.extract.tree import Tree
from newsbot.items import Block

_TEXT = re.compile(r'"(?:articleBody|headline)"\s*:\s*"((?:[^"\\]++|\\.)*+)"')
# Characters of the source behind `liveBlogUpdate` that are searched, and folded characters by which a block is told.
_SEARCHED, _TOLD = 400_000, 50
# Folded characters that must stand outside the updates: else they are the article.
_LEAD = 300


def drop_updates(statements: list[str], tree: Tree, blocks: list[Block]) -> int:
    """Mark a live blog's updates as dropped where the page has a text of its own before them; return how many were.

    Updates change by the minute and are articles of their own to schema.org; the text above them is what the page is about.
    """
    updates = "\n".join(
        fold(unquote(match[1]))
        for start, text in _listed(statements)
        for match in _TEXT.finditer(text, start, start + _SEARCHED)
    )
    if not updates:
        return 0
    folded = [fold(block.text[:400])[:_TOLD] for block in blocks]
    found = [
        index
        for index, (block, text) in enumerate(zip(blocks, folded, strict=True))
        if block.kept and block.role != "headline" and len(text) >= 12 and text in updates
    ]
    if not found:
        return 0
    start, end = found[0], _end(tree, found)
    while start and blocks[start - 1].role == "heading" and blocks[start - 1].tag != "h1":
        start -= 1
    lead = sum(len(block.text) for block in blocks[:start] if block.kept and block.role != "headline")
    if lead < _LEAD:
        return 0
    dropped = [block for block in blocks[start:end] if block.kept]
    for block in dropped:
        block.kept, block.reason = False, "extract/live_update"
    return len(dropped)


def _listed(statements: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the JSON-LD that lists updates, each with where the list begins."""
    for statement in statements:
        at = statement.find('"liveBlogUpdate"')
        if at >= 0:
            yield at, statement


def _end(tree: Tree, found: list[int]) -> int:
    """Return the block behind the smallest element that holds all updates found: pages show more than they list."""
    element = tree.runs[found[0]].owner
    while not (tree.starts[element] <= found[0] and found[-1] < tree.ends[element]):
        element = tree.parents[element]
    return tree.ends[element]
