"""Trains the two forests of the block classifier, on all pages or without a fold; used by train.py and accuracy.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from benchmarks.folds import FOLDS, fold_of
from benchmarks.labels import label_blocks, words_of
from benchmarks.pages import Labelled
from newsbot.extract.body import embedded_posts, hints_of
from newsbot.extract.decode import decode
from newsbot.extract.features import describe
from newsbot.extract.forest import Forest
from newsbot.extract.marked import Marked
from newsbot.extract.metadata import read_metadata
from newsbot.extract.second import describe_again
from newsbot.extract.sheet import Table
from newsbot.extract.tree import parse, walk

DEPTH = 10
ROUNDS = (150, 150)
THRESHOLD = 0.44
PARAMETERS = {
    "objective": "cross_entropy",
    "learning_rate": 0.08,
    "num_leaves": 63,
    "max_depth": DEPTH,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "num_threads": 1,  # several would wait for each other on a busy machine, and add in another order
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
Matrix = npt.NDArray[np.float32]


@dataclass(slots=True)
class Example:
    """A page made ready for training."""

    labelled: Labelled
    table: Table
    features: Matrix
    labels: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    fold: int


def make_examples(pages: Sequence[Labelled]) -> list[Example]:
    """Return the pages with a full truth as examples; a page that is twice in a corpus counts half each time."""
    copies = Counter((page.corpus, page.truth.get("url")) for page in pages)
    found = (
        _example(page, copies[page.corpus, page.truth.get("url")]) for page in pages if page.truth.get("body")
    )
    return [example for example in found if example is not None]


def _example(labelled: Labelled, copies: int) -> Example | None:
    page = labelled.page()
    parser = parse(decode(page).in_utf8)
    tree = walk(parser)
    marked = Marked(parser, tree)
    article = read_metadata(marked, page)
    if not tree.runs:
        return None
    table = describe(tree, hints_of(article, marked.statements))
    texts = [run.text for run in tree.runs]
    truths = [labelled.truth["body"], *(other for other in labelled.truth.get("body_alt") or [] if other)]
    labels = np.array(label_blocks(texts, truths))
    words = np.array([len(words_of(block)) for block in texts], float)
    # A block weighs its share of the true text, so that each page counts the same; a little for blocks without words.
    weights = np.minimum(words / max((words * labels).sum(), 50.0), 1.0) / copies + 0.0005
    # Embedded posts are kept or dropped by policy, not by the model: truths differ from corpus to corpus.
    posts = embedded_posts(tree)
    if posts is not None:
        weights[posts] = 1e-6
    features = np.ascontiguousarray(table.matrix().T)
    return Example(labelled, table, features, labels, weights, fold_of(labelled.domain))


def second_features(example: Example, first: npt.NDArray[np.float64]) -> Matrix:
    """Return the matrix of the second model."""
    table = example.table
    count = example.features.shape[1]
    table.cut(count)
    describe_again(table, first)
    return np.ascontiguousarray(table.matrix().T)


def _train(matrices: Sequence[Matrix], examples: Sequence[Example], rounds: int) -> Forest:
    labels = np.concatenate([example.labels for example in examples])
    weights = np.concatenate([example.weights for example in examples])
    booster = lgb.train(PARAMETERS, lgb.Dataset(np.concatenate(matrices), labels, weight=weights), rounds)
    return flatten(booster)


def flatten(booster: lgb.Booster) -> Forest:
    """Return a LightGBM model as a forest of full trees of the depth that it was bound to."""
    trees = booster.dump_model()["tree_info"]
    inner = 2 ** booster.params["max_depth"] - 1
    feature = np.zeros((len(trees), inner), np.int32)
    threshold = np.full((len(trees), inner), np.inf, np.float32)
    leaf = np.zeros((len(trees), inner + 1), np.float32)
    for index, tree in enumerate(trees):
        stack = [(tree["tree_structure"], 0)]
        while stack:
            node, place = stack.pop()
            if "split_feature" in node:
                feature[index, place] = node["split_feature"]
                threshold[index, place] = _at_most(node["threshold"])
                stack += [(node["left_child"], 2 * place + 1), (node["right_child"], 2 * place + 2)]
            else:
                # Where a tree ends early, the infinite thresholds below lead left to this leaf.
                while place < inner:
                    place = 2 * place + 1
                leaf[index, place - inner] = node["leaf_value"]
    return Forest(feature, threshold, leaf)


def _at_most(value: float) -> np.float32:
    """Return the largest float32 not above a value: then `x > threshold` says the same of every float32."""
    rounded = np.float32(value)
    return np.nextafter(rounded, np.float32(-np.inf)) if rounded > value else rounded


def train_first(examples: Sequence[Example]) -> Forest:
    """Return a first model of some pages."""
    return _train([example.features for example in examples], examples, ROUNDS[0])


def train_second(examples: Sequence[Example], first: Sequence[npt.NDArray[np.float64]]) -> Forest:
    """Return a second model of some pages, given probabilities of first models that did not see them."""
    matrices = [second_features(example, values) for example, values in zip(examples, first, strict=True)]
    return _train(matrices, examples, ROUNDS[1])


def without(examples: Sequence[Example], *folds: int) -> list[Example]:
    """Return the pages outside some folds."""
    return [example for example in examples if example.fold not in folds]


def train_final(examples: Sequence[Example]) -> tuple[Forest, Forest]:
    """Return both models of all pages; the second learns from first models that did not see its pages."""
    held_out = {fold: train_first(without(examples, fold)) for fold in range(FOLDS)}
    first = [
        held_out[example.fold].probabilities(np.ascontiguousarray(example.features.T)) for example in examples
    ]
    return train_first(examples), train_second(examples, first)


def cross_validate(examples: Sequence[Example]) -> dict[int, tuple[Forest, Forest]]:
    """Return for each fold both models trained without it.

    The second model of a fold needs first models that saw neither that fold nor the page: one for each pair of folds.
    """
    pairs = {pair: train_first(without(examples, *pair)) for pair in combinations(range(FOLDS), 2)}
    models = {}
    for fold in range(FOLDS):
        rest = without(examples, fold)
        first = [
            pairs[min(fold, e.fold), max(fold, e.fold)].probabilities(np.ascontiguousarray(e.features.T))
            for e in rest
        ]
        models[fold] = (train_first(rest), train_second(rest, first))
    return models
