"""Compaction: what it makes, what it leaves, what it refuses."""

from __future__ import annotations

import errno
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import newsbot.dataset
from newsbot.dataset import compact as compaction
from newsbot.dataset import exchange, merge
from newsbot.dataset.commit import data_file
from newsbot.dataset.compact import compact, compaction_lock
from newsbot.dataset.disk import write_new
from newsbot.dataset.manifest import (
    COMPACTION,
    DataFile,
    Manifest,
    encode,
    manifests,
    read_head,
    stamp,
)
from newsbot.dataset.schema import SCHEMA
from newsbot.dataset.vacuum import vacuum
from newsbot.exceptions import (
    CommitFailed,
    DatasetError,
    InputError,
    Locked,
    OutputUnwritable,
)
from tests.dataset.compacting import BEFORE, Put, Row, names, rows_of, small_table


@pytest.fixture
def root(tmp_path: Path, put: Put, article: Row) -> Path:
    """Return `small_table`."""
    return small_table(tmp_path, put, article)


def test_small_files_of_closed_days_become_one(root: Path) -> None:
    before = rows_of(root)
    done = compact(root, BEFORE)
    assert (done.days, done.files_before, done.files_after, done.rows) == (["2026-02-01"], 4, 1, 7)
    assert rows_of(root) == before
    assert [name.split("/")[0] for name in names(root)] == [
        "date=2026-02-01",
        "date=2026-02-02",
        *["date=2026-03-01"] * 2,
    ]
    assert not names(root)[0].split("/")[1].startswith(("_", ".")), "hidden from readers"
    assert compact(root, BEFORE).days == []


def test_the_merged_file_is_sorted_and_has_the_declared_schema(root: Path) -> None:
    compact(root, BEFORE)
    table = pq.read_table(root / "articles" / names(root)[0], partitioning=None)
    assert table.schema.equals(SCHEMA)
    assert table.schema.metadata == SCHEMA.metadata
    keys = [(row["publisher"], row["date_published"], row["version"]) for row in table.to_pylist()]
    assert keys == sorted(keys)
    assert [publisher for publisher, _, _ in keys] == ["alder"] * 5 + ["birch"] * 2


def test_columns_of_other_ages_stay(tmp_path: Path, put: Put, article: Row) -> None:
    older = SCHEMA.remove(SCHEMA.get_field_index("cluster_id"))
    newer = SCHEMA.append(pa.field("sentiment", pa.float32()))
    put("2026-02-01", "old", [{name: article("a")[name] for name in older.names}], older)
    put("2026-02-01", "new", [{**article("b"), "sentiment": 0.5}], newer)
    compact(tmp_path, BEFORE)
    assert len(names(tmp_path)) == 1
    assert [row["sentiment"] for row in rows_of(tmp_path)] == [None, 0.5]


def test_a_null_publisher_and_null_times_stay(tmp_path: Path, put: Put, article: Row) -> None:
    put("2026-02-01", "a", [article("a", publisher=None, date_published=None, first_seen_at=None)])
    put("2026-02-01", "b", [article("b", date_published=None)])
    before = rows_of(tmp_path)
    compact(tmp_path, BEFORE)
    assert rows_of(tmp_path) == before


def test_row_groups_and_files_close_by_size(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "ROW_GROUP_ROWS", 2)
    monkeypatch.setattr(merge, "FILE_BYTES", 1)
    before = rows_of(root)
    assert compact(root, BEFORE).files_after == 4
    assert rows_of(root) == before
    files = [root / "articles" / name for name in names(root) if "2026-02-01" in name]
    assert [pq.read_metadata(path).num_row_groups for path in files] == [1, 1, 1, 1]


def test_the_manifest_says_what_was_replaced(root: Path) -> None:
    compact(root, BEFORE)
    (path,) = manifests(root, COMPACTION)
    manifest = read_head(path)
    assert (manifest.kind, manifest.sequence, manifest.publisher) == ("compaction", 1, COMPACTION)
    assert [file.place for file in manifest.files] == [f"articles/{names(root)[0]}"]
    assert [file.name for file in manifest.replaces] == [
        "r0-0001.parquet",
        "r1-0001.parquet",
        "r2-0001.parquet",
        "r4-0001.parquet",
    ]
    kept = root / "replaced" / manifest.name / "date=2026-02-01"
    pairs = zip(sorted(kept.iterdir()), manifest.replaces, strict=True)
    assert all(data_file(path, "2026-02-01", path.name, file.rows) == file for path, file in pairs)
    assert not list((root / "staging").glob("_compaction-*"))


