"""Trains the models that read plain-text dumps: `python -m benchmarks.train_dumps FOLDER` writes newsbot/extract/dumps.npz.

FOLDER holds folders of labelled pages, as for train.py. Each page is flattened in two forms (benchmarks/flatten.py): its lines are
labelled by the truth, the gaps between its words by its mark-up. The same pages give the same model, byte for byte.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from benchmarks.flatten import EDGE, flatten, marked, trim
from benchmarks.folds import FOLDS, fold_of
from benchmarks.labels import label_blocks, words_of
from benchmarks.learning import PARAMETERS, Matrix
from benchmarks.learning import flatten as flatten_trees
from benchmarks.pages import Labelled, read_folders
from newsbot.dedup.exact import fold
from newsbot.extract.cuts import cut_line, describe_gaps, split_atoms
from newsbot.extract.decode import decode
from newsbot.extract.dump_headline import find_candidates
from newsbot.extract.forest import Forest
from newsbot.extract.line_features import Columns, describe_lines, describe_lines_again
from newsbot.extract.line_model import DumpModel, load_dump_model
from newsbot.extract.lines import Line, cut_lines

MODEL = Path(__file__).resolve().parent.parent / "newsbot" / "extract" / "dumps.npz"
PAIRS = (("blank", "raw"), ("wet", "glued"))
"""Forms that a page is learned from; pages take turns."""
ROUNDS = 80
# As deep as lines need: trees as deep as those of the blocks make the file two and a half times as large.
SHALLOW = {"max_depth": 6, "num_leaves": 31, "learning_rate": 0.1}
MOST_LINES = 1500
"""Lines of a dump that are learned from; the rest of longer ones are lists."""
MOST_GAPS = 4000
EVERY = 3
"""Of the gaps one in so many is learned from: there are two million."""
Values = npt.NDArray[np.float64]


@dataclass(slots=True)
class Gaps:
    """The gaps between the words of a page's text; n of them."""

    features: Matrix
    """(n, features)"""
    labels: Values
    """(n) Whether a block begins or ends there."""
    fold: int


@dataclass(slots=True)
class Example:
    """A dump made ready for training; n lines."""

    lines: list[Line]
    title: str
    columns: Columns
    features: Matrix
    """(features of the first model, n)"""
    labels: Values
    """(n) Share of the line's words that are in the truth."""
    weights: Values
    fold: int
    is_trimmed: bool
    """Whether it is cut down to the article: its headline is where it stands."""


def read_labelled(root: Path) -> list[Labelled]:
    """Return the pages below a folder that have a full truth."""
    return [page for page in read_folders(root) if page.truth.get("body")]


def make_gaps(page: Labelled) -> Gaps | None:
    """Return the gaps of a page; None where it has hardly any text."""
    text = marked(decode(page.page()).text)
    atoms = split_atoms(" ".join(text.replace(EDGE, "").split()))
    if len(atoms.texts) < 20:
        return None
    labels = np.array(_edges(atoms.texts, "".join(text.split())), np.float64)
    matrix = np.ascontiguousarray(describe_gaps(atoms)[:, :MOST_GAPS:EVERY].T)
    return Gaps(matrix, labels[:MOST_GAPS:EVERY], fold_of(page.domain))


def _edges(atoms: Sequence[str], text: str) -> list[bool]:
    """Return whether an EDGE stands before each piece in a text without spaces."""
    found, place = [], 0
    for atom in atoms:
        start = place
        while text[place] == EDGE:
            place += 1
        found.append(place > start)
        left = len(atom)
        while left:
            left -= text[place] != EDGE
            place += 1
    return found


def make_dumps(page: Labelled, forms: Sequence[str], cuts: Forest) -> Iterator[Example]:
    """Yield a page's dumps: in some forms, and the first one without the page's frame."""
    html = decode(page.page()).text
    truths = [page.truth["body"], *(other for other in page.truth.get("body_alt") or [] if other)]
    for form in forms:
        lines = cut_lines(flatten(html, form), lambda line: cut_line(line, cuts))[:MOST_LINES]
        texts = [line.text for line in lines]
        labels = np.array(label_blocks(texts, truths))
        if lines:
            yield make_example(page, lines, labels, is_trimmed=False)
        if lines and form == forms[0]:
            start, end = trim(texts, labels.tolist(), fold(page.truth.get("title") or ""))
            yield make_example(page, lines[start:end], labels[start:end], is_trimmed=True)


def make_example(page: Labelled, lines: list[Line], labels: Values, *, is_trimmed: bool) -> Example:
    """Return lines ready for training."""
    columns = describe_lines(lines)
    texts = [line.text for line in lines]
    words = np.array([len(words_of(text)) for text in texts], float)
    # A line weighs its share of the true text, so that each dump counts the same; a little for lines without words.
    weights = np.minimum(words / max((words * labels).sum(), 50.0), 1.0) + 0.0005
    title = fold(page.truth.get("title") or "")
    fold_number = fold_of(page.domain)
    return Example(lines, title, columns, columns.matrix(), labels, weights, fold_number, is_trimmed)


def make_examples(pages: Sequence[Labelled], cuts: Mapping[int, Forest]) -> list[Example]:
    """Return the dumps of some pages, each cut by a model that did not see its page."""
    return [
        example
        for turn, page in enumerate(pages)
        for example in make_dumps(page, PAIRS[turn % 2], cuts[fold_of(page.domain)])
    ]


