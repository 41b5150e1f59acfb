"""Precision and recall of near-duplicate clusters on generated syndications, beside what a plain MinHash threshold gives.

    python -m benchmarks.clusters [--articles N] [--seed S]
    python -m benchmarks.clusters --late       reprints up to 30 days later, under windows of 7, 14 and 30 days

Three publishers print editions of one newspaper: the other two print half of the first one's stories, cut to 55-100 % and
retitled, among stories of their own, each in boilerplate of its own language that was not cleaned off. The other two belong to one owner, whose
notice of 90 words stands under every article of both; a fifth of all articles are briefs of one paragraph, shorter than the notice.
Truth is the demo newspaper's story id. A pair is two articles of different publishers; precision and recall count pairs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import newsbot.dataset
from newsbot.dataset import clusters, sketches
from newsbot.dataset.compact import compact
from newsbot.dataset.schema import SCHEMA, row
from newsbot.dedup.exact import content_hash
from newsbot.dedup.near import pairs, sketch, unpack
from newsbot.demo.newspaper import Newspaper

EDITIONS = ("", "b", "c")
# ruff: noqa: E501 - prose
# What sites put around the same story, in their own language: left in on purpose.
_AROUND = {
    "": ["Follow us for all that moves the harbour: news by the hour, on every device you own, without a charge.",
         "The Courier is an independent newspaper. Its reporting is paid for by its readers; join them today for a crown a week."],
    "b": ["Folgen Sie uns: alle Nachrichten der Region, jede Stunde, auf jedem Gerät, ohne Kosten und ohne Werbung.",
          "Der Beobachter ist eine unabhängige Zeitung. Was wir schreiben, bezahlen unsere Leser; lesen Sie heute vier Wochen umsonst."],
    "c": ["Suivez-nous : toutes les nouvelles de la région, heure par heure, sur tous vos écrans, sans frais et sans publicité.",
          "Notre rédaction est indépendante. Ce que nous écrivons est payé par nos lecteurs ; abonnez-vous dès aujourd'hui."],
}  # fmt: skip
_NOTICE = (
    "This article was published by a title of the Tarn Media Group, which runs eleven newspapers and four radio stations between the "
    "estuary and the hills. The group's editors decide on their own what they print and how they print it; neither advertisers nor "
    "owners read an article before it appears. Complaints go to the readers' editor, who answers within ten days and whose findings are "
    "printed on page two. Photographs may be ordered from the archive, texts may be quoted with the source, and copies of older issues "
    "can be had at the counter in Mill Street from Monday to Friday."
)


def rows(articles: int, seed: int, late: float = 0) -> Iterator[dict[str, Any]]:
    """Yield a row an article and edition, reprints up to `late` days later; `run_id` holds the story it tells."""
    for edition in EDITIONS:
        paper, rng = Newspaper(seed, articles, edition=edition), Random(f"{seed}{edition}")
        delay = Random(f"{seed}{edition}late")
        for index in range(articles):
            truth = paper.truth(index)
            published = datetime.fromisoformat(str(truth["date_published"]))
            if edition:
                published += timedelta(days=delay.uniform(0, late))
            story = str(truth["body"])
            if index % 5 == 0:
                story = story.split("\n\n", maxsplit=1)[0]
            body = "\n\n".join(
                [story, *_AROUND[edition][: rng.randrange(3)], *([_NOTICE] if edition else [])]
            )
            yield row(
                {
                    "article_id": f"{edition or 'a'}{index}",
                    "version": 1,
                    "publisher": f"edition-{edition or 'a'}",
                    "headline": truth["headline"],
                    "body": body,
                    "date_published": published,
                    "content_hash": content_hash(str(truth["headline"]), body),
                    "run_id": paper.story(index),
                }
            )


def write(root: Path, articles: int, seed: int, late: float = 0) -> None:
    """Write the editions as a dataset, a file a publisher and day."""
    files: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for made in rows(articles, seed, late):
        files[f"{made['date_published']:%Y-%m-%d}", made["publisher"]].append(made)
    for (day, publisher), found in files.items():
        path = root / "articles" / f"date={day}" / f"{publisher}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(found, schema=SCHEMA), path)


def pairs_of(groups: dict[Any, list[tuple[str, str]]]) -> set[tuple[str, str]]:
    """Return the pairs of articles of different publishers within groups of (publisher, article)."""
    found: set[tuple[str, str]] = set()
    for members in groups.values():
        for (one, a), (other, b) in combinations(sorted(members), 2):
            if one != other:
                found.add((a, b))
    return found


def score(found: set[tuple[str, str]], true: set[tuple[str, str]]) -> str:
    """Return precision and recall as text."""
    right = len(found & true)
    return f"precision {right / max(1, len(found)):.4f}  recall {right / max(1, len(true)):.4f}  pairs {len(found)}"


def plain(articles: list[dict[str, Any]], threshold: float) -> set[tuple[str, str]]:
    """Return the pairs whose sketches of the whole text are similar: MinHash without more."""
    made = unpack(sketch(article["body"]) for article in articles)
    found: set[tuple[str, str]] = set()
    for left, right, similar in pairs(made, made):
        for a, b in zip(left[similar >= threshold], right[similar >= threshold], strict=True):
            one, other = articles[a], articles[b]
            if one["publisher"] < other["publisher"]:
                found.add((one["article_id"], other["article_id"]))
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=600, help="an edition (default 600: twenty days)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--late", action="store_true", help="what longer windows find and cost")
    opts = parser.parse_args()
    if opts.late:
        windows(opts.articles, opts.seed)
        return
    articles = compacted(opts.articles, opts.seed)
    true = grouped(articles, "run_id")
    print(f"{len(articles)} articles of {len(EDITIONS)} publishers, {len(true)} pairs tell one story")
    print(f"clusters                       {score(grouped(articles, 'cluster_id'), true)}")
    sketches.RECURS = 10**9
    print(
        f"clusters, boilerplate left in  {score(grouped(compacted(opts.articles, opts.seed), 'cluster_id'), true)}"
    )
    for threshold in (0.5, 0.7, 0.8):
        print(f"plain MinHash from {threshold:.1f}         {score(plain(articles, threshold), true)}")


def windows(articles: int, seed: int) -> None:
    """Print recall and processor seconds of a compaction, by how late reprints come and how many days are compared."""
    for late in (7, 14, 30):
        for window in (7, 14, 30):
            clusters.WINDOW = window
            since = time.process_time()
            found = compacted(articles, seed, late)
            took = time.process_time() - since
            told = score(grouped(found, "cluster_id"), grouped(found, "run_id"))
            print(f"up to {late:2} days late, window {window:2}: {told}  {took:.1f} s", flush=True)


def compacted(articles: int, seed: int, late: float = 0) -> list[dict[str, Any]]:
    """Return the articles as compaction leaves them."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), articles, seed, late)
        compact(folder, date(9999, 1, 1))
        columns = ["article_id", "publisher", "body", "cluster_id", "run_id"]
        found: list[dict[str, Any]] = newsbot.dataset.open(folder).versions().to_arrow(columns).to_pylist()
        return found


def grouped(articles: list[dict[str, Any]], by: str) -> set[tuple[str, str]]:
    """Return the pairs of articles that have the same value of a column, which is not null."""
    groups: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for article in articles:
        if article[by] is not None:
            groups[article[by]].append((article["publisher"], article["article_id"]))
    return pairs_of(groups)


if __name__ == "__main__":
    main()