def test_by_default_only_old_and_quiet_days(tmp_path: Path, put: Put, article: Row) -> None:
    today = datetime.now(UTC).date()
    old, young = (today - timedelta(days=3)).isoformat(), (today - timedelta(days=1)).isoformat()
    for day in (old, young):
        for name in ("a", "b"):
            os.utime(put(day, name, [article(f"{day}{name}")]), (time.time() - 7200,) * 2)
    put("2026-01-01", "late", [article("late")])
    put("2026-01-01", "later", [article("later")])
    assert compact(tmp_path).days == [old], "the third day had a file just now"


def test_what_cannot_be_compacted_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no dataset"):
        compact(tmp_path)
    with pytest.raises(OutputUnwritable, match="object store: set NEWSBOT_STATE"):
        compact("s3://bucket/prefix")
    with pytest.raises(OutputUnwritable, match="object store: set NEWSBOT_STATE"):
        vacuum("s3://bucket/prefix")


def test_a_file_that_is_not_as_committed_stops_it(root: Path, put: Put, article: Row) -> None:
    path = root / "articles" / "date=2026-02-01" / "r0-0001.parquet"
    told = DataFile("2026-02-01", path.name, 2, 1, "0" * 32)
    manifest = Manifest("alder-20260201T000000Z-abc123-0001", "run", "alder", files=[told])
    stamp(manifest, 1)
    write_new(root / manifest.place(), encode(manifest), root / "staging" / "m")
    before = names(root)
    with pytest.raises(DatasetError, match=r"r0-0001\.parquet is not as it was committed.*verify"):
        compact(root, BEFORE)
    assert names(root) == before
    assert manifests(root, COMPACTION) == []


def test_a_full_disk_changes_nothing_and_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def merge_and_fill(*args: Any) -> Any:
        merge.merge(*args)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(compaction, "merge", merge_and_fill)
    before = names(root)
    with pytest.raises(CommitFailed, match=r"cannot compact .*: No space left on device; make room"):
        compact(root, BEFORE)
    assert names(root) == before
    assert not list((root / "staging").glob("_*"))
    monkeypatch.undo()
    assert compact(root, BEFORE).days == ["2026-02-01"]


def test_a_root_that_cannot_be_written_is_named(root: Path) -> None:
    (root / "staging").write_text("no folder")
    with pytest.raises(OutputUnwritable, match=r"cannot write .*staging"):
        compact(root, BEFORE)


def test_a_file_system_without_exchange_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_RENAME_EXCHANGE", 1 << 20)
    before = names(root)
    with pytest.raises(OutputUnwritable, match="cannot exchange two folders"):
        compact(root, BEFORE)
    assert names(root) == before


def test_exchange_trades_places(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    (one / "x").touch()
    other.mkdir()
    exchange.exchange(one, other)
    assert (list(one.iterdir()), list(other.iterdir())) == ([], [other / "x"])
    with pytest.raises(FileNotFoundError):
        exchange.exchange(one, tmp_path / "none")


def test_two_compactions_do_not_overlap(root: Path) -> None:
    with compaction_lock(root):
        with pytest.raises(Locked, match="is being compacted"):
            compact(root, BEFORE)
        with pytest.raises(Locked):
            vacuum(root)
    assert compact(root, BEFORE).days == ["2026-02-01"]


def test_vacuum_deletes_after_the_grace_period(root: Path) -> None:
    reader = newsbot.dataset.open(root)
    before = rows_of(root)
    compact(root, BEFORE)
    assert (vacuum(root).kept, vacuum(root).files) == (4, 0)
    assert reader.versions().count() == 10
    done = vacuum(root, grace_days=0)
    assert (done.files, done.kept) == (4, 0)
    assert done.bytes > 1000
    with pytest.raises(FileNotFoundError):
        reader.versions().count()
    assert rows_of(root) == before


# -- kills -------------------------------------------------------------------------------------------------------------
