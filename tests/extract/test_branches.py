"""Tests of newsbot.extract.branches: which child of the best element a block lies in, and which article."""

from __future__ import annotations

import numpy as np
import pytest

from newsbot.extract.features import describe
from newsbot.extract.hinted import Hints
from newsbot.extract.second import describe_again
from newsbot.extract.sheet import Table
from tests.extract.blocks import SENTENCE, news_page, tree_of

# A menu; an article of three paragraphs with a box of two; a second article behind it.
BODY = (
    "<div><a href=/>Home</a></div>"
    f"<main><article><h1>Ferry leaves</h1><div class=text><p>{SENTENCE * 3}</p><p>{SENTENCE * 3}</p>"
    f"<section class=box><h2>Facts</h2><p>{SENTENCE}</p></section><p>{SENTENCE * 3}</p></div></article>"
    f"<article><h1>Next ferry</h1><p>{SENTENCE}</p></article></main>"
)
# Home, headline, two paragraphs, heading and text of the box, third paragraph, second article.
OUT, BOX = -1.0, 2.0


def sheet_of(body: str) -> Table:
    return describe(tree_of(body), Hints())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("good_branch_depth", [OUT, OUT, 1, 1, 2, 2, 1, OUT, OUT]),
        ("good_branch_blocks", [OUT, OUT, 1, 1, BOX, BOX, 1, OUT, OUT]),
        ("good_branch_alike", [OUT, OUT, 3, 3, 1, 1, 3, OUT, OUT]),
        ("good_branch_linked", [OUT, OUT, 0, 0, 0, 0, 0, OUT, OUT]),
        ("good_article_same", [-1, 1, 1, 1, 1, 1, 1, 0, 0]),
        ("good_article_order", [-1, 0, 0, 0, 0, 0, 0, 1, 1]),
        ("headings_since", [-1, 0, 0, 0, 1, 1, 1, 2, 2]),
    ],
)
def test_a_feature_says_what_its_name_says(name: str, values: list[float]) -> None:
    assert sheet_of(BODY).column(name).tolist() == values


def test_shares_are_of_what_the_best_element_holds() -> None:
    sheet = sheet_of(BODY)
    share, alike = sheet.column("good_branch_share"), sheet.column("good_branch_alike_share")
    # Three sentences of ten in each paragraph, one in the box.
    assert share[[2, 3, 5, 6]].tolist() == pytest.approx([0.3, 0.3, 0.1, 0.3], abs=0.01)
    assert alike[[2, 5]].tolist() == pytest.approx([0.9, 0.1], abs=0.01)
    density = sheet.column("good_branch_alike_density")
    assert density[2] == pytest.approx(1)
    assert density[5] < 1, "the heading of the box is no running text"


def test_the_second_look_takes_the_element_that_the_first_model_likes() -> None:
    sheet = describe(tree_of(BODY), Hints())
    likes_the_second = np.array([0.01] * 7 + [0.9, 0.99])
    describe_again(sheet, likes_the_second)
    assert sheet.column("p_article_same").tolist() == [-1, 0, 0, 0, 0, 0, 0, 1, 1]
    assert sheet.column("p_article_order").tolist() == [-2, -1, -1, -1, -1, -1, -1, 0, 0]


@pytest.mark.parametrize(
    "body", ["x", "<p>x</p>", "<div><div>x</div></div>", news_page(), "<article></article>y"]
)
def test_any_page_has_numbers(body: str) -> None:
    sheet = describe(tree_of(body), Hints())
    describe_again(sheet, np.zeros(len(sheet.tree.runs)))
    assert np.isfinite(sheet.matrix()).all()
