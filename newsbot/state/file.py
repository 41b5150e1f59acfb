"""The file of a state: its tables, how it is made, opened and found to be damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from newsbot.exceptions import StateError

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


def connect(path: Path, publisher: str, *, read_only: bool) -> sqlite3.Connection:
    """Return a connection to a publisher's file. Raises StateError: not readable, damaged, of another version or publisher."""
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
        raise damaged(path, error) from error
    except StateError:
        db.close()
        raise
    return db


def create(path: Path, publisher: str) -> None:
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
    # What is read through a map counts as memory of the process, and a look-up is 2 µs of 9 faster (600,000 URLs).
    db.execute("PRAGMA mmap_size = 0")
    # Log moves what is committed into the file.
    db.execute("PRAGMA wal_autocheckpoint = 0")
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


def damaged(path: Path, error: Exception) -> StateError:
    """Return the error that says a file is damaged, and what to do."""
    return StateError(
        f"the state {path} is damaged ({error}); run `scrapy dataset repair`, which sets it aside and rebuilds it "
        "from the manifests"
    )
