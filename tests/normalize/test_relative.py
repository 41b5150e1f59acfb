"""Dates that count back from the visit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsbot.normalize.relative import read_relative

SEEN = datetime(2024, 5, 4, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2 hours ago", "en", ("2024-05-04T10:00", "minute")),
        ("vor 3 stunden", "de", ("2024-05-04T09:00", "minute")),
        ("hace 5 minutos", "es", ("2024-05-04T11:55", "minute")),
        ("yesterday", "en", ("2024-05-03T00:00", "day")),
        ("gestern", "de", ("2024-05-03T00:00", "day")),
        ("3 weeks ago", "en", "vague"),
        ("2 months ago", "en", "vague"),
        ("soon", "en", None),
        ("the year 2024", "en", None),
        ("12", "en", None),
        ("10000000000000000000 hours ago", "en", None),
        ("2 hours ago " * 10, "en", None),
    ],
)
def test_relative(text: str, language: str, expected: tuple[str, str] | str | None) -> None:
    found = read_relative(text, (language,), SEEN, "UTC")
    assert (
        (f"{found[0]:%Y-%m-%dT%H:%M}", found[1]) == expected
        if isinstance(found, tuple)
        else found == expected
    )


def test_yesterday_is_the_publishers() -> None:
    late = datetime(2024, 5, 4, 1, 0, tzinfo=UTC)
    found = read_relative("yesterday", ("en",), late, "America/New_York")
    assert found == (datetime(2024, 5, 2, tzinfo=UTC), "day")


def test_an_unknown_language_is_english() -> None:
    assert read_relative("2 hours ago", ("qq",), SEEN, "UTC") is not None
