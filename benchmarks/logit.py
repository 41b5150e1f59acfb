"""Trains a small linear choice among the candidates of a page; with its command line; used by train_headlines.py and
train_dates.py.

A conditional logit: the probability of a candidate is the softmax of its weighted features over the page; L2 keeps weights small.
Deterministic. Needs scipy (extra `train`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, pstdev

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from benchmarks.folds import FOLDS, fold_of

DIVISIONS = 5
"""Ways in which the domains are divided into folds: of 106 domains one division is luck, 2 points up or down."""
Group = tuple[str, list[dict[str, float]], list[bool], float]
"""A page: its registered domain, the features of its candidates, which are right, and its weight."""


def train(groups: list[Group], strength: float) -> dict[str, float]:
    """Return the weights that make the right candidates likely."""
    usable = [group for group in groups if any(group[2])]
    names = sorted({name for group in usable for row in group[1] for name in row})
    index = {name: number for number, name in enumerate(names)}
    rows = np.zeros((sum(len(group[1]) for group in usable), len(names)))
    starts, right, weights = [], [], []
    number = 0
    for group in usable:
        starts.append(number)
        weights.append(group[3])
        for row, is_right in zip(group[1], group[2], strict=True):
            for name, value in row.items():
                rows[number, index[name]] = value
            right.append(is_right)
            number += 1
    first, good, weight = np.array(starts), np.array(right), np.array(weights)
    sizes = np.diff([*starts, number])

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        scores = rows @ vector
        scores -= np.repeat(np.maximum.reduceat(scores, first), sizes)
        powers = np.exp(scores)
        all_of, good_of = np.add.reduceat(powers, first), np.add.reduceat(powers * good, first)
        share = powers / np.repeat(all_of, sizes) - powers * good / np.repeat(good_of, sizes)
        value = -(weight * np.log(good_of / all_of)).sum() + strength * (vector @ vector)
        return value, rows.T @ (share * np.repeat(weight, sizes)) + 2 * strength * vector

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return {
        name: round(float(value), 3) for name, value in zip(names, best.x, strict=True) if abs(value) >= 0.005
    }


def hit(group: Group, weights: dict[str, float]) -> bool:
    """Tell whether the model picks a right candidate."""
    scores = [sum(weights.get(name, 0.0) * value for name, value in row.items()) for row in group[1]]
    return bool(scores) and group[2][max(range(len(scores)), key=lambda number: (scores[number], -number))]


def weighted(sets: list[list[Group]]) -> list[list[Group]]:
    """Return the pages with weights by which both kinds of page matter; by the root, for each page is still one witness."""
    most = max(map(len, sets))
    return [[(*group[:3], group[3] * (most / len(pages)) ** 0.5) for group in pages] for pages in sets]


def cross_validated(sets: list[list[Group]], folds: int, strength: float, division: int = 0) -> list[float]:
    """Return the share of right picks of each corpus, every page judged by a model that saw no page of its domain."""
    hits = [0] * len(sets)
    for fold in range(folds):
        rest = [group for pages in sets for group in pages if fold_of(group[0], folds, division) != fold]
        weights = train(rest, strength)
        for number, pages in enumerate(sets):
            hits[number] += sum(
                hit(group, weights) for group in pages if fold_of(group[0], folds, division) == fold
            )
    return [count / len(pages) for count, pages in zip(hits, sets, strict=True)]


def card(folder: Path, pages: list[Group], scores: Sequence[float]) -> dict[str, str | int | float]:
    """Return what the model file says of a corpus it was trained on; `scores` are those of several divisions into folds."""
    digest = hashlib.sha256((folder / "truth.jsonl").read_bytes()).hexdigest()
    possible = sum(any(group[2]) for group in pages) / len(pages)
    return {
        "pages": len(pages),
        "truth_sha256": digest,
        "cross_validated": round(fmean(scores), 4),
        "spread": round(pstdev(scores), 4),
        "possible": round(possible, 4),
    }


@dataclass(frozen=True)
class Task:
    """One model to train."""

    about: str
    read_groups: Callable[[Path, float], list[Group]]
    """Reads a corpus, each page with the weight given."""
    output: Path
    features: str
    """The module that names and documents the features."""
    trust: dict[str, float]
    """Weight of a corpus' pages; 1 if not named."""
    strength: float
    """Of the L2 penalty."""


def run(task: Task) -> None:
    """Read the command line, train on the folders below one, and write the model with its card."""
    parser = argparse.ArgumentParser(
        description=task.about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=task.output)
    parser.add_argument("--strength", type=float, default=task.strength, help="of the L2 penalty")
    asked = parser.parse_args()
    files = sorted(asked.folder.glob("*/truth.jsonl"))
    read = [
        (file.parent, task.read_groups(file.parent, task.trust.get(file.parent.name, 1.0))) for file in files
    ]
    corpora = [folder for folder, groups in read if groups]
    if not corpora:
        sys.exit(f"{asked.folder} holds no folder with a truth.jsonl to learn this from")
    sets = weighted([groups for _, groups in read if groups])
    scores = [cross_validated(sets, FOLDS, asked.strength, division) for division in range(DIVISIONS)]
    scores_of = list(zip(*scores, strict=True))
    model = {
        "features": f"named and documented in {task.features}",
        "folds": f"{FOLDS}, grouped by registered domain; mean and spread of {DIVISIONS} divisions into folds",
        "trained_on": {
            folder.name: card(folder, pages, shares)
            for folder, pages, shares in zip(corpora, sets, scores_of, strict=True)
        },
        "weights": train([group for pages in sets for group in pages], asked.strength),
    }
    text = json.dumps(model, indent=1, sort_keys=True, ensure_ascii=False)
    asked.output.write_text(text + "\n", encoding="utf-8")
    said = [
        f"{folder.name} {fmean(shares):.4f} ± {pstdev(shares):.4f}"
        for folder, shares in zip(corpora, scores_of, strict=True)
    ]
    print(f"{asked.output}: right picks by {FOLDS} folds: {', '.join(said)}")
