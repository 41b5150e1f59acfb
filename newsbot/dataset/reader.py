"""Reads the dataset: all versions or the latest ones, by day and publisher, as pyarrow, pandas, Polars or DuckDB; lazily.

import newsbot.dataset
dataset = newsbot.dataset.open("output")
dataset.latest(since="2026-02-01").to_pandas(columns=["headline", "date_published"])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from newsbot.dataset.ages import file_schema, unified
from newsbot.dataset.later import later
from newsbot.dataset.snapshot import Listed, Snapshot, take
from newsbot.exceptions import UsageError

ds, pc = later("pyarrow.dataset"), later("pyarrow.compute")

Day = str | date | None


def open(root: str | Path = "output") -> Dataset:  # noqa: A001 - newsbot.dataset.open reads as it should
    """Open the dataset under an output root as it stands now. Raises InputError where there is none, SchemaTooNew."""
    return Dataset(str(root), take(root))


class Dataset:
    """The dataset as it stood when it was opened; what is committed later is seen by opening it again."""

    def __init__(self, root: str, snapshot: Snapshot) -> None:
        self.root, self.snapshot = root, snapshot
        self.schema = self._declared()

    def __repr__(self) -> str:
        days = self.days()
        span = f"{days[0]} to {days[-1]}" if days else "no day"
        return f"<newsbot dataset {self.root}: {len(self.snapshot.files)} files, {span}>"

    def days(self) -> list[str]:
        """Return the days that have rows, oldest first, as YYYY-MM-DD."""
        return sorted({file.date for file in self.snapshot.files})

    def day_range(self) -> tuple[str, str] | None:
        """Return the first and the last day; None where the dataset is empty."""
        days = self.days()
        return (days[0], days[-1]) if days else None

    def publishers(self) -> list[str]:
        """Return the publishers that have rows, sorted; reads one column."""
        column = self.versions().to_arrow(["publisher"])["publisher"]
        return sorted(name for name in pc.unique(column).to_pylist() if name is not None)

    def versions(
        self, since: Day = None, until: Day = None, publishers: Sequence[str] | str | None = None
    ) -> Rows:
        """Return every version of every article, of the days from `since` to `until` (both included) and of `publishers`.

        Raises UsageError for what is no day, and where `since` is behind `until`.
        """
        return Rows(self._scan(since, until, publishers))

    def latest(
        self,
        since: Day = None,
        until: Day = None,
        publishers: Sequence[str] | str | None = None,
        *,
        removed: bool = False,
    ) -> Rows:
        """Return the latest version of each article; of those that are gone from their site only where `removed` says so.

        An older version is left out also where the newer one moved to a day outside the range.
        """
        last = self._latest
        if not removed:
            last &= ds.field("change").is_null() | (ds.field("change") != "removed")
        return Rows(self._scan(since, until, publishers).filter(last))

    def _scan(self, since: Day, until: Day, publishers: Sequence[str] | str | None) -> Any:
        first, last = _day(since), _day(until)
        if first and last and first > last:
            raise UsageError(f"since {first} is behind until {last}; exchange them")
        scan = self._dataset(self.snapshot.between(first, last))
        if publishers is None:
            return scan
        names = [publishers] if isinstance(publishers, str) else list(publishers)
        return scan.filter(ds.field("publisher").isin(names))

    def _dataset(self, files: Sequence[Listed]) -> Any:
        return ds.FileSystemDataset.from_paths(
            [file.path for file in files],
            schema=self.schema,
            format=ds.ParquetFileFormat(),
            filesystem=self.snapshot.filesystem,
            partitions=[ds.field("date") == file.date for file in files],
        )

    @cached_property
    def _latest(self) -> Any:
        """The condition that a row is its article's latest version.

        Only articles with a second version need a look, and a row group without one is skipped by its statistics.
        """
        edited = self._dataset(self.snapshot.files).to_table(
            ["article_id", "version"], filter=ds.field("version") > 1
        )
        if not edited.num_rows:
            return ds.scalar(True)
        newest = edited.group_by("article_id").aggregate([("version", "max")])
        condition = ~ds.field("article_id").isin(newest["article_id"])
        for version in pc.unique(newest["version_max"]).to_pylist():
            ids = newest.filter(pc.equal(newest["version_max"], version))["article_id"]
            condition |= (ds.field("version") == version) & ds.field("article_id").isin(ids)
        return condition

    def _declared(self) -> pa.Schema:
        """Return the declared schema with what the newest file has beyond it, and the partition column."""
        files = self.snapshot.files
        newest = [max(files, key=lambda file: file.modified)] if files else []
        schema = unified(file_schema(file.path, self.snapshot.filesystem) for file in newest)
        return schema.append(pa.field("date", pa.string()))


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows not read yet. `columns` names those to read (all by default); the others are not touched on disk."""

    arrow: Any
    """A lazy pyarrow.dataset.Dataset, for scanners and filters of one's own."""

    def count(self) -> int:
        """Return the number of rows."""
        return int(self.arrow.count_rows())

    def to_arrow(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Read into a pyarrow Table."""
        return self.arrow.to_table(columns=list(columns) if columns else None)

    def to_pandas(self, columns: Sequence[str] | None = None) -> Any:
        """Read into a pandas DataFrame. Needs pandas (`pip install newsbot[readers]`)."""
        return self.to_arrow(columns).to_pandas()

    def to_polars(self, columns: Sequence[str] | None = None) -> Any:
        """Return a Polars LazyFrame: `.collect()` reads what its query needs. Needs polars (`newsbot[readers]`)."""
        import polars as pl  # noqa: PLC0415 - an optional extra

        frame = pl.scan_pyarrow_dataset(self.arrow)
        return frame.select(list(columns)) if columns else frame

    def to_duckdb(self, columns: Sequence[str] | None = None, connection: Any = None) -> Any:
        """Return a DuckDB relation that reads what its query needs; on a connection of its own where none is given."""
        import duckdb  # noqa: PLC0415 - half a second that most callers need not wait

        relation = (connection or duckdb.connect()).from_arrow(self.arrow)
        return relation.select(*columns) if columns else relation


def day(value: Day) -> date | None:
    """Return a day given as YYYY-MM-DD. Raises UsageError."""
    if isinstance(value, str):
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise UsageError(f"{value!r} is no day; give YYYY-MM-DD") from None
    return value


def _day(value: Day) -> str | None:
    found = day(value)
    return found.strftime("%Y-%m-%d") if found else None
