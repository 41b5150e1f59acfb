"""Reads the body by a publisher's selectors: which layout a page has, and what of its blocks is text under it."""

from __future__ import annotations

from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbot.extract.tree import Tree
from newsbot.items import Block
from newsbot.publishers.model import Layout


def choose_layout(parser: LexborHTMLParser, layouts: tuple[Layout, ...], day: date) -> Layout | None:
    """Return the layout of a page fetched on `day`: of those then in use the first that matches it, else any that does.

    A site may have several designs at a time, and a page saved long ago is read today: so the page itself has the last word.
    """
    for layout in sorted(layouts, key=lambda layout: _distance(layout, day)):
        if matches(parser, layout.body or layout.headline):
            return layout
    return None


def _distance(layout: Layout, day: date) -> tuple[bool, int]:
    """Return a sort key: layouts in use on that day first, the soonest to end foremost; of ended ones the latest foremost."""
    if layout.valid_until is None:
        return False, date.max.toordinal()
    gap = layout.valid_until.toordinal() - day.toordinal()
    return gap < 0, abs(gap)


def matches(parser: LexborHTMLParser, selectors: tuple[str, ...]) -> list[LexborNode]:
    """Return all matches of the first selector that matches, in document order."""
    for selector in selectors:
        nodes: list[LexborNode] = parser.css(selector)
        if nodes:
            return nodes
    return []


def remove_declared(parser: LexborHTMLParser, layout: Layout) -> None:
    """Take the layout's `remove` elements out of the tree."""
    for selector in layout.remove:
        # An element inside one removed before is gone with it.
        while (node := parser.css_first(selector)) is not None:
            node.decompose()


def mark_by_layout(parser: LexborHTMLParser, tree: Tree, blocks: list[Block], layout: Layout) -> bool:
    """Keep what lies in the layout's containers, as body or standfirst; return whether there was any text."""
    in_body = tree.inside(node.mem_id for node in matches(parser, layout.body))
    in_standfirst = tree.inside(_first_with_text(parser, layout.standfirst))
    in_headline = tree.inside(_first_with_text(parser, layout.headline))
    found = False
    for run, block in zip(tree.runs, blocks, strict=True):
        if in_headline[run.place]:
            block.role = "headline"
        elif in_standfirst[run.place]:
            block.role = "standfirst"
        elif in_body[run.place]:
            found = True
        else:
            block.kept, block.reason = False, "extract/layout"
    return found


def _first_with_text(parser: LexborHTMLParser, selectors: tuple[str, ...]) -> list[int]:
    return [node.mem_id for node in matches(parser, selectors) if node.text(strip=True)][:1]
