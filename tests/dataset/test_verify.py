"""Every damage is found and named; what can be mended is mended, and nothing is made anew in silence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from newsbot.dataset.commit import recover
from newsbot.dataset.compact import compact
from newsbot.dataset.manifest import COMPACTION, manifests
from newsbot.dataset.repair import repair
from newsbot.dataset.verify import REMEDIES, verify
from newsbot.exceptions import InputError, Locked, ManifestDamaged, StateError
from newsbot.lock import PublisherLock
from newsbot.state import State
from tests.dataset import driver
from tests.dataset.damages import (
    COUNT,
    DAMAGES,
    LATER,
    add_a_stranger,
    age_state,
    cut_a_file,
    cut_a_manifest,
    damage_state,
    empty_state,
    expected,
    flip_a_file,
    flip_a_manifest,
    identities,
    kinds,
    lose_a_file,
    lose_last_manifest,
    lose_state,
    rename_in_state,
    sound,
    turn_back_state,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return `sound`."""
    return sound(tmp_path)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_every_damage_is_found_named_and_mended(root: Path, damage: Callable[[Path], None]) -> None:
    assert verify(root) == []
    damage(root)
    found = verify(root)
    assert {one.kind for one in found} == DAMAGES[damage]
    assert all(one.place in str(one) and REMEDIES[one.kind] in str(one) for one in found)
    repairs = repair(root)
    assert repairs.done and repairs.left == []
    assert verify(root) == []
    # What a crawl of everything brings back is what was there, once.
    driver.drive(str(root), "alder", range(COUNT))
    assert identities(root) == expected()
    assert verify(root) == []


REFUSED: dict[Callable[[Path], None], str] = {
    lose_state: "is lost or was never here.*repair",
    empty_state: "is lost or was never here.*repair",
    damage_state: "is damaged.*repair",
    age_state: "has version 99.*repair",
    rename_in_state: "belongs to another dataset.*repair",
    lose_last_manifest: "is ahead of the dataset.*repair",
}


@pytest.mark.parametrize("damage", REFUSED, ids=lambda damage: damage.__name__)
def test_a_crawl_refuses_and_changes_nothing(root: Path, damage: Callable[[Path], None]) -> None:
    damage(root)
    before = identities(root)
    for _ in range(2):
        with pytest.raises(StateError, match=REFUSED[damage]):
            driver.drive(str(root), "alder", range(COUNT + 10))
    assert identities(root) == before


def test_a_state_that_is_behind_is_brought_up_to_date_by_the_next_crawl(root: Path) -> None:
    turn_back_state(root)
    state = State.open(root / "state", "alder")
    assert len(recover(root, "alder", state).rolled_forward) == 2
    assert state.counts()["manifests"] == 3
    assert state.counts()["articles"] == COUNT


def test_a_manifest_that_is_due_and_damaged_ends_the_crawl(root: Path) -> None:
    turn_back_state(root)
    cut_a_manifest(root)
    with pytest.raises(ManifestDamaged, match=r"00000002\.jsonl is damaged .*repair"):
        driver.drive(str(root), "alder", range(COUNT))


def test_articles_without_any_manifest_are_refused(root: Path) -> None:
    lose_state(root)
    shutil.rmtree(root / "manifests")
    with pytest.raises(ManifestDamaged, match="has articles but no manifest"):
        driver.drive(str(root), "alder", range(COUNT))
    assert identities(root) == expected()


def test_a_rebuilt_state_knows_what_the_old_one_knew(root: Path) -> None:
    def dump() -> list[list[tuple[object, ...]]]:
        with closing(sqlite3.connect(root / "state" / "alder.sqlite3")) as db:
            tables = ("urls", "articles", "manifests", "boilerplate")
            return [db.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables]

    before = dump()
    lose_state(root)
    assert any(
        "rebuilt the state of alder from 3 manifests: 30 URLs, 30 articles" in line
        for line in repair(root).done
    )
    assert dump() == before


def test_a_lost_manifest_and_state_are_made_again_from_the_files(root: Path) -> None:
    lose_state(root)
    flip_a_manifest(root)
    assert repair(root).left == []
    assert driver.drive(str(root), "alder", range(COUNT)) == 0
    assert identities(root) == expected()


def test_what_repair_takes_away_lies_in_quarantine(root: Path) -> None:
    add_a_stranger(root)
    damage_state(root)
    repair(root)
    kept = {path.name for path in (root / "quarantine").rglob("*") if path.is_file()}
    assert kept == {"stranger.parquet", "alder.sqlite3"}


def test_lost_rows_are_new_again_and_no_others(root: Path) -> None:
    lose_a_file(root)
    lines = repair(root).done
    assert any(
        "gave up 2 rows of alder in 1 files; 2 articles are new again: replay" in line for line in lines
    )
    assert driver.drive(str(root), "alder", range(COUNT)) == 2


def test_repair_waits_for_no_crawl(root: Path) -> None:
    lose_state(root)
    with PublisherLock(root / "state", "alder", "alder-1"), pytest.raises(Locked):
        repair(root)


def test_a_shallow_look_reads_no_bytes(root: Path) -> None:
    flip_a_file(root)
    assert verify(root, deep=False) == []


def test_a_folder_without_a_dataset_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no dataset"):
        verify(tmp_path)
    with pytest.raises(InputError, match="object store"):
        verify("s3://bucket/prefix")


def test_a_compaction_is_sound_and_its_lost_manifest_is_made_again(root: Path) -> None:
    assert compact(root, LATER).files_after == driver.DAYS
    assert verify(root) == []
    for path in manifests(root, COMPACTION)[1:3]:
        path.unlink()
    assert {found.kind for found in verify(root)} == {"manifest_missing", "file_unknown", "file_missing"}
    assert repair(root).left == []
    assert identities(root) == expected()
    assert driver.drive(str(root), "alder", range(COUNT)) == 0


@pytest.mark.parametrize(
    "point", ["compact_after_manifest", "compact_before_exchange", "compact_after_exchange"]
)
def test_a_compaction_that_was_cut_short_is_finished(root: Path, point: str) -> None:
    code = f"from newsbot.dataset.compact import compact; import datetime; compact({str(root)!r}, datetime.date(2026, 3, 1))"
    killed = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "NEWSBOT_KILL_AT": point}, check=False
    )
    assert killed.returncode == -9
    assert "batch_unfinished" in kinds(root)
    assert "file_missing" not in kinds(root)
    repairs = repair(root)
    assert any("finished the compaction" in line for line in repairs.done)
    assert repairs.left == []
    assert identities(root) == expected()


def test_a_compacted_file_that_is_lost_comes_back_from_what_it_replaced(root: Path) -> None:
    compact(root, LATER)
    lose_a_file(root)
    repairs = repair(root)
    assert any("brought back 6 rows" in line for line in repairs.done)
    assert repairs.left == []
    assert driver.drive(str(root), "alder", range(COUNT)) == 0
    assert identities(root) == expected()
    compact(root, LATER)
    assert verify(root) == []


def test_a_compacted_file_that_is_lost_for_good_gives_up_its_articles(root: Path) -> None:
    compact(root, LATER)
    shutil.rmtree(root / "replaced")
    cut_a_file(root)
    repairs = repair(root)
    assert any("gave up 6 rows" in line for line in repairs.done)
    assert any("6 articles of alder are new again" in line for line in repairs.done)
    assert repairs.left == []
    assert driver.drive(str(root), "alder", range(COUNT)) == 6
    assert identities(root) == expected()
    assert verify(root) == []
