"""What the dataset costs, beside pandas and pyarrow in the same run: rows a second, bytes, memory; commits as it grows; queries.

python -m benchmarks.dataset write [--articles 200000] [--days 365]
python -m benchmarks.dataset grow [--partitions 10,100,1000,10000]
python -m benchmarks.dataset query [--articles 100000]
python -m benchmarks.dataset shape [--articles 50000]
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

EPOCH = datetime(2016, 1, 1, tzinfo=UTC)
BATCH = 5000
WRITERS = ("newsbot", "newsbot_and_state", "pyarrow", "pandas", "jsonl")


class Articles:
    """Generated rows: bodies of 60 to 3,000 words, half of them under 420, over a vocabulary with Zipf's law."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        letters = "etaoinshrdlucmfwypvbgk"
        lengths = self.chance.choices(range(2, 11), [6, 12, 14, 12, 10, 8, 6, 4, 2], k=20_000)
        self.words = ["".join(self.chance.choices(letters, k=length)) for length in lengths]
        total, self.weights = 0.0, []
        for rank in range(1, 20_001):
            total += 1 / rank
            self.weights.append(total)

    def text(self, count: int) -> str:
        """Return sentences of 18 words in paragraphs of 4."""
        words = self.chance.choices(self.words, cum_weights=self.weights, k=count)
        sentences = [" ".join(words[at : at + 18]).capitalize() + "." for at in range(0, count, 18)]
        return "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))

    def row(self, number: int, when: datetime) -> dict[str, Any]:
        """Return one complete row."""
        from newsbot.dataset.schema import row  # noqa: PLC0415 - the other writers' memory is to be theirs

        chance = self.chance
        words = min(3000, max(60, int(chance.lognormvariate(6.04, 0.6))))
        identity = f"{chance.getrandbits(128):032x}"
        url = f"https://www.example.com/news/{when:%Y/%m/%d}/{'-'.join(self.text(7).lower().split())[:60]}-{number}"
        return row(
            {
                "article_id": identity,
                "version": 1,
                "change": "first",
                "publisher": "alder",
                "publisher_country": "gb",
                "url": url,
                "canonical_url": url,
                "headline": self.text(10)[:-1],
                "description": self.text(24),
                "body": self.text(words),
                "authors": [f"{self.text(1)[:-1]} {self.text(1)[:-1]}"],
                "date_published": when,
                "date_modified": when + timedelta(hours=1),
                "date_published_raw": when.isoformat(),
                "date_modified_raw": (when + timedelta(hours=1)).isoformat(),
                "date_precision": "instant",
                "section": chance.choice(["world", "politics", "sport", "business"]),
                "keywords": self.text(4)[:-1].lower().split(),
                "in_language": "en",
                "image_url": f"https://cdn.example.com/{identity}.jpg",
                "images": [
                    {
                        "url": f"https://cdn.example.com/{identity}.jpg",
                        "caption": self.text(12),
                        "credit": None,
                    }
                ],
                "word_count": words,
                "fetched_at": when + timedelta(hours=2),
                "first_seen_at": when + timedelta(hours=2),
                "http_status": 200,
                "replacement_characters": 0,
                "content_hash": f"{chance.getrandbits(128):032x}",
                "provenance": {
                    "headline": "json_ld",
                    "body": "model",
                    "date_published": "json_ld",
                    "authors": "json_ld",
                },
                "confidence": 0.97,
                "extractor_version": "1",
                "warc_file": "alder-20260201T000000Z-0a1b2c.warc.gz",
                "warc_offset": number * 9000,
                "run_id": "alder-20260201T000000Z-0a1b2c",
            }
        )

    def rows(self, count: int, days: int) -> Iterator[dict[str, Any]]:
        """Yield rows in the order of their time, spread over the days."""
        for number in range(count):
            yield self.row(number, EPOCH + timedelta(seconds=number * days * 86400 // count))


def delta(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the state of a crawl learns of these rows."""
    urls = [
        {"key": row["article_id"], "url": row["url"], "outcome": "new", "article_id": row["article_id"], "fetched_at": 1.0,
         "next_visit_at": 2.0, "visits": 1, "etag": '"0123456789"', "last_modified": None}
        for row in rows
    ]  # fmt: skip
    articles = [
        {"article_id": row["article_id"], "version": 1, "page_hash": row["content_hash"], "headline_hash": row["content_hash"],
         "sketch": row["content_hash"] * 8, "first_seen_at": 1.0, "changed_at": 1.0, "edits": 0, "extractor_version": "1",
         "row": '{"publisher":"alder","headline":"A headline of some length"}'}
        for row in rows
    ]  # fmt: skip
    return {"urls": urls, "articles": articles}


Batches = Iterator[list[dict[str, Any]]]


def with_newsbot(root: Path, batches: Batches, clock: Clock) -> None:
    """Write with every guarantee: files and manifest synced, committed, remembered by the state."""
    _with_newsbot(root, batches, clock, lambda _: {})


def with_newsbot_and_state(root: Path, batches: Batches, clock: Clock) -> None:
    """Write as a crawl does: its memory of URLs and versions goes with the rows, through the manifest into the state."""
    _with_newsbot(root, batches, clock, delta)


def _with_newsbot(root: Path, batches: Batches, clock: Clock, learn: Callable[[Any], dict[str, Any]]) -> None:
    from newsbot.dataset.writer import Limits, Writer  # noqa: PLC0415
    from newsbot.state import State  # noqa: PLC0415

    state = State.open(root / "state", "alder")
    writer = Writer(root, "alder-20260201T000000Z-0a1b2c", "alder", Limits(rows=BATCH), state)
    for rows in batches:
        learned = learn(rows)
        with clock:
            for row in rows:
                writer.add(row)
            writer.commit(learned)
    state.close()


def with_pyarrow(root: Path, batches: Batches, clock: Clock) -> None:
    """Write with `write_dataset`: the same schema and compression, no order, no sync, no commit."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.dataset as ds  # noqa: PLC0415

    from newsbot.dataset.schema import SCHEMA, partition  # noqa: PLC0415

    schema = SCHEMA.append(pa.field("date", pa.string()))
    options = ds.ParquetFileFormat().make_write_options(compression="zstd", compression_level=3)
    for number, rows in enumerate(batches):
        with clock:
            table = pa.Table.from_pylist([{**row, "date": partition(row)} for row in rows], schema=schema)
            ds.write_dataset(
                table, root / "articles", format="parquet", file_options=options, partitioning=["date"],
                partitioning_flavor="hive", basename_template=f"{number}-{{i}}.parquet",
                existing_data_behavior="overwrite_or_ignore",
            )  # fmt: skip


def with_pandas(root: Path, batches: Batches, clock: Clock) -> None:
    """Write with `to_parquet(partition_cols=…)`."""
    import pandas as pd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    from newsbot.dataset.schema import SCHEMA, partition  # noqa: PLC0415

    schema = SCHEMA.append(pa.field("date", pa.string()))
    for number, rows in enumerate(batches):
        with clock:
            frame = pd.DataFrame(
                [
                    {**row, "provenance": list(row["provenance"].items()), "date": partition(row)}
                    for row in rows
                ]
            )
            frame.to_parquet(
                root / "articles", partition_cols=["date"], compression="zstd", schema=schema, index=False,
                basename_template=f"{number}-{{i}}.parquet", existing_data_behavior="overwrite_or_ignore",
            )  # fmt: skip


def with_jsonl(root: Path, batches: Batches, clock: Clock) -> None:
    """Write JSON Lines through gzip, as feed exports do."""
    folder = root / "articles"
    folder.mkdir(parents=True)
    with gzip.open(folder / "articles.jsonl.gz", "wb", compresslevel=6) as file:
        for rows in batches:
            with clock:
                file.writelines(orjson.dumps(row) + b"\n" for row in rows)


class Clock:
    """Adds up the seconds inside its with-blocks: what is outside, as the making of rows, does not count."""

    seconds = 0.0

    def __enter__(self) -> None:
        self._since = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._since


def measured(writer: str, articles: int, days: int, root: Path) -> dict[str, Any]:
    """Write in this process; return seconds, bytes of the table, files and peak memory in MB."""
    rows, clock = Articles().rows(articles, days), Clock()

    def batches() -> Batches:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    write: Callable[[Path, Batches, Clock], None] = globals()[f"with_{writer}"]
    write(root, batches(), clock)
    files = [path for path in (root / "articles").rglob("*") if path.is_file()]
    return {
        "seconds": clock.seconds,
        "bytes": sum(path.stat().st_size for path in files),
        "files": len(files),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def write(arguments: argparse.Namespace) -> None:
    """Each writer in a process of its own, in turns; print the fastest turn of each, for others use the machine too."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(arguments.rounds):
        for writer in WRITERS:
            with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
                command = [
                    sys.executable,
                    "-m",
                    "benchmarks.dataset",
                    "one",
                    "--writer",
                    writer,
                    "--root",
                    folder,
                ]
                command += ["--articles", str(arguments.articles), "--days", str(arguments.days)]
                found = orjson.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            if writer not in best or found["seconds"] < best[writer]["seconds"]:
                best[writer] = found
    rates = {writer: arguments.articles / found["seconds"] for writer, found in best.items()}
    print(
        f"{arguments.articles:,} articles over {arguments.days} days, batches of {BATCH:,}, best of {arguments.rounds}"
    )
    print(f"{'':18}{'rows/s':>10}{'bytes/row':>12}{'files':>8}{'peak MB':>10}")
    for writer, found in best.items():
        line = f"{found['bytes'] / arguments.articles:>12,.0f}{found['files']:>8,}{found['peak']:>10,}"
        print(f"{writer:18}{rates[writer]:>10,.0f}{line}")
    print(
        f"newsbot / pyarrow {rates['newsbot'] / rates['pyarrow']:.0%}, newsbot / pandas {rates['newsbot'] / rates['pandas']:.0%}"
    )


def grow(arguments: argparse.Namespace) -> None:
    """Time opening and commits of 100 rows into one partition, as partitions and manifests grow together."""
    from newsbot.dataset.commit import recover  # noqa: PLC0415
    from newsbot.dataset.writer import Limits, Writer  # noqa: PLC0415
    from newsbot.state import State  # noqa: PLC0415

    made = Articles()
    print(f"{'partitions':>10}{'manifests':>11}{'open ms':>10}{'commit ms':>11}{'slowest':>10}")
    for count in map(int, arguments.partitions.split(",")):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            root = Path(folder)
            state = State.open(root / "state", "alder")
            writer = Writer(root, "alder-20260201T000000Z-0a1b2c", "alder", Limits(), state)
            for number in range(count):
                writer.add(made.row(number, EPOCH + timedelta(days=number)))
            writer.commit({})
            for _ in range(count - 1):
                writer.commit({})
            opens, commits = [], []
            for _ in range(20):
                since = time.perf_counter()
                recover(root, "alder", state)
                opens.append(time.perf_counter() - since)
                rows = [made.row(at, EPOCH) for at in range(100)]
                learned = delta(rows)
                since = time.perf_counter()
                for row in rows:
                    writer.add(row)
                writer.commit(learned)
                commits.append(time.perf_counter() - since)
            state.close()
        line = f"{statistics.median(opens) * 1000:>10.2f}{statistics.median(commits) * 1000:>11.1f}{max(commits) * 1000:>10.1f}"
        print(f"{count:>10,}{count:>11,}{line}", flush=True)


def query(arguments: argparse.Namespace) -> None:
    """Time DuckDB over a dataset of many small batches, before and after compaction."""
    from newsbot.dataset.compact import compact  # noqa: PLC0415
    from newsbot.dataset.writer import Limits, Writer  # noqa: PLC0415
    from newsbot.state import State  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        root = Path(folder)
        state = State.open(root / "state", "alder")
        writer = Writer(root, "alder-20260201T000000Z-0a1b2c", "alder", Limits(), state)
        wanted = ""
        for number, row in enumerate(Articles().rows(arguments.articles, 30)):
            writer.add(row)
            wanted = row["article_id"] if number == arguments.articles // 2 else wanted
            if writer.rows == arguments.articles // 600:
                writer.commit({})
        writer.commit({})
        state.close()
        before = _queries(root, wanted)
        compact(root, date(2030, 1, 1))
        after = _queries(root, wanted)
    print(f"{'':34}{'before':>10}{'after':>10}")
    for name, value in before.items():
        print(f"{name:34}{value:>10,.1f}{after[name]:>10,.1f}")


def _queries(root: Path, wanted: str) -> dict[str, float]:
    import duckdb  # noqa: PLC0415

    table = f"read_parquet('{root}/articles/**/*.parquet')"
    queries = {
        "count by section, ms": f"SELECT section, count(*) FROM {table} GROUP BY 1",
        "words in bodies, ms": f"SELECT sum(length(body)) FROM {table}",
        "one article by id, ms": f"SELECT headline FROM {table} WHERE article_id = '{wanted}'",
        "one article by id and day, ms": f"SELECT headline FROM {table} WHERE date = '2016-01-16' AND article_id = '{wanted}'",
    }
    found: dict[str, float] = {"files": float(len(list((root / "articles").rglob("*.parquet"))))}
    for name, sql in queries.items():
        times = []
        for _ in range(5):
            since = time.perf_counter()
            duckdb.connect().execute(sql).fetchall()
            times.append((time.perf_counter() - since) * 1000)
        found[name] = statistics.median(times)
    return found


def shape(arguments: argparse.Namespace) -> None:
    """Compare row-group sizes, zstd levels, dictionaries and statistics by size, write time, scan and point query."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    from newsbot.dataset.schema import SCHEMA  # noqa: PLC0415
    from newsbot.dataset.shape import options  # noqa: PLC0415

    table = pa.Table.from_pylist(list(Articles().rows(arguments.articles, 1)), schema=SCHEMA)
    wanted = table["article_id"][arguments.articles // 2].as_py()
    base = {**options(4096), "row_group_size": 4096}
    variants: dict[str, dict[str, Any]] = {
        "as chosen": {}, "row groups of 1,024": {"row_group_size": 1024}, "row groups of 16,384": {"row_group_size": 16384},
        "row groups of 65,536": {"row_group_size": 65536}, "zstd 1": {"compression_level": 1}, "zstd 6": {"compression_level": 6},
        "zstd 9": {"compression_level": 9}, "zstd 15": {"compression_level": 15},
        "snappy": {"compression": "snappy", "compression_level": None},
        "dictionary everywhere": {"use_dictionary": True}, "no dictionary": {"use_dictionary": False},
        "statistics everywhere": {"write_statistics": True}, "no statistics": {"write_statistics": False},
        "no bloom filter": {"bloom_filter_options": None}, "page index": {"write_page_index": True},
    }  # fmt: skip
    print(f"{'':26}{'bytes/row':>10}{'write ms':>10}{'scan ms':>10}{'by id ms':>10}{'by day ms':>10}")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        path = Path(folder) / "one.parquet"
        for name, change in variants.items():
            since = time.perf_counter()
            pq.write_table(table, path, **{**base, **change})
            wrote = (time.perf_counter() - since) * 1000
            sqls = (
                f"SELECT sum(length(body)) FROM '{path}'",
                f"SELECT headline FROM '{path}' WHERE article_id = '{wanted}'",
                f"SELECT count(headline) FROM '{path}' WHERE date_published BETWEEN '2016-01-01 11:00Z' AND '2016-01-01 11:15Z'",
            )
            times = [min(_timed(sql) for _ in range(5)) for sql in sqls]
            cells = "".join(f"{value:>10,.1f}" for value in (wrote, *times))
            print(f"{name:26}{path.stat().st_size / arguments.articles:>10,.0f}{cells}", flush=True)


def _timed(sql: str) -> float:
    import duckdb  # noqa: PLC0415

    since = time.perf_counter()
    duckdb.connect().execute(sql).fetchall()
    return (time.perf_counter() - since) * 1000


def main() -> None:
    """Run as a program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("write", "grow", "query", "shape", "one"))
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--partitions", default="10,100,1000,10000")
    parser.add_argument("--writer", choices=WRITERS)
    parser.add_argument("--root", type=Path)
    parser.add_argument(
        "--folder", default=None, help="where to work; the system's temporary folder by default"
    )
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    if arguments.what == "one":
        found = measured(arguments.writer, arguments.articles, arguments.days, arguments.root)
        sys.stdout.write(orjson.dumps(found).decode())
        return
    {"write": write, "grow": grow, "query": query, "shape": shape}[arguments.what](arguments)


if __name__ == "__main__":
    main()
