"""Writes batches: rows gather in memory, beyond that in staging, and become one Parquet file a partition at the end."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.commit import DataFile, Manifest, StateStore, data_file, finish, publish
from newsbot.dataset.disk import reason
from newsbot.dataset.packed import Values, pack, unpack
from newsbot.dataset.schema import COLUMNS, SCHEMA, partition
from newsbot.dataset.shape import ROW_GROUP_BYTES, ROW_GROUP_ROWS, SortKey, parquet_writer, sort_key
from newsbot.dataset.store import open_store, staged_path
from newsbot.exceptions import CommitFailed, NewsbotError
from newsbot.kill import kill_point

FinishRow = Callable[[dict[str, Any], bytes], dict[str, Any]]
# Threads that compress and write files beside the one that converts rows: each takes 15 MB, the buffers of its columns.
THREADS = 1

# Sort key, offset and length of a row in the spool; of a row in memory its number, negative from -1, and its size.
_Place = tuple[SortKey, int, int]

# Bytes of rows kept in memory; those beyond go to the spool, for they bring nothing but bounded memory: a batch that dies is
# fetched again. Batches of 1,000 rows and fewer never spool, which saves a third of the time of a row. A row takes two and a half
# times the bytes counted here, 12 KB for 5 KB of text: Python keeps two bytes a character where a text has one curly quote.
HELD_BYTES = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """When a batch closes: at this many rows, bytes spooled, or seconds since its first row."""

    rows: int = 5000
    bytes: int = 64 * 1024 * 1024
    seconds: float = 300.0


class Writer:
    """One run's way into the dataset."""

    def __init__(
        self, root: str | Path, run_id: str, publisher: str, limits: Limits, state: StateStore
    ) -> None:
        """Raises OutputUnwritable where `root` cannot be written."""
        self.run_id, self.publisher = run_id, publisher
        self._limits, self._state = limits, state
        self._store = open_store(root, state.path.parent)
        self._store.prepare()
        self._batch = 0
        self._begin()

    def _begin(self) -> None:
        self._batch += 1
        self.name = f"{self.run_id}-{self._batch:04}"
        self._staging = self._store.staging / self.name
        self._spool: BinaryIO | None = None
        self._held: list[tuple[Values, bytes]] = []
        self._held_bytes = 0
        self._places: dict[str, list[_Place]] = {}
        self.rows = self._bytes = 0
        self._since = 0.0

    def add(self, row: Mapping[str, Any], extra: bytes = b"") -> None:
        """Take in one row; `extra` travels with it to `finish_row`. Raises CommitFailed where the disk is full."""
        if self.rows == 0:
            self._since = time.monotonic()
        values = [row.get(name) for name in COLUMNS]
        size = _size(values, extra)
        if self._held_bytes + size <= HELD_BYTES:
            self._held.append((values, extra))
            self._held_bytes += size
            place = sort_key(row), -len(self._held), size
        else:
            place = sort_key(row), *self._spill(values, extra)
        self._places.setdefault(partition(row), []).append(place)
        self._bytes += place[2]
        self.rows += 1
        kill_point("after_row")

    def _spill(self, values: Values, extra: bytes) -> tuple[int, int]:
        """Write one row to the spool; return its offset and length."""
        try:
            if self._spool is None:
                self._staging.mkdir(parents=True, exist_ok=True)
                self._spool = (self._staging / "spool").open("wb", buffering=1 << 18)
            packed = pack(values, extra)
            offset = self._spool.tell()
            self._spool.write(packed)
        except OSError as error:
            self.drop()
            raise CommitFailed(
                f"cannot spool to {self._staging}: {reason(error)}; make room and run again"
            ) from error
        return offset, len(packed)

    def due(self) -> bool:
        """Whether the open batch has reached a limit."""
        limits = self._limits
        old = self.rows > 0 and time.monotonic() - self._since >= limits.seconds
        return old or self.rows >= limits.rows or self._bytes >= limits.bytes

    def commit(self, delta: Mapping[str, Any], finish_row: FinishRow | None = None) -> Manifest:
        """Commit the open batch with its state delta. A batch without rows becomes a manifest without files.

        Raises CommitFailed: then nothing of it was committed, or, as the message says then, the next opening finishes it.
        """
        staging = self._staging
        try:
            files = self._write(finish_row)
            manifest = Manifest(self.name, self.run_id, self.publisher, files=files, delta=_in_order(delta))
            publish(self._store, manifest, self._state)
        except OSError as error:
            self.drop()
            raise CommitFailed(f"cannot write {staging}: {reason(error)}; make room and run again") from error
        except BaseException:
            self.drop()
            raise
        # From here on it is committed: whatever happens, its staging must stay until it is finished.
        self._begin()
        try:
            finish(self._store, manifest, self._state)
        except (OSError, NewsbotError) as error:
            raise CommitFailed(
                f"{manifest.name} is committed but not finished ({error}); run again: the next run finishes it"
            ) from error
        return manifest

    def _write(self, finish_row: FinishRow | None) -> list[DataFile]:
        """Write the rows, a file a partition. They are read and converted here while a thread compresses and writes."""
        if self.rows == 0:
            return []
        self._staging.mkdir(parents=True, exist_ok=True)
        path, places = self._staging / "spool", self._places
        with _reading(self._spool, path) as spool, ThreadPoolExecutor(THREADS) as threads:
            batch = _Batch(self._held, spool, finish_row)
            written: list[DataFile] = []
            open_files: deque[Future[DataFile]] = deque()
            for day in sorted(places):
                open_files.append(self._write_partition(day, batch, sorted(places.pop(day)), threads))
                if len(open_files) > THREADS:
                    written.append(open_files.popleft().result())
            written += [file.result() for file in open_files]
        # The files have them; the manifest, which is written next, takes their room.
        self._held = []
        path.unlink(missing_ok=True)
        kill_point("after_write")
        return written

    def _write_partition(
        self, day: str, batch: _Batch, places: list[_Place], threads: ThreadPoolExecutor
    ) -> Future[DataFile]:
        path = staged_path(self._staging, day, f"{self.name}.parquet")
        parquet = parquet_writer(path, rows=len(places))
        before: Future[None] | None = None
        for group in _groups(places):
            table = batch.table(group)
            # One row group of a file is written while its next is converted: never more are held.
            if before is not None:
                before.result()
            before = threads.submit(parquet.write_table, table)
            kill_point("after_group")
        return threads.submit(_close, before, parquet, path, len(places))

    def drop(self) -> None:
        """Forget the open batch."""
        if self._spool is not None:
            # On a full disk closing fails too: what it still holds cannot be written.
            with suppress(OSError):
                self._spool.close()
        self._store.clear(self.name)
        self._begin()

    def close(self) -> None:
        """Forget what was not committed."""
        self.drop()


