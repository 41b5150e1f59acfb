"""The summary reads well, the lines it gives work when pasted, and each end of a run has its status."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsbot.dataset.schema import SCHEMA
from newsbot.outcomes import ExitStatus
from newsbot.record import RunRecord, SourceRecord
from newsbot.report import exit_status, how_to_read, summary


def record(spider: str = "news", **values: object) -> RunRecord:
    made = RunRecord("demo-20201201T000000Z-abcdef", "demo", spider, started_at=datetime.now(UTC).isoformat())
    for name, value in values.items():
        setattr(made, name, value)
    return made


OK, DEAD = (
    SourceRecord("https://a.example/feed", "feed"),
    SourceRecord("https://a.example/f", "feed", "unreadable"),
)


@pytest.mark.parametrize(
    ("values", "failed", "status"),
    [
        ({"outcomes": {"new": 3}, "sources": [OK]}, None, ExitStatus.DONE),
        ({"outcomes": {"known": 3}, "sources": [OK]}, None, ExitStatus.DONE),
        ({"outcomes": {}, "sources": [OK]}, None, ExitStatus.DONE),
        ({"outcomes": {"new": 3}}, "disk full", ExitStatus.COMMIT_FAILED),
        ({"outcomes": {"new": 3}, "finish_reason": "shutdown"}, None, ExitStatus.INTERRUPTED),
        ({"outcomes": {"new": 8, "fetch_failed": 2}, "sources": [OK]}, None, ExitStatus.PARTLY_FAILED),
        ({"outcomes": {"new": 99, "fetch_failed": 1}, "sources": [OK]}, None, ExitStatus.DONE),
        ({"outcomes": {"new": 9}, "sources": [OK, DEAD]}, None, ExitStatus.PARTLY_FAILED),
        ({"outcomes": {"blocked": 9}, "sources": [OK]}, None, ExitStatus.BROKEN),
        ({"outcomes": {}, "sources": [DEAD]}, None, ExitStatus.BROKEN),
        ({"outcomes": {"known": 90, "blocked": 5}, "sources": [OK]}, None, ExitStatus.BROKEN),
        (
            {"outcomes": {"known": 90, "new": 4, "blocked": 1}, "sources": [OK]},
            None,
            ExitStatus.PARTLY_FAILED,
        ),
        ({"outcomes": {"known": 90, "blocked": 1}, "sources": [OK]}, None, ExitStatus.DONE),
        ({"outcomes": {"known": 3, "blocked": 1}, "sources": [OK]}, None, ExitStatus.PARTLY_FAILED),
        ({"outcomes": {"unreadable": 1}, "spider": "replay"}, None, ExitStatus.BAD_INPUT),
    ],
)
def test_every_end_has_its_status(values: dict[str, Any], failed: str | None, status: ExitStatus) -> None:
    assert exit_status(record(**values), failed=failed, tolerated=0.1) == status


def test_a_script_may_tell_nothing_new_from_done() -> None:
    quiet, busy = (
        record(outcomes={"known": 3}, sources=[OK]),
        record(outcomes={"new": 3}, rows=3, sources=[OK]),
    )
    assert exit_status(quiet, failed=None, tolerated=0.1, nothing_new=2) == 2
    assert exit_status(busy, failed=None, tolerated=0.1, nothing_new=2) == ExitStatus.DONE


def test_the_summary_says_what_came_and_where_it_is() -> None:
    text = summary(
        record(
            outcomes={"new": 2, "changed": 1},
            rows=3,
            partitions={"2020-12-01": 2, "2020-11-30": 1},
            seconds=1.25,
        ),
        "output",
    )
    assert text.splitlines()[0] == "demo: 2 new articles and 1 new version on 2 days in 1.2 s"
    assert "days        2020-12-01 (2), 2020-11-30 (1)" in text
    assert "2 new, 1 changed" in text
    assert "output/articles" in text


def test_the_summary_says_that_nothing_is_new() -> None:
    text = summary(record(outcomes={"known": 5}, urls=5), "output")
    assert text.splitlines()[0].startswith("demo: nothing new among 5 URLs, no row added")


def test_the_summary_names_the_verdict_and_the_problem() -> None:
    dead = SourceRecord("https://a.example/f", "feed", "unreadable", reason="it is HTML")
    text = summary(
        record(sources=[dead], verdict="broken", verdict_reason="none of 1 sources could be read"), "o"
    )
    assert "verdict     broken: none of 1 sources could be read" in text
    assert "https://a.example/f: it is HTML" in text


@pytest.mark.parametrize("line", range(3), ids=["pandas", "duckdb", "polars"])
def test_the_lines_work_when_pasted(tmp_path: Path, line: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "out put" / "articles" / "date=2020-12-01"
    folder.mkdir(parents=True)
    row = dict.fromkeys(SCHEMA.names) | {"article_id": "0" * 32, "headline": "Port Alder plans a bridge"}
    pq.write_table(pa.Table.from_pylist([row], SCHEMA), folder / "a.parquet")
    command = how_to_read(str(tmp_path / "out put"))[line].split(maxsplit=1)[1]
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "2020-12-01" in done.stdout or "article_id" in done.stdout


def test_a_run_that_could_not_look_does_not_say_that_there_is_nothing_new() -> None:
    text = summary(record(verdict="blocked", verdict_reason="9 of 9 pages were refused", urls=9), "out")
    assert text.startswith("demo: blocked, no row added (")
    assert "nothing new" not in text
    assert summary(record(verdict="quiet", urls=9), "out").startswith("demo: nothing new among 9 URLs")
    lost = summary(record(outcomes={"commit_failed": 3}, urls=3), "out")
    assert lost.startswith("demo: what was read could not be committed, no row added (")


def test_a_dataset_that_is_not_there_is_not_pointed_at(tmp_path: Path) -> None:
    assert "pandas" not in summary(record(urls=9), str(tmp_path))
    (tmp_path / "articles").mkdir()
    assert f"dataset     {tmp_path}/articles" in summary(record(urls=9), str(tmp_path))
