"""Written dates as UTC instants with their precision, or the reason why they are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.normalize.dates import EARLIEST, SLACK, ParsedDate, Reading, parse_date

SEEN = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)
REASONS = {"empty", "not_a_date", "ambiguous", "bad_offset", "no_such_time", "too_early", "future", "vague"}


def read(raw: str, language: str = "en", zone: str = "UTC", **more: object) -> tuple[str, str] | str:
    """Return the instant as `2024-05-03T08:00` and its precision, or the reason."""
    reading = Reading(zone, (language,), seen_at=SEEN)
    for name, value in more.items():
        object.__setattr__(reading, name, value)
    found = parse_date(raw, reading)
    return found if isinstance(found, str) else (f"{found.instant:%Y-%m-%dT%H:%M}", found.precision)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-05-03T08:00:00Z", ("2024-05-03T08:00", "instant")),
        ("2024-05-03T08:00:00.123456+02:00", ("2024-05-03T06:00", "instant")),
        ("2024-05-03T08:00:00+0200", ("2024-05-03T06:00", "instant")),
        ("2024-05-03 08:00:00 UTC", ("2024-05-03T08:00", "instant")),
        ("2024-05-03T08:00−03:00", ("2024-05-03T11:00", "instant")),
        ("20240503T080000Z", ("2024-05-03T08:00", "instant")),
        ("2024-05-03T24:00:00Z", ("2024-05-04T00:00", "instant")),
        ("2024-05-03T08:00", ("2024-05-03T08:00", "minute")),
        ("2024-05-03", ("2024-05-03T00:00", "day")),
        ("2024-5-3", ("2024-05-03T00:00", "day")),
        ("2024-05-03T00:00:00", ("2024-05-03T00:00", "day")),
        ("20240503", ("2024-05-03T00:00", "day")),
        ("Fri, 03 May 2024 08:00:00 GMT", ("2024-05-03T08:00", "instant")),
        ("Fri, 03 May 2024 08:00:00 +0200", ("2024-05-03T06:00", "instant")),
        ("Fri May 03 2024 08:00:00 GMT+0200 (CEST)", ("2024-05-03T06:00", "instant")),
        ("Fri May  3 08:00:00 EDT 2024", ("2024-05-03T12:00", "instant")),
        ("1714723200", ("2024-05-03T08:00", "instant")),
        ("1714723200000", ("2024-05-03T08:00", "instant")),
        ("May 3, 2024 8:00 PM ET", ("2024-05-04T00:00", "instant")),
        ("3 May 2024, 12 p.m.", ("2024-05-03T12:00", "minute")),
        ("Published: 3 May, 2024 08:05", ("2024-05-03T08:05", "minute")),
        ("May 3rd, 2024", ("2024-05-03T00:00", "day")),
        ("3 May '24", ("2024-05-03T00:00", "day")),
    ],
)
def test_forms_of_dates(raw: str, expected: tuple[str, str]) -> None:
    assert read(raw) == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("3. Mai 2024, 08:00 Uhr", "de", ("2024-05-03T08:00", "minute")),
        ("3 mai 2024 à 8h05", "fr", ("2024-05-03T08:05", "minute")),
        ("3 de mayo de 2024", "es", ("2024-05-03T00:00", "day")),
        ("3 мая 2024, 08:00", "ru", ("2024-05-03T08:00", "minute")),
        ("3 травня 2024", "uk", ("2024-05-03T00:00", "day")),
        ("3 Μαΐου 2024, 08:00", "el", ("2024-05-03T08:00", "minute")),
        ("٣ مايو ٢٠٢٤", "ar", ("2024-05-03T00:00", "day")),
        ("3 मई 2024", "hi", ("2024-05-03T00:00", "day")),
        ("2024年5月3日 8時05分", "ja", ("2024-05-03T08:05", "minute")),
        ("令和6年5月3日", "ja", ("2024-05-03T00:00", "day")),
        ("2024년 5월 3일 오후 8:05", "ko", ("2024-05-03T20:05", "minute")),
        ("3 พฤษภาคม 2567", "th", ("2024-05-03T00:00", "day")),
        ("۱۴ اردیبهشت ۱۴۰۳", "fa", ("2024-05-03T00:00", "day")),
        ("1403/02/14", "fa", ("2024-05-03T00:00", "day")),
        ("3 Mayıs 2024", "tr", ("2024-05-03T00:00", "day")),
        ("3 maja 2024", "pl", ("2024-05-03T00:00", "day")),
        ("3.5.2024", "fi", ("2024-05-03T00:00", "day")),
        ("2024. 5. 3.", "ko", ("2024-05-03T00:00", "day")),
    ],
)
def test_languages_and_calendars(raw: str, language: str, expected: tuple[str, str]) -> None:
    assert read(raw, language) == expected


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("soon", "not_a_date"),
        ("2024", "not_a_date"),
        ("May 2024", "not_a_date"),
        ("2024-02-30", "not_a_date"),
        ("2024-13-01", "not_a_date"),
        ("31/02/2024", "not_a_date"),
        ("03/04/2024", "ambiguous"),
        ("1970-01-01T00:00:00Z", "too_early"),
        ("0", "not_a_date"),
        ("0000000000", "too_early"),
        ("0001-01-01T00:00:00Z", "too_early"),
        ("1799-12-31", "too_early"),
        ("2024-05-06T12:00Z", "future"),
        ("9999-12-31", "future"),
        ("2300-01-01", "future"),
        ("2024-05-03T08:00:00+25:00", "bad_offset"),
        ("2024-05-03T08:00:00+02:99", "bad_offset"),
        ("99999999999999", "not_a_date"),
    ],
)
def test_what_is_no_date_and_why(raw: str, reason: str) -> None:
    assert read(raw) == reason


@pytest.mark.parametrize(
    ("language", "order", "expected"),
    [
        ("en-US", None, ("2024-03-04T00:00", "day")),
        ("en-GB", None, ("2024-04-03T00:00", "day")),
        ("de", None, ("2024-04-03T00:00", "day")),
        ("en", None, "ambiguous"),
        ("en", "MDY", ("2024-03-04T00:00", "day")),
        ("en-US", "DMY", ("2024-04-03T00:00", "day")),
    ],
)
def test_the_order_of_numbers(language: str, order: str | None, expected: tuple[str, str] | str) -> None:
    assert read("03/04/2024", language, date_order=order) == expected


def test_numbers_that_have_one_reading_need_no_order() -> None:
    assert read("03/25/2024") == ("2024-03-25T00:00", "day")
    assert read("25/03/2024", "en-US") == ("2024-03-25T00:00", "day")
    assert read("04.03.2024") == ("2024-03-04T00:00", "day")
    assert read("26 | 01 | 2024") == ("2024-01-26T00:00", "day")


def test_the_publishers_zone_applies_where_none_is_written() -> None:
    assert read("2024-01-03 08:00", zone="Europe/Berlin") == ("2024-01-03T07:00", "minute")
    assert read("2024-05-03 08:00", zone="America/Halifax") == ("2024-05-03T11:00", "minute")
    assert read("2024-05-03", zone="Asia/Tokyo") == ("2024-05-03T00:00", "day")
    assert read("2024-05-03 08:00", zone="Nowhere/Land") == ("2024-05-03T08:00", "minute")


def test_a_time_that_clocks_skipped_is_none_and_a_doubled_one_the_first() -> None:
    assert read("2024-03-31 02:30", zone="Europe/Berlin") == "no_such_time"
    assert read("2023-10-29 02:30", zone="Europe/Berlin") == ("2023-10-29T00:30", "minute")


def test_a_little_past_the_visit_is_no_future() -> None:
    assert read("2024-05-05T13:00Z") == ("2024-05-05T13:00", "instant")


def test_relative_dates_only_where_asked_for() -> None:
    assert read("2 hours ago") == "not_a_date"
    assert read("2 hours ago", relative=True) == ("2024-05-04T10:00", "minute")


def test_what_was_written_stays_beside_the_instant() -> None:
    found = parse_date("2024-05-03T23:30:00-03:00", Reading(seen_at=SEEN))
    assert isinstance(found, ParsedDate)
    assert found.local is not None
    assert found.local.isoformat() == "2024-05-03T23:30:00-03:00"


def test_a_long_text_is_cut_before_it_is_searched() -> None:
    assert read("x" * 1000 + " 2024-05-03") == "not_a_date"


def _is_sane(found: ParsedDate | str) -> bool:
    if isinstance(found, str):
        return found in REASONS
    return found.instant.tzinfo is UTC and found.instant.year >= EARLIEST and found.instant <= SEEN + SLACK


@given(st.text(max_size=80))
def test_no_text_raises(raw: str) -> None:
    assert _is_sane(parse_date(raw, Reading(languages=("en",), seen_at=SEEN)))


@given(
    st.text(alphabet="0123456789-/.: TZ+年月日٣०", max_size=30),
    st.sampled_from(["en", "en-US", "de", "ja", "fa", "th", "ar"]),
)
def test_no_numbers_raise(raw: str, language: str) -> None:
    assert _is_sane(parse_date(raw, Reading("Europe/Berlin", (language,), seen_at=SEEN)))


@given(st.datetimes(datetime(1980, 1, 1), datetime(2024, 5, 1)), st.integers(-12 * 4, 14 * 4))  # noqa: DTZ001 - zones are drawn apart
def test_an_instant_is_read_back_from_iso(local: datetime, quarters: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    sign, minutes = ("-" if quarters < 0 else "+"), abs(15 * quarters)
    raw = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{minutes // 60:02}:{minutes % 60:02}"
    found = parse_date(raw, Reading(seen_at=SEEN))
    assert isinstance(found, ParsedDate)
    assert found.instant == local.replace(microsecond=0, tzinfo=UTC) - offset


ODD_ISO = st.from_regex(
    r"(?:1[0-9]|2[0-9])\d\d-[01]\d-[0-3]\d[Tt ][0-2]\d:[0-6]\d:[0-6]\d(?:[.,]\d{1,7})?(?:[zZ]|[+-][01]\d:?[0-6]\d)?",
    fullmatch=True,
)


@given(ODD_ISO)
def test_the_usual_form_is_read_as_any_other(raw: str) -> None:
    found = parse_date(raw, Reading())
    with patch("newsbot.normalize.dates._whole_iso", return_value=None):
        assert repr(parse_date(raw, Reading())) == repr(found)
