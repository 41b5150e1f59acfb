"""When articles, sources and publishers are due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.schedule import (
    HOUR,
    MAX_POLL,
    MIN_POLL,
    Range,
    after_failure,
    due,
    haste,
    next_interval,
    next_visit,
    shard,
)

REVISITS = (1.0, 6.0, 24.0, 168.0)


@pytest.mark.parametrize(
    ("age_hours", "expected_hours"), [(0.0, 1.0), (0.5, 1.0), (1.0, 6.0), (7.0, 24.0), (30.0, 168.0)]
)
def test_an_article_is_looked_at_again_at_the_hours_set(age_hours: float, expected_hours: float) -> None:
    assert next_visit(1000.0, 1000.0 + age_hours * HOUR, 0, REVISITS) == pytest.approx(
        1000.0 + expected_hours * HOUR
    )


def test_after_the_last_visit_there_is_none() -> None:
    assert next_visit(0.0, 200 * HOUR, 0, REVISITS) is None
    assert next_visit(0.0, 0.0, 0, ()) is None


@given(age=st.floats(0, 167), edits=st.integers(0, 50))
def test_edits_bring_the_visit_forward_but_never_into_the_past(age: float, edits: int) -> None:
    now = age * HOUR
    calm, edited = next_visit(0.0, now, 0, REVISITS), next_visit(0.0, now, edits, REVISITS)
    assert calm is not None
    assert edited is not None
    assert now < edited <= calm


def test_a_source_is_polled_at_the_pace_it_changes() -> None:
    assert next_interval(None, changed=True) == 900
    assert next_interval(3600, changed=True) == 1800
    assert next_interval(3600, changed=False) == 5400
    assert next_interval(MIN_POLL, changed=True) == MIN_POLL
    assert next_interval(MAX_POLL, changed=False) == MAX_POLL


def test_a_source_that_fails_is_asked_ever_more_seldom() -> None:
    waits = [after_failure(failures) for failures in range(1, 12)]
    assert waits[:3] == [900, 1800, 3600]
    assert waits == sorted(waits)
    assert waits[-1] == MAX_POLL


@pytest.mark.parametrize(
    ("edited", "same", "expected"),
    [(0, 100, 0), (19, 0, 0), (20, 80, 0), (21, 79, 1), (50, 50, 1), (51, 49, 2), (0, 0, 0)],
)
def test_haste_follows_how_often_revisits_find_edits(edited: int, same: int, expected: int) -> None:
    runs = [
        {"outcomes": {"changed": edited, "unchanged": same // 2, "new": 500}},
        {"outcomes": {"not_modified": same - same // 2}},
        {},
    ]
    assert haste(runs) == expected


def test_what_was_never_planned_is_due() -> None:
    assert due(None, 5.0)
    assert due(5.0, 5.0)
    assert not due(6.0, 5.0)


@given(names=st.sets(st.text(min_size=1), max_size=30), count=st.integers(1, 9))
def test_each_name_is_in_exactly_one_shard(names: set[str], count: int) -> None:
    taken = [name for index in range(1, count + 1) for name in shard(sorted(names), index, count)]
    assert sorted(taken) == sorted(names)


@pytest.mark.parametrize("index", [0, 9])
def test_a_shard_outside_the_count_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match=f"shard {index}/8"):
        shard(["a"], index, 8)


def test_a_range_holds_its_first_day_and_not_the_instant_after_its_last() -> None:
    days = Range(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 3, tzinfo=UTC))
    assert days.holds(datetime(2020, 1, 1, tzinfo=UTC))
    assert days.holds(datetime(2020, 1, 2, 23, 59, tzinfo=UTC))
    assert not days.holds(datetime(2020, 1, 3, tzinfo=UTC))
    assert not days.holds(None)
    assert Range().holds(None)
