"""Tells lists of teasers from text: a front page, a section, a tag, a list of names; serves kind.py."""

from __future__ import annotations

import re
from collections import Counter

from newsbot.items import Block

MOSTLY = 0.7
"""Words in links to words outside them, above which a page leads elsewhere."""
TEASERS = 12
"""Linked lines of at least 4 words that make a list of articles."""
LINKS = 40
"""Linked lines of any length that make a list of names or days, on a page without text."""
FEWEST = 3
"""Headlines in one place of the page that can be a section's list, and as many that text stands behind."""
BEHIND = 2
"""Blocks behind a linked headline that are its teaser, and their words."""
TEASER = 80
NEARLY_ALL = 0.75
"""Share of the sentences' words that stand behind linked headlines."""
LONGEST = 50_000
"""Characters of a text whose words are counted."""
_SPACED = bytes({*range(256)} - {0xE0, *range(0xE3, 0xEA)})
"""Bytes of UTF-8 that begin no sign of a script without spaces; 0xE0 begins those of India too."""
_UNSPACED = re.compile("[\u0e01-\u0e4e\u3041-\u30ff\u3400-\u9fff]")
_SENTENCE = re.compile(r"[.!?…。！？।؟]")


def is_linked(block: Block) -> bool:
    """Whether all of a block stands in one link."""
    last = block.path.rpartition(">")[2]
    return last == "a" or last.startswith("a.") or ">a." in block.path or ">a>" in block.path


def words_in(text: str) -> int:
    """Return the number of words; in scripts without spaces half the number of signs; of very long texts an estimate."""
    if len(text) > LONGEST:
        return len(text) // 6
    if not text.isascii():
        signs = len(_UNSPACED.findall(text))
        if signs * 3 > len(text):
            return signs // 2
    return len(text.split())


def words_in_all(texts: list[str]) -> int:
    """Return the number of words of texts folded as blocks are, as words_in counts them: by what parts them, all in one look."""
    joined = "\n".join(texts)
    if len(joined) > LONGEST or joined.encode("utf-8", "replace").translate(None, _SPACED):
        return sum(map(words_in, texts))
    return joined.count(" ") + joined.count("\n") + 1 if texts else 0


def is_sentence(block: Block) -> bool:
    """Whether a block holds a sentence."""
    return "." in block.text or _SENTENCE.search(block.text) is not None


def leads_elsewhere(blocks: list[Block], sentences: int) -> bool:
    """Whether linked lines make up more of a page than its text does, whose `sentences` are counted in words."""
    linked = other = count = every = 0
    for block in blocks:
        words = words_in(block.text)
        if is_linked(block):
            linked, count, every = linked + words, count + (words >= 4), every + 1
        else:
            other += words
    is_many = count >= TEASERS or (every >= LINKS and not sentences)
    return is_many and linked > max(sentences, other * MOSTLY)


def is_menu(blocks: list[Block]) -> bool:
    """Whether the page has a site's menus: a wall that stands before the site has none."""
    return sum(map(is_linked, blocks)) >= TEASERS


def is_list_of_teasers(blocks: list[Block]) -> bool:
    """Whether nearly all text is teasers: a block or two behind each of the linked headlines that share one place in the tree."""
    places = Counter(block.path for block in blocks if is_linked(block) and words_in(block.text) >= 4)
    lists = {place for place, count in places.items() if count >= FEWEST}
    teased = every = behind = words = items = 0
    is_behind = False
    for block in blocks:
        if block.path in lists:
            is_behind, behind, words = True, 0, 0
            continue
        if is_linked(block) or not (block.kept and is_sentence(block)):
            continue
        size = words_in(block.text)
        behind, words, every = behind + 1, words + size, every + size
        if is_behind and behind <= BEHIND and words <= TEASER:
            teased, items = teased + size, items + (behind == 1)
    return items >= FEWEST and teased >= NEARLY_ALL * every
