"""The state: one transaction a manifest, refusals that say what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from newsbot.exceptions import StateError
from newsbot.state import State, publishers

KEY = "00112233445566778899aabbccddeeff"
ARTICLE = "ffeeddccbbaa99887766554433221100"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State.open(tmp_path, "demo")


def url_row(**changes: Any) -> dict[str, Any]:
    row = {
        "key": KEY,
        "url": "https://example.com/a",
        "outcome": "new",
        "article_id": ARTICLE,
        "fetched_at": 100.0,
        "next_visit_at": 3700.0,
        "visits": 1,
        "etag": '"1"',
        "last_modified": None,
    }
    return {**row, **changes}


def article_row(**changes: Any) -> dict[str, Any]:
    row = {
        "article_id": ARTICLE,
        "version": 1,
        "page_hash": "aa" * 16,
        "headline_hash": "bb" * 16,
        "sketch": "0102",
        "first_seen_at": 100.0,
        "changed_at": 100.0,
        "edits": 0,
        "extractor_version": "1",
        "row": "{}",
    }
    return {**row, **changes}


def test_what_a_delta_holds_is_known_afterwards(state: State) -> None:
    state.apply("m1", {"urls": [url_row()], "articles": [article_row()]})
    known = state.url(KEY)
    assert known is not None
    assert (known.key, known.outcome, known.etag, known.visits) == (KEY, "new", '"1"', 1)
    article = state.article(ARTICLE)
    assert article is not None
    assert (article.version, article.sketch) == (1, "0102")
    assert state.article_with("aa" * 16) == article
    assert state.url("00" * 16) is None
    assert state.article("unknown") is None


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


def test_pending_candidates_come_back_oldest_first_until_done(state: State) -> None:
    rows = [
        {"key": "22" * 16, "candidate": '{"url":"b"}', "attempts": 1, "since": 20.0},
        {"key": "11" * 16, "candidate": '{"url":"a"}', "attempts": 0, "since": 10.0},
    ]
    state.apply(None, {"pending": rows})
    assert state.pending() == [("11" * 16, '{"url":"a"}', 0), ("22" * 16, '{"url":"b"}', 1)]
    state.apply(None, {"pending_done": ["11" * 16]})
    assert [key for key, _, _ in state.pending()] == ["22" * 16]


def test_urls_are_due_in_the_order_of_their_plan(state: State) -> None:
    other = url_row(key="22" * 16, next_visit_at=50.0)
    never = url_row(key="33" * 16, next_visit_at=None)
    state.apply("m", {"urls": [url_row(next_visit_at=70.0), other, never]})
    assert [known.key for known in state.due(60.0, 10)] == ["22" * 16]
    assert [known.key for known in state.due(100.0, 10)] == ["22" * 16, KEY]
    assert [known.key for known in state.due(100.0, 1)] == ["22" * 16]


def test_a_state_outlives_its_process(tmp_path: Path) -> None:
    first = State.open(tmp_path, "demo")
    first.apply("m", {"urls": [url_row()]})
    first.close()
    again = State.open(tmp_path, "demo")
    assert again.counts() == {"urls": 1, "articles": 0, "sources": 0, "pending": 0, "manifests": 1}
    assert list(publishers(tmp_path)) == ["demo"]


def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "demo.sqlite3"
    path.write_bytes(b"this is no database, " * 100)
    before = path.read_bytes()
    with pytest.raises(StateError, match=r"demo\.sqlite3 is damaged .*repair"):
        State.open(tmp_path, "demo")
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", ["0", "99"])
def test_another_version_is_refused(tmp_path: Path, version: str) -> None:
    State.open(tmp_path, "demo").close()
    with sqlite3.connect(tmp_path / "demo.sqlite3") as db:
        db.execute("UPDATE meta SET value = ? WHERE name = 'version'", (version,))
    db.close()
    with pytest.raises(StateError, match=f"has version {version}"):
        State.open(tmp_path, "demo")


def test_a_state_of_another_publisher_is_refused(tmp_path: Path) -> None:
    State.open(tmp_path, "demo").close()
    (tmp_path / "demo.sqlite3").rename(tmp_path / "other.sqlite3")
    with pytest.raises(StateError, match="belongs to 'demo'"):
        State.open(tmp_path, "other")


def test_reading_a_state_that_is_not_there_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot open"):
        State.open(tmp_path, "demo", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_robots_and_runs_are_kept_beside_manifests(state: State) -> None:
    state.remember_robots("example.com", 5.0, b"User-agent: *")
    assert state.robots("example.com") == (5.0, b"User-agent: *")
    assert state.robots("example.org") is None
    for number in range(120):
        state.remember_run(f"demo-{number:04}", {"rows": number})
    assert [record["rows"] for record in state.runs(2)] == [119, 118]
    assert len(state.runs(1000)) == 100


def test_manifests_are_numbered_in_the_order_they_came(state: State) -> None:
    assert (state.sequence, state.last, state.name_of(1)) == (0, None, None)
    for name in ("b", "a", "b"):
        state.apply(name, {})
    assert (state.sequence, state.last, state.name_of(1), state.name_of(3)) == (2, "a", "b", None)


def test_forgotten_articles_and_their_urls_are_new_again(state: State) -> None:
    other = "99" * 16
    state.apply(
        "m1", {"urls": [url_row(), url_row(key=other, article_id=other)], "articles": [article_row()]}
    )
    state.apply("m2", {"forgotten": [ARTICLE]})
    assert state.article(ARTICLE) is None and state.url(KEY) is None
    assert state.url(other) is not None


def test_what_is_known_of_an_article_comes_out_as_it_went_in(state: State, tmp_path: Path) -> None:
    state.apply("m1", {"urls": [url_row()], "articles": [article_row()]})
    assert list(state.article_ids()) == [ARTICLE]
    again = State.open(tmp_path / "again", "demo")
    again.apply("m1", state.delta_of([ARTICLE, "unknown"]))
    assert (again.url(KEY), again.article(ARTICLE)) == (state.url(KEY), state.article(ARTICLE))
    again.close()


def test_a_sound_file_has_no_problems_and_a_torn_one_has(tmp_path: Path) -> None:
    state = State.open(tmp_path, "demo")
    state.apply("m", {"urls": [url_row(key=f"{number:032x}") for number in range(2000)]})
    assert state.problems() == []
    state.close()
    path = tmp_path / "demo.sqlite3"
    body = bytearray(path.read_bytes())
    # Every page after the first few, so that the tables are hit and the file still opens.
    body[40_960:] = b"\xaa" * (len(body) - 40_960)
    path.write_bytes(body)
    torn = State.open(tmp_path, "demo", read_only=True)
    assert torn.problems()
    with pytest.raises(StateError, match=r"is damaged .*repair"):
        list(map(torn.url, (f"{number:032x}" for number in range(2000))))
    torn.close()


def test_a_state_that_cannot_be_made_leaves_no_half_of_one(tmp_path: Path) -> None:
    (tmp_path / "demo.sqlite3.new").mkdir()
    with pytest.raises(StateError, match=r"cannot make the state .*NEWSBOT_STATE"):
        State.open(tmp_path, "demo")
    assert not (tmp_path / "demo.sqlite3").exists()


def test_where_there_is_no_room_copies_are_left_out_and_the_rest_is_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = State.open(tmp_path, "alder")
    state._db.execute("PRAGMA max_page_count = 1")
    state.remember_robots("alder.example", 1.0, b"x" * 100_000)
    state.remember_run("alder-1", {"text": "x" * 100_000})
    assert state.robots("alder.example") is None and state.runs(9) == []
    assert all("make room" in record.getMessage() for record in caplog.records) and len(caplog.records) == 2
    with pytest.raises(StateError, match="make room"):
        state.apply(None, {"boilerplate": [{"key": "a", "pages": 1, "text": "x" * 100_000}]})
    state.close()


def test_texts_of_one_article_are_looked_up_only_when_met_again(state: State) -> None:
    once = {"key": "a1", "folded": "f1", "pages": 1}
    twice = {"key": "a2", "folded": "f2", "pages": 2}
    at_two_places = [{"key": key, "folded": "f3", "pages": 1} for key in ("a3", "a4")]
    places = [{"key": "@p", "pages": 1, "place": "p"}, {"key": "*", "pages": 4}]
    state.apply("m1", {"boilerplate": [once, twice, *at_two_places, *places]})
    assert sorted(row["key"] for row in state.recurring()) == ["*", "@p", "a2", "a3", "a4"]
    assert state.texts(["a1", "nowhere"]) == [once]
