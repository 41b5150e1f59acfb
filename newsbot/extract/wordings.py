"""What the words of short blocks tell: share, subscribe, related, credit …; read by features.py."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from newsbot.extract.letters import Ints

_WORDS = tomllib.loads(files(__package__).joinpath("wordings.toml").read_text(encoding="utf-8"))
WORDINGS = tuple(_WORDS)
"""Names of the bits, lowest first."""
BITS = {
    word: sum(1 << place for place, name in enumerate(WORDINGS) if word in _WORDS[name].split())
    for word in {word for words in _WORDS.values() for word in words.split()}
}
_SPLIT = re.compile(r"[\w'’©-]+").findall
# Parts the blocks of a page when they are looked through together; the walk leaves it in no text.
_END = "\v"
# Stands for it among the words.
_ENDS = "\x00"
_BITS_OR_END = {**BITS, _ENDS: -1}
# Words at the start of a block that are told apart.
_START = 3
# Beyond this a block is read as running text.
LONGEST = 300


def wording_bits(text: str) -> tuple[int, int, int]:
    """Return the concepts of a text's first three words, of all its words, and the number of words that tell any."""
    start = every = count = 0
    if len(text) > LONGEST:
        return 0, 0, 0
    for place, word in enumerate(_SPLIT(text.lower())):
        bits = BITS.get(word)
        if bits:
            every |= bits
            count += 1
            if place < _START:
                start |= bits
    return start, every, count


def all_wording_bits(texts: list[str]) -> tuple[Ints, Ints, Ints]:
    """Return what wording_bits does of each block of a page, as three arrays; the texts hold no vertical tab."""
    starts, every, counts = ([0] * len(texts) for _ in range(3))
    block = begin = 0
    for place, bits in enumerate(map(_BITS_OR_END.get, _words_of(texts))):
        if bits is None:
            continue
        if bits < 0:
            block, begin = block + 1, place + 1
            continue
        every[block] |= bits
        counts[block] += 1
        if place - begin < _START:
            starts[block] |= bits
    return np.array(starts), np.array(every), np.array(counts)


def _words_of(texts: list[str]) -> list[str]:
    """Return the words of short texts as _SPLIT finds them, all in one list with _ENDS between the texts.

    One look-up for all characters and one split take half the time of a regular expression.
    """
    joined = f" {_END} ".join([text if len(text) <= LONGEST else "" for text in texts]).lower()
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    shown = _table().take(codes, mode="clip")
    beyond = np.flatnonzero(codes > 0xFFFF)
    if len(beyond):
        shown[beyond] = [code if chr(code).isalnum() else 0x20 for code in codes[beyond].tolist()]
    return shown.tobytes().decode("utf-32-le").split()


@cache
def _table() -> npt.NDArray[np.uint32]:
    """Return what stands for each character of the Basic Multilingual Plane when words are split: itself, or a space."""
    table = np.full(0x10001, 0x20, np.uint32)
    word = re.compile(r"[\w'’©-]")
    codes = [code for code in range(0x10000) if word.match(chr(code))]
    table[codes] = codes
    table[ord(_END)] = ord(_ENDS)
    return table


def word_table() -> npt.NDArray[np.uint8]:
    """Return of each character of the Basic Multilingual Plane 1 if words have it, else 0; 0 for the vertical tab."""
    is_word: npt.NDArray[np.uint8] = (_table()[:0x10000] != 0x20).astype(np.uint8)
    is_word[ord(_END)] = 0
    return is_word
