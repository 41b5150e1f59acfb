"""Describes the lines of a plain-text dump by numbers: shape, words, repetition, place, and the lines around."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from newsbot.dedup.exact import fold
from newsbot.extract.letters import (
    COMMA,
    DASH,
    DIGIT,
    LETTER,
    LOWER,
    MARK,
    OTHER,
    QUOTE,
    STOP,
    UPPER,
    WIDE,
    Floats,
    Ints,
    count_kinds,
)
from newsbot.extract.line_marks import find_stretch, is_behind, is_byline, is_date_line, is_icons
from newsbot.extract.lines import Line
from newsbot.extract.sheet import shifted, windowed
from newsbot.extract.wordings import WORDINGS, wording_bits

_AROUND = (-3, -2, -1, 1, 2, 3)
_FAR = 999.0
# Characters of a line that are folded to find it again.
_FOLDED = 300
# A line of at least this probability is taken for text when distances to text are measured.
_SURE = 0.6
_BASE = 5.0


@dataclass(slots=True)
class Columns:
    """The lines of a dump as columns of numbers; n lines."""

    words: Floats
    names: list[str] = field(default_factory=list)
    columns: list[Floats] = field(default_factory=list)

    def add(self, name: str, column: npt.ArrayLike) -> None:
        """Add a feature."""
        self.names.append(name)
        self.columns.append(np.asarray(column, np.float64))

    def add_around(self, name: str, column: Floats, steps: tuple[int, ...] = _AROUND) -> None:
        """Add what a feature is of the lines before and behind."""
        for step in steps:
            self.add(f"{name}{step:+}", shifted(column, step))

    def matrix(self) -> npt.NDArray[np.float32]:
        """Return the features as an array of shape (features, n)."""
        return np.array(self.columns, np.float32)


def describe_lines(lines: list[Line]) -> Columns:
    """Return the columns of the first model, of at least one line."""
    columns = Columns(np.array([line.words for line in lines], np.float64))
    _add_shape(columns, lines)
    _add_words(columns, lines)
    _add_place(columns, lines)
    return columns


def _add_shape(columns: Columns, lines: list[Line]) -> None:
    texts = [line.text for line in lines]
    counts, words, capitals, kinds, starts = count_kinds(texts)
    chars = np.maximum(counts.sum(axis=1), 1)
    some = np.maximum(words, 1)
    letters = np.maximum(counts[:, LOWER] + counts[:, UPPER] + counts[:, LETTER] + counts[:, WIDE], 1)
    for name, column in (
        ("chars", chars),
        ("words", words),
        ("word_length", letters / some),
        ("stops", counts[:, STOP]),
        ("words_a_stop", words / (counts[:, STOP] + 1)),
        ("commas", counts[:, COMMA] / some),
        ("digits", counts[:, DIGIT] / chars),
        ("upper", counts[:, UPPER] / letters),
        ("capitals", capitals / some),
        ("quotes", counts[:, QUOTE] / some),
        ("dashes", counts[:, DASH] / some),
        ("marks", counts[:, MARK] / some),
        ("others", counts[:, OTHER] / chars),
        ("wide", counts[:, WIDE] / letters),
        ("first_kind", kinds[starts]),
        ("last_kind", kinds[np.append(starts[1:], len(kinds)) - 2]),
        ("is_ended", [line.is_ended for line in lines]),
        ("is_item", [line.is_item for line in lines]),
        ("is_date", [is_date_line(line) for line in lines]),
        ("is_byline", [is_byline(line) for line in lines]),
        ("is_icons", [is_icons(line) for line in lines]),
        ("follows", [line.follows for line in lines]),
    ):
        columns.add(name, column)
    reads = np.array([line.is_prose for line in lines]) * columns.words
    columns.add("reads", reads)
    columns.add_around("words", words)
    columns.add_around("reads", reads)
    columns.add_around("capitals", capitals / some)
    columns.add_around("is_ended", np.array([line.is_ended for line in lines], np.float64))
    columns.add_around("follows", np.array([line.follows for line in lines], np.float64), (1,))
    for width in (2, 5, 12, 30):
        columns.add(f"reads_window{width}", windowed(reads, width))
        columns.add(
            f"reads_share{width}", windowed(reads, width) / np.maximum(windowed(columns.words, width), 1)
        )
        columns.add(
            f"capitals_window{width}", windowed(capitals, width) / np.maximum(windowed(words, width), 1)
        )


def _add_words(columns: Columns, lines: list[Line]) -> None:
    """Add what the words tell: prompts and heads of boxes, lines said again, words of the text."""
    told = np.array([wording_bits(line.text) for line in lines])
    for prefix, marks in (("starts", told[:, 0]), ("says", told[:, 1])):
        for place, name in enumerate(WORDINGS):
            columns.add(f"{prefix}_{name}", (marks >> place) & 1)
    telling = told[:, 2].astype(np.float64)
    columns.add("telling", telling / np.maximum(columns.words, 1))
    columns.add_around("telling", telling / np.maximum(columns.words, 1), (-2, -1, 1, 2))
    for width in (3, 10):
        columns.add(
            f"telling_window{width}", windowed(telling, width) / np.maximum(windowed(columns.words, width), 1)
        )
    folded = [fold(line.text[:_FOLDED]) for line in lines]
    times = Counter(folded)
    repeated = np.array([times[text] for text in folded], np.float64)
    columns.add("times", repeated)
    columns.add_around("times", repeated, (-1, 1))
    columns.add("times_window", windowed((repeated > 1).astype(np.float64), 6))
    start, end = find_stretch(lines)
    spoken = Counter(word for text in folded[start:end] for word in set(text.split()) if len(word) > 3)
    titled = set(folded[0].split())
    long = [[word for word in text.split() if len(word) > 3] for text in folded]
    own = np.array([start <= place < end for place in range(len(lines))], np.int64)
    columns.add(
        "shared",
        [
            sum(spoken[word] > int(mine) for word in text) / (len(text) or 1)
            for text, mine in zip(long, own, strict=True)
        ],
    )
    columns.add("titled", [sum(word in titled for word in text) / (len(text) or 1) for text in long])


def _add_place(columns: Columns, lines: list[Line]) -> None:
    n = len(lines)
    index: Ints = np.arange(n)
    reads = columns.columns[columns.names.index("reads")]
    every, total = np.full(n, columns.words.sum()), np.full(n, reads.sum())
    start, end = find_stretch(lines)
    columns.add("from_start", index)
    columns.add("place", index / n)
    columns.add("lines", np.full(n, n))
    columns.add("all_words", every)
    columns.add("all_reads", total)
    columns.add("reads_of_all", total / np.maximum(every, 1))
    columns.add("reads_before", (np.cumsum(reads) - reads) / np.maximum(total, 1))
    columns.add("words_before", (np.cumsum(columns.words) - columns.words) / np.maximum(every, 1))
    columns.add("stretch_from", index - start)
    columns.add("stretch_to", index - end)
    columns.add("stretch_share", np.full(n, reads[start:end].sum()) / np.maximum(total, 1))
    for name, marks in (
        ("behind", [is_behind(line) for line in lines]),
        ("date", [is_date_line(line) for line in lines]),
        ("byline", [is_byline(line) for line in lines]),
        ("short", [line.words <= 3 for line in lines]),
    ):
        _add_distances(columns, name, np.array(marks, bool))
    # Heads of what stands behind matter once there was text.
    seen = np.cumsum(reads) > 0
    columns.add("behind_before", np.cumsum([is_behind(line) for line in lines] & seen))


def _add_distances(columns: Columns, name: str, marks: npt.NDArray[np.bool_]) -> None:
    n = len(marks)
    index = np.arange(n)
    before: Ints = np.concatenate(([-1], np.maximum.accumulate(np.where(marks, index, -1))[:-1]))
    behind: Ints = np.concatenate((np.minimum.accumulate(np.where(marks, index, n)[::-1])[::-1][1:], [n]))
    sums = np.concatenate(([0.0], np.cumsum(columns.words)))
    columns.add(f"since_{name}", np.where(before < 0, _FAR, index - before))
    columns.add(f"until_{name}", np.where(behind >= n, _FAR, behind - index))
    columns.add(f"words_since_{name}", np.where(before < 0, -1.0, sums[index] - sums[before + 1]))
    columns.add(
        f"words_until_{name}", np.where(behind >= n, -1.0, sums[np.minimum(behind, n)] - sums[index + 1])
    )


def describe_lines_again(columns: Columns, first: Floats) -> None:
    """Add the features of the second model, made of the first one's probabilities."""
    n = len(first)
    weight = columns.words + _BASE
    mass = first * weight
    total = max(mass.sum(), 1e-9)
    columns.add("p", first)
    for step in (-4, *_AROUND, 4):
        columns.add(f"p{step:+}", shifted(first, step, 0.0))
    for width in (2, 5, 12, 30):
        others = windowed(weight, width) - weight
        columns.add(f"p_window{width}", (windowed(mass, width) - mass) / np.maximum(others, 1e-9))
    columns.add("p_before", (np.cumsum(mass) - mass) / total)
    columns.add("p_mass", np.full(n, total))
    columns.add("p_mass_share", np.full(n, total / weight.sum()))
    _add_distances(columns, "text", first > _SURE)
    sums = np.concatenate(([0.0], np.cumsum((first - 0.4) * weight)))
    end = int((sums - np.minimum.accumulate(sums)).argmax())
    start = int(sums[: end + 1].argmin()) if end else 0
    index = np.arange(n)
    columns.add("p_stretch_from", index - start)
    columns.add("p_stretch_to", index - (end - 1))
    columns.add("p_stretch_share", np.full(n, mass[start:end].sum() / total))
    # Text behind a gap of other lines: how much there is on this side of the gap, and on the other.
    columns.add("p_run", _run_mass(first > 0.5, mass) / total)


def _run_mass(marks: npt.NDArray[np.bool_], mass: Floats) -> Floats:
    """Return for each line the mass of the unbroken run of equal marks that it is in."""
    runs = np.concatenate(([0], np.cumsum(marks[1:] != marks[:-1])))
    return np.asarray(np.bincount(runs, mass)[runs], np.float64)
