"""Boilerplate learned across the pages of one publisher: blocks that recur on distinct articles at one place in the tree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from newsbot.dedup.exact import fold
from newsbot.items import Article, Block

# A text must stand on this many distinct articles before it counts as recurring.
FEW = 5
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Learned:
    """What a publisher's pages repeat: keys of (folded text, place)."""

    keys: frozenset[str] = frozenset()

    def __contains__(self, block: object) -> bool:
        return isinstance(block, Block) and key_of(block) in self.keys


@dataclass(slots=True)
class Sightings:
    """Counts of texts by place; the same pages in any order give the same counts."""

    counts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, article: Article) -> None:
        """Count each kept block of an article once."""
        for key, block in {key_of(block): block for block in article.blocks if block.kept}.items():
            row = self.counts.setdefault(
                key, {"key": key, "text": block.text[:_SAMPLE], "place": block.path, "pages": 0}
            )
            row["pages"] += 1

    def merge(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add the counts of earlier runs."""
        for row in rows:
            if row["key"] in self.counts:
                self.counts[row["key"]]["pages"] += row["pages"]
            else:
                self.counts[row["key"]] = dict(row)

    def rows(self) -> list[dict[str, Any]]:
        """Return the counts as JSON values, by key."""
        return [self.counts[key] for key in sorted(self.counts)]

    def learned(self) -> Learned:
        """Return what recurs often enough."""
        return Learned(frozenset(key for key, row in self.counts.items() if row["pages"] >= FEW))


def key_of(block: Block) -> str:
    """Return the key of a block: a hash of its folded text and place."""
    return hashlib.blake2b(f"{fold(block.text)}\n{block.path}".encode(), digest_size=12).hexdigest()


def remove_learned(blocks: Iterable[Block], learned: Learned) -> int:
    """Mark the kept blocks that are learned boilerplate as dropped; return how many."""
    removed = 0
    for block in blocks:
        if block.kept and block in learned:
            block.kept, block.reason = False, "learned"
            removed += 1
    return removed
