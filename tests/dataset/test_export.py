"""Exports: hostile text comes back as it was, files take their place whole, SQL reads and nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import newsbot.dataset
from newsbot.dataset.export import first_rows, seen, whole_file, write_csv, write_jsonl, write_parquet
from newsbot.dataset.views import query
from newsbot.exceptions import OutputUnwritable, UsageError

HOSTILE = [
    "=1+1",
    "+cmd|x",
    "-2",
    "@SUM(A1)",
    "\tx",
    'say "no", he said',
    "two\nlines",
    "cr\r\nlf",
    "\u202eevil",
    "日本",
    ";",
    "'",
]


def _table(texts: list[str | None]) -> pa.Table:
    return pa.table({"text": pa.array(texts, pa.string())})


class Batches:
    """A table as batches."""

    def __init__(self, table: pa.Table) -> None:
        self.schema = table.schema
        self._batches = table.to_batches(max_chunksize=3)

    def __iter__(self) -> Any:
        return iter(self._batches)


def _csv(table: pa.Table, **options: bool) -> str:
    file = io.BytesIO()
    assert write_csv(Batches(table), file, **options) == table.num_rows
    return file.getvalue().decode()


def test_csv_gives_hostile_text_back() -> None:
    text = _csv(_table([*HOSTILE]))
    assert [row["text"] for row in csv.DictReader(io.StringIO(text, newline=""))] == HOSTILE
    assert pl.read_csv(text.encode())["text"].to_list() == HOSTILE
    assert text.startswith('"text"\r\n')


def test_csv_tells_null_from_empty_and_shows_no_control_character() -> None:
    assert _csv(_table([None, "", "nul\0esc\x1b"])) == '"text"\r\n\r\n""\r\n"nul\ufffdesc\ufffd"\r\n'


def test_csv_for_a_spreadsheet_has_no_formula() -> None:
    text = _csv(_table([*HOSTILE]), spreadsheet=True)
    assert text.startswith("\ufeff")
    read = [row["text"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))]
    assert read == [f"'{value}" if value[0] in "=+-@\t" else value for value in HOSTILE]


def test_csv_of_every_type(put: Callable[..., Path], article: Callable[..., Any], tmp_path: Path) -> None:
    put(
        "2026-02-01",
        "a",
        [article("a", authors=["Ada"], provenance={"body": "model"}, word_count=3, is_live_blog=True)],
    )
    text = _csv(newsbot.dataset.open(tmp_path).versions().to_arrow())
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert json.loads(row["authors"]) == ["Ada"]
    assert json.loads(row["provenance"]) == {"body": "model"}
    assert (row["word_count"], row["is_live_blog"], row["is_truncated"], row["date"]) == (
        "3",
        "true",
        "",
        "2026-02-01",
    )
    assert datetime.fromisoformat(row["date_published"]) == datetime(2026, 2, 1, 8, tzinfo=UTC)


def test_json_lines_hold_maps_as_objects_and_instants_with_zone(
    put: Callable[..., Path], article: Callable[..., Any], tmp_path: Path
) -> None:
    put("2026-02-01", "a", [article(str(number), headline=text) for number, text in enumerate(HOSTILE)])
    file = io.BytesIO()
    assert write_jsonl(Batches(newsbot.dataset.open(tmp_path).versions().to_arrow()), file) == len(HOSTILE)
    lines = [json.loads(line) for line in file.getvalue().split(b"\n")[:-1]]
    assert [line["headline"] for line in lines] == HOSTILE
    assert (lines[0]["date_published"], lines[0]["provenance"]) == ("2026-02-01T08:00:00Z", {})


def test_parquet_is_the_same_rows() -> None:
    table, file = _table([*HOSTILE]), io.BytesIO()
    assert write_parquet(Batches(table), file) == len(HOSTILE)
    assert pq.read_table(io.BytesIO(file.getvalue())).equals(table)


def test_a_file_takes_its_place_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with pytest.raises(TypeError), whole_file(path, "output") as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []
    with whole_file(path, "output") as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole"


def test_places_that_will_not_do(tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine")
    places = {
        tmp_path / "there.csv": "is there already",
        tmp_path: "is there already",
        tmp_path / "articles" / "date=2026-02-01" / "x.parquet": "lies in the table",
    }
    for path, message in places.items():
        with pytest.raises(UsageError, match=message), whole_file(path, str(tmp_path)):
            pass
    with (
        pytest.raises(OutputUnwritable, match="No such file"),
        whole_file(tmp_path / "no" / "x.csv", "output"),
    ):
        pass
    with whole_file(tmp_path / "there.csv", "output", overwrite=True) as file:
        file.write(b"new")
    assert (tmp_path / "there.csv").read_bytes() == b"new"


def test_the_terminal_sees_no_control_or_direction_character() -> None:
    assert seen("a\x1b[31m\u202eb\nc\x9b") == r"a\x1b[31m\u202eb⏎c\x9b"
    assert (seen(None), seen(3), seen("日本 é")) == ("", "3", "日本 é")


def test_intervals_are_text_in_every_format() -> None:
    table = pa.table(
        {"took": pa.array([pa.MonthDayNano([1, 3, 3_300_000_000_000]), pa.MonthDayNano([0, 0, 5])])}
    )
    assert _csv(table) == '"took"\r\n"1 months 3 days 00:55:00"\r\n"00:00:00.000000005"\r\n'
    file = io.BytesIO()
    write_jsonl(Batches(table), file)
    assert json.loads(file.getvalue().splitlines()[0]) == {"took": "1 months 3 days 00:55:00"}
    assert seen(table["took"][0].as_py()) == "1 months 3 days 00:55:00"


def test_first_rows_stops_early() -> None:
    rows, more = first_rows(Batches(_table([*HOSTILE])), 4)
    assert ([row["text"] for row in rows], more) == (HOSTILE[:4], True)
    assert first_rows(Batches(_table(["a"])), 4) == ([{"text": "a"}], False)


@pytest.fixture
def dataset(put: Callable[..., Path], article: Callable[..., Any], tmp_path: Path) -> newsbot.dataset.Dataset:
    put("2026-02-01", "a", [article("a"), article("a", 2), article("b"), article("b", 2, change="removed")])
    return newsbot.dataset.open(tmp_path)


def _ask(dataset: newsbot.dataset.Dataset, sql: str) -> list[dict[str, Any]]:
    with query(dataset, sql) as batches:
        return [row for batch in batches for row in batch.to_pylist()]


def test_sql_sees_two_views(dataset: newsbot.dataset.Dataset) -> None:
    assert _ask(dataset, "SELECT article_id, version FROM articles") == [{"article_id": "a", "version": 2}]
    assert _ask(dataset, "SELECT count(*) AS n FROM versions") == [{"n": 4}]
    assert _ask(dataset, "PIVOT versions ON version USING count(*) GROUP BY article_id ORDER BY article_id")[0] == {
        "article_id": "a", "1": 1, "2": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "COPY versions TO '{there}'",
        "EXPLAIN ANALYZE COPY versions TO '{there}'",
        "ATTACH '{there}' AS other",
        "EXPORT DATABASE '{there}'",
        "CREATE TABLE t AS SELECT 1",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM query('COPY versions TO ''{there}''')",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM read_parquet('{root}/articles/*/*.parquet')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_json('http://127.0.0.1:9/')",
        "SELECT * FROM dataset",
        "SELECT 1; SELECT 2",
        "SELEKT 1",
        "SELECT 'x'::INTEGER FROM versions",
        "",
    ],
)
def test_sql_reads_the_views_and_nothing_else(
    dataset: newsbot.dataset.Dataset, tmp_path: Path, sql: str
) -> None:
    there, secret = tmp_path / "there", tmp_path / "secret"
    secret.write_text("a,b\n1,2\n")
    with pytest.raises(UsageError) as told:
        _ask(dataset, sql.format(there=there, secret=secret, root=tmp_path))
    assert not there.exists()
    assert "\n" not in str(told.value)


def test_sql_spills_and_leaves_nothing(
    dataset: newsbot.dataset.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert _ask(dataset, "SELECT current_setting('temp_directory') AS t")[0]["t"].startswith(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["articles"]
    with duckdb.connect() as other:
        other.execute("SELECT current_setting('enable_external_access')")
        assert other.fetchall() == [(True,)], "only the connection of the query is locked"
