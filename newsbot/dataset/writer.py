"""Writes batches: rows spool to staging as they come, and become one Parquet file a partition when the batch closes."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from newsbot.dataset.commit import DataFile, Manifest, StateStore, data_file, finish, publish
from newsbot.dataset.disk import reason, sync_file
from newsbot.dataset.schema import SCHEMA, partition
from newsbot.dataset.shape import ROW_GROUP_BYTES, ROW_GROUP_ROWS, parquet_writer, sort_key
from newsbot.dataset.store import open_store, staged_path
from newsbot.exceptions import CommitFailed, NewsbotError
from newsbot.kill import kill_point

FinishRow = Callable[[dict[str, Any], bytes], dict[str, Any]]
# Sort key, offset and length of a spooled row: what is held in memory of it.
_Place = tuple[tuple[str, str, int], int, int]


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
        self.rows = self._bytes = 0
        self._since = 0.0

    def add(self, row: Mapping[str, Any], extra: bytes = b"") -> None:
        """Spool one row; `extra` travels with it to `finish_row`. Raises CommitFailed where the disk is full."""
        try:
            if self._spool is None:
                self._staging.mkdir(parents=True, exist_ok=True)
                self._spool = (self._staging / "spool").open("wb")
                self._since = time.monotonic()
            pickle.dump((dict(row), extra), self._spool, protocol=pickle.HIGHEST_PROTOCOL)
            self._bytes = self._spool.tell()
        except OSError as error:
            self.drop()
            raise CommitFailed(
                f"cannot spool to {self._staging}: {reason(error)}; make room and run again"
            ) from error
        self.rows += 1
        kill_point("after_row")

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
            manifest = Manifest(
                self.name, self.run_id, self.publisher, files=self._write(finish_row), delta=dict(delta)
            )
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
        if self._spool is None:
            return []
        self._spool.close()
        path = self._staging / "spool"
        with path.open("rb") as spool:
            places = _places(spool)
            files = [
                self._write_partition(day, sorted(places.pop(day)), spool, finish_row)
                for day in sorted(places)
            ]
        path.unlink()
        kill_point("after_write")
        return files

    def _write_partition(
        self, day: str, places: list[_Place], spool: BinaryIO, finish_row: FinishRow | None
    ) -> DataFile:
        name = f"{self.name}.parquet"
        path = staged_path(self._staging, day, name)
        with parquet_writer(path) as parquet:
            for group in _groups(places):
                rows = [_load(spool, offset, finish_row) for _, offset, _ in group]
                parquet.write_table(pa.Table.from_pylist(rows, schema=SCHEMA))
                kill_point("after_group")
        sync_file(path)
        kill_point("after_partition")
        return data_file(path, day, name, len(places))

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


def _places(spool: BinaryIO) -> dict[str, list[_Place]]:
    """Return where the rows of each partition lie in the spool."""
    places: dict[str, list[_Place]] = {}
    offset = 0
    for row in _read(spool):
        end = spool.tell()
        places.setdefault(partition(row), []).append((sort_key(row), offset, end - offset))
        offset = end
    return places


def _read(spool: BinaryIO) -> Iterator[dict[str, Any]]:
    while True:
        try:
            row, _ = pickle.load(spool)  # noqa: S301 - our own bytes of this run
        except EOFError:
            return
        yield row


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


def _load(spool: BinaryIO, offset: int, finish_row: FinishRow | None) -> dict[str, Any]:
    spool.seek(offset)
    row, extra = pickle.load(spool)  # noqa: S301 - our own bytes of this run
    return finish_row(row, extra) if finish_row else row
