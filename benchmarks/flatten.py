"""Pages flattened to plain text, for benchmarks/dumps.py and train_dumps.py.

Four forms of each page: `blank` (a line a block, blocks parted by empty lines, with the alt texts of images and the titles of
svg symbols, like the seed), `wet` (the title, then a line a block, as Common Crawl's WET has it), `raw` (the title, then all text
nodes run together with the line breaks of the source, as a parser's `get_text` has it), `glued` (all text nodes run together in
one line). `trim` makes of a dump one without a page's menus and feet, as people save them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbot.dedup.exact import fold

FORMS = ("blank", "wet", "raw", "glued")
AS_WRITTEN = frozenset({"raw", "glued"})
"""Forms that put no line break between elements."""
SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "iframe", "head", "textarea", "select", "object"}
)
_INLINE = (
    "a abbr b bdi bdo cite code em font i ins kbd label mark q s small span strong sub sup time tt u var wbr"
)
INLINE = frozenset(_INLINE.split())
EDGE = "\ue000"
"""Stands in `marked` where a block begins or ends: a sign of private use, which no page holds."""
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")


def flatten(html: str, form: str) -> str:
    """Return a page as plain text, in one of FORMS."""
    parser = LexborHTMLParser(html)
    pieces: list[str] = []
    if form in {"wet", "raw"}:
        title = parser.css_first("head > title")
        pieces.append((title.text().strip() if title else "") + "\n")
    if parser.body is not None:
        _gather(parser.body, form, pieces)
    text = "".join(pieces)
    if form == "glued":
        return " ".join(text.split())
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return ("\n\n" if form == "blank" else "\n").join(line for line in lines if line)


def trim(texts: Sequence[str], labels: Sequence[float], title: str) -> tuple[int, int]:
    """Return start and end of the lines that a dump without a page's frame has: from the headline to the line behind the text.

    `labels` are the shares of the lines' words that are in the truth, `title` the folded headline.
    """
    inside = [place for place, label in enumerate(labels) if label > 0.5 and len(texts[place]) > 25]
    if not inside:
        return 0, len(texts)
    heads = [place for place in range(inside[0] + 1) if title and fold(texts[place]) == title]
    return heads[-1] if heads else max(0, inside[0] - 2), min(len(texts), inside[-1] + 2)


def marked(html: str) -> str:
    """Return a page as in the form `glued`, with EDGE where blocks begin and end."""
    parser = LexborHTMLParser(html.replace(EDGE, ""))
    pieces: list[str] = []
    if parser.body is not None:
        _gather(parser.body, "marked", pieces)
    return " ".join("".join(pieces).split())


def _gather(root: LexborNode, form: str, pieces: list[str]) -> None:
    """Add the text below a node, without recursion."""
    stack: list[LexborNode | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            pieces.append(text if form in AS_WRITTEN else text.replace("\n", " "))
        if tag.startswith("-") or tag in SKIPPED or (tag == "svg" and form != "blank"):
            continue
        is_block = (
            tag not in INLINE and tag not in {"title", "symbol", "svg", "path"} and form not in AS_WRITTEN
        )
        if is_block:
            pieces.append(EDGE if form == "marked" else "\n")
            stack.append(pieces[-1])
        if tag == "img" and form == "blank":
            pieces.append(node.attributes.get("alt") or "")
        children = []
        child = node.first_child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend(reversed(children))
