"""Prints the accuracy table: `python -m benchmarks.accuracy FOLDER` (FOLDER: `../shared/corpus`; some minutes, then cached).

Every page is read by the whole chain with a body model that was trained without its registered domain (5 folds over all corpora
together). The fold models are cached under .cache, by a hash of code and pages. The few weights of headlines and of
shown dates were fitted on these pages as a whole; their own cross-validation stands in headlines.json and dates.json.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.folds import FOLDS, fold_of
from benchmarks.learning import THRESHOLD, cross_validate, make_examples
from benchmarks.pages import Labelled, corpus_hash, read_folders
from benchmarks.predict import predict
from newsbot.extract import body
from newsbot.extract.forest import Forest
from newsbot.extract.model import Model

ROOT = Path(__file__).resolve().parent.parent
FLOORS = Path(__file__).with_name("floors.json")
# What to reach; (corpus, metric of evaluate.py, goal, whether more is better).
GOALS = (
    ("aeb", "aeb_f1", 0.976, True),
    ("fundus", "aeb_f1", 0.974, True),
    ("fundus_eval", "aeb_f1", 0.980, True),
    ("wcxb", "aeb_f1", 0.957, True),
    ("trafilatura", "without_hit", 0.05, False),
    ("trafilatura", "snip_r", 0.93, True),
    ("fundus", "title", 0.88, True),
    ("wcxb", "title", 0.90, True),
    ("fundus", "date_instant", 0.985, True),
    ("fundus", "date_day", 0.990, True),
    ("wcxb", "date_day", 0.92, True),
    ("fundus", "authors_f1", 0.92, True),
    ("wcxb", "authors_f1", 0.75, True),
)
# Floors lie this much below the figure measured: what another library version may move.
SLACK = 0.002


def evaluator(root: Path) -> ModuleType:
    """Return the scorer beside the corpora, `../tools/evaluate.py` from the corpus folder."""
    path = root.resolve().parent / "tools" / "evaluate.py"
    if not path.is_file():
        sys.exit(f"{path} is missing: it scores the predictions")
    spec = importlib.util.spec_from_file_location("evaluate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def using(model: Model) -> Iterator[None]:
    """Read pages with another model than the package's."""
    shipped = body.chosen_model
    body.chosen_model = lambda: model
    try:
        yield
    finally:
        body.chosen_model = shipped


def fold_models(root: Path, pages: list[Labelled]) -> dict[int, Model]:
    """Return a model for each fold, trained without its domains; from the cache if code and pages are the same."""
    path = ROOT / ".cache" / f"folds-{_hash(root)}.npz"
    if not path.is_file():
        found = cross_validate(make_examples(pages))
        path.parent.mkdir(exist_ok=True)
        arrays: dict[str, Any] = {}
        for fold, forests in found.items():
            for name, forest in zip(("first", "second"), forests, strict=True):
                arrays[f"{fold}{name}_feature"] = forest.feature
                arrays[f"{fold}{name}_threshold"] = forest.threshold
                arrays[f"{fold}{name}_leaf"] = forest.leaf
        np.savez_compressed(path, **arrays)
    with np.load(path) as arrays:
        return {
            fold: Model(Forest.load(arrays, f"{fold}first"), Forest.load(arrays, f"{fold}second"), THRESHOLD)
            for fold in range(FOLDS)
        }


def _hash(root: Path) -> str:
    digest = hashlib.blake2b(corpus_hash(root).encode(), digest_size=8)
    sources = [
        *(ROOT / "newsbot" / "extract").iterdir(),
        ROOT / "benchmarks" / "learning.py",
        ROOT / "benchmarks" / "labels.py",
    ]
    for source in sorted(sources):
        if source.suffix in {".py", ".toml"}:
            digest.update(source.read_bytes())
    return digest.hexdigest()


def predict_out_of_fold(
    pages: list[Labelled], models: dict[int, Model]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return predictions by corpus and id, each by the model that did not see the page's domain."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for page in pages:
        with using(models[fold_of(page.domain)]):
            found.setdefault(page.corpus, {})[page.truth["id"]] = predict(page)
    return found


def measure(root: Path) -> dict[str, float]:
    """Return every figure of GOALS, as `corpus/metric`."""
    pages = read_folders(root)
    predictions = predict_out_of_fold(pages, fold_models(root, pages))
    evaluate = evaluator(root)
    figures: dict[str, float] = {}
    for corpus, rows in predictions.items():
        truths = [page.truth for page in pages if page.corpus == corpus]
        scores, _ = evaluate.evaluate(truths, rows)
        figures |= {f"{corpus}/{name}": value for name, value in scores.items() if isinstance(value, float)}
    return figures


def show(figures: dict[str, float]) -> None:
    """Print the table."""
    print(f"{'corpus':12} {'metric':13} {'figure':>7} {'goal':>7}")
    for corpus, metric, goal, more in GOALS:
        figure = figures.get(f"{corpus}/{metric}")
        if figure is not None:
            reached = figure >= goal if more else figure < goal
            print(f"{corpus:12} {metric:13} {figure:7.4f} {goal:7.3f} {'reached' if reached else ''}")


def write_floors(root: Path, figures: dict[str, float], *, lower: bool) -> None:
    """Write the floors anew; exits where one would sink, unless `lower` says that it may."""
    fresh = {}
    for corpus, metric, _, more in GOALS:
        key = f"{corpus}/{metric}"
        if key in figures:
            fresh[key] = round(figures[key] - SLACK if more else figures[key] + SLACK, 4)
    known = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"] if FLOORS.is_file() else {}
    sunk = [
        key
        for key in known
        if key in fresh
        and (fresh[key] < known[key]) != key.endswith("without_hit")
        and fresh[key] != known[key]
    ]
    if sunk and not lower:
        sys.exit(f"these would sink: {', '.join(sunk)}; pass --lower if that is meant")
    content = {
        "corpus": corpus_hash(root),
        "how": "whole chain; text by 5 folds by registered domain, title and date by weights fitted on these pages",
        "floors": fresh,
    }
    FLOORS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def sunken(figures: dict[str, float]) -> list[str]:
    """Return a line for each figure that is below its floor."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"]
    return [
        f"{key}: {figures[key]:.4f}, floor {floor}"
        for key, floor in floors.items()
        if key in figures and (figures[key] > floor if key.endswith("without_hit") else figures[key] < floor)
    ]


def main() -> None:
    """Measure, print, and hold or write the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--write-floors", action="store_true", help="write benchmarks/floors.json; refuses to lower one"
    )
    parser.add_argument("--lower", action="store_true", help="let floors sink")
    parser.add_argument("--json", type=Path, help="write every figure to a file")
    arguments = parser.parse_args()
    figures = measure(arguments.folder)
    show(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if arguments.write_floors:
        write_floors(arguments.folder, figures, lower=arguments.lower)
    elif FLOORS.is_file() and (below := sunken(figures)):
        sys.exit("below the floor: " + "; ".join(below))


if __name__ == "__main__":
    main()
