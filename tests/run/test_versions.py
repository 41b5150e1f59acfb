"""Versions: the same content makes no row, changed content a version, a page that is gone a tombstone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from newsbot.dedup.versions import fingerprint
from newsbot.items import Page
from newsbot.outcomes import Outcome
from newsbot.run import Run
from newsbot.tombstone import tombstone
from newsbot.urls import article_id, url_key
from tests.run.running import (
    NOW,
    article,
    candidate,
    opened,
    put,
    rows,
)


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
