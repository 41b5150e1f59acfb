"""Leftovers: what a run did not get to, or failed at, comes again, but not for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.outcomes import Outcome
from newsbot.robots import UNREAD
from newsbot.run import MAX_ATTEMPTS, Run
from tests.run.running import (
    article,
    candidate,
    dying,
    opened,
    put,
)


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
