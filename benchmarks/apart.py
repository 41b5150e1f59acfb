"""Prints what the parts set apart cost and bring: `python -m benchmarks.apart FOLDER` (`../shared/corpus`; minutes, then cached).

Every page is read with a model that saw no page of its registered domain. Of the blocks that the model would have kept and
newsbot/extract/apart.py or live.py dropped, it adds up the share of the page's true text that was lost, and the other text that
went, in units of the page's true text.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accuracy import fold_models, using
from benchmarks.folds import fold_of
from benchmarks.labels import label_blocks, words_of
from benchmarks.pages import Labelled, read_folders
from newsbot.chain import read
from newsbot.items import Block
from newsbot.publishers.model import Publisher

_OTHERS = frozenset(("extract/model", "extract/layout"))


@dataclass
class Tally:
    """What one kind of part held, over all pages."""

    domains: set[str] = field(default_factory=set)
    blocks: int = 0
    lost: float = 0.0
    """Pages' worth of true text."""
    removed: float = 0.0
    """The same of text that is not the article's."""


def count(page: Labelled, blocks: list[Block], tallies: dict[str, Tally]) -> None:
    """Add a page's dropped parts to the tallies."""
    bodies = [page.truth["body"], *(other for other in page.truth.get("body_alt") or [] if other)]
    labels = label_blocks([block.text for block in blocks], bodies)
    words = [len(words_of(block.text)) for block in blocks]
    whole = sum(size * label for size, label in zip(words, labels, strict=True)) or 1.0
    for block, size, label in zip(blocks, words, labels, strict=True):
        if block.kept or block.reason in _OTHERS or not (block.reason or "").startswith("extract/"):
            continue
        tally = tallies[block.reason or ""]
        tally.domains.add(page.domain)
        tally.blocks += 1
        tally.lost += size * label / whole
        tally.removed += size * (1 - label) / whole


def main() -> None:
    """Print a line for each kind of part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    root = parser.parse_args().folder
    pages = [page for page in read_folders(root) if page.truth.get("body")]
    models, tallies = fold_models(root, read_folders(root)), defaultdict[str, Tally](Tally)
    publisher = Publisher(name="benchmark", site="")
    for page in pages:
        with using(models[fold_of(page.domain)]):
            count(page, read(page.page(), publisher).blocks, tallies)
    print(f"{len(pages)} pages\n{'part':24} domains  blocks  pages' true text lost  other text removed")
    for reason, tally in sorted(tallies.items()):
        print(f"{reason:24} {len(tally.domains):7} {tally.blocks:7} {tally.lost:22.3f} {tally.removed:19.2f}")


if __name__ == "__main__":
    main()
