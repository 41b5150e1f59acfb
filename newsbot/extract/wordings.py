"""What the words of short blocks tell: share, subscribe, related, credit …; read by features.py."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

_WORDS = tomllib.loads(files(__package__).joinpath("wordings.toml").read_text(encoding="utf-8"))
WORDINGS = tuple(_WORDS)
"""Names of the bits, lowest first."""
_BITS = {
    word: sum(1 << place for place, name in enumerate(WORDINGS) if word in _WORDS[name].split())
    for word in {word for words in _WORDS.values() for word in words.split()}
}
_SPLIT = re.compile(r"[\w'’©-]+").findall
# Beyond this a block is read as running text.
LONGEST = 300


def wording_bits(text: str) -> tuple[int, int, int]:
    """Return the concepts of a text's first three words, of all its words, and the number of words that tell any."""
    start = every = count = 0
    if len(text) > LONGEST:
        return 0, 0, 0
    for place, word in enumerate(_SPLIT(text.lower())):
        bits = _BITS.get(word)
        if bits:
            every |= bits
            count += 1
            if place < 3:
                start |= bits
    return start, every, count
