"""The state: what is put in is known afterwards, also to the next process; refusals say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.exceptions import StateError
from newsbot.state import State, publishers
from tests.state.rows import ARTICLE, KEY, article_row, url_row


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State.open(tmp_path, "demo")


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
