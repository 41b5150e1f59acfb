"""The dataset read by PySpark: equal rows. Needs Java 17 and `pip install --require-hashes -r requirements/spark.lock`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newsbot.dataset.compact import compact
from tests.dataset.alike import alike, expected, write_table
from tests.dataset.conftest import make_row, writer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("java") is None, reason="PySpark needs Java 17 or later, and there is no java here"
    ),
    # Of PySpark's own making.
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: requirements/spark.lock")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "512m")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        .getOrCreate()
    )
    yield session
    session.stop()


def with_spark(spark: Any, root: Path) -> list[dict[str, Any]]:
    """Return the rows, as docs/DATASET.md says."""
    frame = spark.read.option("mergeSchema", "true").parquet(str(root / "articles"))
    return list(frame.toArrow().to_pylist())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_table(writer(tmp_path), make_row, tmp_path)
    return tmp_path


def test_equal_rows(spark: Any, root: Path) -> None:
    assert alike(with_spark(spark, root)) == expected(root)


def test_equal_rows_after_a_compaction(spark: Any, root: Path) -> None:
    before = expected(root)
    compact(root, date(2026, 3, 1))
    assert alike(with_spark(spark, root)) == before


def test_days_are_pruned(spark: Any, root: Path) -> None:
    frame: Any = spark.read.parquet(str(root / "articles")).where("date = '2026-02-01'")
    read: Callable[[], list[str]] = frame.inputFiles
    assert {Path(name).name for name in read()} >= {"a.parquet", "b.parquet"}
    assert frame.count() == 3
