"""Kills whole crawls of the demo newspaper with SIGKILL, at every step of the commit and at random moments, until they are done.

    python -m benchmarks.kills [--kills 200] [--articles 300]

Then compares the dataset with that of a crawl nobody killed, row for row, but for what each run gives anew
and for boilerplate paragraphs that were learned a batch earlier or later. DuckDB, Polars and
pandas read all along and must never meet an error, half a file or a double.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from tests.crawling import Site, served
from tests.dataset import killing

# What a run gives anew.
ANEW = "run_id, fetched_at, first_seen_at, warc_file, warc_offset"
# What boilerplate learned across pages may change: how much is known of it depends on the pages that came before.
LEARNED = {"body", "word_count", "content_hash"}


def crawls(root: Path, site: Site) -> killing.Start:
    """Return what starts a crawl in small batches."""
    env = {
        "NEWSBOT_OUTPUT": str(root),
        "NEWSBOT_DEMO_URL": site.url,
        "NEWSBOT_BATCH_ROWS": "10",
        "NEWSBOT_BATCH_SECONDS": "1",
    }
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", "publisher=demo"]
    return lambda more: killing.start(command, {**env, **more})


def rows(root: Path) -> list[tuple[Any, ...]]:
    """Return the table, without what every run gives anew."""
    return duckdb.execute(_query(root)).fetchall()


def _query(root: Path) -> str:
    return f"SELECT * EXCLUDE ({ANEW}) FROM read_parquet('{root}/articles/**/*.parquet') ORDER BY article_id, version"


def compare(killed: Path, calm: Path) -> list[str]:
    """Return how the two datasets differ, a line a row."""
    one, other = rows(killed), rows(calm)
    lines = [f"{len(one)} rows after kills, {len(other)} without"] if len(one) != len(other) else []
    missing = {row[0] for row in other} - {row[0] for row in one}
    more = {row[0] for row in one} - {row[0] for row in other}
    lines += [f"missing {name}" for name in sorted(missing)] + [
        f"one too many: {name}" for name in sorted(more)
    ]
    if not lines:
        names = [column[0] for column in duckdb.execute(f"DESCRIBE {_query(killed)}").fetchall()]
        for mine, theirs in zip(one, other, strict=True):
            fields = {name for name, a, b in zip(names, mine, theirs, strict=True) if str(a) != str(b)}
            body = names.index("body")
            if fields and not (fields <= LEARNED and _is_cut(mine[body], theirs[body])):
                lines.append(f"different: {mine[0]} in {', '.join(sorted(fields))}")
    return lines


def _is_cut(one: str, other: str) -> bool:
    """Whether the paragraphs of one body are those of the other but for up to two: boilerplate learned earlier or later."""
    less, more = sorted((one.split("\n\n"), other.split("\n\n")), key=len)
    return len(more) - len(less) <= 2 and set(less) <= set(more)


def main() -> int:
    """Run as a program; status 1 where anything was lost, doubled or seen half."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    arguments = parser.parse_args()
    kills = rounds = 0
    with tempfile.TemporaryDirectory() as name, served(Path(name), arguments.articles) as site:
        folder = arguments.keep or Path(name)
        since = time.monotonic()
        assert killing.run_to_the_end(crawls(folder / "calm", site)) == 0, "the undisturbed crawl failed"
        whole = time.monotonic() - since
        while kills < arguments.kills:
            root = folder / f"killed-{rounds}"
            begin = crawls(root, site)
            with killing.looked_at(root, folder / f"stop-{rounds}"):
                done = killing.kill_often(
                    begin, arguments.kills - kills, arguments.seed + rounds, (whole * 0.3, whole * 0.8)
                )
                ends = [killing.run_to_the_end(begin) for _ in range(3)]
            kills, rounds = kills + done, rounds + 1
            different = compare(root, folder / "calm")
            print(
                f"round {rounds}: {done} kills, {len(rows(root))} rows, exits {ends}, {len(different)} differences",
                flush=True,
            )
            if different:
                print("\n".join(different[:20]))
                return 1
    print(f"{kills} kills in {rounds} crawls of {arguments.articles} articles: nothing lost, nothing doubled")
    return 0


if __name__ == "__main__":
    sys.exit(main())
