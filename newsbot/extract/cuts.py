"""Cuts a dump whose elements were run together where one element ended and the next began: a model over the gaps between words.

What tells the places: a full stop or a small letter glued to a capital, a word that is written small elsewhere, phrases that come
again and again (menus, headlines said twice), dates and bylines. benchmarks/train_dumps.py trains it on pages, which know them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from newsbot.extract.forest import Forest
from newsbot.extract.letters import Floats, Ints
from newsbot.extract.sheet import shifted

MOST_ATOMS = 30_000
"""Words that are looked at: what stands behind so many is cut by its punctuation alone."""
THRESHOLD = 0.5
_CLOSING = frozenset(".!?…:;,”»’\"')]}%©®™")
_OPENING = frozenset("“„«‘\"'([{©")
_STOP, _COMMA, _COLON, _QUOTE = 1, 2, 3, 4
_LAST = {
    **dict.fromkeys(".!?…।؟۔", _STOP),
    ",": _COMMA,
    ";": _COMMA,
    ":": _COLON,
    **dict.fromkeys("”»’\"')]", _QUOTE),
}
_UPPER, _LOWER, _DIGIT, _OPEN, _OTHER = range(1, 6)
_YEAR = re.compile(r"(?:19|20)\d\d\W?")
_TRIM = "\"'’”»›)]}“«‹([{.,:;!?…|–—-"


@dataclass(slots=True)
class Atoms:
    """The pieces that a line may be cut into; n of them."""

    texts: list[str]
    glued: npt.NDArray[np.bool_]
    """(n) Whether no space stands before the piece."""


def split_atoms(line: str) -> Atoms:
    """Return a line's words, those apart that may be two run together."""
    texts: list[str] = []
    glued: list[bool] = []
    for word in line.split()[:MOST_ATOMS]:
        for place, piece in enumerate(_pieces(word)):
            texts.append(piece)
            glued.append(place > 0)
    return Atoms(texts, np.array(glued, bool))


def _pieces(word: str) -> list[str]:
    if (word[1:].islower() and word.isalpha()) or len(word) > 300:
        return [word]
    pieces, start = [], 0
    for place in range(1, len(word)):
        before, here = word[place - 1], word[place]
        is_new = (
            (here.isupper() and (before.islower() or before.isdigit() or before in _CLOSING))
            or (here.isdigit() and before.isalpha() and place - start > 2)
            or (here.islower() and before in ".!?…" and place - start > 3 and place + 2 < len(word))
            or (
                here in _OPENING
                and here not in "\"'"
                and (before.isalnum() or before in _CLOSING)
                and place + 1 < len(word)
            )
        )
        if is_new:
            pieces.append(word[start:place])
            start = place
    return [*pieces, word[start:]]


def describe_gaps(atoms: Atoms) -> npt.NDArray[np.float32]:
    """Return what tells of the gap before each of n pieces, of at least one, as an array of shape (features, n)."""
    texts = atoms.texts
    folded = [text.strip(_TRIM).casefold() for text in texts]
    numbers: dict[str, int] = {}
    ids = np.array([numbers.setdefault(text, len(numbers)) for text in folded], np.int64)
    first = np.array([_first(text) for text in texts], np.float64)
    last = np.array([_LAST.get(text[-1], 0) for text in texts], np.float64)
    size = np.array([len(text) for text in texts], np.float64)
    columns = [
        *_repetition(atoms, ids),
        *_form(texts, first, last, size),
        *_words(texts, folded, first, ids),
        *_stretches(atoms, first, (last == _STOP) & (size > 2)),
    ]
    return np.array(columns, np.float32)


def _repetition(atoms: Atoms, ids: Ints) -> list[Floats]:
    """Return how often the piece and the runs of pieces around the gap stand in the dump."""
    count = np.bincount(ids)[ids].astype(np.float64)
    pairs, threes = _times(ids, 2), _times(ids, 3)
    return [
        atoms.glued.astype(np.float64),
        *_moved(count, 0, -1, 1),
        *_moved(pairs, 0, 1, -1),
        *_moved(threes, 0, 1, 2, -1),
    ]


def _form(texts: list[str], first: Floats, last: Floats, size: Floats) -> list[Floats]:
    """Return how the pieces around the gap begin and end, their characters, and whether they are all capitals."""
    shout = np.array([len(text) > 1 and text.isupper() for text in texts], np.float64)
    return [
        *_moved(first, -2, -1, 0, 1, 2),
        *_moved(last, -3, -2, -1, 0, 1),
        *_moved(size, -2, -1, 0, 1),
        *_moved(shout, -1, 0, 1),
    ]


