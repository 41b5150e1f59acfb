"""Queries over the dataset before and after compaction, and over one file in other shapes; part of benchmarks.dataset."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.dataset_rows import Articles


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
        since = time.perf_counter(), time.process_time()
        compact(root, date(2030, 1, 1))
        took, worked = time.perf_counter() - since[0], time.process_time() - since[1]
        after = _queries(root, wanted)
    print(f"{arguments.articles:,} rows compacted in {took:.1f} s, {worked:.1f} s of a processor")
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
