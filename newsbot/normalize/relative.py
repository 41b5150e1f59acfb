"""Reads relative dates such as "2 hours ago", "vor 3 Stunden" or "yesterday"; serves dates.py."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

from newsbot.normalize.zones import to_instant, zone

LONGEST = 40
"""Characters: a longer text that holds no date is no relative date either, and dateparser is slow."""


def read_relative(
    text: str, languages: tuple[str, ...], seen_at: datetime, time_zone: str
) -> tuple[datetime, Literal["minute", "day"]] | str | None:
    """Return the instant and its precision counted back from `seen_at`; None where the text is no such date.

    "vague" for weeks, months and years ago. `languages` are primary subtags, tried in order, then English. `time_zone` is the IANA
    name in which "yesterday" is meant.
    """
    if (
        len(text) > LONGEST
        or not any(char.isalpha() for char in text)
        or re.search(r"(?<!\d)\d{4}(?!\d)", text)
    ):
        return None
    place = zone(time_zone) or UTC
    base = seen_at.astimezone(place).replace(tzinfo=None, microsecond=0)
    for language in dict.fromkeys((*languages[:2], "en")):
        found = _counted_back(text, language, base)
        if isinstance(found, str):
            return found
        if found is not None:
            local, has_time = found
            instant = (
                to_instant(local, place)
                if has_time
                else local.replace(hour=0, minute=0, second=0, tzinfo=UTC)
            )
            return (instant, "minute" if has_time else "day") if instant else "no_such_time"
    return None


def _counted_back(text: str, language: str, base: datetime) -> tuple[datetime, bool] | str | None:
    """Return local time and whether it has a time of day, "vague", or None."""
    # Imported here: it loads 0.3 s of tables that most runs never need.
    from dateparser.date import DateDataParser  # noqa: PLC0415

    try:
        parser = DateDataParser(
            languages=[language], settings={"RELATIVE_BASE": base, "PARSERS": ["relative-time"]}
        )
        found = parser.get_date_data(text)
    except (ValueError, OverflowError, TypeError):
        # An unknown language is a ValueError; odd numbers ("10^30 hours ago") overflow inside.
        return None
    if found.date_obj is None:
        return None
    if found.period != "day":
        return "vague"
    return found.date_obj.replace(microsecond=0), "time" in found.parts
