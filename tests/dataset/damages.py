"""A sound dataset, and everything that may happen to it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from newsbot.dataset.manifest import manifests, read_manifest
from newsbot.dataset.verify import verify
from newsbot.state import State
from tests.dataset import driver

COUNT = 30
# Every day of the dataset lies before it.
LATER = date(2026, 3, 1)


def sound(tmp_path: Path) -> Path:
    """Return a sound dataset: 30 rows in 3 manifests and 5 partitions."""
    driver.drive(str(tmp_path / "output"), "alder", range(COUNT))
    return tmp_path / "output"


def kinds(root: Path) -> list[str]:
    return [found.kind for found in verify(root)]


def identities(root: Path) -> list[str]:
    return [
        row[0]
        for row in duckdb.execute(
            f"SELECT article_id FROM '{root}/articles/**/*.parquet' ORDER BY 1"
        ).fetchall()
    ]


def expected() -> list[str]:
    return sorted(driver.identity("alder", number) for number in range(COUNT))


def a_file(root: Path) -> Path:
    return min((root / "articles").glob("date=*/*.parquet"))


def lose_state(root: Path) -> None:
    for path in (root / "state").glob("alder.sqlite3*"):
        path.unlink()


def empty_state(root: Path) -> None:
    lose_state(root)
    State.open(root / "state", "alder").close()


def damage_state(root: Path) -> None:
    lose_state(root)
    (root / "state" / "alder.sqlite3").write_bytes(b"no database at all " * 500)


def age_state(root: Path) -> None:
    with sqlite3.connect(root / "state" / "alder.sqlite3") as db:
        db.execute("UPDATE meta SET value = '99' WHERE name = 'version'")
    db.close()


def turn_back_state(root: Path) -> None:
    lose_state(root)
    state = State.open(root / "state", "alder")
    first = manifests(root, "alder")[0]
    manifest = read_manifest(first)
    state.apply(manifest.name, manifest.delta)
    state.close()


def rename_in_state(root: Path) -> None:
    with sqlite3.connect(root / "state" / "alder.sqlite3") as db:
        db.execute("UPDATE manifests SET name = 'elsewhere-0001' WHERE sequence = 3")
    db.close()


def lose_last_manifest(root: Path) -> None:
    manifests(root, "alder")[-1].unlink()


def lose_a_manifest(root: Path) -> None:
    manifests(root, "alder")[1].unlink()


def flip_a_manifest(root: Path) -> None:
    path = manifests(root, "alder")[1]
    path.write_bytes(path.read_bytes().replace(b'"rows":2', b'"rows":3', 1))


def cut_a_manifest(root: Path) -> None:
    path = manifests(root, "alder")[1]
    path.write_bytes(path.read_bytes()[:-20])


def empty_a_manifest(root: Path) -> None:
    manifests(root, "alder")[1].write_bytes(b"")


def copy_a_manifest(root: Path) -> None:
    first, second, _ = manifests(root, "alder")
    shutil.copy(first, second)


def lose_a_file(root: Path) -> None:
    a_file(root).unlink()


def cut_a_file(root: Path) -> None:
    path = a_file(root)
    path.write_bytes(path.read_bytes()[:-100])


def flip_a_file(root: Path) -> None:
    path = a_file(root)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def add_a_stranger(root: Path) -> None:
    path = a_file(root)
    shutil.copy(path, path.with_name("stranger.parquet"))


def add_a_note(root: Path) -> None:
    (root / "articles" / ".note").write_text("mine")


def leave_staging(root: Path) -> None:
    left = root / "staging" / "alder-20260201T000000Z-aaaaaa-0001"
    left.mkdir()
    (left / "spool").write_bytes(b"half a row")


DAMAGES: dict[Callable[[Path], None], set[str]] = {
    lose_state: {"state_missing"},
    empty_state: {"state_missing"},
    damage_state: {"state_damaged"},
    age_state: {"state_damaged"},
    turn_back_state: {"state_behind"},
    rename_in_state: {"state_foreign"},
    lose_last_manifest: {"state_ahead", "file_unknown"},
    lose_a_manifest: {"manifest_missing", "file_unknown"},
    flip_a_manifest: {"manifest_damaged", "file_unknown"},
    cut_a_manifest: {"manifest_damaged", "file_unknown"},
    empty_a_manifest: {"manifest_damaged", "file_unknown"},
    copy_a_manifest: {"manifest_damaged", "file_unknown"},
    lose_a_file: {"file_missing"},
    cut_a_file: {"file_damaged"},
    flip_a_file: {"file_damaged"},
    add_a_stranger: {"file_unknown"},
    add_a_note: {"file_unknown"},
    leave_staging: {"staging_left"},
}
