"""Deltas: one transaction a manifest, whole or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newsbot.exceptions import StateError
from newsbot.state import State
from tests.state.rows import ARTICLE, KEY, article_row, url_row


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State.open(tmp_path, "demo")


def test_a_manifest_is_applied_once(state: State) -> None:
    row = {"key": "k", "text": "Follow us", "pages": 2, "first_seen": "2026-01-02"}
    state.apply("m1", {"boilerplate": [row]})
    state.apply("m1", {"boilerplate": [row]})
    assert state.boilerplate() == [row]
    assert state.applied("m1")
    assert not state.applied("m2")


def test_counts_of_two_manifests_add_up_and_the_first_sight_stays(state: State) -> None:
    state.apply("m1", {"boilerplate": [{"key": "k", "pages": 2, "first_seen": "2026-01-02", "text": "old"}]})
    state.apply("m2", {"boilerplate": [{"key": "k", "pages": 3, "first_seen": "2026-01-05", "text": "new"}]})
    assert state.boilerplate() == [{"key": "k", "pages": 5, "first_seen": "2026-01-02", "text": "new"}]


def test_a_delta_that_cannot_be_applied_leaves_no_trace(state: State) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        state.apply("m1", {"urls": [url_row()], "articles": [article_row(version=None)]})
    assert state.url(KEY) is None
    assert not state.applied("m1")


def test_what_is_prepared_counts_when_it_is_applied(state: State, tmp_path: Path) -> None:
    steps = state.prepare("m1", {"urls": [url_row()], "boilerplate": [{"key": "k", "pages": 2}]})
    for _ in steps:
        pass
    beside = State.open(tmp_path, "demo", read_only=True)
    assert (beside.url(KEY), state.sequence, beside.sequence) == (None, 0, 0)
    state.apply("m1", {"urls": [url_row()], "boilerplate": [{"key": "k", "pages": 2}]})
    assert beside.url(KEY) is not None and (state.sequence, beside.sequence) == (1, 1)
    assert state.boilerplate() == [{"key": "k", "pages": 2}]
    beside.close()


def test_what_is_prepared_and_abandoned_leaves_no_trace(state: State) -> None:
    steps = state.prepare("m1", {"urls": [url_row()], "articles": [article_row()]})
    next(steps)
    steps.close()
    assert state.url(KEY) is None
    for _ in state.prepare("m2", {"urls": [url_row()]}):
        pass
    state.abandon()
    assert (state.url(KEY), state.sequence) == (None, 0)
    for _ in state.prepare("m3", {"urls": [url_row()]}):
        pass
    state.apply("m4", {"boilerplate": [{"key": "k", "pages": 2}]})
    assert (state.url(KEY), state.last) == (None, "m4")


def test_rows_that_lack_columns_have_nulls_there(state: State) -> None:
    state.apply("m1", {"urls": [{"key": KEY, "url": "https://a.example/", "outcome": "new", "visits": 1}]})
    known = state.url(KEY)
    assert known is not None and (known.etag, known.visits) == (None, 1)


def test_forgotten_articles_and_their_urls_are_new_again(state: State) -> None:
    other = "99" * 16
    state.apply(
        "m1", {"urls": [url_row(), url_row(key=other, article_id=other)], "articles": [article_row()]}
    )
    state.apply("m2", {"forgotten": [ARTICLE]})
    assert state.article(ARTICLE) is None and state.url(KEY) is None
    assert state.url(other) is not None


def test_a_file_torn_where_a_delta_goes_is_said_to_be_damaged(tmp_path: Path) -> None:
    rows = [{"key": f"{number:05}", "pages": 1, "text": "x" * 500} for number in range(500)]
    state = State.open(tmp_path, "demo")
    state.apply("m1", {"boilerplate": rows})
    state.close()
    path = tmp_path / "demo.sqlite3"
    body = bytearray(path.read_bytes())
    body[81_920:] = b"\xaa" * (len(body) - 81_920)
    path.write_bytes(body)
    torn = State.open(tmp_path, "demo")
    with pytest.raises(StateError, match=r"is damaged .*repair"):
        torn.apply("m2", {"boilerplate": rows})
    torn.close()
