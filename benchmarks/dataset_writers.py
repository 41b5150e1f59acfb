"""Writes generated rows in one process: newsbot's writer, pyarrow, pandas, JSON Lines; part of benchmarks.dataset."""

from __future__ import annotations

import gzip
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from benchmarks.dataset_rows import Articles, delta

BATCH = 5000
# Rows given at a time to writers that gather batches themselves.
PIECE = 250

Rows = list[dict[str, Any]]
Pieces = Iterator[Rows]


class Clock:
    """Adds up the seconds inside its with-blocks, by the wall and by the processor: the making of rows does not count."""

    seconds = processor = 0.0

    def __enter__(self) -> None:
        self._since = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._since[0]
        self.processor += time.process_time() - self._since[1]


def with_newsbot(root: Path, pieces: Pieces, clock: Clock) -> None:
    """Write with every guarantee: files and manifest synced, committed, remembered by the state."""
    _with_newsbot(root, pieces, clock, lambda _: {})


def with_newsbot_and_state(root: Path, pieces: Pieces, clock: Clock) -> None:
    """Write as a crawl does: its memory of URLs and versions goes with the rows, through the manifest into the state."""
    _with_newsbot(root, pieces, clock, delta)


def _with_newsbot(root: Path, pieces: Pieces, clock: Clock, learn: Callable[[Rows], dict[str, Any]]) -> None:
    from newsbot.dataset.later import spare_memory  # noqa: PLC0415 - the other writers' memory is to be theirs
    from newsbot.dataset.writer import Limits, Writer  # noqa: PLC0415
    from newsbot.state import State  # noqa: PLC0415

    spare_memory()
    state = State.open(root / "state", "alder")
    writer = Writer(root, "alder-20260201T000000Z-0a1b2c", "alder", Limits(rows=BATCH), state)
    learned: dict[str, list[Any]] = {}
    for rows in pieces:
        for name, found in learn(rows).items():
            learned.setdefault(name, []).extend(found)
        with clock:
            for row in rows:
                writer.add(row)
            if writer.due():
                writer.commit(learned)
                learned = {}
    with clock:
        writer.commit(learned)
        # The state's file takes in what its log still holds.
        state.close()


def with_pyarrow(root: Path, pieces: Pieces, clock: Clock) -> None:
    """Write with `write_dataset`: the same schema and compression, no order, no sync, no commit."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.dataset as ds  # noqa: PLC0415

    # The first conversion looks for pandas and loads it: a fifth of a second that is no row's.
    pa.array([None])
    from newsbot.dataset.schema import SCHEMA, partition  # noqa: PLC0415

    schema = SCHEMA.append(pa.field("date", pa.string()))
    options = ds.ParquetFileFormat().make_write_options(compression="zstd", compression_level=3)

    def write(number: int, rows: Rows) -> None:
        table = pa.Table.from_pylist([{**row, "date": partition(row)} for row in rows], schema=schema)
        ds.write_dataset(
            table, root / "articles", format="parquet", file_options=options, partitioning=["date"],
            partitioning_flavor="hive", basename_template=f"{number}-{{i}}.parquet",
            existing_data_behavior="overwrite_or_ignore",
        )  # fmt: skip

    for number, rows in enumerate(pieces):
        with clock:
            write(number, rows)


def with_pandas(root: Path, pieces: Pieces, clock: Clock) -> None:
    """Write with `to_parquet(partition_cols=…)`."""
    import pandas as pd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    pa.array([None])
    from newsbot.dataset.schema import SCHEMA, partition  # noqa: PLC0415

    schema = SCHEMA.append(pa.field("date", pa.string()))

    def write(number: int, rows: Rows) -> None:
        frame = pd.DataFrame(
            [{**row, "provenance": list(row["provenance"].items()), "date": partition(row)} for row in rows]
        )
        frame.to_parquet(
            root / "articles", partition_cols=["date"], compression="zstd", schema=schema, index=False,
            basename_template=f"{number}-{{i}}.parquet", existing_data_behavior="overwrite_or_ignore",
        )  # fmt: skip

    for number, rows in enumerate(pieces):
        with clock:
            write(number, rows)


def with_jsonl(root: Path, pieces: Pieces, clock: Clock) -> None:
    """Write JSON Lines through gzip, as feed exports do."""
    folder = root / "articles"
    folder.mkdir(parents=True)
    with gzip.open(folder / "articles.jsonl.gz", "wb", compresslevel=6) as file:
        for rows in pieces:
            with clock:
                file.writelines(orjson.dumps(row) + b"\n" for row in rows)


WRITERS: dict[str, tuple[Callable[[Path, Pieces, Clock], None], int]] = {
    "newsbot": (with_newsbot, PIECE),
    "newsbot_and_state": (with_newsbot_and_state, PIECE),
    "pyarrow": (with_pyarrow, BATCH),
    "pandas": (with_pandas, BATCH),
    "jsonl": (with_jsonl, PIECE),
}
"""Name -> how it writes, and how many rows it is given at a time: pyarrow and pandas gather no batches."""


def measured(writer: str, articles: int, days: int, root: Path) -> dict[str, Any]:
    """Write in this process; return seconds, bytes of the table, files and peak memory in MB."""
    clock = Clock()
    write, size = WRITERS[writer]
    write(root, pieces_of(Articles(recurring=True).rows(articles, days), size), clock)
    files = [path for path in (root / "articles").rglob("*") if path.is_file()]
    return {
        "seconds": clock.seconds,
        "processor": clock.processor,
        "bytes": sum(path.stat().st_size for path in files),
        "files": len(files),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def pieces_of(rows: Iterator[dict[str, Any]], size: int) -> Pieces:
    """Yield rows some at a time, in a list that is emptied when the next is asked for: two are never held."""
    piece: Rows = []
    for row in rows:
        piece.append(row)
        if len(piece) == size:
            yield piece
            piece.clear()
    if piece:
        yield piece
