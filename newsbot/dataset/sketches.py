"""What clustering remembers of a day: a sketch an article, under `clusters/`; derived, and made anew where it is stale.

A paragraph that stands in several articles of a publisher (a prompt, an agency's note, a translated imprint) says nothing about the
story and is left out of the sketch: otherwise what sites share around their articles would glue the articles together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsbot.dataset.bucket import Bucket
from newsbot.dataset.later import later
from newsbot.dataset.schema import SCHEMA
from newsbot.dedup.many import sketch_many
from newsbot.dedup.near import SKETCH_BYTES, Sketches, unpack

ds, pc = later("pyarrow.dataset"), later("pyarrow.compute")

# A paragraph in this many articles of one publisher within the window is boilerplate.
RECURS = 3
_FORM = 4
_PENDING = "pending.json"
# Articles read and sketched at a time.
_BATCH = 512
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

    def __init__(self, root: Path, bucket: Bucket | None = None) -> None:
        """`bucket`: an object store that keeps them too, for other machines."""
        self.folder, self._bucket = root / "clusters", bucket

    def _path(self, date: str) -> Path:
        return self.folder / f"date={date}.parquet"

    def is_fresh(self, date: str, names: Sequence[str]) -> bool:
        """Whether the sketches of a day are those of exactly these files."""
        return self._is_fresh(date, names) or (
            self._fetch(f"date={date}.parquet") and self._is_fresh(date, names)
        )

    def _is_fresh(self, date: str, names: Sequence[str]) -> bool:
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
        numbers = [
            np.fromiter(set(_numbers(publisher, body)), np.uint64)
            for part in _parts(paths)
            for publisher, body in zip(part["publisher"].to_pylist(), part["body"].to_pylist(), strict=True)
        ]
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._aside(f"date={date}.npy") as aside:
            np.save(aside, np.concatenate([*numbers, np.empty(0, np.uint64)]))

    def _counted(self, date: str) -> NDArray[np.uint64]:
        path = self._path(date).with_suffix(".npy")
        if not path.exists():
            self._fetch(path.name)
        try:
            return np.asarray(np.load(path), np.uint64)
        except (OSError, ValueError):
            return np.empty(0, np.uint64)

    def refresh(self, date: str, paths: Sequence[Path], near: Iterable[str]) -> None:
        """Make the sketches of a day from its files; what recurs is counted over it and the days `near`, as `count` noted it."""
        values, counts = np.unique(
            np.concatenate([self._counted(day) for day in [date, *near]]), return_counts=True
        )
        recurring = set(values[counts >= RECURS].tolist())
        schema = _SCHEMA.with_metadata({"newsbot.files": _key([path.name for path in paths])})
        self.folder.mkdir(parents=True, exist_ok=True)
        with (
            self._aside(f"date={date}.parquet") as aside,
            pq.ParquetWriter(aside, schema, compression="zstd") as writer,
        ):
            for part in _parts(paths):
                writer.write_table(_entries(part, recurring).replace_schema_metadata(schema.metadata))

    def rename(self, date: str, names: Sequence[str]) -> None:
        """Note that the same rows lie in other files now."""
        table = pq.read_table(self._path(date)).replace_schema_metadata({"newsbot.files": _key(names)})
        with self._aside(f"date={date}.parquet") as aside:
            pq.write_table(table, aside, compression="zstd")

    def pending(self) -> list[str]:
        """Return the days whose near-duplicates an earlier compaction left to look for."""
        self._fetch(_PENDING)
        try:
            left = orjson.loads((self.folder / _PENDING).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return []
        return [day for day in left if isinstance(day, str)]

    def keep_pending(self, days: Sequence[str]) -> None:
        """Remember days whose near-duplicates are to be looked for, should this compaction be cut short."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._aside(_PENDING) as aside:
            aside.write_bytes(orjson.dumps(days))

    @contextmanager
    def _aside(self, name: str) -> Iterator[Path]:
        """Give a file that takes its place when it is whole."""
        # numpy appends its suffix where a name has another.
        aside = self.folder / f".part.{name}"
        yield aside
        aside.replace(self.folder / name)
        if self._bucket is not None:
            self._bucket.upload(self.folder / name, f"clusters/{name}")

    def _fetch(self, name: str) -> bool:
        """Bring a file from the object store; return whether it came."""
        if self._bucket is None:
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f".fetched.{name}"
        try:
            self._bucket.download(f"clusters/{name}", aside)
        except FileNotFoundError:
            return False
        aside.replace(self.folder / name)
        return True


def _key(names: Sequence[str]) -> bytes:
    return orjson.dumps([_FORM, sorted(names)])


def _parts(paths: Sequence[Path]) -> Iterator[Any]:
    """Yield the newest rows that have a body, of each article one, some at a time as a record batch."""
    rows = ds.dataset([str(path) for path in paths], schema=SCHEMA, format="parquet")
    newest = _newest(rows)
    for batch in rows.to_batches(columns=_READ, batch_size=_BATCH):
        has_text = pc.fill_null(pc.greater(pc.binary_length(batch["body"]), 0), False)
        if newest is not None:
            named = zip(batch["article_id"].to_pylist(), batch["version"].to_pylist(), strict=True)
            is_newest = pa.array([newest.get(article) == version for article, version in named], pa.bool_())
            has_text = pc.and_(has_text, is_newest)
        yield batch.filter(has_text)


def _newest(rows: Any) -> dict[str, int] | None:
    """Return article_id -> newest version that has a body; None where every article has one version, which is told sooner."""
    if (pc.max(rows.to_table(columns=["version"])["version"]).as_py() or 1) == 1:
        return None
    table = rows.to_table(columns=["article_id", "version"], filter=ds.field("body").is_valid())
    grouped = table.group_by("article_id").aggregate([("version", "max")])
    return dict(zip(grouped["article_id"].to_pylist(), grouped["version_max"].to_pylist(), strict=True))


def _numbers(publisher: str | None, body: str) -> list[int]:
    """Return a number a paragraph, of its publisher and words in whatever case."""
    before = f"{publisher or ''}\n".encode()
    return [
        int.from_bytes(
            hashlib.blake2b(before + part.encode("utf-8", "replace"), digest_size=8).digest(), "little"
        )
        for part in body.casefold().split("\n\n")
    ]


def _entries(part: Any, recurring: set[int]) -> Any:
    """Return the sketches of these articles, as a table of _SCHEMA."""
    publishers = part["publisher"].to_pylist()
    bodies = zip(publishers, part["body"].to_pylist(), strict=True)
    sizes, sketches = sketch_many(_without(publisher, body, recurring) for publisher, body in bodies)
    instants = pc.coalesce(part["date_published"], part["first_seen_at"]).cast(pa.int64())
    columns = {
        "article_id": part["article_id"],
        "publisher": pa.array([publisher or "" for publisher in publishers], pa.string()),
        "instant": pc.fill_null(instants, 0),
        "content_hash": part["content_hash"],
        "size": pa.array(sizes, pa.int32()),
        "sketch": pa.array([row.astype("<u4").tobytes() for row in sketches], pa.binary(SKETCH_BYTES)),
    }
    return pa.Table.from_pydict(columns, schema=_SCHEMA)


def _without(publisher: str | None, body: str, recurring: set[int]) -> str:
    """Return a body without the paragraphs that recur."""
    numbered = zip(body.split("\n\n"), _numbers(publisher, body), strict=True)
    return "\n".join(part for part, number in numbered if number not in recurring)
