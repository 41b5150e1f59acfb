"""How sources are asked, what is taken of their answers, and what is booked."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from newsbot.items import Candidate, Page
from newsbot.outcomes import Outcome
from newsbot.run import Run
from newsbot.schedule import FIRST_POLL
from newsbot.spiders.frontier import UNCONDITIONAL
from newsbot.spiders.polls import LONG_GAPS
from tests.spiders.polling import (
    FEED,
    INDEX,
    SITE,
    YEAR_2020,
    answer,
    feed,
    index,
    known,
    polls,
    publisher,
)

# -- how they are asked --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "is_conditional"),
    [
        ({}, True),
        ({"conditional": UNCONDITIONAL - 1}, True),
        ({"conditional": UNCONDITIONAL}, False),
        ({"changed_at": time.time(), "interval": 600.0}, True),
        ({"changed_at": time.time() - 601 * LONG_GAPS, "interval": 600.0}, False),
    ],
)
def test_polls_are_conditional_but_not_for_ever(
    run: Run, more: dict[str, float], is_conditional: bool
) -> None:
    known(run, FEED.url, etag='"1"', last_modified="Tue, 01 Dec 2020 00:00:00 GMT", **more)
    (poll,) = polls(run, publisher(FEED)).take(0)
    expected = (
        {"If-None-Match": '"1"', "If-Modified-Since": "Tue, 01 Dec 2020 00:00:00 GMT"}
        if is_conditional
        else {}
    )
    assert poll.headers == expected


def test_a_backfill_asks_for_everything(run: Run) -> None:
    known(run, FEED.url, etag='"1"')
    (poll,) = polls(run, publisher(FEED), YEAR_2020).take(0)
    assert poll.headers == {}


# -- what is taken of answers -----------------------------------------------------------------------------------------------------


def test_candidates_carry_their_source(run: Run) -> None:
    made = polls(run, publisher(FEED))
    (poll,) = made.take(0)
    page = Page(FEED.url, feed("/a/1"), datetime.now(UTC))
    assert list(made.read(poll, page)) == [
        Candidate(f"{SITE}/a/1", source=FEED.url, source_kind="feed", headline="t")
    ]


def test_the_pace_follows_what_changes(run: Run) -> None:
    intervals = []
    for body in (b"1", b"1", b"1", b"2"):
        made = polls(run, publisher(FEED))
        (poll,) = made.take(0)
        answer(made, poll, feed(f"/a/{body.decode()}"), etag='"e"')
        stored = run.source(FEED.url)
        assert stored and stored.interval and stored.etag == '"e"'
        intervals.append(stored.interval)
    assert intervals == [FIRST_POLL, FIRST_POLL * 1.5, FIRST_POLL * 2.25, FIRST_POLL * 1.125]


def test_what_names_others_is_read_whole_each_time(run: Run) -> None:
    for _ in range(9):
        made = polls(run, publisher(INDEX))
        (poll,) = made.take(0)
        assert poll.headers == {}
        answer(made, poll, index((f"{SITE}/latest.xml", None)), etag='"1"')
    stored = run.source(INDEX.url)
    assert stored and (stored.etag, stored.interval) == (None, 3600.0)


def test_not_modified_keeps_validators(run: Run) -> None:
    known(run, FEED.url, etag='"1"', interval=600.0)
    made = polls(run, publisher(FEED))
    (poll,) = made.take(0)
    assert list(made.read(poll, Page(FEED.url, b"", datetime.now(UTC), status=304))) == []
    stored = run.source(FEED.url)
    assert stored and (stored.etag, stored.interval, stored.conditional) == ('"1"', 900.0, 1)
    assert run.record.sources[0].status == "not_modified"


def test_an_unreadable_source_is_booked_and_asked_again_later(run: Run) -> None:
    for failures in (1, 2):
        made = polls(run, publisher(FEED))
        (poll,) = made.take(0)
        assert answer(made, poll, b"<!doctype html><html></html>") == []
        stored = run.source(FEED.url)
        assert stored and stored.failures == failures and stored.next_poll_at
        assert stored.next_poll_at - time.time() == pytest.approx(FIRST_POLL * failures, abs=5)
    assert (run.record.sources[0].status, run.record.sources[0].candidates) == ("unreadable", 0)
    assert "is an HTML page" in (run.record.sources[0].reason or "")


def test_what_came_before_a_fault_is_taken(run: Run) -> None:
    made = polls(run, publisher(INDEX))
    (poll,) = made.take(0)
    assert answer(made, poll, b"<urlset><url><loc>https://alder.example/a/4711-x</loc></url><broken") == [
        f"{SITE}/a/4711-x"
    ]
    assert (run.record.sources[0].status, run.record.sources[0].candidates) == ("unreadable", 1)


def test_a_lost_source_is_booked_with_its_outcome(run: Run) -> None:
    made = polls(run, publisher(FEED))
    (poll,) = made.take(0)
    made.lose(poll, Outcome.ROBOTS, "robots.txt disallows it")
    assert (run.record.sources[0].status, run.record.sources[0].reason) == (
        "robots",
        "robots.txt disallows it",
    )
