"""Which sitemaps and archive pages can hold which days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.discover.days import MAX_PAGES, archive_pages, changed_since, day_of, fill, may_hold, span_of
from newsbot.schedule import Range

SITE = "https://www.example.com"
YEAR_2020 = (date(2020, 1, 1), date(2021, 1, 1))
MARCH = (date(2020, 3, 1), date(2020, 4, 1))
THIRD = (date(2020, 3, 3), date(2020, 3, 4))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sitemap_2020.xml", YEAR_2020),
        ("/sitemap_2020_2.xml", YEAR_2020),
        ("/sitemap_2020_10.xml", YEAR_2020),
        ("/sitemap_2020_03.xml", MARCH),
        ("/sitemap-articles-year~2020.xml", YEAR_2020),
        ("/sitemap-2020-03.xml.gz", MARCH),
        ("/sitemap-202003.xml.gz", MARCH),
        ("/sitemaps/2020/03/sitemap_0.xml", MARCH),
        ("/sitemaps/archive/sitemap-2020-03-p00.xml.gz", MARCH),
        ("/posttype-post.2020.03.xml", MARCH),
        ("/sitemap/2020-03-03.xml", THIRD),
        ("/sitemap_20200303.xml", THIRD),
        ("/2020/3/3/", THIRD),
        ("/sitemap.xml?yyyy=2020&mm=03&dd=03", THIRD),
        ("/sitemap.xml?year=2020&month=3", MARCH),
        ("/sitemap.xml?from=2020-03-01&to=2020-03-31", MARCH),
        ("/archive/2020/sitemap-2020-03.xml", MARCH),
        ("/sitemap.xml", None),
        ("/sitemap-12.xml", None),
        ("/sitemap_202.xml", None),
        ("/sitemap-12020304.xml", None),
        ("/articles-48hrs.xml", None),
        ("/sitemap-2020-02-30.xml", None),
        ("/sitemap-1000-p2.xml", None),
    ],
)
def test_days_are_read_off_addresses(path: str, expected: tuple[date, date] | None) -> None:
    assert span_of(SITE + path) == expected


@given(st.dates(date(1981, 1, 1), date(2049, 12, 31)))
def test_a_filled_template_is_read_back(day: date) -> None:
    end = day + timedelta(days=1)
    assert span_of(fill(SITE + "/a/{year}/{month:02}/{day:02}/", day)) == (day, end)
    assert span_of(fill(SITE + "/a/{year}{month:02}{day:02}.xml", day)) == (day, end)
    assert span_of(fill(SITE + "/a?yyyy={year}&mm={month}&dd={day}", day)) == (day, end)


@given(st.text(max_size=60))
def test_any_address_is_survived(text: str) -> None:
    span = span_of(f"{SITE}/{text.replace('[', '').replace(']', '')}")
    assert span is None or span[0] < span[1]


def asked(since: str | None, until: str | None) -> Range:
    return Range(
        datetime.fromisoformat(since).replace(tzinfo=UTC) if since else None,
        datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None,
    )


@pytest.mark.parametrize(
    ("path", "changed_at", "since", "until", "expected"),
    [
        ("/sitemap-2020-03.xml", None, None, None, True),
        ("/sitemap-2020-03.xml", None, "2020-03-10", "2020-03-12", True),
        (
            "/sitemap-2020-03.xml",
            None,
            "2020-04-01",
            None,
            True,
        ),  # a day's doubt: the publisher's March ends later than UTC's
        ("/sitemap-2020-03.xml", None, "2020-04-02", None, False),
        ("/sitemap-2020-03.xml", None, None, "2020-03-01", True),
        ("/sitemap-2020-03.xml", None, None, "2020-02-29", False),
        ("/sitemap-2020-03.xml", "2019-01-01", "2020-03-10", None, True),
        ("/sitemap-7.xml", "2020-03-09T12:00:00Z", "2020-03-10", None, True),
        ("/sitemap-7.xml", "2020-03-08", "2020-03-10", None, False),
        ("/sitemap-7.xml", "2026-01-01", None, "2020-03-10", True),
        ("/sitemap-7.xml", "nonsense", "2020-03-10", None, True),
        ("/sitemap-7.xml", None, "2020-03-10", None, True),
    ],
)
def test_only_what_can_hold_the_days_is_opened(
    path: str, changed_at: str | None, since: str | None, until: str | None, expected: bool
) -> None:
    assert may_hold(SITE + path, changed_at, asked(since, until)) is expected


NOW = datetime(2020, 3, 15, 12, tzinfo=UTC)
DAILY = SITE + "/{year}/{month:02}/{day:02}/"


def test_archive_pages_of_a_range_are_named_newest_first() -> None:
    pages = list(archive_pages(DAILY, asked("2020-02-28", "2020-03-02"), NOW))
    assert pages[0] == SITE + "/2020/03/02/"
    assert pages[-1] == SITE + "/2020/02/27/"
    assert len(pages) == 5


def test_months_and_years_are_named_once() -> None:
    assert list(archive_pages(SITE + "/{year}/{month}/", asked("2019-12-15", "2020-02-15"), NOW)) == [
        SITE + "/2020/2/",
        SITE + "/2020/1/",
        SITE + "/2019/12/",
    ]
    assert len(list(archive_pages(SITE + "/{year}.xml", asked("2011-01-05", None), NOW))) == 10


def test_without_a_range_today_and_its_neighbours_are_named_and_never_more_future() -> None:
    assert [page[-6:-1] for page in archive_pages(DAILY, Range(), NOW)] == ["03/16", "03/15", "03/14"]
    assert next(iter(archive_pages(DAILY, asked("2020-03-15", "2031-01-01"), NOW))) == SITE + "/2020/03/16/"


def test_archive_pages_are_bounded() -> None:
    assert len(list(archive_pages(DAILY, asked("1800-01-01", None), NOW))) == MAX_PAGES


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2020-03-03T10:00:00Z", date(2020, 3, 3)),
        ("2020-03-03", date(2020, 3, 3)),
        ("2020-03", date(2020, 3, 31)),
        ("2020-02-30", None),
        ("3 March 2020", None),
        (None, None),
    ],
)
def test_the_day_of_a_w3c_date(raw: str | None, expected: date | None) -> None:
    assert day_of(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2020-03-15T12:00:01Z", True),
        ("2020-03-15T11:59:59+00:00", False),
        ("2020-03-15T13:30:00+02:00", False),
        ("2020-03-15", True),
        ("2020-03-14", True),
        ("2020-03-13", False),
        ("2020-03-15T11:00:00", True),  # without a zone: a day's doubt
        ("yesterday", None),
        (None, None),
    ],
)
def test_whether_a_source_changed_since(raw: str | None, expected: bool | None) -> None:
    assert changed_since(raw, NOW.timestamp()) is expected
