"""Kills at every step: afterwards the dataset is that of an undisturbed run, and readers never notice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dataset import driver, killing


def stored(root: Path) -> list[tuple[Any, ...]]:
    """Return all rows but for what every run gives anew."""
    query = f"SELECT * EXCLUDE (run_id) FROM read_parquet('{root}/articles/**/*.parquet') ORDER BY publisher, article_id"
    return duckdb.execute(query).fetchall()


def undisturbed(root: Path, count: int, *publishers: str) -> list[tuple[Any, ...]]:
    """Return the rows of runs nobody killed."""
    for publisher in publishers:
        driver.drive(str(root), publisher, range(count))
    return stored(root)


def leftovers(root: Path) -> list[str]:
    """Return what lies in staging beyond the lock."""
    return [path.name for path in (root / "staging").iterdir() if not path.name.startswith(".")]


def test_a_kill_at_every_step_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    root, count = tmp_path / "output", 200
    begin = killing.starts_driver(root, "alder", count)
    with killing.looked_at(root, tmp_path / "stop"):
        for point in killing.POINTS:
            assert killing.kill_at(begin, point), f"{point} was never reached"
        assert killing.run_to_the_end(begin) == 0
    assert stored(root) == undisturbed(tmp_path / "calm", count, "alder")
    assert leftovers(root) == []


@pytest.mark.parametrize("point", ["after_file:2", "before_state", "in_state", "after_state"])
def test_a_kill_while_an_earlier_commit_is_finished(tmp_path: Path, point: str) -> None:
    root = tmp_path / "output"
    begin = killing.starts_driver(root, "alder", 30)
    assert killing.kill_at(begin, "after_manifest")
    assert killing.kill_at(begin, point)
    assert killing.run_to_the_end(begin) == 0
    assert stored(root) == undisturbed(tmp_path / "calm", 30, "alder")


def test_publishers_commit_into_the_same_partitions_at_the_same_time(tmp_path: Path) -> None:
    root, names = tmp_path / "output", ("alder", "birch", "cedar")
    with killing.looked_at(root, tmp_path / "stop"):
        running = [killing.starts_driver(root, name, 120, 4)({}) for name in names]
        assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    assert stored(root) == undisturbed(tmp_path / "calm", 120, *names)


@pytest.mark.slow
def test_two_hundred_kills_of_two_publishers(tmp_path: Path) -> None:
    """The driver's crawl, killed 200 times; `python -m benchmarks.kills` does the same to whole crawls of the demo."""
    kills, round_ = 0, 0
    while kills < 200:
        root = tmp_path / f"output-{round_}"
        with killing.looked_at(root, tmp_path / f"stop-{round_}"):
            for name in ("alder", "birch"):
                begin = killing.starts_driver(root, name, 1000)
                kills += killing.kill_often(begin, 200, seed=round_, window=(0.3, 1.5))
                assert killing.run_to_the_end(begin) == 0
        assert stored(root) == undisturbed(tmp_path / f"calm-{round_}", 1000, "alder", "birch")
        round_ += 1