def _words(texts: list[str], folded: list[str], first: Floats, ids: Ints) -> list[Floats]:
    """Return how often the word is written small, and whether it begins a byline, is a year or a mark between menu items."""
    said = _said()
    small = np.bincount(ids, first == _LOWER)[ids] / np.bincount(ids)[ids].astype(np.float64)
    by = np.array([text in said for text in folded], np.float64)
    year = np.array([bool(_YEAR.fullmatch(text)) for text in texts], np.float64)
    mark = np.array([text in "|·•»›/-–—>:" for text in texts], np.float64)
    return [*_moved(small, 0, -1, 1), *_moved(by, 0, -1), *_moved(year, 0, -1), *_moved(mark, 0, -1)]


def _stretches(atoms: Atoms, first: Floats, stops: npt.NDArray[np.bool_]) -> list[Floats]:
    """Return the shares of capitals and glued pieces on both sides of the gap, and the way to full stops and glued pieces."""
    glued, is_capital = atoms.glued.astype(np.float64), (first == _UPPER).astype(np.float64)
    columns = _moved(glued, -1, 1)
    for width in (3, 6, 12):
        for values in (is_capital, glued):
            columns += [_mean_before(values, width), _mean_from(values, width)]
    for marks in (stops, atoms.glued):
        columns += [_since(marks), _until(marks)]
    return columns


def _moved(values: Floats, *steps: int) -> list[Floats]:
    return [shifted(values, step) if step else values for step in steps]


@cache
def _said() -> frozenset[str]:
    """Return the words that bylines and date lines begin with."""
    listed = tomllib.loads((files("newsbot.extract") / "dumps.toml").read_text(encoding="utf-8"))
    return frozenset(listed["said"])


def _first(text: str) -> int:
    letter = text[0]
    if letter.isupper():
        return _UPPER
    if letter.islower():
        return _LOWER
    if letter.isdigit():
        return _DIGIT
    return _OPEN if letter in _OPENING else _OTHER


def _times(ids: Ints, length: int) -> Floats:
    """Return how often the run of `length` pieces that begins one before each piece stands in the dump."""
    total = int(ids.max()) + 2
    keys = np.zeros(len(ids), np.int64)
    for step in range(-1, length - 1):
        moved = shifted(ids.astype(np.float64), step).astype(np.int64) if step else ids
        keys = (keys * total + moved + 1) % (1 << 60)
    _, place, times = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(times[place], np.float64)


def _mean_before(values: Floats, width: int) -> Floats:
    sums = np.concatenate(([0.0], np.cumsum(values)))
    index = np.arange(len(values))
    start = np.maximum(index - width, 0)
    mean: Floats = (sums[index] - sums[start]) / np.maximum(index - start, 1)
    return mean


def _mean_from(values: Floats, width: int) -> Floats:
    sums = np.concatenate(([0.0], np.cumsum(values)))
    index = np.arange(len(values))
    end = np.minimum(index + width, len(values))
    mean: Floats = (sums[end] - sums[index]) / np.maximum(end - index, 1)
    return mean


def _since(marks: npt.NDArray[np.bool_]) -> Floats:
    """Return how many pieces lie between a gap and the last marked piece before it."""
    index = np.arange(len(marks))
    seen = np.maximum.accumulate(np.where(marks, index, -1))
    return np.minimum(index - np.concatenate(([-1], seen[:-1])), 99).astype(np.float64)


def _until(marks: npt.NDArray[np.bool_]) -> Floats:
    index = np.arange(len(marks))
    ahead = np.minimum.accumulate(np.where(marks, index, len(marks))[::-1])[::-1]
    return np.minimum(ahead - index, 99).astype(np.float64)


def cut_line(line: str, model: Forest) -> list[str]:
    """Return the parts of a line that the model takes for elements of their own."""
    atoms = split_atoms(line)
    if len(atoms.texts) < 2:
        return [line]
    likely = model.probabilities(describe_gaps(atoms)) > THRESHOLD
    parts: list[str] = []
    for text, is_glued, is_cut in zip(atoms.texts, atoms.glued.tolist(), likely.tolist(), strict=True):
        if not parts or is_cut:
            parts.append(text)
        else:
            parts[-1] += text if is_glued else f" {text}"
    words = line.split()
    if len(words) > MOST_ATOMS:
        parts.append(" ".join(words[MOST_ATOMS:]))
    return parts
