"""Batches: when they close, how files are shaped, and extremes: empty columns, huge bodies, many rows, many partitions."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from newsbot.dataset import gathered
from newsbot.dataset.disk import file_checksum
from newsbot.dataset.schema import COLUMNS, SCHEMA, partition, row
from newsbot.dataset.shape import BLOOM, ROW_GROUP_ROWS
from newsbot.dataset.verify import verify
from newsbot.dataset.writer import Limits, Writer
from newsbot.exceptions import CommitFailed
from newsbot.state import State
from tests.dataset import driver

RUN = "alder-20260201T000000Z-0a1b2c"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State.open(tmp_path / "state", "alder")
    yield state
    state.close()


def writer(root: Path, state: State, limits: Limits | None = None) -> Writer:
    return Writer(root, RUN, "alder", limits or Limits(), state)


def rows_of(root: Path) -> list[dict[str, Any]]:
    table = ds.dataset(root / "articles", format="parquet", schema=SCHEMA).to_table()
    return sorted(table.to_pylist(), key=lambda values: (values["article_id"], values["version"]))


def files_of(root: Path) -> list[Path]:
    return sorted((root / "articles").rglob("*.parquet"))


def test_what_is_written_reads_back_in_every_reader(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state)
    given = [driver.make_row("alder", number) for number in range(12)]
    for one in given:
        target.add(one)
    manifest = target.commit({})
    assert (manifest.rows, len(manifest.files), manifest.sequence) == (12, driver.DAYS, 1)
    back = [{**one, "provenance": dict(one["provenance"])} for one in rows_of(tmp_path)]
    assert back == sorted(given, key=lambda values: values["article_id"])
    ids = sorted(one["article_id"] for one in given)
    table = f"{tmp_path}/articles/**/*.parquet"
    assert [
        found[0] for found in duckdb.execute(f"SELECT article_id FROM '{table}' ORDER BY 1").fetchall()
    ] == ids
    assert sorted(pl.read_parquet(table, columns=["article_id"])["article_id"]) == ids
    assert sorted(pd.read_parquet(tmp_path / "articles", columns=["article_id"])["article_id"]) == ids
    days = duckdb.execute(f"SELECT DISTINCT date::VARCHAR FROM '{table}' ORDER BY 1").fetchall()
    assert [day for (day,) in days] == [f"2026-02-0{number}" for number in range(1, 6)]


def test_a_manifest_names_its_files_as_they_are(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state)
    target.add(driver.make_row("alder", 1))
    (file,) = target.commit({}).files
    path = tmp_path / file.place
    assert (file.name, file.partition, file.rows) == (f"{RUN}-0001.parquet", "2026-02-02", 1)
    assert (file.bytes, file.blake2b) == (path.stat().st_size, file_checksum(path))
    assert not list((tmp_path / "staging").glob("alder*"))


@pytest.mark.parametrize(
    ("limits", "added"),
    [(Limits(rows=3), 3), (Limits(bytes=4000), 5), (Limits(seconds=0.0), 1)],
    ids=["rows", "bytes", "seconds"],
)
def test_a_batch_is_due_at_a_limit(tmp_path: Path, state: State, limits: Limits, added: int) -> None:
    target = writer(tmp_path, state, limits)
    assert not target.due()
    count = 0
    while not target.due():
        target.add(driver.make_row("alder", count % 3))
        count += 1
    assert count == added
    target.commit({})
    assert not target.due()


@pytest.mark.parametrize("held", [0, 3000, 10**6], ids=["spooled", "both", "held"])
def test_rows_lie_in_order_whether_held_or_spooled(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(gathered, "PIECE_ROWS", 2)
    target = writer(tmp_path, state, Limits(held=held))
    numbers = [40, 5, 30, 10, 0, 25, 35, 15, 20]
    for number in numbers:
        target.add(driver.make_row("alder", number), f"extra {number}".encode())
    assert (tmp_path / "staging" / target.name / "spool").exists() == (held < 10**6)
    seen = {}

    def finish(values: Mapping[str, Any], extra: bytes) -> Mapping[str, Any]:
        seen[values["headline"]] = extra.decode()
        return {**values, "body": "finished"} if values["headline"] != "Headline 10" else values

    target.commit({}, finish)
    assert seen == {f"Headline {number}": f"extra {number}" for number in numbers}
    (path,) = files_of(tmp_path)
    table = pq.ParquetFile(path).read()
    assert table["headline"].to_pylist() == [f"Headline {number}" for number in sorted(numbers)]
    kept = driver.make_row("alder", 10)["body"]
    assert table["body"].to_pylist() == ["finished"] * 2 + [kept] + ["finished"] * 6
    others = [name for name in COLUMNS if name != "body"]
    given = pa.Table.from_pylist(
        [driver.make_row("alder", number) for number in sorted(numbers)], schema=SCHEMA
    )
    assert table.select(others).equals(given.select(others))


def test_a_dropped_batch_leaves_nothing_and_the_next_has_another_name(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state)
    target.add(driver.make_row("alder", 1))
    target.drop()
    assert (target.rows, target.name) == (0, f"{RUN}-0002")
    target.add(driver.make_row("alder", 2))
    target.commit({})
    assert [one["headline"] for one in rows_of(tmp_path)] == ["Headline 2"]


def test_a_row_that_does_not_fit_ends_its_batch(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state)
    target.add(driver.make_row("alder", 1))
    target.add({**driver.make_row("alder", 2), "word_count": 2**40})
    with pytest.raises(CommitFailed, match=r"cannot write a row: word_count of article .* is no int32"):
        target.commit({})
    assert (target.rows, state.sequence, files_of(tmp_path)) == (0, 0, [])
    assert not list((tmp_path / "staging").glob("alder*"))


def test_late_articles_are_new_files_in_old_partitions(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state)
    for _ in range(2):
        target.add(driver.make_row("alder", 0))
        target.commit({})
    assert [path.name for path in files_of(tmp_path)] == [f"{RUN}-0001.parquet", f"{RUN}-0002.parquet"]
    assert len({path.parent for path in files_of(tmp_path)}) == 1


def test_a_row_without_a_date_lies_on_the_day_it_was_first_seen() -> None:
    values = row({"first_seen_at": datetime(2026, 2, 3, 23, 30, tzinfo=UTC)})
    assert (partition(values), values["date_source"]) == ("2026-02-03", "first_seen_at")
    tokyo = timezone(timedelta(hours=9))
    morning = datetime(2026, 2, 4, 1, tzinfo=tokyo)
    assert partition(row({"date_published": morning, "first_seen_at": morning})) == "2026-02-03"


def test_the_file_says_its_schema_version_and_helps_look_ups(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state)
    for number in range(0, 500, 5):
        target.add(driver.make_row("alder", number))
    target.commit({})
    (path,) = files_of(tmp_path)
    footer = pq.read_metadata(path)
    assert footer.metadata[b"newsbot.schema_version"] == b"1"
    group = footer.row_group(0)
    by_name = {
        group.column(number).path_in_schema: group.column(number) for number in range(group.num_columns)
    }
    assert by_name["date_published"].statistics.min < by_name["date_published"].statistics.max
    assert by_name["body"].statistics is None
    assert by_name["body"].compression == "ZSTD"
    assert "RLE_DICTIONARY" in by_name["publisher"].encodings
    assert "RLE_DICTIONARY" not in by_name["url"].encodings
    wanted = driver.identity("alder", 250)
    probe = "SELECT count(*) FROM parquet_bloom_probe(?, ?, ?) WHERE NOT bloom_filter_excludes"
    for name in BLOOM:
        assert duckdb.execute(probe, [str(path), name, "nowhere"]).fetchall() == [(0,)]
    assert duckdb.execute(probe, [str(path), "article_id", wanted]).fetchall() == [(1,)]


def test_columns_without_a_value_keep_their_type(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state)
    instant = datetime(2026, 2, 1, tzinfo=UTC)
    target.add(row({"article_id": "a", "version": 1, "publisher": "alder", "first_seen_at": instant}))
    target.commit({})
    (path,) = files_of(tmp_path)
    assert pq.read_schema(path).equals(SCHEMA)
    target.add(driver.make_row("alder", 0))
    target.commit({})
    table = f"{tmp_path}/articles/**/*.parquet"
    query = f"SELECT count(*), count(body), count(date_published), count(images) FROM '{table}'"
    assert duckdb.execute(query).fetchall() == [(2, 1, 1, 2)]
    assert pl.scan_parquet(table).select("body").collect().height == 2
    assert len(pd.read_parquet(tmp_path / "articles")) == 2


def test_a_body_of_50_megabytes(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state, Limits())
    big = "Fifty megabytes of text. " * (2 * 1024 * 1024)
    for number in (0, 5, 10):
        target.add({**driver.make_row("alder", number), "body": big if number == 5 else "small"})
    target.commit({})
    (path,) = files_of(tmp_path)
    # A row group of its own: who reads the small rows does not pay for the big one.
    assert [pq.read_metadata(path).row_group(number).num_rows for number in range(3)] == [1, 1, 1]
    found = duckdb.execute(f"SELECT max(length(body)), count(*) FROM '{path}'").fetchall()
    assert found == [(len(big), 3)]


def test_a_hundred_thousand_rows_in_one_batch(tmp_path: Path, state: State) -> None:
    limits = Limits(rows=10**6, bytes=10**10)
    target = writer(tmp_path, state, limits)
    values = driver.make_row("alder", 1)
    for number in range(100_000):
        target.add({**values, "article_id": f"{number:032x}", "version": 1})
    assert target.commit({}).rows == 100_000
    (path,) = files_of(tmp_path)
    footer = pq.read_metadata(path)
    assert footer.num_rows == 100_000
    assert max(footer.row_group(number).num_rows for number in range(footer.num_row_groups)) <= ROW_GROUP_ROWS
    assert duckdb.execute(f"SELECT count(DISTINCT article_id) FROM '{path}'").fetchall() == [(100_000,)]


def test_a_backfill_of_ten_years_in_bounded_memory_and_open_files(tmp_path: Path) -> None:
    """3,650 partitions in one batch, with room for 40 open files; memory as for one partition, give or take."""
    code = f"""
