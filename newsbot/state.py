"""What newsbot remembers of one publisher between runs: SQLite, one file a publisher, and the lock; the only sqlite3 code.

What is known of pages is written by `apply` alone, in one transaction with the name of the manifest it comes from, so the state can
never be ahead of the dataset, and a lost or restored state file is brought up to date from the manifests.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from newsbot.exceptions import StateError
from newsbot.kill import kill_point

logger = logging.getLogger(__name__)

STATE_VERSION = 1

# Keys are 16-byte hashes and the tables WITHOUT ROWID: a look-up is one descent of one B-tree, also at 10^7 URLs.
_TABLES = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE manifests(sequence INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE urls(key BLOB PRIMARY KEY, url TEXT NOT NULL, outcome TEXT NOT NULL, article_id TEXT, fetched_at REAL,
  next_visit_at REAL, visits INTEGER NOT NULL, etag TEXT, last_modified TEXT) WITHOUT ROWID;
CREATE INDEX urls_due ON urls(next_visit_at) WHERE next_visit_at IS NOT NULL;
CREATE TABLE articles(article_id TEXT PRIMARY KEY, version INTEGER NOT NULL, page_hash TEXT, headline_hash TEXT, sketch BLOB,
  first_seen_at REAL NOT NULL, changed_at REAL NOT NULL, edits INTEGER NOT NULL, extractor_version TEXT, row TEXT)
  WITHOUT ROWID;
CREATE INDEX articles_page_hash ON articles(page_hash);
CREATE TABLE sources(url TEXT PRIMARY KEY, kind TEXT NOT NULL, etag TEXT, last_modified TEXT, content_hash TEXT,
  polled_at REAL, changed_at REAL, next_poll_at REAL, interval REAL, conditional INTEGER NOT NULL, failures INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE pending(key BLOB PRIMARY KEY, candidate TEXT NOT NULL, attempts INTEGER NOT NULL, since REAL NOT NULL)
  WITHOUT ROWID;
CREATE TABLE boilerplate(key TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE shapes(name TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE robots(host TEXT PRIMARY KEY, fetched_at REAL NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE runs(run_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
"""

# Rows of boilerplate kept: the texts of about 4,000 articles, 20 MB; what recurs is seen again long before.
MOST_TEXTS = 60_000

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


@dataclass(slots=True)
class KnownUrl:
    """What is known of a URL that was fetched before; times in seconds since 1970 UTC."""

    key: str
    url: str
    outcome: str
    article_id: str | None
    fetched_at: float | None
    next_visit_at: float | None
    visits: int
    etag: str | None
    last_modified: str | None


@dataclass(slots=True)
class KnownArticle:
    """The latest version of an article; times in seconds since 1970 UTC."""

    article_id: str
    version: int
    page_hash: str | None
    """Hash of headline and body before learned boilerplate was taken out, so that learning more is no new version."""
    headline_hash: str | None
    sketch: str | None
    """Hex of the body's near-duplicate sketch."""
    first_seen_at: float
    changed_at: float
    edits: int
    """Versions seen that the publisher made, the first not counted."""
    extractor_version: str | None
    row: str | None
    """JSON of what a tombstone row repeats: publisher, url, headline, dates."""


@dataclass(slots=True)
class KnownSource:
    """What is known of a source; times in seconds since 1970 UTC."""

    url: str
    kind: str
    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    polled_at: float | None = None
    changed_at: float | None = None
    next_poll_at: float | None = None
    interval: float | None = None
    """Seconds between polls, following the pace at which the source changes."""
    conditional: int = 0
    """Conditional polls in a row; every n-th is unconditional, for servers whose validators are stuck."""
    failures: int = 0


