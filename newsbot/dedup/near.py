"""Near-duplicates: MinHash sketches of word shingles, their similarity, and the pairs among many texts that are worth a look."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from newsbot.dedup.compiled import texts_in_c
from newsbot.dedup.exact import fold, units_of

# 128 permutations: a standard error of 0.04 on a similarity of 0.7.
PERMUTATIONS = 128
# 42 bands of 3 rows: two texts of similarity 0.4 meet in some band with a chance of 0.94, of 0.1 with 0.04, of 0.02 with 0.0003.
BANDS, ROWS = 42, 3
SHINGLE = 4
SEED = 20201201
# Share of shingles that stays when a typo or a few words are changed.
SMALL = 0.85
# Bytes of a sketch.
SKETCH_BYTES = PERMUTATIONS * 4
_BATCH = 4096
# Scripts written without spaces, whose characters stand for words: kana, Han, Thai.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SPACE, _FIRST_UNSPACED = 0x20, 0xE00
_WORD = re.compile(f"[{_UNSPACED}]|[^\\s{_UNSPACED}]+")

Sketches = NDArray[np.uint32]
"""Sketches as an array of shape (texts, PERMUTATIONS)."""
Integers = NDArray[np.int64]


def sketch(text: str) -> bytes:
    """Return the MinHash sketch of a text: 128 little-endian 32-bit numbers, 512 bytes."""
    return sketch_folded(fold(text))


def sketch_folded(folded: str) -> bytes:
    """Return the sketch of a text that is folded."""
    # Runs that come twice change no sketch: telling them apart would take a fifth of the time.
    return signature(_spaced_runs(folded) or shingles(folded))


def _spaced_runs(folded: str) -> list[str]:
    """Return the runs of a folded text of enough words, none in a script without spaces, cut out of it; else an empty list."""
    if texts_in_c is not None:
        found: list[str] | None = texts_in_c.runs(folded, SHINGLE, _FIRST_UNSPACED)
        return found if found is not None and len(found) > 2 * SHINGLE else []
    codes = units_of(folded)
    spaces = np.flatnonzero(codes == _SPACE)
    if len(spaces) < 3 * SHINGLE - 1 or codes.max() >= _FIRST_UNSPACED:
        return []
    ends = [*spaces.tolist(), len(folded)]
    starts = [0, *(spaces[: 1 - SHINGLE] + 1).tolist()]
    return [folded[start:end] for start, end in zip(starts, ends[SHINGLE - 1 :], strict=True)]


def shingles(folded: str) -> set[str]:
    """Return the runs of 4 words of a folded text; of 4 characters where it has hardly any words."""
    words = words_of(folded)
    return runs(words if len(words) >= 3 * SHINGLE else list(folded.replace(" ", "")))


def runs(words: list[str]) -> set[str]:
    """Return the runs of 4 of these words."""
    if len(words) < SHINGLE:
        return {" ".join(words)}
    return set(map(" ".join, zip(*(words[start:] for start in range(SHINGLE)), strict=False)))


def words_of(folded: str) -> list[str]:
    """Return the words of a folded text; each character of a script without spaces is one."""
    return folded.split() if folded.isascii() else _WORD.findall(folded)


def signature(parts: Iterable[str]) -> bytes:
    """Return the sketch of a set of shingles."""
    made = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    made.update(list(parts))
    return struct.pack(f"<{PERMUTATIONS}I", *made.digest())


def unpack(sketches: Iterable[bytes]) -> Sketches:
    """Return sketches as an array."""
    return np.frombuffer(b"".join(sketches), dtype="<u4").reshape(-1, PERMUTATIONS)


def similarity(one: bytes, other: bytes) -> float:
    """Return the estimated share of shingles that two texts have in common (Jaccard), 0 to 1."""
    return float((unpack([one]) == unpack([other])).mean())


def small_change(old: bytes, new: bytes) -> bool:
    """Whether two versions of a text differ by a typo's worth."""
    return similarity(old, new) >= SMALL


def containment(similar: Any, one: Any, other: Any) -> Any:
    """Return the share of the smaller set's shingles that the larger has too, from similarity and sizes; numbers or arrays.

    A story that was cut to half its length has a similarity of 0.5 to the whole and a containment of 1.
    """
    common = similar * (one + other) / (1 + similar)
    return np.minimum(1.0, common / np.maximum(1, np.minimum(one, other)))


def pairs(one: Sketches, other: Sketches) -> Iterator[tuple[Integers, Integers, NDArray[np.float64]]]:
    """Yield (row of `one`, row of `other`, similarity) of the pairs that share a band, each pair once, some thousands at a time."""
    found = _meeting(one, other)
    for start in range(0, len(found), _BATCH):
        part = found[start : start + _BATCH]
        left, right = part // len(other), part % len(other)
        yield left, right, (one[left] == other[right]).mean(axis=1)


def _meeting(one: Sketches, other: Sketches) -> Integers:
    """Return the pairs that share a band as row * len(other) + row, sorted."""
    met = [np.empty(0, np.int64)]
    for band in range(BANDS):
        mine, theirs = _band(one, band), _band(other, band)
        order = np.argsort(theirs, kind="stable")
        ranked = theirs[order]
        first, last = np.searchsorted(ranked, mine, "left"), np.searchsorted(ranked, mine, "right")
        counts = last - first
        rows = np.repeat(np.arange(len(mine)), counts)
        # For each row the places first, first + 1, … last - 1 in the ranked band.
        places = (
            np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
        )
        met.append(rows * len(other) + order[places])
    return np.unique(np.concatenate(met)).astype(np.int64)


def _band(sketches: Sketches, band: int) -> NDArray[np.uint64]:
    """Return one 64-bit number a text for a band; equal for texts whose three rows are."""
    numbers = np.zeros(len(sketches), np.uint64)
    for row in range(band * ROWS, (band + 1) * ROWS):
        # FNV-1a over 32-bit numbers: wraps around, as meant.
        numbers = (numbers ^ sketches[:, row].astype(np.uint64)) * np.uint64(0x100000001B3)
        numbers ^= numbers >> np.uint64(29)
    return numbers
