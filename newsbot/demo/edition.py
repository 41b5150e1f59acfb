"""Which story a page of an edition prints: another publisher's edition cuts and retitles stories of the main one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

from newsbot.demo import story
from newsbot.demo.draw import draw
from newsbot.demo.sections import Section
from newsbot.demo.story import Story

SHARED = 0.5
"""Share of another edition's articles that are the main edition's stories."""
_OTHER_DESIGN = {
    "quay": "ledger",
    "lantern": "mosaic",
    "mosaic": "quay",
    "ledger": "lantern",
    "almanac": "mosaic",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """The main edition (`name` empty) or another publisher's, of the newspaper with a seed."""

    seed: int
    name: str = ""

    def shares(self, index: int) -> bool:
        """Return whether article `index` is a story of the main edition."""
        return not self.name or draw(self.seed, f"shared {self.name}", index).random() < SHARED

    def story_id(self, index: int) -> str:
        """Return the story's id: editions that print the same story give the same."""
        return f"{self.seed}-{index}" if self.shares(index) else f"{self.seed}{self.name}-{index}"

    def section(self, main: Section) -> Section:
        """Return a section as the edition prints it: in another design, if it is not the main one."""
        return replace(main, design=_OTHER_DESIGN[main.design]) if self.name else main

    def headline(self, index: int, section: Section) -> str:
        """Return the edition's headline of article `index`."""
        return story.headline(self._source(index), index, section, self.name)

    def standfirst(self, index: int, section: Section) -> str:
        """Return the edition's standfirst of article `index`."""
        return story.standfirst(self._source(index), index, section, self.name)

    def write(self, index: int, section: Section) -> Story:
        """Return the story as the edition prints it; a shared one keeps 55 to 100 % of its text, from the top."""
        whole = story.write(self._source(index), index, section)
        if not self.name:
            return whole
        rng = draw(self.seed, f"cut {self.name}", index)
        kept = whole.pieces
        if self.shares(index):
            kept = kept[: max(2, round(len(kept) * (0.55 + 0.45 * rng.random())))]
        return replace(
            whole,
            headline=self.headline(index, section),
            standfirst=self.standfirst(index, section),
            pieces=kept,
            authors=() if rng.random() < 0.5 else whole.authors,
        )

    def _source(self, index: int) -> int:
        """Return the seed of the story: the edition's own stories have one of their own."""
        return self.seed if self.shares(index) else self.seed + crc32(self.name.encode())
