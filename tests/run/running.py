"""A run without Scrapy: how tests open one, and what they put into it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from newsbot.dedup.versions import fingerprint
from newsbot.items import Article, Block, Candidate, Page
from newsbot.options import Options, read_options
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher
from newsbot.run import Run
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


def dying(work: Callable[[Run], object], root: Path) -> None:
    """Open a run in a process of its own, let it work, and kill it."""
    pid = os.fork()
    if pid == 0:
        try:
            work(opened(root))
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
