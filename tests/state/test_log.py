"""A state's log: it is moved into the file beside the run, does not grow, and nothing is lost where it cannot be moved."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from newsbot.state import State
from newsbot.state.log import LONG, Log
from tests.state.rows import url_row

# Rows of which a thousand fill more than the log may hold.
_LONG = "https://example.com/" + "a" * 8000


def _put(state: State, batch: int) -> None:
    rows = [url_row(key=f"{batch:08x}{number:024x}", url=_LONG) for number in range(600)]
    state.apply(f"m{batch}", {"urls": rows})


def _rows_of_the_file_alone(path: Path, folder: Path) -> int:
    """Count the URLs in a copy of the file without its log."""
    copy = folder / "copy.sqlite3"
    shutil.copyfile(path, copy)
    with closing(sqlite3.connect(copy)) as db:
        return int(db.execute("SELECT count(*) FROM urls").fetchone()[0])


def test_a_long_log_is_moved_into_the_file_and_begun_anew(tmp_path: Path) -> None:
    state = State.open(tmp_path, "demo")
    for batch in range(5):
        _put(state, batch)
        # The next write begins the log anew only where the move is done.
        state._log.close()
    assert _rows_of_the_file_alone(state.path, tmp_path) == 3000
    # Of 24 MB that went through it no more than one batch of 5 MB, and what is beside the rows.
    assert (tmp_path / "demo.sqlite3-wal").stat().st_size < 2 * LONG
    state.close()


def test_what_a_reader_holds_back_stays_in_the_log_and_counts(tmp_path: Path) -> None:
    state = State.open(tmp_path, "demo")
    _put(state, 0)
    with closing(sqlite3.connect(state.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM urls").fetchone() == (600,)
        _put(state, 1)
        state._log.close()
        assert _rows_of_the_file_alone(state.path, tmp_path) <= 600
        assert state.counts()["urls"] == 1200
        reader.execute("COMMIT")
    state.close()
    again = State.open(tmp_path, "demo", read_only=True)
    assert again.counts()["urls"] == 1200
    again.close()


def test_one_write_after_the_other_does_not_let_the_log_grow(tmp_path: Path) -> None:
    state = State.open(tmp_path, "demo")
    for batch in range(24):
        _put(state, batch)
    # 130 MB went through it.
    assert (tmp_path / "demo.sqlite3-wal").stat().st_size < 80_000_000
    state.close()


def test_a_short_log_is_left_alone_and_a_missing_file_is_none(tmp_path: Path) -> None:
    log = Log(tmp_path / "nothing.sqlite3")
    (tmp_path / "nothing.sqlite3-wal").write_bytes(bytes(LONG + 1))
    log.trim()
    log.close()
    assert not (tmp_path / "nothing.sqlite3").exists()
    state = State.open(tmp_path, "demo")
    state.apply("m", {"urls": [url_row()]})
    state._log.close()
    assert _rows_of_the_file_alone(state.path, tmp_path) == 0
    state.close()