def _close(before: Future[None] | None, parquet: pq.ParquetWriter, path: Path, rows: int) -> DataFile:
    if before is not None:
        before.result()
    parquet.close()
    kill_point("after_partition")
    day, _, name = path.name.partition(".")
    return data_file(path, day, name, rows)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The rows of the batch: held in memory or spooled."""

    held: list[tuple[Values, bytes]]
    spool: BinaryIO | None
    finish_row: FinishRow | None

    def table(self, places: list[_Place]) -> pa.Table:
        """Return the rows at these places, in this order."""
        columns = zip(*(self._finished(offset, size) for _, offset, size in places), strict=True)
        arrays = [pa.array(values, type=field.type) for values, field in zip(columns, SCHEMA, strict=True)]
        return pa.Table.from_arrays(arrays, schema=SCHEMA)

    def _finished(self, offset: int, size: int) -> Values:
        values, extra = self._read(offset, size)
        if self.finish_row is None:
            return values
        row = self.finish_row(dict(zip(COLUMNS, values, strict=True)), extra)
        return [row.get(name) for name in COLUMNS]

    def _read(self, offset: int, size: int) -> tuple[Values, bytes]:
        if offset < 0:
            return self.held[-offset - 1]
        assert self.spool is not None
        return unpack(os.pread(self.spool.fileno(), size, offset))


@contextmanager
def _reading(spool: BinaryIO | None, path: Path) -> Iterator[BinaryIO | None]:
    """Turn a spool that was written into one that is read."""
    if spool is None:
        yield None
        return
    spool.close()
    with path.open("rb") as file:
        yield file


def _groups(places: list[_Place]) -> Iterator[list[_Place]]:
    """Cut rows into row groups, by rows and bytes."""
    group: list[_Place] = []
    size = 0
    for place in places:
        if group and (len(group) >= ROW_GROUP_ROWS or size + place[2] > ROW_GROUP_BYTES):
            yield group
            group, size = [], 0
        group.append(place)
        size += place[2]
    if group:
        yield group


def _size(values: Values, extra: bytes) -> int:
    """Return about how many bytes a row takes: its texts, and 500 for the rest."""
    return 500 + len(extra) + sum([len(value) for value in values if type(value) is str])


# The first column of a table of the state, by which its rows lie there.
_KEYS = {"urls": "key", "articles": "article_id"}


def _in_order(delta: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state delta in the order of the tables it goes into: SQLite takes it in with a fifth less of processor time."""
    ordered = dict(delta)
    for name, key in _KEYS.items():
        if name in ordered:
            ordered[name] = sorted(ordered[name], key=itemgetter(key))
    return ordered
