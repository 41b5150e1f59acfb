"""Texts and surroundings of single elements."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbot.extract.nodes import Frames, class_of, fold, lines_of, short_text, text_of


def node(html: str, selector: str = "#x") -> LexborNode:
    found = LexborHTMLParser(html).css_first(selector)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p id=x>  one\n two </p>", "one two"),
        ("<p id=x>one<b>two</b></p>", "onetwo"),
        ("<p id=x><span>Kicker</span><span>Headline</span></p>", "Kicker Headline"),
        ("<p id=x>one<br>two</p>", "one two"),
        (
            "<p id=x>one<script>var a</script><style>b</style><!-- c --> two<svg><title>d</title></svg></p>",
            "one two",
        ),
        ("<p id=x></p>", ""),
    ],
)
def test_text_as_shown(html: str, expected: str) -> None:
    assert text_of(node(html)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div id=x><p>Ada Quill</p><p>Reporter</p></div>", "Ada Quill\nReporter"),
        (
            "<div id=x>By <a>Ada <b>Quill</b></a><br>Reporter<div>Port</div>today</div>",
            "By Ada Quill\nReporter\nPort\ntoday",
        ),
        ("<div id=x><div><div> </div></div>one</div>", "one"),
        ("<div id=x>one\n two</div>", "one two"),
    ],
)
def test_lines_where_blocks_part_them(html: str, expected: str) -> None:
    assert lines_of(node(html)) == expected


def test_a_tree_ten_thousand_deep_is_read() -> None:
    html = "<div id=x>" + "<i>" * 10_000 + "deep"
    assert text_of(node(html)) == "deep"
    assert lines_of(node(html)) == "deep"


def test_a_long_text_is_none() -> None:
    assert short_text(node("<p id=x> Ada <b>Quill</b></p>"), 10) == "Ada Quill"
    assert short_text(node("<p id=x>Ada Quill</p>"), 8) is None
    assert short_text(node("<p id=x>" + "<b></b>" * 300), 8) is None


def test_class_id_and_test_id_in_one() -> None:
    assert class_of({"class": "a b"}) == "a b"
    assert class_of({"class": None, "id": "c", "data-testid": "d"}).split() == ["c", "d"]
    assert class_of({}) == ""


def test_frames_by_tag_and_class_around() -> None:
    frames = Frames(re.compile("related"), frozenset({"nav"}))
    tree = LexborHTMLParser(
        "<nav><p id=a></p></nav><div class='related-box'><p><b id=b></b></p><b id=d></b></div><p id=c class=related></p>"
    )
    answers = {
        name: frames.hold(found) for name in "abcd" if (found := tree.css_first(f"#{name}")) is not None
    }
    assert answers == {"a": True, "b": True, "c": False, "d": True}
    again = {name: frames.hold(found) for name in "abcd" if (found := tree.css_first(f"#{name}")) is not None}
    assert again == answers


def test_fold() -> None:
    assert fold("Straße 12, “x”") == "strasse12x"
