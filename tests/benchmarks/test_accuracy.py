"""Tests of benchmarks.accuracy: floors hold, sink only when told to, and the shipped model keeps its level."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("lightgbm", reason="the extra `train` is not installed")

from benchmarks import accuracy
from benchmarks.pages import read_folder
from benchmarks.predict import predict
from newsbot.extract import body
from newsbot.extract.model import Model, load_model

# The shipped model has seen these pages: in-sample it stands above the floor of cross-validation. A fall below says that something
# between bytes and text broke.
SAMPLE = 40


def test_the_shipped_model_reads_pages_no_worse_than_the_floor(shared: Path) -> None:
    root = shared / "corpus"
    pages = read_folder(root / "aeb")[:SAMPLE]
    rows = {page.truth["id"]: predict(page) for page in pages}
    scores, _ = accuracy.evaluator(root).evaluate([page.truth for page in pages], rows)
    floors = json.loads(accuracy.FLOORS.read_text(encoding="utf-8"))["floors"]
    assert scores["aeb_f1"] >= floors["aeb/aeb_f1"]
    assert scores["errors"] == 0


def test_another_model_is_used_and_put_back() -> None:
    shipped = load_model()
    other = Model(shipped.first, shipped.second, 0.9)
    with accuracy.using(other):
        assert body.chosen_model() is other
    assert body.chosen_model() is shipped


@pytest.fixture
def floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "corpus" / "aeb").mkdir(parents=True)
    (tmp_path / "corpus" / "aeb" / "truth.jsonl").write_text("{}")
    monkeypatch.setattr(accuracy, "FLOORS", tmp_path / "floors.json")
    return tmp_path


FIGURES = {"aeb/aeb_f1": 0.97, "trafilatura/without_hit": 0.04}


def test_floors_are_written_a_little_below_the_figures(floors: Path) -> None:
    accuracy.write_floors(floors / "corpus", FIGURES, lower=False)
    content = json.loads((floors / "floors.json").read_text())
    assert content["floors"] == {"aeb/aeb_f1": 0.968, "trafilatura/without_hit": 0.042}
    assert len(content["corpus"]) == 32
    assert accuracy.sunken(FIGURES) == []


@pytest.mark.parametrize("worse", [{"aeb/aeb_f1": 0.96}, {"trafilatura/without_hit": 0.05}])
def test_a_floor_sinks_only_when_told_to(floors: Path, worse: dict[str, float]) -> None:
    accuracy.write_floors(floors / "corpus", FIGURES, lower=False)
    figures = {**FIGURES, **worse}
    (line,) = accuracy.sunken(figures)
    assert next(iter(worse)) in line
    with pytest.raises(SystemExit, match="would sink"):
        accuracy.write_floors(floors / "corpus", figures, lower=False)
    accuracy.write_floors(floors / "corpus", figures, lower=True)
    assert accuracy.sunken(figures) == []


def test_a_missing_scorer_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"evaluate\.py is missing"):
        accuracy.evaluator(tmp_path)


def test_the_table_names_every_goal(capsys: pytest.CaptureFixture[str]) -> None:
    accuracy.show({f"{corpus}/{metric}": 0.9 for corpus, metric, _, _ in accuracy.GOALS})
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(accuracy.GOALS)
