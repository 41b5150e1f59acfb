"""Writes batches: rows spool to staging as they come, and become one Parquet file a partition when the batch closes."""

from __future__ import annotations

import pickle
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.commit import DataFile, Manifest, StateStore, file_checksum, publish, sync_file
from newsbot.dataset.kill import kill_point
from newsbot.dataset.schema import SCHEMA, partition
from newsbot.exceptions import CommitFailed, OutputUnwritable

Finish = Callable[[dict[str, Any], bytes], dict[str, Any]]

# Values that recur from row to row; for the rest a dictionary costs more than it saves.
_DICTIONARY = [
    "publisher", "publisher_country", "change", "date_precision", "date_source", "section", "in_language",
    "extractor_version", "run_id", "authors.list.element", "keywords.list.element",
]  # fmt: skip
# Rows a row group: a reader that wants one article reads little, a scan still reads in long runs.
ROW_GROUP = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """When a batch closes: at this many rows, bytes spooled, or seconds since its first row."""

    rows: int = 5000
    bytes: int = 64 * 1024 * 1024
    seconds: float = 300.0


class Writer:
    """One run's way into the dataset."""

    def __init__(self, root: str | Path, run_id: str, publisher: str, limits: Limits, state: StateStore) -> None:
        """Raises OutputUnwritable where `root` cannot be written."""
        self.root, self.run_id, self.publisher = Path(root), run_id, publisher
        self._limits, self._state = limits, state
        self._batch = 0
        try:
            for name in ("articles", "manifests", "staging"):
                (self.root / name).mkdir(parents=True, exist_ok=True)
            probe = self.root / "staging" / f"{run_id}-probe"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise OutputUnwritable(f"cannot write the output root {root}: {error.strerror}; set NEWSBOT_OUTPUT") from error
        self._begin()

    def _begin(self) -> None:
        self._batch += 1
        self.name = f"{self.run_id}-{self._batch:04}"
        self._staging = self.root / "staging" / self.name
        self._spool: BinaryIO | None = None
        self.rows = self._bytes = 0
        self._since = 0.0

    def add(self, row: Mapping[str, Any], extra: bytes = b"") -> None:
        """Spool one row; `extra` travels with it to `finish`. Raises CommitFailed where the disk is full."""
        try:
            if self._spool is None:
                self._staging.mkdir(parents=True, exist_ok=True)
                self._spool = (self._staging / "spool").open("wb")
                self._since = time.monotonic()
            pickle.dump((dict(row), extra), self._spool, protocol=pickle.HIGHEST_PROTOCOL)
            self._bytes = self._spool.tell()
        except OSError as error:
            self.drop()
            raise CommitFailed(f"cannot spool to {self._staging}: {error.strerror}; make room and run again") from error
        self.rows += 1
        kill_point("after_row")

    def due(self) -> bool:
        """Whether the open batch has reached a limit."""
        limits = self._limits
        old = self.rows > 0 and time.monotonic() - self._since >= limits.seconds
        return old or self.rows >= limits.rows or self._bytes >= limits.bytes

    def commit(self, delta: Mapping[str, Any], finish: Finish | None = None) -> Manifest:
        """Commit the open batch with its state delta. Raises CommitFailed: then nothing of it was committed."""
        try:
            files = self._write(finish)
        except OSError as error:
            self.drop()
            raise CommitFailed(f"cannot write {self._staging}: {error.strerror}; make room and run again") from error
        manifest = Manifest(self.name, self.run_id, self.publisher, files, dict(delta))
        staging = self._staging
        try:
            publish(self.root, staging, manifest, self._state)
        except CommitFailed:
            self.drop()
            raise
        self._begin()
        return manifest

    def _write(self, finish: Finish | None) -> list[DataFile]:
        if self._spool is None:
            return []
        self._spool.close()
        places: dict[str, list[int]] = {}
        with (self._staging / "spool").open("rb") as spool:
            for offset, (row, _) in _read(spool):
                places.setdefault(partition(row), []).append(offset)
            files = [self._write_partition(day, places[day], spool, finish) for day in sorted(places)]
        (self._staging / "spool").unlink()
        kill_point("after_write")
        return files

    def _write_partition(self, day: str, offsets: list[int], spool: BinaryIO, finish: Finish | None) -> DataFile:
        rows = []
        for offset in offsets:
            spool.seek(offset)
            row, extra = pickle.load(spool)  # noqa: S301 - our own bytes of this run
            rows.append(finish(row, extra) if finish else row)
        rows.sort(key=lambda row: (row["publisher"] or "", str(row["date_published"] or row["first_seen_at"]), row["version"] or 0))
        path = self._staging / f"date={day}" / f"{self.name}.parquet"
        path.parent.mkdir()
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        pq.write_table(
            table, path, compression="zstd", compression_level=3, use_dictionary=_DICTIONARY, row_group_size=ROW_GROUP
        )
        sync_file(path)
        return DataFile(day, path.name, len(rows), path.stat().st_size, file_checksum(path))

    def drop(self) -> None:
        """Forget the open batch."""
        if self._spool is not None:
            self._spool.close()
        shutil.rmtree(self._staging, ignore_errors=True)
        self._begin()

    def close(self) -> None:
        """Forget what was not committed."""
        self.drop()


def _read(spool: BinaryIO) -> Iterator[tuple[int, tuple[dict[str, Any], bytes]]]:
    """Yield (offset, (row, extra)) of each spooled row."""
    while True:
        offset = spool.tell()
        try:
            yield offset, pickle.load(spool)  # noqa: S301 - our own bytes of this run
        except EOFError:
            return
