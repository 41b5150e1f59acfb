"""An analyst who reads all along: DuckDB, Polars and pandas in turn, until a file `stop` appears; ends with 1 on error or double.

python tests/dataset/onlooker.py ROOT STOP
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl


def with_duckdb(table: Path) -> tuple[int, int]:
    """Return (rows, different rows)."""
    query = f"SELECT count(*), count(DISTINCT article_id || '/' || version) FROM read_parquet('{table}/**/*.parquet')"
    found = duckdb.execute(query).fetchall()
    assert len(found) == 1
    return int(found[0][0]), int(found[0][1])


def with_polars(table: Path) -> tuple[int, int]:
    """Return (rows, different rows)."""
    frame = pl.scan_parquet(f"{table}/**/*.parquet").select("article_id", "version").collect()
    return frame.height, frame.unique().height


def with_pandas(table: Path) -> tuple[int, int]:
    """Return (rows, different rows)."""
    frame = pd.read_parquet(table, columns=["article_id", "version"])
    return len(frame), len(frame.drop_duplicates())


def main(root: str, stop: str) -> int:
    """Look until told to stop; print how often."""
    table, looks, seen = Path(root) / "articles", 0, 0
    while not Path(stop).exists():
        for read in (with_duckdb, with_polars, with_pandas):
            if next(table.glob("*/*.parquet"), None) is None:
                continue
            rows, different = read(table)
            if rows != different or rows < seen:
                sys.stderr.write(f"{read.__name__}: {rows} rows, {different} different, {seen} before\n")
                return 1
            seen, looks = rows, looks + 1
    sys.stdout.write(f"{looks} looks\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
