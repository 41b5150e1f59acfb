"""The Delta Lake table: the same rows, incremental, nothing twice after kills and beside other writers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError

import newsbot.dataset
from newsbot.dataset import lake
from newsbot.dataset.commit import data_file
from newsbot.dataset.compact import compact
from newsbot.dataset.disk import write_new
from newsbot.dataset.lake import sync
from newsbot.dataset.manifest import Manifest, encode, stamp
from newsbot.dataset.vacuum import vacuum
from newsbot.exceptions import CommitFailed, InputError, UsageError

LATE = date(2026, 3, 1)
Row = dict[str, Any]


class Source:
    """A dataset that grows, batch by batch, with manifests as a crawl writes them."""

    def __init__(self, root: Path, put: Callable[..., Path], article: Callable[..., Row]) -> None:
        self.root, self._put, self._article = root, put, article
        self._sequences: dict[str, int] = {}

    def batch(self, publisher: str, day: str, *ids: str, **values: Any) -> None:
        """Commit a batch of one file."""
        number = self._sequences.get(publisher, 0) + 1
        self._sequences[publisher] = number
        name = f"{publisher}-20260201T000000Z-abc123-{number:04}"
        when = datetime.fromisoformat(f"{day}T08:00:00+00:00")
        rows = [
            self._article(identity, publisher=publisher, date_published=when, **values) for identity in ids
        ]
        path = self._put(day, name, rows, root=self.root)
        manifest = Manifest(name, name[:-5], publisher, files=[data_file(path, day, path.name, len(rows))])
        stamp(manifest, number)
        write_new(self.root / manifest.place(), encode(manifest), self.root / "staging" / "m")

    def rows(self) -> list[Row]:
        """Return the dataset's rows."""
        return _sorted(newsbot.dataset.open(self.root).versions().to_arrow().to_pylist())


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["article_id"], row["version"]))


def rows_of(target: Path) -> list[Row]:
    """Return the rows of the Delta table."""
    table = DeltaTable(target)
    return _sorted([{**row, "date": str(row["date"])} for row in table.to_pyarrow_table().to_pylist()])


@pytest.fixture
def source(tmp_path: Path, put: Callable[..., Path], article: Callable[..., Row]) -> Source:
    made = Source(tmp_path / "output", put, article)
    made.batch("alder", "2026-02-01", "a", "b", authors=["Ada"], provenance={"body": "model"})
    made.batch("birch", "2026-02-01", "c")
    made.batch("alder", "2026-02-02", "d")
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def test_the_table_has_the_same_rows(source: Source, target: Path) -> None:
    done = sync(source.root, str(target))
    assert (done.manifests, done.rows, done.version) == (3, 4, 0)
    assert rows_of(target) == source.rows()
    assert DeltaTable(target).metadata().partition_columns == ["date"]


def test_a_second_sync_brings_what_is_new_and_nothing_twice(source: Source, target: Path) -> None:
    sync(source.root, str(target))
    assert sync(source.root, str(target)).manifests == 0
    source.batch("birch", "2026-02-03", "e")
    done = sync(source.root, str(target))
    assert (done.manifests, done.rows, done.replaced_days, done.version) == (1, 1, 0, 1)
    assert rows_of(target) == source.rows()


def test_a_compaction_replaces_the_days_it_changed(source: Source, target: Path) -> None:
    sync(source.root, str(target))
    story = " ".join(f"word{number}" for number in range(200))
    source.batch("alder", "2026-02-01", "s1", body=story)
    source.batch("birch", "2026-02-02", "s2", body=story)
    compact(source.root, LATE)
    vacuum(source.root, grace_days=0)
    source.batch("birch", "2026-02-02", "late")
    done = sync(source.root, str(target))
    assert done.replaced_days == 2
    found = rows_of(target)
    assert found == source.rows()
    assert len({row["cluster_id"] for row in found if row["cluster_id"]}) == 1
    assert sync(source.root, str(target)).manifests == 0


def test_a_first_sync_after_compaction_and_vacuum(source: Source, target: Path) -> None:
    compact(source.root, LATE)
    vacuum(source.root, grace_days=0)
    sync(source.root, str(target))
    assert rows_of(target) == source.rows()
    source.batch("alder", "2026-02-01", "late")
    assert sync(source.root, str(target)).rows == 1
    assert rows_of(target) == source.rows()


def test_a_repair_takes_rows_out(source: Source, target: Path) -> None:
    sync(source.root, str(target))
    path = next((source.root / "articles" / "date=2026-02-02").iterdir())
    gone = data_file(path, "2026-02-02", path.name, 1)
    path.unlink()
    manifest = Manifest("alder-20260202T000000Z-repair-0003", "run", "alder", kind="repair", replaces=[gone])
    stamp(manifest, 3)
    write_new(source.root / manifest.place(), encode(manifest), source.root / "staging" / "m")
    sync(source.root, str(target))
    assert [row["article_id"] for row in rows_of(target)] == ["a", "b", "c"]


def test_a_sync_overtaken_by_another_brings_nothing_twice(
    source: Source, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(source.root, str(target))
    source.batch("birch", "2026-02-03", "e")
    plan = lake._plan
    overtaken: list[bool] = []

    def plan_slowly(root: Path, table: Any) -> Any:
        made = plan(root, table)
        if not overtaken:
            overtaken.append(True)
            sync(root, str(target))
        return made

    monkeypatch.setattr(lake, "_plan", plan_slowly)
    monkeypatch.setattr(lake, "PAUSE", 0.01)
    assert sync(source.root, str(target)).manifests == 0
    assert rows_of(target) == source.rows()


def test_other_writers_of_the_table_are_no_hindrance(
    source: Source, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(source.root, str(target))
    source.batch("birch", "2026-02-03", "e")
    plan = lake._plan

    def plan_slowly(root: Path, table: Any) -> Any:
        made = plan(root, table)
        other = DeltaTable(target).to_pyarrow_table().slice(0, 1)
        properties = CommitProperties(app_transactions=[Transaction("someone else", 1)])
        write_deltalake(target, other, mode="append", commit_properties=properties)
        return made

    monkeypatch.setattr(lake, "_plan", plan_slowly)
    sync(source.root, str(target))
    assert len(rows_of(target)) == len(source.rows()) + 1


def test_it_gives_up_after_some_attempts(
    source: Source, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: Any) -> None:
        raise CommitFailedError("someone was first")

    monkeypatch.setattr(lake, "_write", lose)
    monkeypatch.setattr(lake, "PAUSE", 0.001)
    with pytest.raises(CommitFailed, match="after 5 attempts: someone was first"):
        sync(source.root, str(target))


def test_what_cannot_be_is_said(source: Source, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lies in the table"):
        sync(source.root, str(source.root / "articles" / "lake"))
    with pytest.raises(InputError, match="holds no dataset"):
        sync(tmp_path / "none", str(tmp_path / "lake"))
    with pytest.raises(InputError, match="object store"):
        sync("s3://bucket/x", str(tmp_path / "lake"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommitFailed, match="cannot write the Delta table"):
        sync(source.root, str(tmp_path / "file" / "lake"))
