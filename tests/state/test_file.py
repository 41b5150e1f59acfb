"""The file of a state: made whole, and refused where it is damaged, of another version or of another publisher."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newsbot.exceptions import StateError
from newsbot.state import State


def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "demo.sqlite3"
    path.write_bytes(b"this is no database, " * 100)
    before = path.read_bytes()
    with pytest.raises(StateError, match=r"demo\.sqlite3 is damaged .*repair"):
        State.open(tmp_path, "demo")
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", ["0", "99"])
def test_another_version_is_refused(tmp_path: Path, version: str) -> None:
    State.open(tmp_path, "demo").close()
    with sqlite3.connect(tmp_path / "demo.sqlite3") as db:
        db.execute("UPDATE meta SET value = ? WHERE name = 'version'", (version,))
    db.close()
    with pytest.raises(StateError, match=f"has version {version}"):
        State.open(tmp_path, "demo")


def test_a_state_of_another_publisher_is_refused(tmp_path: Path) -> None:
    State.open(tmp_path, "demo").close()
    (tmp_path / "demo.sqlite3").rename(tmp_path / "other.sqlite3")
    with pytest.raises(StateError, match="belongs to 'demo'"):
        State.open(tmp_path, "other")


def test_reading_a_state_that_is_not_there_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot open"):
        State.open(tmp_path, "demo", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_state_that_cannot_be_made_leaves_no_half_of_one(tmp_path: Path) -> None:
    (tmp_path / "demo.sqlite3.new").mkdir()
    with pytest.raises(StateError, match=r"cannot make the state .*NEWSBOT_STATE"):
        State.open(tmp_path, "demo")
    assert not (tmp_path / "demo.sqlite3").exists()
