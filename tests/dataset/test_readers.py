"""The dataset read by pyarrow, pandas, DuckDB and Polars, as docs/DATASET.md says, and by newsbot: equal rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest

import newsbot.dataset
from newsbot.dataset.compact import compact
from newsbot.dataset.schema import SCHEMA
from tests.dataset.alike import alike, expected, write_table

SELECT = "SELECT * FROM read_parquet('{}/articles/*/*.parquet', hive_types = {{'date': VARCHAR}}, union_by_name = true)"


def with_pyarrow(root: Path) -> list[Any]:
    schema = SCHEMA.append(pa.field("date", pa.string()))
    partitioning = pyarrow.dataset.partitioning(pa.schema([("date", pa.string())]), flavor="hive")
    made = pyarrow.dataset.dataset(root / "articles", schema=schema, partitioning=partitioning)
    return list(made.to_table().to_pylist())


def with_pandas(root: Path) -> list[Any]:
    frame = pd.read_parquet(root / "articles", schema=SCHEMA.append(pa.field("date", pa.string())))
    return list(frame.astype(object).to_dict("records"))


def with_polars(root: Path) -> list[Any]:
    frame = pl.scan_parquet(
        root / "articles", hive_schema={"date": pl.String}, missing_columns="insert", extra_columns="ignore"
    )
    return list(frame.collect().to_dicts())


def with_duckdb(root: Path) -> list[Any]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return list(connection.sql(SELECT.format(root)).to_arrow_table().to_pylist())


def with_newsbot(form: str) -> Callable[[Path], list[Any]]:
    def read(root: Path) -> list[Any]:
        made = getattr(newsbot.dataset.open(root).versions(), form)()
        if form == "to_pandas":
            return list(made.astype(object).to_dict("records"))
        return list(made.collect().to_dicts() if form == "to_polars" else made.to_arrow_table().to_pylist())

    return read


READERS: dict[str, Callable[[Path], list[Any]]] = {
    "pyarrow": with_pyarrow,
    "pandas": with_pandas,
    "polars": with_polars,
    "duckdb": with_duckdb,
    "newsbot pandas": with_newsbot("to_pandas"),
    "newsbot polars": with_newsbot("to_polars"),
    "newsbot duckdb": with_newsbot("to_duckdb"),
}


@pytest.fixture
def root(tmp_path: Path, put: Callable[..., Path], article: Callable[..., dict[str, Any]]) -> Path:
    rows = write_table(put, article, tmp_path)
    assert len(expected(tmp_path)) == rows
    return tmp_path


@pytest.mark.parametrize("reader", READERS)
def test_equal_rows(root: Path, reader: str) -> None:
    found = alike(READERS[reader](root))
    assert [row["article_id"] for row in found] == ["bare", "full", "late", "old", "second"]
    assert found == expected(root)


@pytest.mark.parametrize("reader", READERS)
def test_equal_rows_after_a_compaction(root: Path, reader: str) -> None:
    before = expected(root)
    compact(root, date(2026, 3, 1))
    assert alike(READERS[reader](root)) == before
