"""Compaction: what it makes, what it leaves, kills at every step, writers and readers beside it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import newsbot.dataset
from newsbot.dataset import compact as compaction
from newsbot.dataset import exchange, merge
from newsbot.dataset.commit import data_file
from newsbot.dataset.compact import compact, compaction_lock, recover
from newsbot.dataset.disk import table_lock, write_new
from newsbot.dataset.manifest import (
    COMPACTION,
    DataFile,
    Manifest,
    encode,
    live_files,
    manifests,
    read_head,
    stamp,
)
from newsbot.dataset.schema import SCHEMA
from newsbot.dataset.vacuum import vacuum
from newsbot.dataset.verify import verify
from newsbot.exceptions import (
    CommitFailed,
    DatasetError,
    InputError,
    Locked,
    ManifestDamaged,
    OutputUnwritable,
)

Row = Callable[..., dict[str, Any]]
Put = Callable[..., Path]
BEFORE = date(2026, 3, 1)


def when(minute: int, day: int = 1) -> datetime:
    """Return an instant in February 2026."""
    return datetime(2026, 2, day, 8, tzinfo=UTC) + timedelta(minutes=minute)


def rows_of(root: Path) -> list[dict[str, Any]]:
    """Return all rows, in one order."""
    rows: list[dict[str, Any]] = newsbot.dataset.open(root).versions().to_arrow().to_pylist()
    return sorted(rows, key=lambda row: (row["article_id"], row["version"]))


def names(root: Path) -> list[str]:
    """Return the files of the table."""
    return sorted(
        str(path.relative_to(root / "articles")) for path in (root / "articles").rglob("*") if path.is_file()
    )


@pytest.fixture
def root(tmp_path: Path, put: Put, article: Row) -> Path:
    """Return a dataset of two days of three and one file, and a third day that is open under BEFORE."""
    for number in range(3):
        publisher = "alder" if number < 2 else "birch"
        rows = [
            article(f"a{number}{minute}", publisher=publisher, date_published=when(minute))
            for minute in (9, 3)
        ]
        put("2026-02-01", f"r{number}-0001", rows)
    put("2026-02-01", "r4-0001", [article("a09", 2, date_published=when(9))])
    put("2026-02-02", "r1-0001", [article("b", date_published=when(0, 2))])
    put("2026-03-01", "r1-0001", [article("c", date_published=datetime(2026, 3, 1, tzinfo=UTC))])
    put("2026-03-01", "r2-0001", [article("d", date_published=datetime(2026, 3, 1, tzinfo=UTC))])
    return tmp_path


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

_SCRIPT = """
import sys
from datetime import date
from newsbot.dataset.compact import compact
compact(sys.argv[1], date(2026, 3, 1))
"""


def run_compaction(root: Path, kill_at: str = "") -> int:
    """Compact in another process; return its exit status."""
    environment = {**os.environ, "NEWSBOT_KILL_AT": kill_at}
    return subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(root)], env=environment, check=False, timeout=120
    ).returncode


POINTS = {
    "compact_after_sketches:1": False,
    "compact_before_manifest": False,
    "in_manifest": False,
    "compact_after_manifest": True,
    "compact_before_exchange": True,
    "compact_after_exchange": True,
    "compact_after_set_aside": True,
}
"""Where the process is killed -> whether the compaction is committed by then."""


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_is_rolled_back_or_forward(root: Path, point: str) -> None:
    before = rows_of(root)
    reader = newsbot.dataset.open(root)
    assert run_compaction(root, point) == -signal.SIGKILL
    assert rows_of(root) == before, "right after the kill"
    assert reader.versions().to_arrow().num_rows == 10, "for who listed the files before"
    done = compact(root, BEFORE)
    assert (len(done.finished), done.days) == ((1, []) if POINTS[point] else (0, ["2026-02-01"]))
    assert rows_of(root) == before
    assert len([name for name in names(root) if "2026-02-01" in name]) == 1
    assert set(live_files(root)) <= {f"articles/{name}" for name in names(root)}
    assert reader.versions().to_arrow().num_rows == 10
    assert not list((root / "staging").glob("_*"))


def test_a_kill_while_files_are_taken_over(
    root: Path, put: Put, article: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_compaction(root, "compact_after_manifest") == -signal.SIGKILL
    put("2026-02-01", "late-1", [article("late1")])
    put("2026-02-01", "late-2", [article("late2")])
    expected = rows_of(root)
    assert run_compaction(root, "compact_after_link") == -signal.SIGKILL
    assert rows_of(root) == expected
    assert compact(root, BEFORE).days == ["2026-02-01"], "finished, then once more with the late files"
    assert rows_of(root) == expected
    assert len([name for name in names(root) if "2026-02-01" in name]) == 1


def test_damage_between_commit_and_exchange_is_named(root: Path) -> None:
    assert run_compaction(root, "compact_after_manifest") == -signal.SIGKILL
    (root / "articles" / "date=2026-02-01" / "r0-0001.parquet").unlink()
    with pytest.raises(ManifestDamaged, match=r"lacks r0-0001\.parquet"):
        compact(root, BEFORE)


# -- beside others -----------------------------------------------------------------------------------------------------


def test_a_file_committed_during_the_merge_is_kept(
    root: Path, put: Put, article: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    def merge_slowly(*args: Any) -> Any:
        made = merge.merge(*args)
        put("2026-02-01", "late-0001", [article("late")])
        return made

    monkeypatch.setattr(compaction, "merge", merge_slowly)
    before = rows_of(root)
    compact(root, BEFORE)
    late = [row for row in rows_of(root) if row["article_id"] == "late"]
    assert len(late) == 1
    assert len(rows_of(root)) == len(before) + 1
    kept = root / "replaced"
    assert not list(kept.rglob("late-0001.parquet")), "it is in the table, not replaced"


class Readers:
    """Threads that read a folder as plain readers do, again and again; they keep what they saw."""

    def __init__(self, root: Path, least: int) -> None:
        self.root, self.least = root, least
        self.wrong: list[str] = []
        self.reads = self.retries = 0
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(read,)) for read in (self.duckdb, self.polars, self.own)
        ]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def duckdb(self) -> list[str]:
        with duckdb.connect() as connection:
            glob = f"{self.root}/articles/*/*.parquet"
            found = connection.execute(
                "SELECT article_id FROM read_parquet(?, union_by_name = true)", [glob]
            ).fetchall()
            return [row[0] for row in found]

    def polars(self) -> list[str]:
        return pl.scan_parquet(self.root / "articles").select("article_id").collect()["article_id"].to_list()

    def own(self) -> list[str]:
        ids: list[str] = (
            newsbot.dataset.open(self.root).versions().to_arrow(["article_id"])["article_id"].to_pylist()
        )
        return ids

    def _loop(self, read: Callable[[], list[str]]) -> None:
        while not self._stop.is_set():
            try:
                ids = read()
            except (OSError, duckdb.IOException, pl.exceptions.ComputeError) as error:
                if read == self.own or not ("No such file" in str(error) or "ot found" in str(error)):
                    self.wrong.append(f"{read.__name__}: {error!r}")
                # Listed before the exchange, opened after it: a plain reader is told and reads again.
                self.retries += 1
                continue
            self.reads += 1
            if len(ids) != len(set(ids)) or len(ids) < self.least:
                self.wrong.append(
                    f"{read.__name__}: {len(ids)} rows, {len(set(ids))} articles, {self.least} expected"
                )


def _commit(root: Path, put: Put, article: Row, number: int) -> None:
    """Bring a file into the table as the writer does: from aside, under the shared lock."""
    aside = put("2026-02-01", f"w-{number}", [article(f"w{number}")], root=root / "aside")
    with table_lock(root):
        aside.replace(root / "articles" / "date=2026-02-01" / aside.name)


def test_readers_and_writers_beside_compactions(tmp_path: Path, put: Put, article: Row) -> None:
    for number in range(8):
        put("2026-02-01", f"r{number}", [article(f"a{number}-{row}") for row in range(5)])
    with Readers(tmp_path, least=40) as readers:
        for turn in range(12):
            _commit(tmp_path, put, article, turn)
            compact(tmp_path, BEFORE)
    assert readers.wrong == []
    assert readers.reads >= 12, f"{readers.retries} retries"
    ids = [row["article_id"] for row in rows_of(tmp_path)]
    assert len(ids) == len(set(ids)) == 52
    assert len(names(tmp_path)) == 1


def _writer(root: Path, put: Put, article: Row, stop: threading.Event) -> Iterator[int]:
    number = 100
    while not stop.is_set():
        _commit(root, put, article, number)
        number += 1
        time.sleep(0.02)
        yield number


def test_a_busy_writer_loses_nothing(tmp_path: Path, put: Put, article: Row) -> None:
    put("2026-02-01", "r0", [article("a0")])
    put("2026-02-01", "r1", [article("a1")])
    stop = threading.Event()
    committed: list[int] = []
    thread = threading.Thread(target=lambda: committed.extend(_writer(tmp_path, put, article, stop)))
    thread.start()
    try:
        for _ in range(6):
            compact(tmp_path, BEFORE)
    finally:
        stop.set()
        thread.join()
    ids = [row["article_id"] for row in rows_of(tmp_path)]
    assert len(ids) == len(set(ids)) == 2 + len(committed) > 2


@pytest.mark.parametrize("point", [point for point, is_committed in POINTS.items() if is_committed])
def test_verify_tells_a_compaction_cut_short_and_repair_finishes_it(
    tmp_path: Path, root: Path, point: str
) -> None:
    before = rows_of(root)
    assert run_compaction(root, point) == -signal.SIGKILL
    assert "batch_unfinished" in {found.kind for found in verify(root) if "_compaction" in found.place}
    with compaction_lock(root):
        assert len(recover(root)) == 1
    assert rows_of(root) == before
    assert not {found.kind for found in verify(root)} & {"batch_unfinished", "file_missing", "staging_left"}
