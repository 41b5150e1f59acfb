"""Tests of newsbot.extract.places: what class names say."""

from __future__ import annotations

import pytest

from newsbot.extract.places import MARKS, mark_elements
from tests.extract.blocks import tree_of


def marks_of(element: str) -> set[str]:
    tree = tree_of(f"{element}x")
    mark = mark_elements(tree)[-1]
    return {name for place, name in enumerate(MARKS) if mark >> place & 1}


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ("<div class='comment-list'>", "comments"),
        ("<div id='RelatedStories'>", "related"),
        ("<div class='c-newsletter_signup'>", "newsletter"),
        ("<div data-testid='photo-caption'>", "caption"),
        ("<div itemprop='articleBody'>", "is_article_body"),
        ("<div class='article-body'>", "is_article_body"),
        ("<div hidden>", "is_hidden"),
        ("<div style='color:red; display : none'>", "is_hidden"),
        ("<div aria-hidden=true>", "is_hidden"),
        ("<nav>", "in_nav"),
        ("<h3>", "in_heading"),
        ("<ol>", "in_li"),
    ],
)
def test_an_element_says_what_it_holds(element: str, said: str) -> None:
    assert said in marks_of(element)


@pytest.mark.parametrize(
    "element", ["<div>", "<div class='xyzzy'>", "<div class='shareholder adept'>", "<div aria-hidden=false>"]
)
def test_other_names_say_nothing(element: str) -> None:
    assert marks_of(element) == set()


def test_a_mark_fits_into_64_bits() -> None:
    assert len(MARKS) < 63
    assert len(set(MARKS)) == len(MARKS)
