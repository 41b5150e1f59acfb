"""Compaction killed at every step, and beside writers and readers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

import newsbot.dataset
from newsbot.dataset import compact as compaction
from newsbot.dataset import merge
from newsbot.dataset.compact import compact, compaction_lock, recover
from newsbot.dataset.disk import table_lock
from newsbot.dataset.manifest import (
    live_files,
)
from newsbot.dataset.verify import verify
from newsbot.exceptions import (
    ManifestDamaged,
)
from tests.dataset.compacting import BEFORE, Put, Row, names, rows_of, small_table


@pytest.fixture
def root(tmp_path: Path, put: Put, article: Row) -> Path:
    """Return `small_table`."""
    return small_table(tmp_path, put, article)


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
