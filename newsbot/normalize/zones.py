"""Turns written zones and offsets into offsets, and local times into instants; serves the readers of dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1,
    "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3, "sast": 2, "cat": 2, "wat": 1, "eat": 3, "trt": 3,
    "pkt": 5, "wib": 7, "sgt": 8, "hkt": 8, "myt": 8, "pht": 8, "jst": 9, "kst": 9, "awst": 8, "aest": 10,
    "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "akst": -9, "hst": -10, "brt": -3, "art": -3,
}  # fmt: skip
"""Hours east of UTC by abbreviation. IST (India, Israel, Ireland), CST (America, China) and the like are ambiguous and left to the
publisher's zone."""
REGIONS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−])(\d{1,2})(?::?(\d{2}))?")


class BadOffsetError(ValueError):
    """Raised when an offset is written that no place has, such as +25:00; caught by parse_date."""


def read_zone(written: str | None) -> tzinfo | None:
    """Return the zone of a text such as `Z`, `+0100`, `GMT+2`, `EST`, `ET` or `Europe/Paris`; None where it says nothing known.

    Raises BadOffsetError for an offset beyond -12:00 to +14:00, the widest in use.
    """
    text = (written or "").strip().lower().strip("()[]")
    if not text:
        return None
    if text in HOURS:
        return timezone(timedelta(hours=HOURS[text])) if HOURS[text] else UTC
    if text in REGIONS:
        return zone(REGIONS[text])
    match = _OFFSET.fullmatch(text)
    if match:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        signed = minutes if match[1] == "+" else -minutes
        if not -720 <= signed <= 840 or int(match[3] or 0) > 59:
            raise BadOffsetError(written)
        return timezone(timedelta(minutes=signed)) if signed else UTC
    # Texts come folded to lower case; IANA names are capitalised.
    return (
        zone("/".join("_".join(word.capitalize() for word in part.split("_")) for part in text.split("/")))
        if "/" in text
        else None
    )


@cache
def zone(name: str) -> tzinfo | None:
    """Return the zone of an IANA name, or None where there is none."""
    try:
        return UTC if name in ("UTC", "") else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def to_instant(local: datetime, place: tzinfo) -> datetime | None:
    """Return the instant of a wall-clock time; None where clocks skipped it. Of a doubled hour the first pass is meant."""
    aware = local.replace(tzinfo=place, fold=0)
    instant = aware.astimezone(UTC)
    return instant if instant.astimezone(place).replace(tzinfo=None) == local else None
