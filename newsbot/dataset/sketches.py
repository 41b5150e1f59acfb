"""What clustering remembers of a day: a sketch an article, under `clusters/`; derived, and made anew where it is stale.

A paragraph that stands in several articles of a publisher (a prompt, an agency's note, a translated imprint) says nothing about the
story and is left out of the sketch: otherwise what sites share around their articles would glue the articles together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsbot.dataset.schema import SCHEMA
from newsbot.dedup.exact import fold
from newsbot.dedup.near import SKETCH_BYTES, Sketches, shingles, signature, unpack

# A paragraph in this many articles of one publisher within the window is boilerplate.
RECURS = 3
_FORM = 1
_SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("publisher", pa.string()),
        ("instant", pa.int64()),
        ("content_hash", pa.string()),
        ("size", pa.int32()),
        ("sketch", pa.binary(SKETCH_BYTES)),
        ("paragraphs", pa.list_(pa.uint64())),
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
    """Shingles of each text."""
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
            table = pq.read_table(self._path(date), columns=_SCHEMA.names[:-1])
        except (OSError, pa.ArrowInvalid):
            return None
        columns = {name: table[name].to_pylist() for name in _SCHEMA.names[:-1]}
        return Day(
            ids=columns["article_id"],
            publishers=columns["publisher"],
            instants=columns["instant"],
            hashes=columns["content_hash"],
            sizes=np.asarray(columns["size"], np.int64),
            sketches=unpack(columns["sketch"]),
        )

    def paragraphs(self, date: str) -> NDArray[np.uint64]:
        """Return the paragraphs of a day's articles, as numbers."""
        try:
            column = pq.read_table(self._path(date), columns=["paragraphs"])["paragraphs"]
        except (OSError, pa.ArrowInvalid):
            return np.empty(0, np.uint64)
        return np.asarray(column.combine_chunks().flatten(), dtype=np.uint64)

    def refresh(self, date: str, paths: Sequence[Path], before: Iterable[str]) -> None:
        """Make the sketches of a day from its files; what recurs is counted over it and the days `before`."""
        rows = ds.dataset([str(path) for path in paths], schema=SCHEMA, format="parquet") if paths else None
        newest = _newest(rows)
        numbers = {key: _numbers(publisher, body) for key, publisher, body in _bodies(rows, newest)}
        seen = np.concatenate(
            [self.paragraphs(day) for day in before]
            + [np.fromiter(part, np.uint64) for part in numbers.values()]
            or [np.empty(0, np.uint64)]
        )
        values, counts = np.unique(seen, return_counts=True)
        recurring = set(values[counts >= RECURS].tolist())
        self._write(date, paths, _entries(rows, newest, numbers, recurring))

    def _write(self, date: str, paths: Sequence[Path], entries: Iterator[dict[str, Any]]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f".date={date}.part"
        schema = _SCHEMA.with_metadata({"newsbot.files": _key([path.name for path in paths])})
        with pq.ParquetWriter(aside, schema, compression="zstd") as writer:
            for batch in _batched(entries, 2000):
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
        aside.replace(self._path(date))

    def rename(self, date: str, names: Sequence[str]) -> None:
        """Note that the same rows lie in other files now."""
        table = pq.read_table(self._path(date))
        aside = self.folder / f".date={date}.part"
        pq.write_table(
            table.replace_schema_metadata({"newsbot.files": _key(names)}), aside, compression="zstd"
        )
        aside.replace(self._path(date))


def _key(names: Sequence[str]) -> bytes:
    return orjson.dumps([_FORM, sorted(names)])


def _newest(rows: Any) -> dict[str, int]:
    """Return article_id -> newest version that has a body."""
    if rows is None:
        return {}
    table = rows.to_table(columns=["article_id", "version"], filter=ds.field("body").is_valid())
    grouped = table.group_by("article_id").aggregate([("version", "max")])
    return dict(zip(grouped["article_id"].to_pylist(), grouped["version_max"].to_pylist(), strict=True))


def _rows(rows: Any, newest: dict[str, int]) -> Iterator[dict[str, Any]]:
    for batch in rows.to_batches(columns=_READ, batch_size=256) if newest else ():
        for row in batch.to_pylist():
            if row["body"] and newest.get(row["article_id"]) == row["version"]:
                yield row


def _bodies(rows: Any, newest: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    return ((row["article_id"], row["publisher"] or "", row["body"]) for row in _rows(rows, newest))


def _numbers(publisher: str, body: str) -> set[int]:
    return {_number(publisher, part) for part in body.split("\n\n")}


def _number(publisher: str, paragraph: str) -> int:
    text = f"{publisher}\n{fold(paragraph)}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _entries(
    rows: Any, newest: dict[str, int], numbers: dict[str, set[int]], recurring: set[int]
) -> Iterator[dict[str, Any]]:
    for row in _rows(rows, newest):
        publisher = row["publisher"] or ""
        kept = [part for part in row["body"].split("\n\n") if _number(publisher, part) not in recurring]
        parts = shingles("\n".join(kept)) if kept else set()
        instant: datetime = row["date_published"] or row["first_seen_at"] or datetime(1970, 1, 1, tzinfo=UTC)
        yield {
            "article_id": row["article_id"],
            "publisher": publisher,
            "instant": int(instant.timestamp() * 1_000_000),
            "content_hash": row["content_hash"],
            "size": len(parts),
            "sketch": signature(parts),
            "paragraphs": sorted(numbers[row["article_id"]]),
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
