"""What newsbot remembers of one publisher between runs: SQLite, one file a publisher; the only sqlite3 code.

What is known of pages is written by `apply` alone, in one transaction with the name of the manifest it comes from, so the state can
never be ahead of the dataset, and a lost or restored state file is brought up to date from the manifests.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from newsbot.exceptions import StateError
from newsbot.state.deltas import end, put, undo, write
from newsbot.state.file import STATE_VERSION, connect, create, damaged
from newsbot.state.known import KnownArticle, KnownSource, KnownUrl
from newsbot.state.log import Log

__all__ = ["STATE_VERSION", "KnownArticle", "KnownSource", "KnownUrl", "State", "publishers"]

logger = logging.getLogger(__name__)


class State:
    """One publisher's memory. Opened by one run at a time (`newsbot.lock`); reading beside it is safe."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db, self._log = connection, Log(path)
        self.path = path
        self._prepared: str | None = None

    @classmethod
    def open(cls, root: Path, publisher: str, *, read_only: bool = False) -> State:
        """Open `root/<publisher>.sqlite3`, made new only where no file is.

        Raises StateError, naming the file and the remedy, where it is damaged, of another version, or not this publisher's.
        """
        path = Path(root) / f"{publisher}.sqlite3"
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        if not read_only and not path.exists():
            create(path, publisher)
        return cls(connect(path, publisher, read_only=read_only), path)

    def close(self) -> None:
        """Close the file."""
        self._log.close()
        self._db.close()

    @property
    def sequence(self) -> int:
        """Number of the last manifest whose delta is in; 0 where none is."""
        return self._one("SELECT coalesce(max(sequence), 0) FROM manifests")[0]  # type: ignore[no-any-return]

    @property
    def last(self) -> str | None:
        """Name of the last manifest whose delta is in."""
        row = self._one("SELECT name FROM manifests ORDER BY sequence DESC LIMIT 1")
        return row[0] if row else None

    def name_of(self, sequence: int) -> str | None:
        """Return the name of the manifest with this number, None where its delta is not in."""
        row = self._one("SELECT name FROM manifests WHERE sequence = ?", sequence)
        return row[0] if row else None

    def applied(self, manifest: str) -> bool:
        """Whether the delta of the manifest of this name is in."""
        return self._one("SELECT 1 FROM manifests WHERE name = ?", manifest) is not None

    def apply(self, manifest: str | None, delta: Mapping[str, Any]) -> None:
        """Put in the delta of one manifest, once: a second call with the same name changes nothing.

        `delta` is JSON: lists of rows under urls, articles, sources, pending (upserted), boilerplate and shapes (counts are
        added), pending_done (keys to delete), forgotten (article ids that are new again). A delta that goes with no rows needs
        no manifest (None): were it lost, the URLs and sources in it would be looked at once more. Raises StateError where it
        cannot be written.
        """
        if manifest and self.applied(manifest):
            return
        with self._named_errors():
            if manifest and self._prepared == manifest:
                self._prepared = None
                end(self._db, manifest)
            else:
                self.abandon()
                write(self._db, manifest, delta)
        self._log.trim()

    def prepare(self, manifest: str, delta: Mapping[str, Any]) -> Generator[None, None, None]:
        """Put the delta in without committing it, step by step, so that `apply` of this manifest has only to commit it.

        It costs no guarantee and saves time: other threads write the batch's files meanwhile. Until `apply`, or `abandon`,
        nothing else may be written; steps that are not gone to their end must be closed. Raises StateError, as `apply` does.
        """
        self.abandon()
        with self._named_errors():
            yield from put(self._db, delta)
        self._prepared = manifest

    def abandon(self) -> None:
        """Take back what was prepared and never applied."""
        self._prepared = None
        undo(self._db)

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Turn errors of a write into StateError."""
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.NotSupportedError) as error:
            raise StateError(
                f"cannot write the state {self.path}: {error}; make room there and run again"
            ) from error
        except sqlite3.DatabaseError as error:
            # A malformed file is of this very class, a row that does not fit its table of one below: a bug.
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise damaged(self.path, error) from error

    def delta_of(self, article_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """Return what is known of these articles and their URLs as a delta, for a manifest that lost its own."""
        found: dict[str, list[dict[str, Any]]] = {"urls": [], "articles": []}
        for identity in article_ids:
            known = self.article(identity)
            if known:
                found["articles"].append(asdict(known))
            rows = self._db.execute("SELECT * FROM urls WHERE article_id = ?", (identity,))
            found["urls"] += [asdict(KnownUrl(row[0].hex(), *row[1:])) for row in rows]
        return found

    def article_ids(self) -> Iterator[str]:
        """Yield the ids of all articles, sorted."""
        yield from (row[0] for row in self._db.execute("SELECT article_id FROM articles ORDER BY article_id"))

    def problems(self) -> list[str]:
        """Return what SQLite finds wrong with the file; reads all of it."""
        try:
            found = [str(row[0]) for row in self._db.execute("PRAGMA quick_check(10)")]
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return [] if found == ["ok"] else found

    def url(self, key: str) -> KnownUrl | None:
        """Return what is known of the URL whose `article_id(url_key)` is `key` (32 hex digits)."""
        row = self._one("SELECT * FROM urls WHERE key = ?", bytes.fromhex(key))
        return KnownUrl(row[0].hex(), *row[1:]) if row else None

    def due(self, now: float, limit: int) -> list[KnownUrl]:
        """Return up to `limit` URLs whose next visit is due at `now`, longest due first."""
        rows = self._db.execute(
            "SELECT * FROM urls WHERE next_visit_at <= ? ORDER BY next_visit_at LIMIT ?", (now, limit)
        )
        return [KnownUrl(row[0].hex(), *row[1:]) for row in rows]

    def article(self, article_id: str) -> KnownArticle | None:
        """Return the latest version known of an article."""
        row = self._one("SELECT * FROM articles WHERE article_id = ?", article_id)
        return _article(row) if row else None

    def article_with(self, page_hash: str) -> KnownArticle | None:
        """Return an article of this publisher whose headline and body have this hash."""
        row = self._one("SELECT * FROM articles WHERE page_hash = ? ORDER BY article_id LIMIT 1", page_hash)
        return _article(row) if row else None

    def source(self, url: str) -> KnownSource | None:
        """Return what is known of a source."""
        row = self._one("SELECT * FROM sources WHERE url = ?", url)
        return KnownSource(*row) if row else None

    def pending(self, limit: int = 100_000) -> list[tuple[str, str, int]]:
        """Return (key, candidate as JSON, attempts) of what earlier runs left to do, oldest first."""
        rows = self._db.execute(
            "SELECT key, candidate, attempts FROM pending ORDER BY since, key LIMIT ?", (limit,)
        )
        return [(key.hex(), candidate, attempts) for key, candidate, attempts in rows]

    def boilerplate(self) -> list[dict[str, Any]]:
        """Return the rows of learned boilerplate, by key."""
        return [orjson.loads(row) for (row,) in self._db.execute("SELECT row FROM boilerplate ORDER BY key")]

    def recurring(self) -> list[dict[str, Any]]:
        """Return the rows of boilerplate of texts that stand on several articles, at one place or at several, and of all places.

        The others, nine in ten, need not be held: `texts` gives those that are met again.
        """
        rows = self._db.execute(
            "WITH texts AS (SELECT row, json_extract(row, '$.folded') AS folded, json_extract(row, '$.pages') AS pages "
            "FROM boilerplate) SELECT row FROM texts WHERE folded IS NULL OR folded IN "
            "(SELECT folded FROM texts GROUP BY folded HAVING sum(pages) > 1)"
        )
        return [orjson.loads(row) for (row,) in rows]

    def texts(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        """Return the rows of boilerplate with these keys, as far as there are any."""
        found = (self._one("SELECT row FROM boilerplate WHERE key = ?", key) for key in keys)
        return [orjson.loads(row[0]) for row in found if row]

    def shapes(self) -> list[dict[str, Any]]:
        """Return the counts of outcomes by URL shape, by name."""
        return [orjson.loads(row) for (row,) in self._db.execute("SELECT row FROM shapes ORDER BY name")]

    def runs(self, limit: int) -> list[dict[str, Any]]:
        """Return the records of the last `limit` runs, newest first."""
        rows = self._db.execute("SELECT record FROM runs ORDER BY run_id DESC LIMIT ?", (limit,))
        return [orjson.loads(row) for (row,) in rows]

    def robots(self, host: str) -> tuple[float, bytes] | None:
        """Return (when fetched, body) of the last good robots.txt of a host."""
        return self._one("SELECT fetched_at, body FROM robots WHERE host = ?", host)  # type: ignore[no-any-return]

    def remember_robots(self, host: str, fetched_at: float, body: bytes) -> None:
        """Keep a good robots.txt: a cache, tied to no manifest."""
        with self._unless_full():
            self._db.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", (host, fetched_at, body))

    def remember_run(self, run_id: str, record: Mapping[str, Any]) -> None:
        """Keep a run's figures for the monitors, of the last 100 runs; the whole records lie under `runs/`."""
        with self._unless_full():
            self._db.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?)", (run_id, orjson.dumps(record).decode())
            )
            self._db.execute(
                "DELETE FROM runs WHERE run_id NOT IN (SELECT run_id FROM runs ORDER BY run_id DESC LIMIT 100)"
            )

    @contextmanager
    def _unless_full(self) -> Iterator[None]:
        """Go on without what is written here where there is no room for it: it is a copy of what can be had again."""
        try:
            yield
        except sqlite3.OperationalError as error:
            logger.warning("cannot write the state %s: %s; make room there", self.path, error)

    def counts(self) -> dict[str, int]:
        """Return how many URLs, articles, sources, pending candidates and manifests are known."""
        tables = ("urls", "articles", "sources", "pending", "manifests")
        return {table: self._one(f"SELECT count(*) FROM {table}")[0] for table in tables}  # noqa: S608 fixed names

    def _one(self, sql: str, *values: object) -> Any:
        try:
            with closing(self._db.execute(sql, values)) as cursor:
                return cursor.fetchone()
        except sqlite3.DatabaseError as error:
            raise damaged(self.path, error) from error


def publishers(root: Path) -> Iterator[str]:
    """Yield the names of the publishers that have a state under `root`, sorted."""
    yield from sorted(path.stem for path in Path(root).glob("*.sqlite3"))


def _article(row: tuple[Any, ...]) -> KnownArticle:
    article_id, version, page_hash, headline_hash, sketch, *rest = row
    return KnownArticle(
        article_id, version, page_hash, headline_hash, sketch.hex() if sketch else None, *rest
    )
