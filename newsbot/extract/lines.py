"""Cuts a plain-text dump into lines and says of each what it looks like; serves text.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

MOST_LINES = 20_000
"""Lines looked at: a dump of more is no article page, and what follows is dropped."""
LONGEST_LINE = 100_000
"""Characters of a line that are kept."""
MOST_CUT = 300_000
"""Characters that are looked at for elements run together: five times the longest page of the corpora as one line."""
_SINGLE = re.compile("[\u0e01-\u0e4e\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Signs of scripts written without spaces: about two make a word."""
_CLOSERS = "\"'’”»›)]}」』】）*_ "
_ENDS = ".!?…。！？؟।॥։።⋯‽"
_SENTENCE = re.compile(r"[.!?…؟।](?=[\s\"”’»)]|$)|[。！？]")
_BULLET = re.compile(r"^(?:[•·▪◦‣*–—-]|\d{1,2}[.)])\s+")
_GLUED_END = re.compile(r"([^\W\d_]{2}|[\d%)\]])([.!?…][\"”’»)]?|[\"”»])(?=[^\W\d_]|[“«„\"‘])")
"""A sentence's end with the next begun right behind it, as elements run together; the letter behind must be a capital."""
_SENTENCE_END = re.compile(r"[^\W\d_]{2}[.!?…][\"'”’»)\]]*\s+|[。！？][」』”]?")
_LEAST = 30
"""Characters up to which a line is not looked at: what is run together in it is a menu."""
_CALL = 300
"""Characters that a look at a line costs at least: a call takes a millisecond."""
_LONG = 2500
"""Characters of a line that holds more than a paragraph: the longest ones of the corpora have 2,000."""
_SHORT = 300
"""Characters up to which a part cut out is not cut into sentences: a paragraph, a headline of two sentences."""
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
    follows: bool = False
    """Stood behind the line before with a space between: both may be of one paragraph, or a menu's items."""
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


def cut_lines(text: str, cut: Callable[[str], list[str]]) -> list[Line]:
    """Return a dump's lines that are not empty; where elements were run together, `cut` tells them apart."""
    whole = [" ".join(line.split())[:LONGEST_LINE] for line in text.splitlines()[: 4 * MOST_LINES]]
    is_glued = sum(len(_GLUED_END.findall(line[:20_000])) for line in whole[:2000]) >= _RUN_TOGETHER
    lines: list[Line] = []
    room = MOST_CUT
    for line in _rejoined(whole):
        is_cut = ((is_glued and len(line) > _LEAST) or len(line) > _LONG) and room > 0
        room -= max(len(line), _CALL) * is_cut
        for part in cut(line) if is_cut else [line]:
            sentences = part_sentences(part) if is_cut and len(part) > _SHORT else [part]
            lines += [describe(one, follows=place > 0) for place, one in enumerate(sentences) if one]
        if len(lines) > MOST_LINES:
            break
    return lines[:MOST_LINES]


def part_sentences(line: str) -> list[str]:
    """Cut a line between its sentences, at the spaces; in scripts without them behind the full stop."""
    parts, start = [], 0
    for match in _SENTENCE_END.finditer(line):
        following = line[match.end() : match.end() + 1]
        if following and (_begins(following) or not following.isalnum()):
            parts.append(line[start : match.end()].strip())
            start = match.end()
    return [*parts, line[start:].strip()]


def describe(text: str, *, follows: bool = False) -> Line:
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
        follows=follows,
        is_titled=words >= 4 and sum(word[0].isupper() for word in text.split()) > 0.6 * words,
    )


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
    paragraphs: list[list[str]] = []
    width = lengths[len(lengths) // 2]
    room = 0
    is_open = False
    for line in whole:
        room -= len(line) + 1
        if is_open and line and room > 0 and not _BULLET.match(line):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
            room = LONGEST_LINE - len(line)
        is_open = len(line) > width * 0.75
    return [" ".join(paragraph) for paragraph in paragraphs]
