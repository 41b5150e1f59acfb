"""Tests of benchmarks.learning and train: what is learned, and that the same pages give the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

lgb = pytest.importorskip("lightgbm", reason="the extra `train` is not installed")

from benchmarks import folds, learning  # noqa: E402
from benchmarks.pages import read_folders  # noqa: E402
from benchmarks.train import feature_names, save  # noqa: E402
from newsbot.extract.hinted import Hints  # noqa: E402
from newsbot.extract.model import Model  # noqa: E402
from tests.benchmarks.test_pages import write_corpus  # noqa: E402
from tests.extract.blocks import SENTENCE, news_page  # noqa: E402


def test_a_forest_says_what_lightgbm_says() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(2000, 8)).astype(np.float32)
    labels = (matrix[:, 0] * matrix[:, 1] > 0.2).astype(float)
    booster = lgb.train({**learning.PARAMETERS, "feature_fraction": 1.0}, lgb.Dataset(matrix, labels), 20)
    assert np.abs(learning.flatten(booster).probabilities(matrix.T) - booster.predict(matrix)).max() < 1e-6


def test_a_domain_is_in_one_fold_only() -> None:
    assert len({folds.fold_of(f"site{n}.example") for n in range(100)}) == folds.FOLDS
    assert folds.fold_of("a.example") == folds.fold_of("a.example")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    body = "\n".join(f"{SENTENCE}Paragraph {number} says so." for number in range(6))
    for corpus in ("a", "b"):
        rows = [
            {
                "id": f"{corpus}{n}",
                "url": f"https://s{n}{corpus}.example/x",
                "encoding": "utf-8",
                "body": body,
            }
            for n in range(12)
        ]
        write_corpus(tmp_path / corpus, rows, news_page())
    return tmp_path


def test_labels_and_weights_of_a_page(folder: Path) -> None:
    (example, *_) = learning.make_examples(read_folders(folder))
    kept = [
        run.text for run, label in zip(example.table.tree.runs, example.labels, strict=True) if label > 0.5
    ]
    assert len(kept) == 6
    assert 0.9 < example.weights[example.labels > 0.5].sum() < 1.1


def test_the_same_pages_give_the_same_model_that_finds_their_text(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "ROUNDS", (40, 40))
    examples = learning.make_examples(read_folders(folder))
    forests = learning.train_final(examples)
    save(tmp_path / "one.npz", *forests, 0.5, feature_names(examples))
    again = learning.make_examples(read_folders(folder))
    save(tmp_path / "two.npz", *learning.train_final(again), 0.5, feature_names(again))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    found = Model(*forests, 0.5).judge(examples[0].table.tree, Hints())
    assert ((found > 0.5) == (examples[0].labels > 0.5)).mean() > 0.9
