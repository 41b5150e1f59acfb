"""A dataset in an object store, against a server that speaks S3: failed requests, time-outs after success, killed writers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from newsbot.dataset.writer import Limits, Writer
from newsbot.exceptions import CommitFailed, ManifestDamaged, OutputUnwritable, StateError
from newsbot.state import State
from tests.dataset import driver, killing
from tests.dataset.storing import ROOT, Faults, keys

pytestmark = pytest.mark.filterwarnings("default")


def identities(bucket: Any, tmp_path: Path) -> list[str]:
    """Return the articles in the table, doubles included, by what a plain glob finds."""
    folder = tmp_path / "copy"
    folder.mkdir(exist_ok=True)
    found = []
    for number, key in enumerate(keys(bucket, "articles/")):
        bucket.download_file(key, str(folder / f"{number}.parquet"))
        query = f"SELECT article_id FROM '{folder / f'{number}.parquet'}'"
        found += [row[0] for row in duckdb.execute(query).fetchall()]
    return sorted(found)


def expected(count: int) -> list[str]:
    return sorted(driver.identity("alder", number) for number in range(count))


def drive(tmp_path: Path, count: int) -> int:
    return driver.drive(ROOT, "alder", range(count), 10, tmp_path / "state")


def test_rows_arrive_and_nothing_is_left_in_staging(bucket: Any, tmp_path: Path) -> None:
    assert drive(tmp_path, 25) == 25
    assert identities(bucket, tmp_path) == expected(25)
    assert len(keys(bucket, "manifests/alder/")) == 3
    assert keys(bucket, "staging/") == ["news/staging/.probe"]
    assert drive(tmp_path, 30) == 5
    assert identities(bucket, tmp_path) == expected(30)


POINTS = (
    "after_row:7",
    "after_write",
    "after_upload:2",
    "before_manifest",
    "after_manifest",
    "after_file:2",
    "before_state",
    "in_prepare:2",
    "in_state:2",
    "after_state",
)


def test_a_kill_at_every_step_loses_nothing_and_doubles_nothing(bucket: Any, tmp_path: Path) -> None:
    begin = killing.starts_driver(ROOT, "alder", 150, 10, tmp_path / "state")
    for point in POINTS:
        assert killing.kill_at(begin, point), f"{point} was never reached"
        table = identities(bucket, tmp_path)
        assert len(table) == len(set(table))
    assert killing.run_to_the_end(begin) == 0
    assert identities(bucket, tmp_path) == expected(150)
    assert keys(bucket, "staging/") == ["news/staging/.probe"]


def test_what_was_committed_does_not_live_on_the_crawling_machine_alone(bucket: Any, tmp_path: Path) -> None:
    drive(tmp_path, 10)
    begin = killing.starts_driver(ROOT, "alder", 20, 10, tmp_path / "state")
    assert killing.kill_at(begin, "after_manifest")
    staged = tmp_path / "state" / "staging"
    assert list(staged.glob("alder*/*.parquet"))
    for path in staged.glob("alder*/*"):
        path.unlink()
    assert drive(tmp_path, 20) == 0
    assert identities(bucket, tmp_path) == expected(20)


@pytest.mark.parametrize("after", [False, True], ids=["failed", "timed out after success"])
@pytest.mark.parametrize(
    "request_",
    [
        ("put_object", "staging/alder"),
        ("put_object", "manifests/"),
        ("copy_object", "articles/"),
        ("delete_objects", "staging/alder"),
        ("get_object", "manifests/"),
    ],
)
def test_a_request_that_fails_once_is_made_again(
    bucket: Any, tmp_path: Path, faults: Faults, request_: tuple[str, str], after: bool
) -> None:
    method, under = request_
    faults.add(method, under, after=after)
    assert drive(tmp_path, 10) == 10
    assert drive(tmp_path, 20) == 10
    assert faults.met == [method]
    assert identities(bucket, tmp_path) == expected(20)
    assert len(keys(bucket, "manifests/alder/")) == 2


@pytest.mark.parametrize(
    ("method", "under"),
    [("put_object", "staging/alder"), ("put_object", "manifests/"), ("copy_object", "articles/")],
)
def test_a_store_that_stays_away_ends_the_run_and_the_next_one_takes_up(
    bucket: Any, tmp_path: Path, faults: Faults, method: str, under: str
) -> None:
    faults.add(method, under, after=False, times=4)
    with pytest.raises(CommitFailed, match="run again"):
        drive(tmp_path, 10)
    assert identities(bucket, tmp_path) == []
    drive(tmp_path, 10)
    assert identities(bucket, tmp_path) == expected(10)


def test_a_manifest_that_arrived_though_every_answer_was_lost_is_finished_by_the_next_run(
    bucket: Any, tmp_path: Path, faults: Faults
) -> None:
    faults.add("put_object", "manifests/", after=True)
    faults.add("put_object", "manifests/", after=False, times=3)
    # From the opening of the run on, the store answers no question about manifests.
    state = State.open(tmp_path / "state", "alder")
    writer = Writer(ROOT, "alder-20260201T000000Z-0a1b2c", "alder", Limits(), state)
    writer.add(driver.make_row("alder", 0))
    faults.add("get_object", "manifests/", after=False, times=500)
    with pytest.raises(CommitFailed):
        writer.commit(driver.known("alder", 0))
    writer.close()
    state.close()
    faults.left.clear()
    assert len(keys(bucket, "manifests/alder/")) == 1
    (tmp_path / "state" / "staging" / "alder-20260201T000000Z-0a1b2c-0001").mkdir(parents=True, exist_ok=True)
    assert drive(tmp_path, 1) == 0
    assert identities(bucket, tmp_path) == expected(1)


def test_two_machines_cannot_commit_the_same_number(bucket: Any, tmp_path: Path) -> None:
    states = [State.open(tmp_path / name, "alder") for name in ("one", "other")]
    runs = ("alder-20260201T000000Z-000001", "alder-20260201T000000Z-000002")
    one, other = (
        Writer(ROOT, run, "alder", Limits(), state) for run, state in zip(runs, states, strict=True)
    )
    for writer in (one, other):
        writer.add(driver.make_row("alder", 0))
    one.commit(driver.known("alder", 0))
    with pytest.raises(CommitFailed, match=r"another run has taken .*one machine at a time"):
        other.commit(driver.known("alder", 0))
    assert identities(bucket, tmp_path) == expected(1)
    for state in states:
        state.close()


def test_a_machine_without_the_state_is_refused(bucket: Any, tmp_path: Path) -> None:
    drive(tmp_path / "one", 10)
    with pytest.raises(StateError, match="is lost or was never here"):
        drive(tmp_path / "other", 10)
    assert identities(bucket, tmp_path) == expected(10)


def test_a_damaged_manifest_is_named(bucket: Any, tmp_path: Path) -> None:
    drive(tmp_path, 10)
    bucket.put_object(Key="news/manifests/alder/00000001.jsonl", Body=b"{}")
    with pytest.raises(ManifestDamaged, match=r"s3://crawls/news/manifests/alder/00000001\.jsonl is damaged"):
        drive(tmp_path, 20)


def test_a_bucket_that_is_not_there_is_named(
    endpoint: str, bucket: Any, tmp_path: Path, faults: Faults
) -> None:
    with pytest.raises(
        OutputUnwritable, match=r"cannot write the output root s3://nowhere/news.*check the bucket"
    ):
        driver.drive("s3://nowhere/news", "alder", range(1), 10, tmp_path / "state")


def test_a_scheme_nobody_knows_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match=r"cannot reach nosuch://x.*NEWSBOT_OUTPUT"):
        driver.drive("nosuch://x", "alder", range(1), 10, tmp_path / "state")


def test_any_store_that_fsspec_knows_will_do(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.dataset import driver; import fsspec;"
        "print(driver.drive('memory://news', 'alder', range(20), 10, Path(sys.argv[1])),"
        "driver.drive('memory://news', 'alder', range(25), 10, Path(sys.argv[1])),"
        "len(fsspec.filesystem('memory').glob('/news/articles/*/*.parquet')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=killing.ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "20 5 15\n", done.stderr
