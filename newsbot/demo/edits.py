"""What an editor changes in a story that is printed already: its headline, its body, a typo; called by newspaper.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from newsbot.demo import story
from newsbot.demo.sections import Section
from newsbot.demo.story import Piece, Story

Edit = Literal["headline", "body", "typo"]
EDITS: tuple[Edit, ...] = ("headline", "body", "typo")


def edited(written: Story, seed: int, index: int, section: Section, kinds: list[Edit]) -> Story:
    """Return a story after its edits, in order; the same for the same arguments."""
    for number, kind in enumerate(kinds):
        if kind == "headline":
            headline = story.headline(seed, index, section, f"edit {number}")
            written = replace(written, headline=headline)
        elif kind == "body":
            written = replace(written, pieces=_rewritten(written, seed, index, section, number))
        else:
            written = replace(written, pieces=_misspelt(written.pieces, number))
    return written


def _rewritten(written: Story, seed: int, index: int, section: Section, number: int) -> tuple[Piece, ...]:
    """Return the pieces with three new paragraphs: one for the second, two behind."""
    new = story.paragraphs(seed, index, section, f"edit {number}", 3)
    return (*written.pieces[:1], new[0], *written.pieces[2:], *new[1:])


def _misspelt(pieces: tuple[Piece, ...], number: int) -> tuple[Piece, ...]:
    """Return the pieces with two letters in the middle of the longest one exchanged."""
    place = max(range(len(pieces)), key=lambda i: (not pieces[i].recurs, len(pieces[i].text)))
    text, at = pieces[place].text, len(pieces[place].text) // 2 + number
    while at + 1 < len(text) and (text[at] == text[at + 1] or not (text[at] + text[at + 1]).isalpha()):
        at += 1
    swapped = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return (*pieces[:place], pieces[place]._replace(text=swapped), *pieces[place + 1 :])
