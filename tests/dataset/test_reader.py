"""Reading: versions and latest, pruning, four forms with equal rows, schemas of other ages, files replaced meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pytest

import newsbot.dataset
from newsbot.dataset.schema import COLUMNS, SCHEMA
from newsbot.exceptions import DatasetError, InputError, SchemaTooNew, UsageError

Row = Callable[..., dict[str, Any]]
Put = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path, put: Put, article: Row) -> Path:
    """Return a dataset: a edited twice, b removed, c of another publisher, d moved to a later day, e and f alone."""
    moved = datetime(2026, 2, 2, 9, tzinfo=UTC)
    put("2026-02-01", "r1-0001", [article("a"), article("b"), article("c", publisher="birch"), article("d")])
    put("2026-02-01", "r2-0001", [article("a", 2), article("b", 2, change="removed", body=None)])
    put("2026-02-01", "r3-0001", [article("a", 3)])
    put("2026-02-02", "r2-0001", [article("d", 2, date_published=moved), article("e", date_published=moved)])
    put("2026-02-04", "r4-0001", [article("f", publisher=None)])
    return tmp_path


def _ids(table: Any) -> list[tuple[str, int]]:
    return sorted(zip(table["article_id"].to_pylist(), table["version"].to_pylist(), strict=True))


def test_versions_are_all_rows(root: Path) -> None:
    dataset = newsbot.dataset.open(root)
    assert dataset.versions().count() == 10
    assert dataset.versions().to_arrow().schema.names == [*COLUMNS, "date"]


def test_latest_is_one_row_an_article_without_the_removed(root: Path) -> None:
    dataset = newsbot.dataset.open(root)
    assert _ids(dataset.latest().to_arrow()) == [("a", 3), ("c", 1), ("d", 2), ("e", 1), ("f", 1)]
    assert _ids(dataset.latest(removed=True).to_arrow())[1] == ("b", 2)


def test_a_version_that_moved_out_of_the_range_supersedes_all_the_same(root: Path) -> None:
    dataset = newsbot.dataset.open(root)
    assert _ids(dataset.latest(until="2026-02-01").to_arrow()) == [("a", 3), ("c", 1)]
    assert _ids(dataset.versions(until=date(2026, 2, 1), publishers="alder").to_arrow())[-1] == ("d", 1)


def test_days_and_publishers(root: Path) -> None:
    dataset = newsbot.dataset.open(str(root))
    assert dataset.days() == ["2026-02-01", "2026-02-02", "2026-02-04"]
    assert dataset.day_range() == ("2026-02-01", "2026-02-04")
    assert dataset.publishers() == ["alder", "birch"]
    assert _ids(dataset.latest(publishers=["birch"]).to_arrow()) == [("c", 1)]
    assert repr(dataset) == f"<newsbot dataset {root}: 5 files, 2026-02-01 to 2026-02-04>"


def test_other_days_are_not_opened(root: Path) -> None:
    broken = root / "articles" / "date=2026-02-01" / "broken.parquet"
    broken.write_bytes(b"no parquet")
    os.utime(broken, (0, 0))
    dataset = newsbot.dataset.open(root)
    assert dataset.versions(since="2026-02-02").count() == 3
    with pytest.raises(pa.ArrowInvalid, match=r"broken\.parquet"):
        dataset.versions().count()


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def value(given: Any) -> Any:
        if isinstance(given, datetime):
            return given.astimezone(UTC).replace(tzinfo=None).isoformat()
        if isinstance(given, dict):
            return sorted(given.items())
        if given is not None and not isinstance(given, (str, list, int, float, bool)):
            return list(given)
        if (
            isinstance(given, list)
            and given
            and isinstance(given[0], dict)
            and set(given[0]) == {"key", "value"}
        ):
            return sorted((pair["key"], pair["value"]) for pair in given)
        return given

    plain = [{name: value(part) for name, part in row.items()} for row in rows]
    return sorted(plain, key=lambda row: (row["article_id"], row["version"]))


def test_four_forms_have_equal_rows(root: Path) -> None:
    rows = newsbot.dataset.open(root).latest()
    expected = _plain(rows.to_arrow().to_pylist())
    assert len(expected) == 5
    assert _plain(rows.to_polars().collect().to_dicts()) == expected
    assert _plain(rows.to_duckdb().to_arrow_table().to_pylist()) == expected
    frame = rows.to_pandas()
    assert frame["article_id"].tolist() == rows.to_arrow()["article_id"].to_pylist()
    assert str(frame["date_published"].dtype) == "datetime64[us, UTC]"


@pytest.mark.parametrize("form", ["to_arrow", "to_pandas", "to_duckdb"])
def test_columns_can_be_chosen(root: Path, form: str) -> None:
    made = getattr(newsbot.dataset.open(root).latest(), form)(["headline", "date"])
    assert list(made.columns if form != "to_arrow" else made.schema.names) == ["headline", "date"]


def test_polars_reads_lazily(root: Path) -> None:
    import polars as pl

    frame = newsbot.dataset.open(root).versions().to_polars(["article_id", "date"])
    assert isinstance(frame, pl.LazyFrame)
    (root / "articles" / "date=2026-02-04" / "r4-0001.parquet").write_bytes(b"gone bad")
    assert frame.filter(pl.col("date") == "2026-02-02").collect().height == 2


def test_an_older_and_a_newer_schema_read_together(tmp_path: Path, put: Put, article: Row) -> None:
    older = SCHEMA.remove(SCHEMA.get_field_index("rights"))
    newer = SCHEMA.append(pa.field("sentiment", pa.float32()))
    put("2026-02-01", "old", [{name: article("a")[name] for name in older.names}], older)
    put("2026-02-02", "new", [{**article("b"), "sentiment": 0.5}], newer)
    table = newsbot.dataset.open(tmp_path).versions().to_arrow(["article_id", "rights", "sentiment"])
    assert table.sort_by("article_id").to_pylist() == [
        {"article_id": "a", "rights": None, "sentiment": None},
        {"article_id": "b", "rights": article("b")["rights"], "sentiment": 0.5},
    ]


def test_a_later_meaning_is_refused(tmp_path: Path, put: Put, article: Row) -> None:
    put("2026-02-01", "new", [article("a")], SCHEMA.with_metadata({"newsbot.schema_version": "99"}))
    with pytest.raises(SchemaTooNew, match=r"version 99.*install a newer newsbot"):
        newsbot.dataset.open(tmp_path)


def test_an_empty_dataset_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    dataset = newsbot.dataset.open(tmp_path)
    assert dataset.latest().to_arrow().num_rows == 0
    assert (dataset.day_range(), dataset.publishers()) == (None, [])


def test_a_dataset_in_an_object_store(root: Path) -> None:
    files = fsspec.filesystem("memory")
    files.put(str(root / "articles"), "/news/articles", recursive=True)
    try:
        dataset = newsbot.dataset.open("memory://news")
        assert dataset.days() == ["2026-02-01", "2026-02-02", "2026-02-04"]
        local = newsbot.dataset.open(root)
        for form in ("to_arrow", "to_duckdb"):
            rows = [
                getattr(one.latest(until="2026-02-02"), form)(["article_id", "version"])
                for one in (dataset, local)
            ]
            assert _plain(_listed(rows[0])) == _plain(_listed(rows[1])) != []
        assert dataset.versions().to_polars().collect().height == 10
        with pytest.raises(InputError, match="memory://nothing holds no dataset"):
            newsbot.dataset.open("memory://nothing")
    finally:
        files.rm("/news", recursive=True)


def _listed(made: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (made if isinstance(made, pa.Table) else made.to_arrow_table()).to_pylist()
    return rows


def test_a_store_nobody_knows_is_named() -> None:
    with pytest.raises(InputError, match=r"cannot reach nosuch://x.*check the URL"):
        newsbot.dataset.open("nosuch://x")


def test_no_dataset_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no dataset"):
        newsbot.dataset.open(tmp_path / "nothing")


def test_an_unreadable_newest_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "articles" / "date=2026-02-01"
    folder.mkdir(parents=True)
    (folder / "x.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(DatasetError, match=r"x\.parquet.*scrapy dataset verify"):
        newsbot.dataset.open(tmp_path)


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-2"])
def test_a_day_must_be_one(root: Path, day: str) -> None:
    with pytest.raises(UsageError, match="give YYYY-MM-DD"):
        newsbot.dataset.open(root).versions(since=day)


def test_days_the_wrong_way_round_are_named(root: Path) -> None:
    with pytest.raises(UsageError, match="since 2026-02-27 is behind until 2026-02-01; exchange them"):
        newsbot.dataset.open(root).latest(since="2026-02-27", until="2026-02-01")


def test_what_was_listed_is_read_after_it_was_replaced(root: Path) -> None:
    dataset = newsbot.dataset.open(root)
    before = dataset.latest().to_arrow().sort_by("article_id")
    relation, lazy = dataset.latest().to_duckdb(), dataset.latest().to_polars()
    (root / "replaced" / "c1").mkdir(parents=True)
    (root / "articles" / "date=2026-02-01").rename(root / "replaced" / "c1" / "date=2026-02-01")
    assert dataset.latest().to_arrow().sort_by("article_id").equals(before)
    assert len(relation) == lazy.collect().height == before.num_rows
    assert newsbot.dataset.open(root).days() == ["2026-02-02", "2026-02-04"]
