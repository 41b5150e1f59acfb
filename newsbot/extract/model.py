"""The block classifier that body.py asks which blocks are the article's text; benchmarks/train.py trains it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from newsbot.extract.features import describe
from newsbot.extract.forest import Forest
from newsbot.extract.hinted import Hints
from newsbot.extract.letters import Floats
from newsbot.extract.second import describe_again
from newsbot.extract.tree import Tree

FILE = "model.npz"


@dataclass(frozen=True, slots=True)
class Model:
    """Two forests: the second one looks again, at what the first one thinks of the blocks around."""

    first: Forest
    second: Forest
    threshold: float
    """Blocks above it are kept."""
    features: tuple[str, ...] = ()
    """Names of the columns that the second forest was trained on; the first forest's are the first of them."""

    def judge(self, tree: Tree, hints: Hints) -> Floats:
        """Return for each block of a page, of at least one, the probability that it is the article's text."""
        table = describe(tree, hints)
        describe_again(table, self.first.probabilities(table.matrix()))
        return self.second.probabilities(table.matrix())


@lru_cache(maxsize=1)
def load_model() -> Model:
    """Return the model in the package."""
    with files(__package__).joinpath(FILE).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    first, second = Forest.load(kept, "first"), Forest.load(kept, "second")
    return Model(first, second, float(kept["threshold"]), tuple(kept["features"].tolist()))
