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
    table = describe(tree_of(news_page()), Hints())
    assert model.first.feature.max() < len(table.names)
    describe_again(table, np.full(len(table.tree.runs), 0.5))
    assert model.second.feature.max() < len(table.names)
    # The second forest was trained on what describe_again adds; it must look at some of it.
    assert "p" in {table.names[place] for place in np.unique(model.second.feature)}


def test_the_model_was_trained_on_the_features_of_this_code_in_this_order() -> None:
    table = describe(tree_of(news_page()), Hints())
    describe_again(table, np.full(len(table.tree.runs), 0.5))
    assert load_model().features == tuple(table.names)


def test_the_model_file_is_small() -> None:
    assert len(files("newsbot.extract").joinpath(FILE).read_bytes()) < 5_000_000


def test_every_block_gets_a_probability() -> None:
    tree = tree_of(news_page())
    scores = load_model().judge(tree, Hints())
    assert scores.shape == (len(tree.runs),)
    assert ((scores > 0) & (scores < 1)).all()
    assert load_model().judge(tree_of("x"), Hints()).shape == (1,)
