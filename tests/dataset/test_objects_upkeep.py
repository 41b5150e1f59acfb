"""Compaction, vacuum, verify and repair of a dataset in an object store; readers beside them; kills and faults."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import newsbot.dataset
from newsbot.dataset.compact import compact
from newsbot.dataset.manifest import COMPACTION
from newsbot.dataset.repair import repair
from newsbot.dataset.vacuum import vacuum
from newsbot.dataset.verify import verify
from newsbot.exceptions import CommitFailed, InputError
from tests.dataset import driver, killing
from tests.dataset.storing import ROOT, Faults, keys

pytestmark = pytest.mark.filterwarnings("default")
COUNT = 20
# Of the five days two are closed by then: each costs a hundred requests.
LATER = date(2026, 2, 3)


@pytest.fixture
def states(bucket: Any, tmp_path: Path) -> Path:
    """Return the folder of the states of a dataset of 20 rows in 2 batches, 10 files and 5 days."""
    assert keys(bucket) == []
    drive(tmp_path / "state", COUNT)
    return tmp_path / "state"


def drive(states: Path, count: int) -> int:
    return driver.drive(ROOT, "alder", range(count), 10, states)


def read() -> Counter[str]:
    """Return how often the dataset has each article, as newsbot reads it."""
    rows = newsbot.dataset.open(ROOT).versions().to_arrow(["article_id"])
    return Counter(rows["article_id"].to_pylist())


def expected(count: int = COUNT) -> Counter[str]:
    return Counter(driver.identity("alder", number) for number in range(count))


def test_files_become_few_and_rows_stay(bucket: Any, states: Path) -> None:
    done = compact(ROOT, LATER, states)
    assert (len(done.days), done.files_before, done.files_after, done.rows) == (2, 4, 2, 8)
    assert len(keys(bucket, "articles/")) == 2 + 6
    assert read() == expected()
    assert len(keys(bucket, "replaced/")) == 4
    assert keys(bucket, "staging/") == ["news/staging/.probe"]
    assert verify(ROOT, states) == []
    assert compact(ROOT, LATER, states).days == [], "there is nothing left to do"
    assert drive(states, 30) == 10
    assert read() == expected(30)
    assert compact(ROOT, LATER, states).files_before == 4
    assert read() == expected(30)


def test_another_machine_goes_on_from_what_is_there(bucket: Any, states: Path, tmp_path: Path) -> None:
    compact(ROOT, LATER, states)
    sketches = keys(bucket, "clusters/")
    assert len([key for key in sketches if key.endswith(".parquet")]) == 2
    assert compact(ROOT, LATER, tmp_path / "other").days == []
    assert (tmp_path / "other" / "clusters" / "date=2026-02-01.parquet").exists(), "brought, not made anew"


_SCRIPT = """
import sys; from datetime import date; from pathlib import Path; from newsbot.dataset.compact import compact
compact(sys.argv[1], date(2026, 2, 3), Path(sys.argv[2]))
"""
POINTS = {
    "compact_after_sketches:2": 0,
    "compact_before_manifest": 0,
    "compact_after_manifest": 1,
    "compact_before_exchange:2": 2,
    "compact_after_link": 1,
    "compact_after_exchange:2": 2,
    "compact_after_set_aside": 1,
}
"""Where the process is killed -> how many days are committed by then."""


def killed(states: Path, point: str) -> None:
    command = [sys.executable, "-c", _SCRIPT, ROOT, str(states)]
    done = subprocess.run(command, env={**os.environ, "NEWSBOT_KILL_AT": point}, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL, f"{point} was never reached"


@pytest.mark.parametrize(
    ("point", "machine"),
    [
        *(pytest.param(point, "state", marks=pytest.mark.slow) for point in POINTS),
        ("compact_after_manifest", "other"),
        ("compact_after_link", "state"),
    ],
)
def test_a_kill_is_rolled_back_or_forward_and_readers_never_see_a_row_twice(
    bucket: Any, states: Path, tmp_path: Path, point: str, machine: str
) -> None:
    killed(states, point)
    assert len(keys(bucket, f"manifests/{COMPACTION}/")) == POINTS[point]
    assert read() == expected()
    done = compact(ROOT, LATER, tmp_path / machine)
    assert len(done.days) == 2 - POINTS[point]
    assert read() == expected()
    assert len(keys(bucket, "articles/")) == 2 + 6
    compact(ROOT, LATER, states)
    assert keys(bucket, "staging/") == ["news/staging/.probe"]
    assert verify(ROOT, states) == []


def test_a_reader_that_listed_before_reads_to_its_end(bucket: Any, states: Path) -> None:
    listed = newsbot.dataset.open(ROOT)
    compact(ROOT, LATER, states)
    rows = listed.versions().to_arrow(["article_id"])["article_id"].to_pylist()
    assert Counter(rows) == expected()


def test_a_file_that_goes_away_while_it_is_read_is_read_on(bucket: Any, states: Path) -> None:
    listed = newsbot.dataset.open(ROOT)
    file = listed.snapshot.filesystem.open_input_file(listed.snapshot.files[0].path)
    head = file.read(4)
    compact(ROOT, LATER, states)
    assert len(head + file.read()) == listed.snapshot.files[0].bytes
    file.close()


def test_vacuum_deletes_what_was_replaced_when_its_time_is_over(bucket: Any, states: Path) -> None:
    compact(ROOT, LATER, states)
    assert (vacuum(ROOT, 7, states).kept, vacuum(ROOT, 7, states).files) == (4, 0)
    done = vacuum(ROOT, 0, states)
    assert (done.files, done.kept) == (4, 0)
    assert done.bytes > 0
    assert keys(bucket, "replaced/") == []
    assert read() == expected()
    assert verify(ROOT, states) == []


def test_a_batch_cut_short_is_not_landed_again_after_a_compaction(bucket: Any, states: Path) -> None:
    begin = killing.starts_driver(ROOT, "alder", 30, 10, states)
    assert killing.kill_at(begin, "after_file:2")
    compact(ROOT, LATER, states)
    assert read().most_common(1)[0][1] == 1
    assert drive(states, 30) == 0, "its rows were committed"
    assert read() == expected(30)


def test_a_copy_left_in_staging_is_not_landed_again(bucket: Any, states: Path) -> None:
    # What a kill between COPY and DELETE leaves behind.
    begin = killing.starts_driver(ROOT, "alder", 30, 10, states)
    assert killing.kill_at(begin, "before_state")
    for key in [key for key in keys(bucket, "articles/") if key.endswith("-0001.parquet")]:
        stem = key.rpartition("/")[2].removesuffix(".parquet")
        day = key.split("/")[2].removeprefix("date=")
        place = f"news/staging/{stem}/{day}.{stem}.parquet"
        bucket.Object(place).copy_from(CopySource={"Bucket": "crawls", "Key": key})
    compact(ROOT, LATER, states)
    assert drive(states, 30) == 0
    assert read() == expected(30)


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["failed", "timed out after success"])
@pytest.mark.parametrize(
    "request_",
    [
        ("put_object", "staging/_compaction"),
        ("put_object", "manifests/_compaction"),
        ("copy_object", "replaced/"),
        ("copy_object", "articles/"),
        ("delete_objects", "articles/"),
        ("get_object", "articles/"),
    ],
)
def test_a_request_that_fails_once_is_made_again(
    bucket: Any, states: Path, faults: Faults, request_: tuple[str, str], after: bool
) -> None:
    method, under = request_
    faults.add(method, under, after=after)
    assert len(compact(ROOT, LATER, states).days) == 2
    assert faults.met == [method]
    assert read() == expected()
    assert verify(ROOT, states) == []


def test_two_machines_cannot_compact_the_same_day(
    bucket: Any, states: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsbot.dataset import compact as compaction
    from newsbot.dataset import merge as merging

    real = merging.merge

    def merge_late(*args: Any) -> Any:
        monkeypatch.setattr(compaction, "merge", real)
        assert len(compact(ROOT, LATER, tmp_path / "other").days) == 2
        return real(*args)

    monkeypatch.setattr(compaction, "merge", merge_late)
    with pytest.raises(CommitFailed, match="another run has taken"):
        compact(ROOT, LATER, states)
    assert read() == expected()
    assert verify(ROOT, states) == []


def a_file(bucket: Any) -> str:
    return keys(bucket, "articles/")[0]


def lose_a_file(bucket: Any, _: Path) -> None:
    bucket.Object(a_file(bucket)).delete()


def damage_a_file(bucket: Any, _: Path) -> None:
    body = bucket.Object(a_file(bucket)).get()["Body"].read()
    bucket.put_object(Key=a_file(bucket), Body=body[:-9] + b"!" + body[-8:])


def add_a_file(bucket: Any, _: Path) -> None:
    bucket.put_object(Key="news/articles/date=2026-02-01/stranger.parquet", Body=b"no Parquet")


def damage_a_manifest(bucket: Any, _: Path) -> None:
    bucket.put_object(Key="news/manifests/alder/00000001.jsonl", Body=b"{}")


def lose_a_manifest(bucket: Any, _: Path) -> None:
    bucket.Object("news/manifests/alder/00000001.jsonl").delete()


def lose_the_state(_: Any, states: Path) -> None:
    for path in states.glob("alder.sqlite3*"):
        path.unlink()


DAMAGES = {
    lose_a_file: ("file_missing", COUNT - 2),
    damage_a_file: ("file_damaged", COUNT - 2),
    add_a_file: ("file_unknown", COUNT),
    damage_a_manifest: ("manifest_damaged", COUNT),
    lose_a_manifest: ("manifest_missing", COUNT),
    lose_the_state: ("state_missing", COUNT),
}
"""Damage -> what verify calls it, and the rows that are left before the next crawl."""


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_every_damage_is_named_and_mended(bucket: Any, states: Path, damage: Any) -> None:
    kind, rows = DAMAGES[damage]
    damage(bucket, states)
    assert kind in [found.kind for found in verify(ROOT, states)]
    done = repair(ROOT, states)
    assert done.left == []
    assert done.done
    assert read().total() == rows
    drive(states, COUNT)
    assert read() == expected()
    assert verify(ROOT, states) == []


def test_a_compacted_file_comes_back_from_what_it_replaced(bucket: Any, states: Path) -> None:
    compact(ROOT, LATER, states)
    lose_a_file(bucket, states)
    assert [found.kind for found in verify(ROOT, states)] == ["file_missing"]
    assert any("brought back 4 rows" in line for line in repair(ROOT, states).done)
    assert read() == expected()
    assert verify(ROOT, states) == []
    assert compact(ROOT, LATER, states).days == ["2026-02-01"]
    assert read() == expected()


def test_a_compaction_cut_short_is_named_and_finished(bucket: Any, states: Path) -> None:
    killed(states, "compact_after_manifest")
    assert "batch_unfinished" in [found.kind for found in verify(ROOT, states)]
    assert any("finished the compaction" in line for line in repair(ROOT, states).done)
    assert verify(ROOT, states) == []
    assert read() == expected()


def test_an_empty_bucket_has_no_dataset(bucket: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no dataset"):
        verify(ROOT, tmp_path)
    with pytest.raises(InputError, match="holds no dataset"):
        compact(ROOT, LATER, tmp_path)
