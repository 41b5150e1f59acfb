"""What each cleaning rule is worth on the corpora: `python -m benchmarks.rules [--shared ../shared] [--show RULE]`.

Every page is extracted with a body model that did not see its registered domain (the fold models of benchmarks/accuracy.py, cached
there). Of what a rule drops the words that stand in the truth and those that do not are counted, and `aeb_f1` is compared with what
it is where that rule alone drops nothing. Headlines of box and caption roles are counted with the rule that drops them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.accuracy import evaluator, fold_models, using
from benchmarks.folds import fold_of
from benchmarks.labels import label_blocks, words_of
from benchmarks.pages import Labelled, read_folders
from newsbot.clean.rules import RULES, apply_rules
from newsbot.extract import extract
from newsbot.extract.model import Model
from newsbot.items import Article, Block
from newsbot.publishers.model import Publisher

CORPORA = ("aeb", "fundus", "fundus_eval", "wcxb")
PREFIX = "clean/"


@dataclass(slots=True)
class Tally:
    """What a rule dropped."""

    blocks: int = 0
    true: float = 0.0
    """Words that stand in the truth."""
    false: float = 0.0
    examples: list[tuple[float, str, str]] = field(default_factory=list)
    """(share of true words, id of the page, text)."""


@dataclass(slots=True)
class Cleaned:
    """A page after the rules."""

    page: Labelled
    article: Article

    def body(self, spared: str | None = None) -> str:
        """Return the text; with `spared`, as if that rule dropped nothing."""
        return "\n\n".join(block.text for block in self.article.blocks if _is_kept(block, spared))


def _is_kept(block: Block, spared: str | None) -> bool:
    return block.role != "headline" and (
        block.kept or (spared is not None and block.reason == PREFIX + spared)
    )


def clean_pages(pages: Iterable[Labelled], models: Mapping[int, Model]) -> list[Cleaned]:
    """Return the pages that have a full truth, extracted and cleaned."""
    found = []
    for page in pages:
        if page.truth.get("body") and page.corpus in CORPORA:
            with using(models[fold_of(page.domain)]):
                article = extract(page.page(), Publisher(name="corpus", site=""))
            apply_rules(article)
            found.append(Cleaned(page, article))
    return found


def tally(cleaned: Iterable[Cleaned]) -> dict[str, Tally]:
    """Return by rule what it dropped."""
    found = {rule.__name__: Tally() for rule in RULES}
    for one in cleaned:
        dropped = [block for block in one.article.blocks if (block.reason or "").startswith(PREFIX)]
        if not dropped:
            continue
        truth = one.page.truth
        truths = [truth["body"], *(other for other in truth.get("body_alt") or [] if other)]
        blocks = [block for block in one.article.blocks if block.kept or block in dropped]
        labels = label_blocks([block.text for block in blocks], truths)
        for block, share in zip(blocks, labels, strict=True):
            if block.kept:
                continue
            counted = found.setdefault((block.reason or "").removeprefix(PREFIX), Tally())
            words = len(words_of(block.text))
            counted.blocks += 1
            counted.true += share * words
            counted.false += (1 - share) * words
            counted.examples.append((share, truth["id"], block.text))
    return found


def scores(evaluate: ModuleType, cleaned: list[Cleaned], spared: str | None) -> dict[str, float]:
    """Return aeb_f1 by corpus, as if `spared` dropped nothing."""
    found = {}
    for corpus in CORPORA:
        own = [one for one in cleaned if one.page.corpus == corpus]
        rows: dict[str, dict[str, Any]] = {one.page.truth["id"]: {"body": one.body(spared)} for one in own}
        figures, _ = evaluate.evaluate([one.page.truth for one in own], rows)
        found[corpus] = float(figures["aeb_f1"])
    return found


def main() -> None:
    """Print a line for each rule."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--show", default="", metavar="RULE", help="list what a rule drops, true text first")
    given = parser.parse_args()
    root = given.shared / "corpus"
    pages = read_folders(root)
    cleaned = clean_pages(pages, fold_models(root, pages))
    evaluate = evaluator(root)
    base = scores(evaluate, cleaned, None)
    print(f"{'rule':18} {'blocks':>6} {'false':>6} {'true':>6}  aeb_f1 gained on " + "  ".join(CORPORA))
    print(f"{'with all rules':18} {'':21}" + "".join(f"  {base[corpus]:.4f}" for corpus in CORPORA))
    for name, counted in tally(cleaned).items():
        without = scores(evaluate, cleaned, name) if counted.blocks else base
        gains = "".join(f"  {base[corpus] - without[corpus]:+.4f}" for corpus in CORPORA)
        print(f"{name:18} {counted.blocks:6} {counted.false:6.0f} {counted.true:6.0f} {gains}")
        if name == given.show:
            for share, page, text in sorted(counted.examples, reverse=True)[:60]:
                print(f"    {share:.2f} {page[:30]:30} {text[:150]}")


if __name__ == "__main__":
    main()
