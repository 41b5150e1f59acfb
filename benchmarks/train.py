"""Trains the extraction model: `python -m benchmarks.train FOLDER` writes newsbot/extract/model.npz (deterministic, some minutes).

FOLDER holds folders of labelled pages (`truth.jsonl` beside `<id>.html.gz`); see docs/EXTRACTION.md for training on your own.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.learning import THRESHOLD, Example, make_examples, train_final
from benchmarks.pages import read_folders
from newsbot.extract.forest import Forest

MODEL = Path(__file__).resolve().parent.parent / "newsbot" / "extract" / "model.npz"


def save(path: Path, first: Forest, second: Forest, threshold: float, features: Sequence[str]) -> None:
    """Write a model file; the same forests give the same bytes. `features` names the columns that the second forest looks at."""
    arrays: dict[str, Any] = {"threshold": np.float64(threshold), "features": np.array(features)}
    for name, forest in (("first", first), ("second", second)):
        arrays[f"{name}_feature"] = forest.feature.astype(np.int16)
        arrays[f"{name}_threshold"] = forest.threshold
        arrays[f"{name}_leaf"] = forest.leaf
    np.savez_compressed(path, **arrays)


def feature_names(examples: Sequence[Example]) -> list[str]:
    """Return the names of the second forest's features, of which the first forest's are the first, in their order."""
    return examples[0].table.names


def main() -> None:
    """Train on every page below a folder and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=MODEL)
    arguments = parser.parse_args()
    examples = make_examples(read_folders(arguments.folder))
    save(arguments.output, *train_final(examples), THRESHOLD, feature_names(examples))
    print(f"{arguments.output}: {arguments.output.stat().st_size / 1e3:.0f} kB from {len(examples)} pages")


if __name__ == "__main__":
    main()
