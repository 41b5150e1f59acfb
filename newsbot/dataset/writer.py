"""Writes batches: rows gather as Arrow, beyond a limit in staging, and become one Parquet file a partition at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from newsbot.dataset.commit import DataFile, Manifest, StateStore, finish, publish
from newsbot.dataset.disk import reason
from newsbot.dataset.files import Files, finish_all
from newsbot.dataset.gathered import FinishRow, Gathered, Place
from newsbot.dataset.later import give_back
from newsbot.dataset.shape import ROW_GROUP_BYTES, ROW_GROUP_ROWS
from newsbot.dataset.store import open_store
from newsbot.exceptions import CommitFailed, NewsbotError, StateError
from newsbot.kill import kill_point

# Bytes of rows put in order at a time; a row group of a large partition may be more.
WINDOW_BYTES = 1024 * 1024
# Threads where nothing is said: more have nothing to do, for one picks the rows of all.
MOST_THREADS = 4
# A batch closes at this many bytes whatever its limits say: a column of Arrow's text holds 2 GB.
MOST_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """When a batch closes: at this many rows, bytes of them, or seconds since its first row; and what writing one may take."""

    rows: int = 5000
    bytes: int = 64 * 1024 * 1024
    seconds: float = 300.0
    held: int = 32 * 1024 * 1024
    """Bytes of rows kept in memory; those beyond go to the spool."""
    threads: int = 0
    """Threads that compress and write files, each one at a time: each takes 15 MB, the buffers of a file's columns. 0: as many as
    Arrow has for its own work, which is one a processor, or what OMP_NUM_THREADS says; 4 at most."""

    @property
    def writers(self) -> int:
        """Threads that write files."""
        return self.threads or min(MOST_THREADS, pa.cpu_count())


_Group = tuple[str, list[Place]]
"""A partition, and the rows of one row group of its file."""


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
        self._gathered = Gathered(self._staging / "spool", self._limits.held)
        self._since = 0.0

    @property
    def rows(self) -> int:
        """Rows of the open batch."""
        return self._gathered.rows

    def add(self, row: Mapping[str, Any], extra: bytes = b"") -> None:
        """Take in one row with all columns; `extra` travels with it to `finish_row`.

        Raises CommitFailed where the disk is full or a value is not of its column's type: the batch is gone then.
        """
        if self.rows == 0:
            self._since = time.monotonic()
        try:
            self._gathered.add(row, extra)
        except OSError as error:
            staging = self._staging
            self.drop()
            raise CommitFailed(
                f"cannot spool to {staging}: {reason(error)}; make room and run again"
            ) from error
        except ValueError as error:
            self.drop()
            raise CommitFailed(_misfit(error)) from error
        kill_point("after_row")

    def due(self) -> bool:
        """Whether the open batch has reached a limit."""
        limits = self._limits
        old = self.rows > 0 and time.monotonic() - self._since >= limits.seconds
        return old or self.rows >= limits.rows or self._gathered.bytes >= min(limits.bytes, MOST_BYTES)

    def commit(self, delta: Mapping[str, Any], finish_row: FinishRow | None = None) -> Manifest:
        """Commit the open batch with its state delta. A batch without rows becomes a manifest without files.

        Raises CommitFailed: then nothing of it was committed, or, as the message says then, the next opening finishes it.
        """
        staging, delta = self._staging, _in_order(delta)
        try:
            with closing(self._state.prepare(self.name, delta)) as preparing:
                files = self._write(finish_row, preparing)
            manifest = Manifest(self.name, self.run_id, self.publisher, files=files, delta=delta)
            publish(self._store, manifest, self._state)
        except OSError as error:
            self.drop()
            raise CommitFailed(f"cannot write {staging}: {reason(error)}; make room and run again") from error
        except StateError as error:
            self.drop()
            raise CommitFailed(str(error)) from error
        except BaseException:
            self.drop()
            raise
        # From here on it is committed: whatever happens, its staging must stay until it is finished.
        self._begin()
        try:
            finish(self._store, manifest, self._state)
        except (OSError, NewsbotError) as error:
            self._state.abandon()
            raise CommitFailed(
                f"{manifest.name} is committed but not finished ({error}); run again: the next run finishes it"
            ) from error
        return manifest

    def _write(self, finish_row: FinishRow | None, preparing: Iterator[None]) -> list[DataFile]:
        """Write the rows, a file a partition; while threads compress and write, the next are picked here and the state's go in."""
        if self.rows == 0:
            finish_all(preparing)
            return []
        gathered = self._gathered
        give_back()
        try:
            gathered.close()
        except ValueError as error:
            raise CommitFailed(_misfit(error)) from error
        self._staging.mkdir(parents=True, exist_ok=True)
        with Files(self._staging, f"{self.name}.parquet", self._limits.writers, preparing) as files:
            for window in _windows(_groups(gathered.places)):
                numbers = [number for _, places in window for _, number, _ in places]
                table, at = gathered.table(numbers, finish_row), 0
                for day, places in window:
                    files.write(day, len(gathered.places[day]), table.slice(at, len(places)))
                    at += len(places)
            written = files.all()
        # The files have them; the manifest, which is written next, takes their room.
        gathered.forget()
        give_back()
        kill_point("after_write")
        return written

    def drop(self) -> None:
        """Forget the open batch."""
        self._state.abandon()
        self._gathered.drop()
        self._store.clear(self.name)
        self._begin()

    def close(self) -> None:
        """Forget what was not committed."""
        self.drop()


def _groups(partitions: Mapping[str, list[Place]]) -> Iterator[_Group]:
    """Put the rows of each partition in order and cut them into row groups, by rows and bytes."""
    for day in sorted(partitions):
        group: list[Place] = []
        size = 0
        for place in sorted(partitions[day]):
            if group and (len(group) >= ROW_GROUP_ROWS or size + place[2] > ROW_GROUP_BYTES):
                yield day, group
                group, size = [], 0
            group.append(place)
            size += place[2]
        yield day, group


def _windows(groups: Iterator[_Group]) -> Iterator[list[_Group]]:
    """Take row groups together until they are large enough that picking their rows costs nothing beside their bytes."""
    window: list[_Group] = []
    size = 0
    for group in groups:
        more = sum(place[2] for place in group[1])
        if window and size + more > WINDOW_BYTES:
            yield window
            window, size = [], 0
        window.append(group)
        size += more
    if window:
        yield window


def _misfit(error: ValueError) -> str:
    return f"cannot write a row: {error}; tell newsbot's authors, and leave the page out meanwhile"


# The first column of a table of the state, by which its rows lie there.
_KEYS = {"urls": "key", "articles": "article_id"}


def _in_order(delta: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state delta in the order of the tables it goes into: SQLite takes it in with a fifth less of processor time."""
    ordered = dict(delta)
    for name, key in _KEYS.items():
        if name in ordered:
            ordered[name] = sorted(ordered[name], key=itemgetter(key))
    return ordered
