"""Puts the delta of a manifest into a state's tables, in one transaction with the manifest's name.

The rows go in while the files of the batch are still being written, the name and the COMMIT when they are in their place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson

from newsbot.kill import kill_point

# Rows of boilerplate kept: the texts of about 4,000 articles, 20 MB; what recurs is seen again long before.
MOST_TEXTS = 60_000

# Rows put in at a step: some milliseconds.
STEP = 500

# Columns by table, in the order of the INSERTs; the first is the key.
_COLUMNS = {
    "urls": ("key", "url", "outcome", "article_id", "fetched_at", "next_visit_at", "visits", "etag", "last_modified"),
    "articles": (
        "article_id", "version", "page_hash", "headline_hash", "sketch", "first_seen_at", "changed_at", "edits",
        "extractor_version", "row",
    ),
    "sources": (
        "url", "kind", "etag", "last_modified", "content_hash", "polled_at", "changed_at", "next_poll_at", "interval",
        "conditional", "failures",
    ),
    "pending": ("key", "candidate", "attempts", "since"),
}  # fmt: skip
_BLOBS = {("urls", "key"), ("pending", "key"), ("articles", "sketch")}


def write(db: sqlite3.Connection, manifest: str | None, delta: Mapping[str, Any]) -> None:
    """Write a delta, whole or not at all; `State.apply` says what is in it. Raises sqlite3.Error."""
    for _ in put(db, delta):
        pass
    end(db, manifest)


def put(db: sqlite3.Connection, delta: Mapping[str, Any]) -> Generator[None, None, None]:
    """Begin a transaction and put a delta in, some milliseconds of work a step; `end` commits it.

    Nothing of it stays where a step fails or the steps are not gone to their end. Raises sqlite3.Error.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        _forget(db, delta.get("forgotten", ()))
        for table, columns in _COLUMNS.items():
            for rows in _some(delta.get(table, ())):
                _upsert(db, table, columns, rows)
                yield
            kill_point("in_prepare")
        db.executemany(
            "DELETE FROM pending WHERE key = ?",
            [(bytes.fromhex(key),) for key in delta.get("pending_done", ())],
        )
        for table in ("boilerplate", "shapes"):
            for rows in _some(delta.get(table, ())):
                _merge(db, table, rows)
                yield
        if delta.get("boilerplate"):
            _forget_rare(db)
    except BaseException:
        undo(db)
        raise


def end(db: sqlite3.Connection, manifest: str | None) -> None:
    """Commit what was put in, with the name of its manifest. Raises sqlite3.Error: then nothing of it stays."""
    try:
        if manifest:
            db.execute("INSERT INTO manifests(name) VALUES (?)", (manifest,))
        kill_point("in_state")
        db.execute("COMMIT")
    except BaseException:
        undo(db)
        raise


def undo(db: sqlite3.Connection) -> None:
    """Take back what was put in and not committed."""
    if db.in_transaction:
        db.execute("ROLLBACK")


def _some(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    for start in range(0, len(rows), STEP):
        yield rows[start : start + STEP]


def _forget(db: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    """Delete articles and their URLs, so that they are new again; a scan of the URLs for each, for repairs only."""
    for identity in article_ids:
        db.execute("DELETE FROM articles WHERE article_id = ?", (identity,))
        db.execute("DELETE FROM urls WHERE article_id = ?", (identity,))


def _forget_rare(db: sqlite3.Connection) -> None:
    """Keep at most MOST_TEXTS rows of boilerplate: of the texts seen on one article the oldest go."""
    (count,) = db.execute("SELECT count(*) FROM boilerplate").fetchone()
    if count > MOST_TEXTS:
        db.execute(
            "DELETE FROM boilerplate WHERE key IN (SELECT key FROM boilerplate WHERE json_extract(row, '$.pages') = 1 "
            "ORDER BY json_extract(row, '$.first_day'), key LIMIT ?)",
            (count - MOST_TEXTS * 3 // 4,),
        )


def _upsert(
    db: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]
) -> None:
    marks = ", ".join("?" * len(columns))
    blobs = [place for place, name in enumerate(columns) if (table, name) in _BLOBS]
    pick: itemgetter[Any] = itemgetter(*columns)
    values = (_values(row, columns, pick, blobs) for row in rows)
    db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)  # noqa: S608 fixed names


def _merge(db: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add the whole numbers of each row to the row that is there; `first…` fields keep the smaller, others the new value."""
    key_name = _key_name(table)
    for row in rows:
        old = db.execute(f"SELECT row FROM {table} WHERE {key_name} = ?", (row[key_name],)).fetchone()  # noqa: S608 fixed names
        merged = _add(orjson.loads(old[0]), row) if old else dict(row)
        db.execute(
            f"INSERT OR REPLACE INTO {table} VALUES (?, ?)",  # noqa: S608 fixed names
            (row[key_name], orjson.dumps(merged).decode()),
        )


def _values(
    row: Mapping[str, Any], columns: tuple[str, ...], pick: itemgetter[Any], blobs: list[int]
) -> list[Any]:
    """Return a row's values in the order of the columns, hex as bytes where the table keeps bytes."""
    try:
        values = list(pick(row))
    except KeyError:
        values = [row.get(name) for name in columns]
    for place in blobs:
        if values[place] is not None:
            values[place] = bytes.fromhex(values[place])
    return values


def _key_name(table: str) -> str:
    return "key" if table == "boilerplate" else "name"


def _add(old: dict[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        before = old.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and isinstance(before, int):
            merged[name] = before + value
        elif name.startswith("first") and before is not None:
            merged[name] = min(before, value)
        else:
            merged[name] = value
    return merged
