"""What the tests of the body share: pages written in the test, walked into a tree, or read as a whole."""

from __future__ import annotations

import pytest

from newsbot.extract import extract
from newsbot.extract.compiled import walk_in_c
from newsbot.extract.tree import Tree, parse, walk
from newsbot.items import Article
from newsbot.publishers.model import Layout, Publisher
from tests.extract.reading import URL, page_of

built = pytest.mark.skipif(walk_in_c is None, reason="not built here: no C compiler, or NEWSBOT_PURE is set")

SENTENCE = "The ferry left the harbour at noon, and the islanders, who had waited since dawn, cheered. "


def tree_of(body: str) -> Tree:
    """Return the tree of a page whose body is `body`."""
    return walk(parse(f"<html><body>{body}</body></html>"))


def texts_of(body: str) -> list[str]:
    """Return the texts of the blocks of a page whose body is `body`."""
    return [run.text for run in tree_of(body).runs]


def read(html: str, *layouts: Layout, **more: str) -> Article:
    """Return what extract reads off a page, by layouts of its publisher."""
    return extract(
        page_of(html, URL, **more), Publisher(name="herald", site="https://herald.example", layouts=layouts)
    )


def news_page(paragraphs: int = 6) -> str:
    """Return a page with a menu, an article and a foot."""
    menu = "".join(
        f"<li><a href='/{name}'>{name}</a></li>" for name in ("World", "Isles", "Sport", "Weather", "Contact")
    )
    text = "".join(f"<p>{SENTENCE}Paragraph {number} says so.</p>" for number in range(paragraphs))
    teasers = "".join(f"<li><a href='/{n}'>Another ferry story, number {n}</a></li>" for n in range(5))
    return (
        f"<html lang=en><head><title>Ferry leaves</title></head><body><nav><ul>{menu}</ul></nav><main><article>"
        f"<h1>Ferry leaves</h1><div class='story-body'>{text}</div></article></main>"
        f"<aside class='related'><h3>More stories</h3><ul>{teasers}</ul></aside>"
        "<footer><p>Copyright 2024 Herald</p></footer></body></html>"
    )
