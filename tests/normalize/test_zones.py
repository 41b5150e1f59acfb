"""Written zones and wall-clock times."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.normalize.zones import HOURS, BadOffsetError, read_zone, to_instant, zone

NOON = datetime(2024, 5, 3, 12, 0)  # noqa: DTZ001 - a wall clock's time


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("Z", 0),
        ("utc", 0),
        ("GMT", 0),
        ("+0200", 2),
        ("+02:00", 2),
        ("-03", -3),
        ("GMT+2", 2),
        ("UTC−5", -5),
        ("EST", -5),
        ("(CEST)", 2),
        ("мск", 3),
        ("+14:00", 14),
        ("-12:00", -12),
    ],
)
def test_offsets(written: str, hours: int) -> None:
    found = read_zone(written)
    assert found is not None
    assert found.utcoffset(NOON) == timedelta(hours=hours)


def test_names() -> None:
    assert read_zone("europe/paris") == ZoneInfo("Europe/Paris")
    assert read_zone("america/new_york") == ZoneInfo("America/New_York")
    assert read_zone("ET") == ZoneInfo("America/New_York")


@pytest.mark.parametrize("written", [None, "", "IST", "CST", "by", "no/where", "on"])
def test_what_says_nothing_known(written: str | None) -> None:
    assert read_zone(written) is None


@pytest.mark.parametrize("written", ["+25:00", "-13:00", "+15", "+02:75"])
def test_offsets_that_no_place_has(written: str) -> None:
    with pytest.raises(BadOffsetError):
        read_zone(written)


def test_zones_by_iana_name() -> None:
    assert zone("UTC") is UTC
    assert zone("Asia/Tokyo") == ZoneInfo("Asia/Tokyo")
    assert zone("../../etc/passwd") is None
    assert zone("Nowhere") is None


def test_instants() -> None:
    assert to_instant(NOON, timezone(timedelta(hours=2))) == datetime(2024, 5, 3, 10, tzinfo=UTC)
    assert to_instant(NOON.replace(month=3, day=31, hour=2), ZoneInfo("Europe/Berlin")) is None
    doubled = NOON.replace(month=10, day=27, hour=2)
    assert to_instant(doubled, ZoneInfo("Europe/Berlin")) == datetime(2024, 10, 27, 0, tzinfo=UTC)


def test_abbreviations_are_lower_case_and_hours_possible() -> None:
    assert all(name == name.lower() and -12 <= hours <= 14 for name, hours in HOURS.items())


@given(st.text(max_size=20))
def test_no_text_raises_but_the_declared_error(written: str) -> None:
    with contextlib.suppress(BadOffsetError):
        found = read_zone(written)
        assert found is None or abs(found.utcoffset(NOON) or timedelta()) <= timedelta(hours=14)
