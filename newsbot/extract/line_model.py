"""The models that text.py asks: which lines of a dump are the article's text, which the headline, where lines were run together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from newsbot.extract.cuts import cut_line
from newsbot.extract.dump_headline import find_candidates
from newsbot.extract.forest import Forest
from newsbot.extract.letters import Floats
from newsbot.extract.line_features import describe_lines, describe_lines_again
from newsbot.extract.lines import Line, cut_lines

FILE = "dumps.npz"
THRESHOLD = 0.4
"""Probability above which a line is text: of 0.3, 0.4 and 0.5 the best on benchmarks/dumps.py, by folds; 0.3 is as good."""
NEAR_BEST = 0.75
"""Where no line is above it, those near the surest one are, unless that is unlikely itself."""
LEAST = 0.15


@dataclass(frozen=True, slots=True)
class Judged:
    """A dump as the models see it; n lines."""

    lines: list[Line]
    kept: list[bool]
    """(n) Whether the line is the article's text."""
    scores: Floats
    """(n) The probability of that."""
    head: int | None
    """Place of the headline."""
    headline: str | None
    """The headline without the site's name."""


@dataclass(frozen=True, slots=True)
class DumpModel:
    """Forests trained by benchmarks/train_dumps.py."""

    cuts: Forest
    """Whether a line is to be cut in a gap between words."""
    first: Forest
    """Whether a line is text."""
    second: Forest
    """The same, looking at what the first thinks of the lines around."""
    headline: Forest
    """Whether a line is the headline."""

    @classmethod
    def load(cls, arrays: Mapping[str, Any], prefix: str = "") -> DumpModel:
        """Read the forests out of a model file's arrays."""
        names = ("cuts", "first", "second", "headline")
        return cls(*(Forest.load(arrays, f"{prefix}{name}") for name in names))

    def judge(self, text: str) -> Judged:
        """Cut a dump into lines and find text and headline among them."""
        lines = cut_lines(text, lambda line: cut_line(line, self.cuts))
        if not lines:
            return Judged([], [], np.zeros(0), None, None)
        columns = describe_lines(lines)
        first = self.first.probabilities(columns.matrix())
        describe_lines_again(columns, first)
        scores = self.second.probabilities(columns.matrix())
        kept = scores > min(THRESHOLD, max(NEAR_BEST * float(scores.max()), LEAST))
        if not any(line.is_prose for line, keep in zip(lines, kept.tolist(), strict=True) if keep):
            kept[:] = False  # a menu alone is no text
        candidates = find_candidates(lines, columns, first)
        head, headline = None, None
        if candidates.places and kept.any():
            best = int(self.headline.probabilities(candidates.features).argmax())
            head, headline = candidates.places[best], candidates.texts[best]
        return Judged(lines, kept.tolist(), scores, head, headline)


@lru_cache(maxsize=1)
def load_dump_model() -> DumpModel:
    """Return the models in the package."""
    with files(__package__).joinpath(FILE).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    return DumpModel.load(kept)
