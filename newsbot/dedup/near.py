"""Near-duplicates: MinHash sketches of word shingles, their similarity, and clusters by locality-sensitive hashing."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from rensa import RMinHash

from newsbot.dedup.exact import fold

# 128 permutations: a standard error of 0.04 on a similarity of 0.7.
PERMUTATIONS = 128
# 32 bands of 4 rows: two texts of similarity 0.6 meet in some band with a chance of 0.99, of 0.3 with 0.23.
BANDS, ROWS = 32, 4
SHINGLE = 4
SEED = 20201201
# Share of shingles that stays when a typo or a few words are changed.
SMALL = 0.85


def sketch(text: str) -> bytes:
    """Return the MinHash sketch of a text: 128 little-endian 32-bit numbers, 512 bytes."""
    made = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    made.update(list(_shingles(text)))
    return struct.pack(f"<{PERMUTATIONS}I", *made.digest())


def similarity(one: bytes, other: bytes) -> float:
    """Return the estimated share of shingles that two texts have in common (Jaccard), 0 to 1."""
    pairs = zip(_numbers(one), _numbers(other), strict=True)
    return sum(a == b for a, b in pairs) / PERMUTATIONS


def small_change(old: bytes, new: bytes) -> bool:
    """Whether two versions of a text differ by a typo's worth."""
    return similarity(old, new) >= SMALL


def bands(made: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the sketch's bands: two texts that share one are candidates for a cluster."""
    width = ROWS * 4
    for number in range(BANDS):
        yield number, made[number * width : (number + 1) * width]


def _shingles(text: str) -> Iterable[str]:
    words = fold(text).split()
    if len(words) < 3 * SHINGLE:
        # Scripts without spaces, and very short texts: characters are the words.
        words = list(fold(text).replace(" ", ""))
    last = max(1, len(words) - SHINGLE + 1)
    return {" ".join(words[start : start + SHINGLE]) for start in range(last)}


def _numbers(made: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{PERMUTATIONS}I", made)
