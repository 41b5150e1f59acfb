"""A run: URLs end once, rows and state are committed together, a kill in between loses and doubles nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsbot.archive import pages as warc_pages
from newsbot.exceptions import CommitFailed, Locked, StateError
from newsbot.items import Candidate, Page
from newsbot.outcomes import Outcome
from newsbot.run import Run
from tests.run.running import (
    NOW,
    article,
    candidate,
    dying,
    opened,
    put,
    rows,
)


def test_rows_urls_and_record_agree(run: Run, tmp_path: Path) -> None:
    for name in "abc":
        put(run, article(name, run=run))
    key = run.begin(candidate("gone"))
    assert key is not None
    run.end(key, Outcome.GONE, "HTTP 404")
    record = run.close("finished")
    assert record.outcomes == {"gone": 1, "new": 3} and record.urls == 4 and record.rows == 3
    assert record.partitions == {"2020-12-01": 3}
    assert [row["version"] for row in rows(tmp_path)] == [1, 1, 1]


def test_a_url_is_taken_on_once_and_ends_once(run: Run) -> None:
    key = run.begin(candidate("a"))
    assert key is not None
    assert run.begin(candidate("a")) is None
    assert run.begin(Candidate("https://www.alder.example/city/a/?utm_source=x")) is None, "the same page"
    assert run.begin(Candidate("mailto:x@alder.example")) is None
    run.end(key, Outcome.GONE)
    run.end(key, Outcome.TRAP)
    assert run.close("finished").outcomes == {"gone": 1}


def test_a_second_run_of_the_same_publisher_is_locked_out(run: Run, tmp_path: Path) -> None:
    with pytest.raises(Locked, match="alder"):
        opened(tmp_path)
    run.close("finished")
    opened(tmp_path).close("finished")


def test_a_run_that_dies_before_its_commit_was_never_there(tmp_path: Path) -> None:
    dying(lambda run: put(run, article("a", run=run)), tmp_path)
    again = opened(tmp_path)
    assert put(again, article("a", run=again)) is None
    assert again.close("finished").outcomes == {"new": 1}
    assert len(rows(tmp_path)) == 1 and not list((tmp_path / "staging").glob("alder*"))


def test_a_batch_closes_by_rows_and_delivers_as_it_goes(tmp_path: Path) -> None:
    run = opened(tmp_path, batch_rows=2)
    for name in "abcde":
        put(run, article(name, run=run))
    assert len(rows(tmp_path)) == 4
    assert run.ledger.outcomes == {Outcome.NEW: 4}
    run.close("finished")
    assert len(rows(tmp_path)) == 5 and len(run.record.batches) == 3


def test_a_commit_that_fails_ends_its_urls_so_and_they_come_again(
    run: Run, tmp_path: Path, monkeypatch: Any
) -> None:
    put(run, article("a", run=run))

    def fail(*_: object) -> None:
        raise CommitFailed("no room; make room")

    monkeypatch.setattr(run.writer, "commit", fail)
    record = run.close("finished")
    assert run.failed == "no room; make room" and record.outcomes == {"commit_failed": 1}
    again = opened(tmp_path)
    assert put(again, article("a", run=again)) is None
    again.close("finished")
    assert len(rows(tmp_path)) == 1


def test_a_state_that_cannot_be_written_is_one_line_and_the_urls_come_again(
    run: Run, tmp_path: Path, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A disk that is full while candidates are kept costs their safety from a kill; at a commit without rows, the commit."""
    key = run.begin(candidate("a"))
    assert key is not None

    def refuse(*_: object) -> None:
        raise StateError("cannot write the state: disk full; make room there and run again")

    with monkeypatch.context() as patched:
        patched.setattr(run.state, "apply", refuse)
        run.keep_pending([(key, candidate("a"))])
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        run.end(key, Outcome.GONE, "HTTP 404")
        record = run.close("finished")
    assert run.failed is not None and "make room" in run.failed
    assert record.outcomes == {"gone": 1}
    again = opened(tmp_path)
    assert again.known(key) is None and again.begin(candidate("a")) == key
    again.close("finished")


def test_pages_lie_in_the_archive_in_the_order_they_came_and_say_where(run: Run, tmp_path: Path) -> None:
    kept = [Page(f"https://alder.example/{n}", b"x" * 50_000, NOW, headers=[]) for n in range(6)]
    for page in kept:
        run.archive(page)
    run.close("finished")
    found = list(warc_pages(tmp_path / "archive" / str(kept[0].warc_file)))
    assert [(page.url, page.warc_offset) for page in found] == [(page.url, page.warc_offset) for page in kept]
