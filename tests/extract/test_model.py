"""Tests of newsbot.extract.model: the file in the package fits the features."""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from newsbot.extract.features import describe
from newsbot.extract.hinted import Hints
from newsbot.extract.model import FILE, load_model
from newsbot.extract.second import describe_again
from tests.extract.blocks import news_page, tree_of


def test_the_forests_look_at_features_that_there_are() -> None:
    model = load_model()
    sheet, groups = describe(tree_of(news_page()), Hints())
    assert model.first.feature.max() < len(sheet.names)
    describe_again(sheet, groups, np.full(len(sheet.chars), 0.5))
    assert model.second.feature.max() < len(sheet.names)
    # The second forest was trained on what describe_again adds; it must look at some of it.
    assert "p" in {sheet.names[place] for place in np.unique(model.second.feature)}


def test_the_model_was_trained_on_the_features_of_this_code_in_this_order() -> None:
    sheet, groups = describe(tree_of(news_page()), Hints())
    describe_again(sheet, groups, np.full(len(sheet.chars), 0.5))
    assert load_model().features == tuple(sheet.names)


def test_the_model_file_is_small() -> None:
    assert len(files("newsbot.extract").joinpath(FILE).read_bytes()) < 5_000_000


def test_every_block_gets_a_probability() -> None:
    tree = tree_of(news_page())
    scores = load_model().judge(tree, Hints())
    assert scores.shape == (len(tree.runs),)
    assert ((scores > 0) & (scores < 1)).all()
    assert load_model().judge(tree_of("x"), Hints()).shape == (1,)
