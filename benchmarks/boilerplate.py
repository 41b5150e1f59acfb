"""What learned boilerplate takes out: on the demo newspaper read without its layouts, and on fundus_eval, five pages a publisher.

    python -m benchmarks.boilerplate [--articles 100] [--seed 1] [--shared ../shared]

Of the demo newspaper every page's truth is known: shares of the recurring boilerplate that single-page extraction left (texts that
stand on at least two of the pages) and of the true text that learning takes out, in words. Of fundus_eval: aeb_f1 before and after,
read with body models that saw no page of the registered domain (those of benchmarks/accuracy.py, cached there).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.accuracy import evaluator, fold_models, using
from benchmarks.folds import fold_of
from benchmarks.pages import Labelled, read_folders
from newsbot.chain import forget_learned, read
from newsbot.clean.boilerplate import Sightings
from newsbot.dedup.exact import fold
from newsbot.demo.newspaper import Newspaper
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher

SEEN = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Tally:
    """Words of one newspaper's pages."""

    recurring: int = 0
    """Of boilerplate that single-page extraction left and that stands on two pages or more."""
    recurring_removed: int = 0
    boilerplate: int = 0
    """Of all boilerplate that it left."""
    boilerplate_removed: int = 0
    true: int = 0
    true_removed: int = 0
    rightful: int = 0
    """Of true text that recurs."""
    rightful_removed: int = 0
    lost: list[str] = field(default_factory=list)
    """True texts that were removed."""
    left: Counter[str] = field(default_factory=Counter)
    """Recurring boilerplate that was left."""

    def count(self, name: str, words: int, *, is_removed: bool) -> None:
        """Count a block's words."""
        setattr(self, name, getattr(self, name) + words)
        if is_removed:
            setattr(self, f"{name}_removed", getattr(self, f"{name}_removed") + words)

    def share(self, name: str) -> float:
        """Return the share of words that was removed."""
        removed, every = int(getattr(self, f"{name}_removed")), int(getattr(self, name))
        return removed / (every or 1)


def demo_articles(paper: Newspaper, count: int) -> list[Article]:
    """Return the first `count` articles as read page by page, by a publisher that declares no layout."""
    publisher = Publisher(name="demo", site=paper.base)
    pages = (Page(url=paper.url(index), body=paper.page(index), fetched_at=SEEN) for index in range(count))
    return [read(page, publisher) for page in pages]


def tally(paper: Newspaper, articles: list[Article]) -> Tally:
    """Learn from the articles, take out what was learned, and count by the truth."""
    sightings, found = Sightings(), Tally()
    for article in articles:
        sightings.add(article)
    learned = sightings.learned()
    true = [_lines(paper, index) for index in range(len(articles))]
    on_pages = Counter(
        fold(block.text)
        for index, article in enumerate(articles)
        for block in {fold(block.text): block for block in article.blocks if block.kept}.values()
        if fold(block.text) not in true[index]
    )
    for index, article in enumerate(articles):
        kept = [block for block in article.blocks if block.kept]
        rightful = set(map(fold, paper.rightful(index)))
        forget_learned(article, learned)
        for block in kept:
            folded, is_removed = fold(block.text), not block.kept
            words = len(folded.split()) or 1
            if folded in true[index]:
                found.count("true", words, is_removed=is_removed)
                if folded in rightful:
                    found.count("rightful", words, is_removed=is_removed)
                if is_removed:
                    found.lost.append(block.text)
                continue
            found.count("boilerplate", words, is_removed=is_removed)
            if on_pages[folded] > 1:
                found.count("recurring", words, is_removed=is_removed)
                if not is_removed:
                    found.left[block.text] += 1
    return found


def _lines(paper: Newspaper, index: int) -> set[str]:
    truth = paper.truth(index)
    return {
        fold(part)
        for part in (
            *str(truth["body"]).split("\n\n"),
            *str(truth["body"]).split("\n"),
            str(truth["description"]),
        )
    }


def fundus_eval(shared: Path) -> tuple[dict[str, str], dict[str, str], list[dict[str, Any]]]:
    """Return body by page before and after learning from the other pages of the same publisher, and the truth."""
    folder = shared / "corpus" / "fundus_eval"
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_bytes().splitlines()]
    pages = read_folders(shared / "corpus")
    models = fold_models(shared / "corpus", pages)
    articles: dict[str, Article] = {}
    lessons: dict[str, Sightings] = {}
    for row in truth:
        body = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())
        with using(models[fold_of(Labelled("fundus_eval", row, folder).domain)]):
            article = read(
                Page(url=row["url"], body=body, fetched_at=SEEN), Publisher(name="corpus", site="")
            )
        articles[row["id"]] = article
        lessons.setdefault(row["publisher"], Sightings()).add(article)
    before = {name: body_of(article) for name, article in articles.items()}
    for row in truth:
        forget_learned(articles[row["id"]], lessons[row["publisher"]].learned())
    return before, {name: body_of(article) for name, article in articles.items()}, truth


def body_of(article: Article) -> str:
    """Return the text that the corpora hold: a shown standfirst, then the body."""
    lead = article.description if article.provenance.get("description") in {"standfirst", "layout"} else None
    return "\n\n".join(filter(None, (lead, article.body)))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--show", action="store_true", help="list what was lost and what was left")
    given = parser.parse_args()
    print("demo newspaper, no layouts: words removed of what single-page extraction kept")
    for count in sorted({5, 20, 50, given.articles}):
        paper = Newspaper(seed=given.seed, articles=count)
        found = tally(paper, demo_articles(paper, count))
        print(
            f"{count:5} pages  recurring boilerplate {found.share('recurring'):7.2%} of {found.recurring:5}  "
            f"all boilerplate {found.share('boilerplate'):7.2%} of {found.boilerplate:5}  "
            f"true text {found.share('true'):7.3%} of {found.true:6}  "
            f"rightly recurring {found.share('rightful'):6.2%} of {found.rightful}"
        )
        if given.show:
            for text in found.lost:
                print("   lost:", text[:150])
            for text, times in found.left.most_common():
                print("   left:", times, text[:150])
    if (given.shared / "tools").is_dir():
        evaluate = evaluator(given.shared / "corpus").evaluate
        before, after, truth = fundus_eval(given.shared)
        for name, bodies in (("single page", before), ("with what was learned", after)):
            figures, _ = evaluate(truth, {page: {"body": body} for page, body in bodies.items()})
            line = "  ".join(
                f"{figure} {figures[figure]:.4f}" for figure in ("aeb_f1", "aeb_precision", "aeb_recall")
            )
            print(f"fundus_eval {name:22} {line}")


if __name__ == "__main__":
    main()
