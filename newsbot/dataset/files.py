"""Writes the files of a batch, one a partition, several at a time; part of writer.py."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.commit import DataFile, data_file
from newsbot.dataset.shape import parquet_writer
from newsbot.dataset.store import staged_path
from newsbot.kill import kill_point

_Done = TypeVar("_Done")
_END = object()


class Files:
    """The files of a batch, one a partition, given row group by row group; so many are written at a time as there are threads."""

    def __init__(self, folder: Path, name: str, threads: int, meanwhile: Iterator[None]) -> None:
        """`meanwhile`: what is to be done here, step by step, while there is something to wait for."""
        self._folder, self._name, self._most, self._meanwhile = folder, name, threads, meanwhile
        self._threads = ThreadPoolExecutor(threads)
        self._file: _File | None = None
        self._closing: deque[Future[DataFile]] = deque()
        self._written: list[DataFile] = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for what is under way."""
        self._threads.shutdown(cancel_futures=True)

    def write(self, day: str, rows: int, group: pa.Table) -> None:
        """Write one row group of a partition's file, which has so many rows in all; partitions come one after the other."""
        file = self._file
        if file is None:
            path = staged_path(self._folder, day, self._name)
            file = _File(path, rows, parquet_writer(path, rows=rows))
        file.left -= group.num_rows
        # One row group of a file is written while its next is put in order: never more are held.
        if file.before is not None:
            self._wait(file.before)
        if file.left:
            file.before = self._threads.submit(file.write, group)
            self._file = file
        else:
            self._closing.append(self._threads.submit(file.write_last, group))
            self._file = None
        kill_point("after_group")
        if len(self._closing) > self._most:
            self._written.append(self._wait(self._closing.popleft()))

    def _wait(self, under_way: Future[_Done]) -> _Done:
        while not under_way.done() and next(self._meanwhile, _END) is not _END:
            pass
        return under_way.result()

    def all(self) -> list[DataFile]:
        """Return the files when they are written, and all is done that was to be done meanwhile. Raises OSError."""
        finish_all(self._meanwhile)
        self._written += [file.result() for file in self._closing]
        return self._written


@dataclass(slots=True)
class _File:
    """One file under way."""

    path: Path
    rows: int
    parquet: pq.ParquetWriter
    left: int = field(init=False)
    """Rows to come."""
    before: Future[None] | None = None
    """The row group under way."""

    def __post_init__(self) -> None:
        self.left = self.rows

    def write(self, group: pa.Table) -> None:
        """Write a row group."""
        self.parquet.write_table(group)

    def write_last(self, group: pa.Table) -> DataFile:
        """Write the last row group and end the file."""
        self.write(group)
        self.parquet.close()
        kill_point("after_partition")
        day, _, name = self.path.name.partition(".")
        return data_file(self.path, day, name, self.rows)


def finish_all(steps: Iterator[None]) -> None:
    """Go through steps to their end."""
    for _ in steps:
        pass