def _train(rows: Matrix, labels: Values, weights: Values | None, **more: Any) -> Forest:
    data = lgb.Dataset(rows, labels, weight=weights)
    return flatten_trees(lgb.train(PARAMETERS | SHALLOW | more, data, ROUNDS))


def train_cuts(gaps: Sequence[Gaps]) -> Forest:
    """Return a model of gaps."""
    rows = np.concatenate([one.features for one in gaps])
    return _train(rows, np.concatenate([one.labels for one in gaps]), None)


def train_lines(examples: Sequence[Example], matrices: Sequence[Matrix]) -> Forest:
    """Return a model of lines, given the matrices of shape (features, n)."""
    rows = np.ascontiguousarray(np.concatenate(matrices, axis=1).T)
    labels = np.concatenate([example.labels for example in examples])
    return _train(rows, labels, np.concatenate([example.weights for example in examples]))


def train_headline(examples: Sequence[Example], first: Sequence[Values]) -> Forest:
    """Return a model of headlines; `first` are probabilities of first models that did not see the dumps."""
    rows, labels, weights = [], [], []
    for example, values in zip(examples, first, strict=True):
        found = find_candidates(example.lines, example.columns, values)
        right = [fold(text) == example.title for text in found.texts]
        # Trimmed dumps would teach that it stands right before the text: of whole pages 8 % fewer were right.
        if example.title and any(right) and not example.is_trimmed:
            rows.append(found.features)
            labels += right
            weights += [1.0 / sum(right) if is_right else 0.5 for is_right in right]
    if not rows:  # pages without titles: the headline is found as before
        return load_dump_model().headline
    matrix = np.ascontiguousarray(np.concatenate(rows, axis=1).T)
    return _train(matrix, np.array(labels, np.float64), np.array(weights), min_data_in_leaf=10)


@dataclass(slots=True)
class Lessons:
    """Everything that the final models and those of each fold have in common."""

    cuts: dict[int, Forest]
    """By fold, trained without it."""
    gaps: list[Gaps]
    examples: list[Example]
    """Cut by models that did not see their page."""
    first: dict[int, Forest]
    """By fold, trained without it."""
    guesses: list[Values]
    """Of each example, by the first model that did not see its domain."""
    matrices: list[Matrix]
    """Of each example, of the second model."""

    def train(self, examples: Sequence[int], cuts: Forest, first: Forest) -> DumpModel:
        """Return the models of some examples, named by their places."""
        chosen = [self.examples[place] for place in examples]
        second = train_lines(chosen, [self.matrices[place] for place in examples])
        return DumpModel(
            cuts, first, second, train_headline(chosen, [self.guesses[place] for place in examples])
        )


def learn(pages: Sequence[Labelled]) -> Lessons:
    """Return what can be learned fold by fold."""
    gaps = [one for one in map(make_gaps, pages) if one is not None]
    cuts = {held_out: train_cuts([one for one in gaps if one.fold != held_out]) for held_out in range(FOLDS)}
    examples = make_examples(pages, cuts)
    first = {
        held_out: train_first([one for one in examples if one.fold != held_out]) for held_out in range(FOLDS)
    }
    guesses = [first[example.fold].probabilities(example.features) for example in examples]
    matrices = []
    for example, values in zip(examples, guesses, strict=True):
        describe_lines_again(example.columns, values)
        matrices.append(example.columns.matrix())
    return Lessons(cuts, gaps, examples, first, guesses, matrices)


def train_first(examples: Sequence[Example]) -> Forest:
    """Return a first model of some dumps."""
    return train_lines(examples, [example.features for example in examples])


def train_final(lessons: Lessons) -> DumpModel:
    """Return the models of all pages; second and headline model learn from first models that did not see their pages."""
    return lessons.train(
        range(len(lessons.examples)), train_cuts(lessons.gaps), train_first(lessons.examples)
    )


def cross_validate(lessons: Lessons) -> dict[int, DumpModel]:
    """Return for each fold models trained without its domains.

    What the second model reads of the dumps it learns from came of first models without those dumps' fold: they saw the held-out
    fold, whose truth reaches the second model in no other way.
    """
    models = {}
    for held_out in range(FOLDS):
        rest = [place for place, example in enumerate(lessons.examples) if example.fold != held_out]
        models[held_out] = lessons.train(rest, lessons.cuts[held_out], lessons.first[held_out])
    return models


def save(path: Path, models: Mapping[str, DumpModel]) -> None:
    """Write models under prefixes of their arrays' names; the same forests give the same bytes."""
    arrays: dict[str, Any] = {}
    for prefix, model in models.items():
        for name in ("cuts", "first", "second", "headline"):
            forest = getattr(model, name)
            arrays[f"{prefix}{name}_feature"] = forest.feature.astype(np.int16)
            arrays[f"{prefix}{name}_threshold"] = forest.threshold
            arrays[f"{prefix}{name}_leaf"] = forest.leaf
    np.savez_compressed(path, **arrays)


def main() -> None:
    """Train on every page below a folder and write the models."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=MODEL)
    arguments = parser.parse_args()
    pages = read_labelled(arguments.folder)
    save(arguments.output, {"": train_final(learn(pages))})
    print(f"{arguments.output}: {arguments.output.stat().st_size / 1e3:.0f} kB from {len(pages)} pages")


if __name__ == "__main__":
    main()
