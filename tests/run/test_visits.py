"""Visits: a fetched article is due again, a saved page schedules nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from newsbot.run import Run
from newsbot.urls import article_id, url_key
from tests.run.running import (
    SITE,
    article,
    opened,
    options,
    put,
)


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
