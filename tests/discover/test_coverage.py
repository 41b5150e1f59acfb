"""A backfill says how complete it can be."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from newsbot.discover.coverage import Coverage
from newsbot.items import Candidate
from newsbot.publishers.model import Source
from newsbot.schedule import Range

SITE = "https://www.example.com"
NOW = datetime(2020, 6, 15, tzinfo=UTC)
MARCH = Range(datetime(2020, 3, 1, tzinfo=UTC), datetime(2020, 4, 1, tzinfo=UTC))


@pytest.fixture
def coverage() -> Coverage:
    return Coverage(MARCH, NOW)


def dated(*days: str) -> list[Candidate]:
    return [Candidate(f"{SITE}/{day}", date_published_raw=day) for day in days]


def test_days_in_dated_sitemaps_and_archive_pages_are_covered(coverage: Coverage) -> None:
    assert len(coverage.missing) == 31
    coverage.read(Source("archive", f"{SITE}/2020/03/05/"), [])
    assert date(2020, 3, 5) not in coverage.missing
    assert (coverage.sentence() or "").startswith(
        "incomplete: 30 days of 2020-03-01 to 2020-03-31 are in no sitemap"
    )
    coverage.read(Source("sitemap", f"{SITE}/sitemap-2020-03.xml"), [])
    assert coverage.sentence() == (
        "as complete as the site's archive: 2 dated sitemaps and archive pages cover every day of 2020-03-01 to 2020-03-31"
    )


def test_sitemaps_without_days_say_how_far_back_they_go(coverage: Coverage) -> None:
    coverage.read(Source("sitemap", f"{SITE}/sitemap-7.xml"), dated("2020-03-04", "2019-01-02", "nonsense"))
    assert "1 that name no days were read in full, whose oldest dated entry is of 2019-01-02" in (
        coverage.sentence() or ""
    )


def test_feeds_alone_are_incomplete(coverage: Coverage) -> None:
    coverage.read(Source("feed", f"{SITE}/rss"), dated("2020-06-14"))
    coverage.failed += 1
    assert coverage.sentence() == (
        "incomplete: only feeds, news sitemaps and pages were read, whose oldest dated entry is of 2020-06-14; no archive names "
        "the days of 2020-03-01 to 2020-03-31; 1 sources could not be read"
    )


def test_nothing_is_said_where_no_beginning_was_asked_for() -> None:
    for asked in (Range(), Range(None, NOW)):
        coverage = Coverage(asked, NOW)
        coverage.read(Source("sitemap", f"{SITE}/sitemap-2020-03.xml"), [])
        assert coverage.sentence() is None


def test_a_range_without_end_ends_today() -> None:
    assert len(Coverage(Range(datetime(2020, 6, 1, tzinfo=UTC)), NOW).missing) == 15
