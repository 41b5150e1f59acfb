"""Moves what a state's log (WAL) holds into its file, in a thread: a COMMIT would wait a tenth of a second for the disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

# Bytes of log beyond which it is done: SQLite's own threshold, 1,000 pages of 4 KiB.
LONG = 4096 * 1000
# Bytes beyond which it is waited for: SQLite begins a log anew only where all of it was moved before the next write, which writes
# one after the other would never let happen.
TOO_LONG = 16 * LONG


class Log:
    """The log of the state at `path`; SQLite itself moves it when the last connection is closed, and reads it after a kill."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, path.with_name(f"{path.name}-wal")
        self._thread: Thread | None = None

    def trim(self) -> None:
        """Begin to move a long log, and return; wait for one that is too long."""
        try:
            size = self._file.stat().st_size
        except OSError:
            return
        is_under_way = self._thread is not None and self._thread.is_alive()
        if size <= LONG or (is_under_way and size <= TOO_LONG):
            return
        self.close()
        self._thread = Thread(target=self._move, name="state-log")
        self._thread.start()
        if size > TOO_LONG:
            self.close()

    def close(self) -> None:
        """Wait for a move that is under way: some tenths of a second."""
        if self._thread is not None:
            self._thread.join()

    def _move(self) -> None:
        # What cannot be moved now, for a reader that holds it or for want of room, stays in the log and counts all the same.
        # `rw`: a file that was taken away is not made anew.
        place = f"{self._path.absolute().as_uri()}?mode=rw"
        with suppress(sqlite3.Error), closing(sqlite3.connect(place, uri=True, isolation_level=None)) as db:
            db.execute("PRAGMA wal_checkpoint(PASSIVE)")
