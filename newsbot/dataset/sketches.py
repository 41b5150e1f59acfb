"""What clustering remembers of a day: a sketch an article, under `clusters/`; derived, and made anew where it is stale.

A paragraph that stands in several articles of a publisher (a prompt, an agency's note, a translated imprint) says nothing about the
story and is left out of the sketch: otherwise what sites share around their articles would glue the articles together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsbot.dataset.later import later
from newsbot.dataset.schema import SCHEMA
from newsbot.dedup.near import SHINGLE, SKETCH_BYTES, Sketches, runs, signature, unpack, words_of

ds = later("pyarrow.dataset")

# A paragraph in this many articles of one publisher within the window is boilerplate.
RECURS = 3
_FORM = 3
_SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("publisher", pa.string()),
        ("instant", pa.int64()),
        ("content_hash", pa.string()),
        ("size", pa.int32()),
        ("sketch", pa.binary(SKETCH_BYTES)),
    ]
)
_READ = ["article_id", "version", "publisher", "content_hash", "date_published", "first_seen_at", "body"]


@dataclass(frozen=True, slots=True)
class Day:
    """The sketches of one day, an entry an article."""

    ids: list[str]
    publishers: list[str]
    instants: list[int]
    """Microseconds since 1970 of publication, else of first sight."""
    hashes: list[str | None]
    sizes: NDArray[np.int64]
    """Shingles of each text; 0 where it is too short to have any of whole words."""
    sketches: Sketches


class SketchStore:
    """The sketches under an output root."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "clusters"

    def _path(self, date: str) -> Path:
        return self.folder / f"date={date}.parquet"

    def is_fresh(self, date: str, names: Sequence[str]) -> bool:
        """Whether the sketches of a day are those of exactly these files."""
        try:
            metadata = pq.read_metadata(self._path(date)).metadata or {}
        except (OSError, pa.ArrowInvalid):
            return False
        return bool(metadata.get(b"newsbot.files") == _key(names))

    def load(self, date: str) -> Day | None:
        """Return the sketches of a day; None where there are none."""
        try:
            table = pq.read_table(self._path(date), columns=_SCHEMA.names)
        except (OSError, pa.ArrowInvalid):
            return None
        columns = {name: table[name].to_pylist() for name in _SCHEMA.names}
        return Day(
            ids=columns["article_id"],
            publishers=columns["publisher"],
            instants=columns["instant"],
            hashes=columns["content_hash"],
            sizes=np.asarray(columns["size"], np.int64),
            sketches=unpack(columns["sketch"]),
        )

    def count(self, date: str, paths: Sequence[Path]) -> None:
        """Note the paragraphs of a day's articles, for it and the days around it."""
        rows = _open(paths)
        numbers = [_numbers(row) for row in _rows(rows, _newest(rows))]
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._aside(date, "npy") as aside:
            np.save(aside, np.concatenate([*numbers, np.empty(0, np.uint64)]))

    def _counted(self, date: str) -> NDArray[np.uint64]:
        try:
            return np.asarray(np.load(self._path(date).with_suffix(".npy")), np.uint64)
        except (OSError, ValueError):
            return np.empty(0, np.uint64)

    def refresh(self, date: str, paths: Sequence[Path], near: Iterable[str]) -> None:
        """Make the sketches of a day from its files; what recurs is counted over it and the days `near`, as `count` noted it."""
        values, counts = np.unique(
            np.concatenate([self._counted(day) for day in [date, *near]]), return_counts=True
        )
        entries = _entries(_open(paths), set(values[counts >= RECURS].tolist()))
        schema = _SCHEMA.with_metadata({"newsbot.files": _key([path.name for path in paths])})
        self.folder.mkdir(parents=True, exist_ok=True)
        with (
            self._aside(date, "parquet") as aside,
            pq.ParquetWriter(aside, schema, compression="zstd") as writer,
        ):
            for batch in _batched(entries, 2000):
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))

    def rename(self, date: str, names: Sequence[str]) -> None:
        """Note that the same rows lie in other files now."""
        table = pq.read_table(self._path(date)).replace_schema_metadata({"newsbot.files": _key(names)})
        with self._aside(date, "parquet") as aside:
            pq.write_table(table, aside, compression="zstd")

    @contextmanager
    def _aside(self, date: str, suffix: str) -> Iterator[Path]:
        """Give a file that takes its place when it is whole."""
        aside = self.folder / f".date={date}.part.{suffix}"
        yield aside
        aside.replace(self.folder / f"date={date}.{suffix}")


def _key(names: Sequence[str]) -> bytes:
    return orjson.dumps([_FORM, sorted(names)])


def _open(paths: Sequence[Path]) -> Any:
    return ds.dataset([str(path) for path in paths], schema=SCHEMA, format="parquet")


def _newest(rows: Any) -> dict[str, int]:
    """Return article_id -> newest version that has a body."""
    table = rows.to_table(columns=["article_id", "version"], filter=ds.field("body").is_valid())
    grouped = table.group_by("article_id").aggregate([("version", "max")])
    return dict(zip(grouped["article_id"].to_pylist(), grouped["version_max"].to_pylist(), strict=True))


def _rows(rows: Any, newest: dict[str, int]) -> Iterator[dict[str, Any]]:
    for batch in rows.to_batches(columns=_READ, batch_size=256) if newest else ():
        for row in batch.to_pylist():
            if row["body"] and newest.get(row["article_id"]) == row["version"]:
                yield row


def _numbers(row: Mapping[str, Any]) -> NDArray[np.uint64]:
    parts = {_number(row["publisher"] or "", part) for part in row["body"].split("\n\n")}
    return np.fromiter(parts, np.uint64)


def _number(publisher: str, paragraph: str) -> int:
    # White space and case alone: folding punctuation too would take half of the time of a compaction.
    text = f"{publisher}\n{' '.join(paragraph.casefold().split())}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _entries(rows: Any, recurring: set[int]) -> Iterator[dict[str, Any]]:
    for row in _rows(rows, _newest(rows)):
        publisher = row["publisher"] or ""
        text = "\n".join(
            part for part in row["body"].split("\n\n") if _number(publisher, part) not in recurring
        )
        words = words_of(text)
        # Fewer words than a few runs need tell nothing.
        parts = runs(words) if len(words) >= 3 * SHINGLE else set()
        instant: datetime = row["date_published"] or row["first_seen_at"] or datetime(1970, 1, 1, tzinfo=UTC)
        yield {
            "article_id": row["article_id"],
            "publisher": publisher,
            "instant": int(instant.timestamp() * 1_000_000),
            "content_hash": row["content_hash"],
            "size": len(parts),
            "sketch": signature(parts),
        }


def _batched(entries: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
