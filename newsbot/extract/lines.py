"""Cuts a plain-text dump into lines and says of each what it looks like; serves text.py."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsbot.extract.decode import decode
from newsbot.items import Page

MOST_LINES = 20_000
"""Lines looked at: a dump of more is no article page, and what follows is dropped."""
LONGEST_LINE = 100_000
"""Characters of a line that are kept."""
_SINGLE = re.compile("[\u0e01-\u0e4e\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Signs of scripts written without spaces: about two make a word."""
_CLOSERS = "\"'’”»›)]}」』】）*_ "
_EDGES = "\"'’”»›)]}“«‹([{.,:;!?…|–—-"
_ENDS = ".!?…。！？؟।॥։።⋯‽"
_SENTENCE = re.compile(r"[.!?…؟।](?=[\s\"”’»)]|$)|[。！？]")
_BULLET = re.compile(r"^(?:[•·▪◦‣*–—-]|\d{1,2}[.)])\s+")
_GLUED_END = re.compile(r"([^\W\d_]{2}|[\d%)\]])([.!?…][\"”’»)]?|[\"”»])(?=[^\W\d_]|[“«„\"‘])")
"""A sentence's end with the next begun right behind it, as elements run together; the letter behind must be a capital."""
_RUN_TOGETHER = 3
"""Glued sentences that make a dump one whose elements were run together."""


@dataclass(slots=True)
class Line:
    """One line of a dump, white space folded."""

    text: str
    words: int
    """By spaces; in scripts without them half the number of signs."""
    sentences: int
    is_ended: bool
    """Ends as a sentence does, closing quotes left aside."""
    is_item: bool
    """Begins with a bullet or a number."""
    is_titled: bool = False
    """More than six in ten of its words begin with a capital: menus, names, title case. German prose has up to 45 %."""

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a paragraph: a whole sentence of at least 8 words, or several, or 40 words with one amid them."""
        if self.is_titled:
            return False
        if self.is_ended:
            return self.words >= 8
        return self.words >= 20 and self.sentences >= (2 if self.words < 40 else 1)


def read_lines(page: Page) -> tuple[list[Line], int]:
    """Return the dump's lines that are not empty, and the number of bytes that could not be decoded.

    Raises UnreadablePage for bytes that are no text.
    """
    text, _, replaced = decode(page)
    whole = [" ".join(line.split())[:LONGEST_LINE] for line in text.splitlines()[: 4 * MOST_LINES]]
    if sum(len(_GLUED_END.findall(line[:20_000])) for line in whole[:2000]) >= _RUN_TOGETHER:
        spoken = {word.strip(_EDGES).casefold() for line in whole for word in line.split()}
        whole = [part for line in whole for sentence in unglue(line) for part in part_words(sentence, spoken)]
    return [describe(line) for line in _rejoined(whole) if line][:MOST_LINES], replaced


def describe(text: str) -> Line:
    """Return a line with what it looks like."""
    signs = len(_SINGLE.findall(text)) if not text.isascii() else 0
    words = len(text.split()) if signs < len(text) // 3 else signs // 2
    bare = text.rstrip(_CLOSERS)
    return Line(
        text=text,
        words=words,
        sentences=len(_SENTENCE.findall(text)),
        is_ended=bare[-1:] in _ENDS if bare else False,
        is_item=bool(_BULLET.match(text)),
        is_titled=words >= 4 and sum(word[0].isupper() for word in text.split()) > 0.6 * words,
    )


def unglue(line: str) -> list[str]:
    """Cut a line where one sentence ends and the next begins without a space: `… was there.The next …`."""
    parts, start = [], 0
    for match in _GLUED_END.finditer(line):
        following = line[match.end()]
        if following.isalpha() and not _begins(following):
            continue
        parts.append(line[start : match.end()].strip())
        start = match.end()
    parts.append(line[start:].strip())
    return parts


def part_words(line: str, spoken: set[str]) -> list[str]:
    """Cut a line where a word is glued to the next one's capital (`World PoliticsSport`), not in names such as `YouTube`.

    `spoken` are the words of the dump in lower case: a cut's parts are words that stand alone elsewhere.
    """
    parts: list[list[str]] = [[]]
    for word in line.split():
        for piece in _cut_word(word, spoken):
            if piece is None:
                parts.append([])
            else:
                parts[-1].append(piece)
    return [" ".join(part) for part in parts]


def _cut_word(word: str, spoken: set[str]) -> list[str | None]:
    """Return the pieces of a word, None between them."""
    if word[1:].islower() or len(word) > 200:
        return [word]
    pieces: list[str | None] = []
    start = 0
    for place in range(2, len(word) - 1):
        before, first, second = word[place - 1], word[place], word[place + 1]
        if not (
            first.isupper() and second.islower() and (before.islower() or before.isdigit() or before in ")%")
        ):
            continue
        left, right = word[start:place].strip(_EDGES).casefold(), word[place:].strip(_EDGES)
        right = next((right[:end] for end in range(1, len(right)) if right[end].isupper()), right).casefold()
        if right in spoken or (left in spoken and place - start > 3):
            pieces += [word[start:place], None]
            start = place
    return [*pieces, word[start:]]


def _begins(letter: str) -> bool:
    """Whether a letter may begin a sentence: a capital, or one of a script that has none."""
    return letter.isupper() or not letter.islower()


def _rejoined(whole: list[str]) -> list[str]:
    """Join the lines of paragraphs that were wrapped at a fixed width; an empty line parts paragraphs."""
    lengths = sorted(len(line) for line in whole if len(line) > 40)
    if (
        len(lengths) < 5
        or lengths[-1] > 110
        or lengths[len(lengths) * 3 // 4] - lengths[len(lengths) // 4] > 25
    ):
        return whole
    joined: list[str] = []
    width = lengths[len(lengths) // 2]
    is_open = False
    for line in whole:
        if is_open and line and not _BULLET.match(line):
            joined[-1] += " " + line
        else:
            joined.append(line)
        is_open = len(line) > width * 0.75
    return joined
