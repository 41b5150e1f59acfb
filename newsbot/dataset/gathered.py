"""The rows of an open batch: pieces of Arrow in memory, those beyond a limit in a spool; part of writer.py.

A row as Python's objects takes three times the memory of one in Arrow, so rows turn into it some hundred at a time as they come,
and not all at once when the batch closes. The spool brings nothing but bounded memory: it is mapped, not read, and a batch that
dies before its commit is fetched again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from newsbot.dataset.schema import COLUMNS, SCHEMA, partition
from newsbot.dataset.shape import SortKey, sort_key

# A piece is made of this many rows or bytes: large enough that a column's conversion costs nothing beside its values.
PIECE_ROWS = 256
PIECE_BYTES = 1024 * 1024
# Bytes of a row beside its long texts, as Arrow holds it.
_REST = 900

FinishRow = Callable[[Mapping[str, Any], bytes], Mapping[str, Any]]
"""Takes a row of the closing batch, and what came with it; returns it as it is to be written: the very same, or another."""

Place = tuple[SortKey, int, int]
"""Sort key of a row, its number in the batch, and about how many bytes it takes."""

_values = itemgetter(*COLUMNS)
_body, _description, _headline = itemgetter("body"), itemgetter("description"), itemgetter("headline")


class Gathered:
    """Rows by number, from 0 as they came."""

    def __init__(self, spool: Path, held: int) -> None:
        """Hold up to `held` bytes of Arrow; the file `spool` takes those beyond."""
        self.places: dict[str, list[Place]] = {}
        """Partition -> its rows."""
        self.rows = self.bytes = 0
        self._extras: list[bytes] = []
        self._path, self._held = spool, held
        self._spool: BinaryIO | None = None
        self._clear_fresh()
        self._pieces: list[pa.RecordBatch] = []
        self._spooled: list[tuple[int, int]] = []
        """Of the pieces that follow, the place in the spool and the length."""
        self._starts: list[int] = []
        self._in_memory = 0

    def _clear_fresh(self) -> None:
        self._fresh: list[tuple[Any, ...]] = []
        self._fresh_bytes = 0

    def add(self, row: Mapping[str, Any], extra: bytes = b"") -> None:
        """Take in one row with all columns. Raises OSError where it cannot be spooled, ValueError where Arrow refuses one."""
        size = (
            _REST
            + len(extra)
            + len(_body(row) or "")
            + len(_description(row) or "")
            + len(_headline(row) or "")
        )
        self.places.setdefault(partition(row), []).append((sort_key(row), self.rows, size))
        self._fresh.append(_values(row))
        self._fresh_bytes += size
        self._extras.append(extra)
        self.rows += 1
        self.bytes += size
        if len(self._fresh) >= PIECE_ROWS or self._fresh_bytes >= PIECE_BYTES:
            self._convert()

    def _convert(self) -> None:
        """Turn the fresh rows into a piece, and count the bytes it really takes."""
        if not self._fresh:
            return
        piece = as_piece(self._fresh)
        size = piece.get_total_buffer_size()
        self.bytes += size - self._fresh_bytes
        self._starts.append(self.rows - len(self._fresh))
        self._clear_fresh()
        if self._spool is None and self._in_memory + size <= self._held:
            self._in_memory += size
            self._pieces.append(piece)
        else:
            self._spill(piece.serialize())

    def _spill(self, message: pa.Buffer) -> None:
        if self._spool is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._spool = self._path.open("wb")
        self._spooled.append((self._spool.tell(), message.size))
        self._spool.write(message)

    def close(self) -> None:
        """Turn the last rows into a piece and map the spool. Raises OSError, ValueError."""
        self._convert()
        if self._spool is None:
            return
        self._spool.close()
        self._spool = None
        mapped = pa.memory_map(str(self._path)).read_buffer()
        self._pieces += [pa.ipc.read_record_batch(mapped.slice(*place), SCHEMA) for place in self._spooled]

    def drop(self) -> None:
        """Close the spool."""
        if self._spool is not None:
            # On a full disk closing fails too: what it still holds cannot be written.
            with suppress(OSError):
                self._spool.close()

    def forget(self) -> None:
        """Let go of the rows, and delete the spool."""
        self._pieces, self._extras = [], []
        self._path.unlink(missing_ok=True)

    def table(self, numbers: list[int], finish_row: FinishRow | None = None) -> pa.Table:
        """Return the rows of these numbers, in this order, after `close`."""
        pieces = len(self._pieces)
        if finish_row is not None:
            numbers = self._finished(numbers, finish_row)
        ascending = sorted(numbers)
        table = pa.Table.from_batches(list(self._parts(ascending)), SCHEMA)
        # Rows that were finished stand behind all others, and only for as long as this takes.
        del self._pieces[pieces:], self._starts[pieces:]
        if ascending == numbers:
            return table
        at = {number: place for place, number in enumerate(ascending)}
        return table.take(pa.array([at[number] for number in numbers], pa.int32()))

    def _parts(self, ascending: list[int]) -> Iterator[pa.RecordBatch]:
        """Yield of each piece the rows that are asked for: a slice where they lie together, else a copy."""
        at = 0
        while at < len(ascending):
            which = bisect_right(self._starts, ascending[at]) - 1
            piece, start = self._pieces[which], self._starts[which]
            end = bisect_left(ascending, start + piece.num_rows, at)
            first, last = ascending[at], ascending[end - 1]
            if last - first == end - 1 - at:
                yield piece.slice(first - start, end - at)
            else:
                yield piece.take(pa.array([number - start for number in ascending[at:end]], pa.int32()))
            at = end

    def _finished(self, numbers: list[int], finish_row: FinishRow) -> list[int]:
        """Return the numbers after `finish_row`: a row that it changed has become a new one."""
        found, changed = [], self.rows
        for number in numbers:
            which = bisect_right(self._starts, number) - 1
            row = _Row(self._pieces[which], number - self._starts[which])
            finished = finish_row(row, self._extras[number])
            if finished is row:
                found.append(number)
            else:
                self._fresh.append(_values(finished))
                found.append(changed)
                changed += 1
        if self._fresh:
            self._pieces.append(as_piece(self._fresh))
            self._starts.append(self.rows)
            self._clear_fresh()
        return found


class _Row(Mapping[str, Any]):
    """One row of a piece, read where it is looked at."""

    __slots__ = ("_piece", "_place")

    def __init__(self, piece: pa.RecordBatch, place: int) -> None:
        self._piece, self._place = piece, place

    def __getitem__(self, name: str) -> Any:
        """Return the value of a column."""
        return self._piece.column(name)[self._place].as_py()

    def __iter__(self) -> Iterator[str]:
        """Yield the columns."""
        return iter(COLUMNS)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(COLUMNS)


def as_piece(rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    """Return rows, each the values of all columns, as Arrow. Raises ValueError, naming column and article, where one is refused.

    A text's buffer grows as it is filled, which the system's allocator takes with a fifth of the time of Arrow's own.
    """
    pool = pa.system_memory_pool()
    arrays = []
    for values, field in zip(zip(*rows, strict=True), SCHEMA, strict=True):
        try:
            arrays.append(pa.array(values, type=field.type, memory_pool=pool))
        except (TypeError, ValueError, OverflowError, pa.ArrowException) as error:
            raise _refused(rows, field, error) from error
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _refused(rows: list[tuple[Any, ...]], field: pa.Field, error: Exception) -> ValueError:
    place, identity = COLUMNS.index(field.name), COLUMNS.index("article_id")
    for row in rows:
        try:
            pa.array([row[place]], type=field.type)
        except (TypeError, ValueError, OverflowError, pa.ArrowException):
            return ValueError(f"{field.name} of article {row[identity]} is no {field.type}: {error}")
    return ValueError(f"{field.name} is no {field.type}: {error}")
