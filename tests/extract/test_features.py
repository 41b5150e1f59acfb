"""Tests of newsbot.extract.features, around and hinted: the numbers that describe a block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.extract.features import describe
from newsbot.extract.hinted import Hints, fold, fold_all
from newsbot.extract.sheet import TAG_CODES, Table
from tests.extract.blocks import SENTENCE, news_page, tree_of


def sheet_of(body: str, **hints: object) -> Table:
    return describe(tree_of(body), Hints(**hints))  # type: ignore[arg-type]


def column(body: str, name: str, **hints: object) -> list[float]:
    return [float(value) for value in sheet_of(body, **hints).column(name)]


@pytest.mark.parametrize(
    ("body", "name", "values"),
    [
        ("<p>One two three.</p><p>four</p>", "words", [3, 1]),
        ("<p>12<a href=x>34</a></p>", "linked", [0.5]),
        ("<p>Ends.</p><p>Ends not</p><p>“Quoted.”</p>", "ends_sentence", [1, 0, 1]),
        ("<p>a</p><li>b</li>", "tag", [TAG_CODES["p"], TAG_CODES["li"]]),
        ("<div><p>a</p></div><p>b</p>", "depth", [2, 1]),
        ("<div class=comments><p>a</p></div><p>b</p>", "near_comments", [1, 0]),
        ("<div class=comments><div><div><div><p>a</p></div></div></div></div>", "near_comments", [0]),
        ("<div class=comments><div><div><div><p>a</p></div></div></div></div>", "all_comments", [1]),
        ("<p>a</p><p>b</p><p>c</p>", "index", [0, 1, 2]),
        ("<p>a</p><p>bb</p><p>ccc</p>", "chars_at+1", [2, 3, -1]),
        ("<p>a</p><p>bb</p><p>ccc</p>", "chars_at-2", [-1, -1, 1]),
        ("<div><p>aa</p><p>bb</p></div><p>cccc</p>", "parent_share", [0.5, 0.5, 1]),
        ("<div><p>a</p><p>b</p></div><p>c</p>", "parent_blocks", [2, 2, 3]),
        ("<p class=x>aa</p><p class=x>bb</p><p>cccc</p>", "like_own_share", [0.5, 0.5, 0.5]),
        ("<h2>Related</h2><p>a</p><p>b</p>", "under_related", [0, 1, 1]),
        ("<h2>Related</h2><p>a</p><p>b</p>", "from_heading", [999, 1, 2]),
        ("<p>same text</p><p>Same text!</p><p>other</p>", "copies", [2, 2, 1]),
        ("<p>same text</p><p>Same text!</p><p>other</p>", "is_first", [1, 0, 1]),
        ("<div class=c><p>a</p><p>b</p></div>" * 3 + "<p>z</p>", "alike", [3] * 6 + [0]),
    ],
)
def test_a_feature_says_what_its_name_says(body: str, name: str, values: list[float]) -> None:
    assert column(body, name) == values


def test_headline_and_description_are_found_among_the_blocks() -> None:
    body = "<p>Menu</p><h1>Ferry leaves!</h1><p>The lead of the story, long enough to tell.</p><p>Text</p>"
    hints = {"headline": "Ferry Leaves", "description": "The lead of the story, long enough to tell."}
    assert column(body, "is_headline", **hints) == [0, 1, 0, 0]
    assert column(body, "from_headline", **hints) == [-1, 0, 1, 2]
    assert column(body, "is_description", **hints) == [0, 0, 1, 0]


def test_the_declared_text_tells_which_blocks_are_in_it() -> None:
    body = f"<p>{SENTENCE}</p><p>Not in the text that is declared</p>"
    assert column(body, "in_body") == [-1, -1]
    assert column(body, "in_body", article_body=SENTENCE * 4) == [1, 0]


def test_the_element_with_most_running_text_is_the_best_container() -> None:
    body = f"<nav><p>Menu</p></nav><div><p>{SENTENCE}</p><p>{SENTENCE}</p></div><p>Foot</p>"
    assert column(body, "good_best_is_parent") == [0, 1, 1, 0]
    assert column(body, "good_best_steps") == [1, 0, 0, 1]


def test_names_are_unique_and_columns_are_as_long_as_the_page() -> None:
    sheet = sheet_of(news_page())
    assert len(set(sheet.names)) == len(sheet.names)
    assert sheet.matrix().shape == (len(sheet.names), len(sheet.tree.runs))


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div class=a>",
                "</div>",
                "<a href=x>",
                "</a>",
                "<h2>",
                "word. ",
                "<br>",
                "<li>",
                "\ud800",
                "，",
            ]
        ),
        max_size=40,
    )
)
def test_features_of_any_page_are_finite(pieces: list[str]) -> None:
    tree = tree_of("".join(pieces).encode("utf-8", "replace").decode() + "x")
    sheet = describe(tree, Hints("word", "word", "word " * 60, True))
    assert np.isfinite(sheet.matrix()).all()


def test_fold_keeps_letters_and_digits() -> None:
    assert fold("“Ärger”, 3 Mal!") == "ärger3mal"


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_texts_are_folded_together_as_each_alone(texts: list[str]) -> None:
    texts = [text.replace("\v", "") for text in texts]
    assert fold_all(texts) == [fold(text) for text in texts]


def test_letters_beyond_the_basic_plane_are_kept() -> None:
    assert fold_all(["𝒜 \U00020000 🚢", "b"]) == ["𝒜\U00020000", "b"]
