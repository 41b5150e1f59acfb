"""benchmarks.train_dumps: what is learned from flattened pages, and that the same pages give the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("lightgbm", reason="the extra `train` is not installed")

from benchmarks import train_dumps
from benchmarks.flatten import EDGE
from benchmarks.train_dumps import cross_validate, learn, make_gaps, read_labelled, save, train_final
from newsbot.extract.line_model import DumpModel
from tests.benchmarks.test_pages import write_corpus
from tests.extract.blocks import SENTENCE, news_page


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(train_dumps, "ROUNDS", 2)
    body = "\n".join(f"{SENTENCE}Paragraph {number} says so." for number in range(6))
    for corpus in ("a", "b"):
        rows = [
            {
                "id": f"{corpus}{n}",
                "url": f"https://s{n}{corpus}.example/x",
                "encoding": "utf-8",
                "title": "Ferry leaves",
                "body": body,
            }
            for n in range(9)
        ]
        write_corpus(tmp_path / corpus, rows, news_page())
    return tmp_path


def test_gaps_are_labelled_by_the_mark_up() -> None:
    assert train_dumps._edges(
        ["Home", "A", "ferry", "One"], f"{EDGE}Home{EDGE}{EDGE}Afe{EDGE}rry{EDGE}One"
    ) == [
        True,
        True,
        False,
        True,
    ]


def test_the_same_pages_give_the_same_bytes_and_folds_their_own_models(folder: Path, tmp_path: Path) -> None:
    pages = read_labelled(folder)
    gaps = make_gaps(pages[0])
    assert gaps is not None and 0 < gaps.labels.mean() < 1
    for name in ("one", "two"):
        lessons = learn(pages)
        save(tmp_path / f"{name}.npz", {"": train_final(lessons)})
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    folds = cross_validate(lessons)
    save(tmp_path / "folds.npz", {str(fold): model for fold, model in folds.items()})
    with np.load(tmp_path / "folds.npz") as arrays:
        again = DumpModel.load(arrays, "3")
    assert (again.second.leaf == folds[3].second.leaf).all()
    judged = again.judge("Home\nSport\nFerry leaves\n" + f"{SENTENCE * 3}\n" * 5)
    assert len(judged.lines) == len(judged.kept) == len(judged.scores) == 8
