"""Finding in one query what speaks of a page's metadata and kind."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from selectolax.lexbor import LexborHTMLParser

from newsbot.extract.marked import MOST_CLASSES, Marked, classes_of_authors, query_for
from newsbot.extract.shown import AUTHORS, names_author
from newsbot.extract.signals import read_signals
from newsbot.extract.tree import walk
from tests.extract.reading import page_of, signals_of


def test_a_walk_that_was_done_serves() -> None:
    html = '<h1>Bridge</h1><p class="by-line">Ada Quill</p><a href="/people/ben">Ben Roe</a>'
    parser = LexborHTMLParser(html)
    tree = walk(parser)
    found = read_signals(Marked(parser, tree), page_of(html), None)
    assert found.tree is tree
    assert [byline.text for byline in found.shown.bylines] == ["Ada Quill", "Ben Roe"]


@pytest.mark.parametrize(
    "name",
    ['a"b author', "author\\n", "author\n\t1", "author:x[0]", "writer/é", "author\0", "x" * 300 + "author"],
)
def test_classes_of_authors_may_hold_any_character(name: str) -> None:
    found = signals_of(f"<h1>Bridge</h1><p class='{name}'>Ada Quill</p>")
    assert [byline.text for byline in found.shown.bylines] == ["Ada Quill"]


def test_a_page_of_many_classes_of_authors_is_bounded() -> None:
    html = "".join(f'<p class="author{number}">Ada Quill</p>' for number in range(3000))
    assert len(signals_of(html).shown.bylines) <= MOST_CLASSES


def test_elements_come_once_in_the_order_of_the_page() -> None:
    html = (
        "<title>t</title><h1 itemprop=headline data-testid=h>B</h1><time>2 May</time><p id=my-Author>Ada</p>"
    )
    found = Marked(LexborHTMLParser(html)).elements
    assert [tag for _, tag, _ in found] == ["title", "h1", "time", "p"]
    assert found[1][2] == {"itemprop": "headline", "data-testid": "h"}


@pytest.mark.parametrize("word", [*AUTHORS, "AUTOR", "auto", "fnord", "é-writer", "\u017fautor"])
def test_all_classes_are_looked_at_together_as_each_alone(word: str) -> None:
    names = ["teaser", f"box {word}", f"x{word}", "menu", f"{word}-box", f"box {word}"]
    tree = walk(
        LexborHTMLParser("".join(f"<p class='{name}'>a</p><b class='{name}'>b</b>" for name in names))
    )
    expected = [name for _, name in tree.signs[0] if name and names_author(name)]
    assert classes_of_authors(tree) == expected
    with patch("newsbot.extract.marked.texts_in_c", None):
        assert classes_of_authors(tree) == expected


@pytest.mark.parametrize(
    ("html", "selector"),
    [
        ("<a href='/people/ada'>a</a>", "a[href*='/people/']"),
        ("<p class=author>a</p>", 'p[class="author"]'),
        ("<x-by class=author>a</x-by>", '[class="author"]'),
    ],
)
def test_only_what_is_on_the_page_is_asked_for(html: str, selector: str) -> None:
    parser = LexborHTMLParser(html)
    assert query_for(walk(parser)).split(", ")[-1] == selector
    assert len(Marked(parser).elements) == 1
    assert selector not in query_for(
        walk(LexborHTMLParser("<p id=a class=b><a rel=nofollow href=/c>d</a></p>"))
    )