class State:
    """One publisher's memory. Opened by one run at a time (`newsbot.lock`); reading beside it is safe."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self.path = path

    @classmethod
    def open(cls, root: Path, publisher: str, *, read_only: bool = False) -> State:
        """Open `root/<publisher>.sqlite3`, made new only where no file is.

        Raises StateError, naming the file and the remedy, where it is damaged, of another version, or not this publisher's.
        """
        path = Path(root) / f"{publisher}.sqlite3"
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        if not read_only and not path.exists():
            _create(path, publisher)
        mode = "ro" if read_only else "rw"
        try:
            db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=30
            )
        except sqlite3.Error as error:
            raise StateError(
                f"cannot open the state {path}: {error}; check that it exists and may be read"
            ) from error
        try:
            _check(db, path, publisher)
        except sqlite3.DatabaseError as error:
            db.close()
            raise _damaged(path, error) from error
        except StateError:
            db.close()
            raise
        return cls(db, path)

    def close(self) -> None:
        """Close the file."""
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
        try:
            self._apply(manifest, delta)
        except (sqlite3.OperationalError, sqlite3.NotSupportedError) as error:
            raise StateError(
                f"cannot write the state {self.path}: {error}; make room there and run again"
            ) from error

    def _apply(self, manifest: str | None, delta: Mapping[str, Any]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if manifest:
                self._db.execute("INSERT INTO manifests(name) VALUES (?)", (manifest,))
            self._forget(delta.get("forgotten", ()))
            for table, columns in _COLUMNS.items():
                self._upsert(table, columns, delta.get(table, ()))
                kill_point("in_state")
            self._db.executemany(
                "DELETE FROM pending WHERE key = ?",
                [(bytes.fromhex(key),) for key in delta.get("pending_done", ())],
            )
            for table in ("boilerplate", "shapes"):
                self._merge(table, delta.get(table, ()))
            if delta.get("boilerplate"):
                self._forget_rare()
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _forget(self, article_ids: Iterable[str]) -> None:
        """Delete articles and their URLs, so that they are new again; a scan of the URLs for each, for repairs only."""
        for identity in article_ids:
            self._db.execute("DELETE FROM articles WHERE article_id = ?", (identity,))
            self._db.execute("DELETE FROM urls WHERE article_id = ?", (identity,))

    def _forget_rare(self) -> None:
        """Keep at most MOST_TEXTS rows of boilerplate: of the texts seen on one article the oldest go."""
        (count,) = self._db.execute("SELECT count(*) FROM boilerplate").fetchone()
        if count > MOST_TEXTS:
            self._db.execute(
                "DELETE FROM boilerplate WHERE key IN (SELECT key FROM boilerplate WHERE json_extract(row, '$.pages') = 1 "
                "ORDER BY json_extract(row, '$.first_day'), key LIMIT ?)",
                (count - MOST_TEXTS * 3 // 4,),
            )

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
            raise _damaged(self.path, error) from error

    def _upsert(self, table: str, columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        blobs = [place for place, name in enumerate(columns) if (table, name) in _BLOBS]
        values = (_values(row, columns, blobs) for row in rows)
        self._db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)  # noqa: S608 fixed names

    def _merge(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add the whole numbers of each row to the row that is there; `first…` fields keep the smaller, others the new value."""
        key_name = _key_name(table)
        for row in rows:
            old = self._one(f"SELECT row FROM {table} WHERE {key_name} = ?", row[key_name])  # noqa: S608 fixed names
            merged = _add(orjson.loads(old[0]), row) if old else dict(row)
            self._db.execute(
                f"INSERT OR REPLACE INTO {table} VALUES (?, ?)",  # noqa: S608 fixed names
                (row[key_name], orjson.dumps(merged).decode()),
            )


def _damaged(path: Path, error: Exception) -> StateError:
    return StateError(
        f"the state {path} is damaged ({error}); run `scrapy dataset repair`, which sets it aside and rebuilds it "
        "from the manifests"
    )


def publishers(root: Path) -> Iterator[str]:
    """Yield the names of the publishers that have a state under `root`, sorted."""
    yield from sorted(path.stem for path in Path(root).glob("*.sqlite3"))


def _create(path: Path, publisher: str) -> None:
    """Make an empty state aside and rename it in: a full disk or a kill leaves none rather than half of one."""
    aside = path.with_name(f"{path.name}.new")
    try:
        aside.unlink(missing_ok=True)
        with closing(sqlite3.connect(aside, isolation_level=None)) as db:
            # WAL + NORMAL: a power cut may take the last transactions, whole; their manifests put them back on the next opening.
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(f"BEGIN; {_TABLES}")
            meta = [("version", str(STATE_VERSION)), ("publisher", publisher)]
            db.executemany("INSERT INTO meta VALUES (?, ?)", meta)
            db.execute("COMMIT")
        aside.replace(path)
    except (OSError, sqlite3.Error) as error:
        for left in (aside, aside.with_name(f"{aside.name}-wal"), aside.with_name(f"{aside.name}-shm")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
        raise StateError(
            f"cannot make the state {path}: {error}; make room there, or set NEWSBOT_STATE"
        ) from error


def _check(db: sqlite3.Connection, path: Path, publisher: str) -> None:
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA mmap_size = 268435456")
    meta = dict(db.execute("SELECT name, value FROM meta"))
    if int(meta.get("version", 0)) != STATE_VERSION:
        raise StateError(
            f"the state {path} has version {meta.get('version')}, this newsbot reads {STATE_VERSION}: upgrade newsbot, or move "
            "the file away and run `scrapy dataset repair`, which rebuilds it from the manifests"
        )
    if meta.get("publisher") != publisher:
        raise StateError(
            f"the state {path} belongs to {meta.get('publisher')!r}, not {publisher!r}; put it back in its place"
        )


def _article(row: tuple[Any, ...]) -> KnownArticle:
    article_id, version, page_hash, headline_hash, sketch, *rest = row
    return KnownArticle(
        article_id, version, page_hash, headline_hash, sketch.hex() if sketch else None, *rest
    )


def _values(row: Mapping[str, Any], columns: tuple[str, ...], blobs: list[int]) -> list[Any]:
    """Return a row's values in the order of the columns, hex as bytes where the table keeps bytes."""
    get = row.get
    values: list[Any] = [get(name) for name in columns]
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
