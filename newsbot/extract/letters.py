"""Counts kinds of characters in all blocks of a page at once: one table look-up over the joined text, no loop over blocks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.uint8]

SPACE, LOWER, UPPER, LETTER, DIGIT, WIDE, STOP, COMMA, QUOTE, DASH, MARK, OTHER = range(12)
"""Kinds: white space; lower-case, upper-case, other letters; digits; scripts without spaces; ends of sentences; commas;
quotation marks; dashes; the signs of menus and credits; the rest."""
KINDS = 12
# Characters of a block that are looked at: the longest paragraph of the corpora has some thousand, a hostile one 20 million.
LONGEST = 20_000
_SIGNS = {
    STOP: ".!?…。！？।؟۔։።",
    COMMA: ",;:،؛、，；：",
    QUOTE: "\"'“”„‟‘’‚«»‹›「」『』",
    DASH: "-–—−‐‑―",
    MARK: "|·•»›→▶►©®/\\+#@*=_<>↓▼✕×",
}
_WIDE = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xAC00, 0xD7AF), (0x0E00, 0x0E7F))


@lru_cache(maxsize=1)
def kind_table() -> Kinds:
    """Return the kind of each character of the Basic Multilingual Plane."""
    table = np.full(0x10000, OTHER, np.uint8)
    for code in range(0x10000):
        category = unicodedata.category(chr(code))
        if category[0] in "LMN":
            table[code] = {"Lu": UPPER, "Ll": LOWER, "Nd": DIGIT}.get(category, LETTER)
        elif category in {"Zs", "Cc"}:
            table[code] = SPACE
    for start, end in _WIDE:
        table[start : end + 1] = WIDE
    for kind, signs in _SIGNS.items():
        table[[ord(sign) for sign in signs]] = kind
    return table


def count_kinds(texts: list[str]) -> tuple[Floats, Floats, Floats, Kinds, Ints]:
    """Return (counts of shape (blocks, KINDS), words, words with a capital, kind of each character, starts of the blocks).

    The texts must not be empty. A word is a run of letters and digits, or one character of a script without spaces.
    """
    texts = [text[:LONGEST] for text in texts]
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32)
    kinds = kind_table().take(codes, mode="clip")
    sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    ends = sizes.cumsum()
    starts = ends - sizes
    # One count of all pairs (block, kind), where a character that begins a word counts as another kind, KINDS further.
    keys = np.repeat(np.arange(len(texts)) * (2 * KINDS), sizes)
    keys += kinds
    is_word = (kinds >= LOWER) & (kinds <= DIGIT)
    begins = is_word.copy()
    begins[1:] &= ~is_word[:-1]
    begins |= kinds == WIDE
    keys += begins.view(np.uint8) * np.uint8(KINDS)
    pairs = np.bincount(keys, minlength=len(texts) * 2 * KINDS).reshape(-1, 2, KINDS).T.astype(np.float64)
    counts, beginning = pairs[:, 0] + pairs[:, 1], pairs[:, 1]
    counts[SPACE] -= 1
    return counts.T, beginning.sum(axis=0), beginning[UPPER], kinds, starts
