"""Says of a block whether it is of a kind that rightly recurs in several articles; serves boilerplate.py."""

from __future__ import annotations

import re

from newsbot.clean.phrases import phrases
from newsbot.dedup.exact import fold
from newsbot.items import Block

SHORT = 60
"""Words up to which a block can be a note."""
_QUOTED = re.compile(r"^\s*[\"“„«‘'「『‹]")
_DATELINE = re.compile(r"^[^.!?\n]{2,80}[–—-]\s*$|^[^.!?\n]{2,40}\([^()\n]{2,30}\)\s*[–—-]?\s*$")
_ROLES = frozenset({"heading", "quote", "dateline"})


def may_recur(block: Block, folded: str | None = None) -> bool:
    """Whether a block is a sub-heading, a quote, a dateline, a correction or an agency's note. `folded`: its text, folded."""
    if block.role in _ROLES or _QUOTED.match(block.text) or _DATELINE.match(block.text):
        return True
    words = (fold(block.text) if folded is None else folded).split()
    if not 0 < len(words) <= SHORT:
        return False
    return bool(phrases("rightful").start(words, block.text)) or phrases("rightful_anywhere").holds(
        words, block.text
    )
