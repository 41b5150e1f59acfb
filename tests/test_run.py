"""A run without Scrapy: URLs end once, rows and state are committed together, a kill in between loses and doubles nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from newsbot.archive import pages as warc_pages
from newsbot.dedup.versions import fingerprint
from newsbot.exceptions import CommitFailed, Locked, StateError
from newsbot.items import Article, Block, Candidate, Page
from newsbot.options import Options, read_options
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher
from newsbot.robots import UNREAD
from newsbot.run import MAX_ATTEMPTS, Run
from newsbot.tombstone import tombstone
from newsbot.urls import article_id, url_key

NOW = datetime(2020, 12, 1, 12, tzinfo=UTC)
SITE = Publisher("alder", "https://alder.example")
NUMBERS = {"BATCH_ROWS": 5000, "BATCH_BYTES": 1 << 26, "BATCH_SECONDS": 300, "WORKERS": 0, "DEADLINE": 2}
OTHERS = {
    "MAX_PAGES": 100,
    "RUN_SECONDS": 0,
    "FAILURE_SHARE": 0.1,
    "NOTHING_NEW_STATUS": 0,
    "ARCHIVE": "true",
    "REVISITS": "1,6",
}


def options(root: Path, **changed: Any) -> Options:
    from newsbot import settings

    given = {name: getattr(settings, name) for name in dir(settings) if name.startswith("NEWSBOT_")}
    given |= {f"NEWSBOT_{name}": value for name, value in (NUMBERS | OTHERS).items()} | {
        "NEWSBOT_OUTPUT": str(root)
    }
    given["NEWSBOT_STATE"] = ""
    return replace(read_options(given.get), **changed)


def opened(root: Path, **changed: Any) -> Run:
    return Run(options(root, **changed), SITE, "news")


def candidate(name: str) -> Candidate:
    return Candidate(f"https://alder.example/city/{name}")


def article(name: str, text: str = "The council met.", *, run: Run, hours: int = 0) -> Article:
    """Return what the chain would read off a page, and begin its URL where this run has not."""
    announced = candidate(name)
    run.begin(announced)
    fetched_at = NOW + timedelta(hours=hours)
    page = Page(announced.url, b"", fetched_at, candidate=announced, run_id=run.run_id)
    paragraphs = [f"{text} ({name})", "Nobody spoke against it."]
    made = Article(
        article_id=article_id(url_key(announced.url)),
        publisher="alder",
        url=announced.url,
        headline=f"Headline {name}",
        body="\n\n".join(paragraphs),
        date_published=NOW,
        fetched_at=fetched_at,
        first_seen_at=fetched_at,
        extractor_version="1",
        run_id=run.run_id,
        blocks=[Block(paragraph, path="main>p") for paragraph in paragraphs],
        page=page,
    )
    made.fingerprint = fingerprint(made)
    return made


def put(run: Run, made: Article) -> Outcome | None:
    outcome = run.versions.judge(made)
    if outcome is None:
        run.add(made)
    else:
        assert made.page and made.page.candidate
        run.end(run.key_of(made.page.candidate), outcome, page=made.page, article=made)
    return outcome


def rows(root: Path) -> list[dict[str, Any]]:
    table = ds.dataset(root / "articles", partitioning="hive").to_table()
    return sorted(table.to_pylist(), key=lambda row: (row["url"], row["version"]))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    made = opened(tmp_path)
    yield made
    if made.record.ended_at is None:
        made.close("finished")


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


def test_the_same_content_makes_no_row_and_an_edit_makes_a_version(run: Run, tmp_path: Path) -> None:
    put(run, article("a", run=run))
    run.close("finished")
    second = opened(tmp_path)
    assert put(second, article("a", run=second, hours=1)) is Outcome.UNCHANGED
    assert second.close("finished").rows == 0
    third = opened(tmp_path)
    assert (
        put(third, article("a", "The council did not meet, and sent everyone home.", run=third, hours=2))
        is None
    )
    assert third.close("finished").outcomes == {"changed": 1}
    first, changed = rows(tmp_path)
    assert (first["change"], changed["version"], changed["change"]) == ("first", 2, "body")
    assert changed["first_seen_at"] == first["first_seen_at"] == NOW
    assert changed["fetched_at"] == NOW + timedelta(hours=2)


def test_the_same_content_under_another_url_is_a_duplicate(run: Run, tmp_path: Path) -> None:
    original = article("a", run=run)
    put(run, original)
    other = article("b", run=run)
    other.headline, other.body = original.headline, original.body
    other.fingerprint = fingerprint(other)
    assert put(run, other) is Outcome.DUPLICATE
    assert run.close("finished").rows == 1
    assert len(rows(tmp_path)) == 1


def test_a_removed_article_gets_a_tombstone_once(run: Run, tmp_path: Path) -> None:
    put(run, article("a", run=run))
    run.close("finished")
    for expected in (None, Outcome.UNCHANGED):
        later = opened(tmp_path)
        announced = candidate("a")
        key = later.begin(announced)
        known = later.article(article_id(url_key(announced.url)))
        assert key is not None and known is not None
        page = Page(
            announced.url, b"", NOW + timedelta(days=1), 410, candidate=announced, run_id=later.run_id
        )
        assert put(later, tombstone(known, page)) is expected
        later.close("finished")
    first, last = rows(tmp_path)
    assert (last["change"], last["version"], last["body"], last["http_status"]) == ("removed", 2, None, 410)
    assert last["date"] == first["date"] and last["headline"] == first["headline"]


def test_a_run_that_dies_before_its_commit_was_never_there(tmp_path: Path) -> None:
    dying(lambda run: put(run, article("a", run=run)), tmp_path)
    again = opened(tmp_path)
    assert put(again, article("a", run=again)) is None
    assert again.close("finished").outcomes == {"new": 1}
    assert len(rows(tmp_path)) == 1 and not list((tmp_path / "staging").glob("alder*"))


def dying(work: Callable[[Run], object], root: Path) -> None:
    """Open a run in a process of its own, let it work, and kill it."""
    pid = os.fork()
    if pid == 0:
        try:
            work(opened(root))
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def test_announced_candidates_survive_a_kill(tmp_path: Path) -> None:
    announced = [candidate(name) for name in "abc"]

    def poll(run: Run) -> None:
        run.keep_pending([(key, one) for one in announced if (key := run.begin(one))])

    dying(poll, tmp_path)
    again = opened(tmp_path)
    assert sorted(one.url for one in again.pending()) == [one.url for one in announced]
    put(again, article("a", run=again))
    again.close("finished")
    last = opened(tmp_path)
    assert sorted(one.url for one in last.pending()) == [one.url for one in announced[1:]]
    last.close("finished")


def test_a_candidate_that_keeps_failing_is_given_up(run: Run, tmp_path: Path) -> None:
    run.close("finished")
    for attempt in range(MAX_ATTEMPTS):
        again = opened(tmp_path)
        again.pending()
        key = again.begin(candidate("a"))
        assert key is not None
        again.postpone(key, candidate("a"), Outcome.FETCH_FAILED, "no route")
        again.close("finished")
        left = opened(tmp_path)
        assert len(left.pending()) == (attempt + 1 < MAX_ATTEMPTS)
        left.close("finished")


def test_what_was_deferred_waits_for_the_next_run_however_often(run: Run, tmp_path: Path) -> None:
    run.close("finished")
    for _ in range(MAX_ATTEMPTS + 2):
        again = opened(tmp_path)
        again.pending()
        key = again.begin(candidate("a"))
        assert key is not None
        again.close("finished", [(key, candidate("a"))])
        assert again.record.outcomes == {"deferred": 1}
    last = opened(tmp_path)
    assert len(last.pending()) == 1
    last.close("finished")


@pytest.mark.parametrize(("reason", "kept"), [(f"{UNREAD}: timed out", 1), ("robots.txt disallows it", 0)])
def test_a_robots_txt_that_was_not_read_says_nothing_of_the_url(
    reason: str, kept: int, run: Run, tmp_path: Path
) -> None:
    run.close("finished")
    for _ in range(MAX_ATTEMPTS + 2):
        again = opened(tmp_path)
        again.pending()
        key = again.begin(candidate("a"))
        assert key is not None
        again.postpone(key, candidate("a"), Outcome.ROBOTS, reason)
        again.close("finished")
    last = opened(tmp_path)
    assert len(last.pending()) == kept
    last.close("finished")


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


def test_what_a_run_learns_cleans_its_own_batch(run: Run, tmp_path: Path) -> None:
    prompt = "Send us your pictures of the harbour fair."
    for number in range(40):
        made = article(f"n{number}", f"Story number {number} has words of its own.", run=run)
        made.blocks.append(Block(prompt, path="main>p.slot"))
        made.body = f"{made.body}\n\n{prompt}"
        made.fingerprint = fingerprint(made)
        put(run, made)
    run.close("finished")
    assert not [row["url"] for row in rows(tmp_path) if prompt in row["body"]]
    again = opened(tmp_path)
    made = article("n1", "Story number 1 has words of its own.", run=again, hours=1)
    made.body = f"{made.body}\n\n{prompt}"
    made.fingerprint = fingerprint(made)
    assert put(again, made) is Outcome.UNCHANGED, "learning more makes no new version"
    again.close("finished")


def test_a_saved_page_schedules_no_visit(tmp_path: Path) -> None:
    replay = Run(options(tmp_path), SITE, "replay")
    put(replay, article("a", run=replay))
    replay.close("finished")
    again = opened(tmp_path)
    assert again.state.due(9e9, 10) == []
    again.close("finished")


def test_a_fetched_article_is_due_an_hour_later(run: Run, tmp_path: Path) -> None:
    made = article("a", run=run)
    made.fetched_at = made.first_seen_at = datetime.now(UTC)
    put(run, made)
    run.close("finished")
    again = opened(tmp_path)
    known = again.known(article_id(url_key(made.url or "")))
    assert known is not None and known.next_visit_at is not None
    assert 3500 < known.next_visit_at - made.fetched_at.timestamp() < 3700
    again.close("finished")


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


def test_pages_are_kept_one_after_the_other_whoever_asks_at_once(run: Run, tmp_path: Path) -> None:
    pages = [Page(f"https://alder.example/{n}", b"x" * 50_000, NOW, headers=[]) for n in range(6)]

    async def keep_all() -> None:
        await asyncio.gather(*(run.archive(page) for page in pages))

    asyncio.run(keep_all())
    run.close("finished")
    kept = list(warc_pages(tmp_path / "archive" / str(pages[0].warc_file)))
    assert [(page.url, page.warc_offset) for page in kept] == [(page.url, page.warc_offset) for page in pages]
