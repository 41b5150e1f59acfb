"""Tests of newsbot.extract.tree: how a page falls into blocks."""

from __future__ import annotations

import pytest

from newsbot.extract.tree import BLOCK_LIMIT, DEPTH_LIMIT, ELEMENT_LIMIT, PATH_DEPTH, parse, walk
from tests.extract.blocks import texts_of, tree_of


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<p>A <b>bold</b>, <i>“slanted”</i> word</p>", ["A bold, “slanted” word"]),
        ("<p>in<b>side</b>r</p>", ["insider"]),
        ("<p>  white\n\t space &nbsp; folds </p>", ["white space folds"]),
        ("<p>Fish &amp; chips &lt;3 &#8212; &eacute;</p>", ["Fish & chips <3 — é"]),
        ("<p>line<br>break</p>", ["line\nbreak"]),
        ("<p>one<br><br>two<br> <br/>three</p>", ["one", "two", "three"]),
        ("<p><br>edge<br></p>", ["edge"]),
        ("<pre>kept\n  lines</pre>", ["kept\nlines"]),
        ("bare <a href=/>link</a> text<p>then a block</p>rest", ["bare link text", "then a block", "rest"]),
        ("<h2>Head</h2><ul><li>a</li><li>b</li></ul>", ["Head", "a", "b"]),
        ("<blockquote>said<p>twice</p></blockquote>", ["said", "twice"]),
        ("<table><tr><td>1</td><td>2</td></tr></table>", ["1", "2"]),
        ("<p>a<script>x()</script>b<style>p{}</style>c</p>", ["abc"]),
        ("<p>a</p><svg><title>icon</title></svg><noscript>no</noscript><template><p>t</p></template>", ["a"]),
        ("<p>a<!-- no -->b</p>", ["ab"]),
        ("<custom-part>x</custom-part><custom-part>y</custom-part>", ["x", "y"]),
        ("<p>text <img src=a> goes on</p>", ["text goes on"]),
        ("<p> </p><div></div>", []),
        ("", []),
    ],
)
def test_a_page_falls_into_blocks_as_a_browser_shows_them(body: str, texts: list[str]) -> None:
    assert texts_of(body) == texts


def test_a_block_knows_its_element_and_the_deepest_one_that_holds_all_of_it() -> None:
    tree = tree_of("<div class='a b'><p id=x><strong><em>All</em> stressed</strong></p></div>")
    (run,) = tree.runs
    assert tree.tags[run.owner] == "p"
    assert tree.tags[run.place] == "strong"
    assert tree.paths([run.place])[0] == "div.a.b>p>strong"


def test_pieces_in_several_elements_meet_in_their_common_one() -> None:
    tree = tree_of("<p><b>one</b> and <i><u>two</u></i></p>")
    assert tree.tags[tree.runs[0].place] == "p"


def test_links_and_type_are_counted_in_characters() -> None:
    (run,) = tree_of("<p>1234<a href=x>12345</a><b>123</b><i>12</i><a href=y>1</a></p>").runs
    assert (run.linked, run.links, run.strong, run.emphasis) == (6, 2, 3, 2)


def test_an_element_knows_which_blocks_lie_in_it() -> None:
    tree = tree_of("<p>a</p><div><p>b</p><p>c</p></div><p>d</p>")
    place = tree.tags.index("div")
    assert [run.text for run in tree.runs[tree.starts[place] : tree.ends[place]]] == ["b", "c"]
    assert (tree.starts[0], tree.ends[0]) == (0, 4)


def test_inside_finds_the_elements_below_others() -> None:
    parser = parse("<div id=a><p>x</p></div><p>y</p>")
    tree = walk(parser)
    inside = tree.inside(node.mem_id for node in parser.css("#a"))
    assert [inside[run.owner] for run in tree.runs] == [True, False]


def test_a_deep_page_is_walked_to_a_limit_and_its_places_stay_short() -> None:
    tree = tree_of("<div class=x>word " * 10_000)
    assert len(tree.runs) == DEPTH_LIMIT - 1
    assert tree.paths([tree.runs[-1].place])[0].count(">") == PATH_DEPTH


def test_a_page_of_endless_paragraphs_is_read_to_a_limit() -> None:
    assert len(texts_of("<p>word</p>" * (BLOCK_LIMIT + 100))) == BLOCK_LIMIT


def test_a_page_of_endless_lines_is_read_to_a_limit_and_what_is_open_then_holds_them() -> None:
    tree = tree_of("<div>" + "word<br><br>" * (BLOCK_LIMIT + 100))
    assert len(tree.runs) == BLOCK_LIMIT
    assert tree.ends == [BLOCK_LIMIT] * 2


def test_a_page_of_endless_elements_is_read_to_a_limit() -> None:
    tree = tree_of("<b><i></i></b>" * (ELEMENT_LIMIT + 100) + "<p>word</p>")
    assert len(tree.tags) == ELEMENT_LIMIT


@pytest.mark.parametrize(
    "text", ["  two  spaces ", "no-break\xa0space", "a\u2003b", "zero\u200bwidth", "tab\tbed", "plain text"]
)
def test_white_space_folds_as_split_and_join_do(text: str) -> None:
    assert texts_of(f"<p>{text}</p>") == [" ".join(text.split())]


def test_roles_come_from_the_nearest_element_that_gives_one() -> None:
    tree = tree_of("<p>a</p><ul><li>b<h3>c <b>d</b></h3>e</li></ul>f")
    assert [run.role for run in tree.runs] == ["body", "list", "heading", "list", "body"]


def test_elements_of_one_name_and_class_share_a_sign() -> None:
    signs, codes = tree_of("<p class=a>1</p><p>2</p><p class=a id=x>3</p>").signs
    assert [signs[code] for code in codes] == [("body", None), ("p", "a"), ("p", None), ("p", "a")]
    assert codes[1] == codes[3]


def test_a_noscript_does_not_end_the_head() -> None:
    parser = parse("<head><noscript><img src=p></noscript><link rel=canonical href=/a></head><body><p>x")
    assert parser.css_first("head link") is not None