import resource, sys
from datetime import timedelta
from pathlib import Path
from newsbot.dataset.writer import Limits, Writer
from newsbot.state import State
from tests.dataset import driver
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
root = Path({str(tmp_path)!r})
state = State.open(root / "state", "alder")
writer = Writer(root, {RUN!r}, "alder", Limits(), state)
def batch(days):
    for number in range(3650):
        values = driver.make_row("alder", number)
        writer.add({{**values, "date_published": driver.EPOCH - timedelta(days=number % days)}})
    return len(writer.commit({{}}).files)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
one, before, many, after = batch(1), peak(), batch(3650), peak()
print(one, many, after - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=driver_root(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    one, many, more = map(int, done.stdout.split())
    assert (one, many) == (1, 3650)
    assert more < 60, f"{more} MB more for 3,650 partitions"
    assert len(files_of(tmp_path)) == 3651
    assert verify(tmp_path, deep=False) == []


def driver_root() -> Path:
    return Path(driver.__file__).resolve().parent.parent.parent


def test_files_of_an_older_and_a_newer_schema_read_together(tmp_path: Path, state: State) -> None:
    """An older file lacks a column, a newer one has one more; every reader sees nulls where a file says nothing."""
    target = writer(tmp_path, state)
    target.add(driver.make_row("alder", 0))
    target.commit({})
    folder = files_of(tmp_path)[0].parent
    values = {name: value for name, value in driver.make_row("alder", 5).items() if name != "confidence"}
    older = SCHEMA.remove(SCHEMA.get_field_index("confidence"))
    pq.write_table(pa.Table.from_pylist([values], schema=older), folder / "older.parquet")
    newer = SCHEMA.append(pa.field("mood", pa.string()))
    pq.write_table(
        pa.Table.from_pylist([{**driver.make_row("alder", 10), "mood": "calm"}], schema=newer),
        folder / "newer.parquet",
    )
    glob = f"{tmp_path}/articles/**/*.parquet"
    query = f"SELECT count(*), count(mood), count(body) FROM read_parquet('{glob}', union_by_name = true)"
    assert duckdb.execute(query).fetchall() == [(3, 1, 3)]
    declared = pl.scan_parquet(folder / "newer.parquet").collect_schema()
    frame = pl.scan_parquet(glob, missing_columns="insert", schema=declared)
    assert frame.select(pl.col("mood").count(), pl.len()).collect().row(0) == (1, 3)
    table = ds.dataset(tmp_path / "articles", format="parquet", schema=newer).to_table(["mood", "confidence"])
    assert (table.num_rows, table["mood"].null_count) == (3, 2)
    assert pd.read_parquet(tmp_path / "articles", schema=newer)["mood"].notna().sum() == 1
    assert set(COLUMNS) - set(older.names) == {"confidence"}
