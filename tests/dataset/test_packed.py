"""Rows through the spool come back as they were."""

from __future__ import annotations

import decimal
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from newsbot.dataset.packed import pack, unpack
from newsbot.dataset.schema import COLUMNS
from tests.dataset.conftest import make_row


def values(**given: Any) -> list[Any]:
    row = make_row("a", **given)
    return [row[name] for name in COLUMNS]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"body": "“Quotes”, \u2028 and a face 🙂\x00", "confidence": 0.1, "word_count": 2**31},
        {"date_published": datetime(2026, 2, 1, 8, 30, 1, 123456, tzinfo=timezone(timedelta(hours=-5)))},
        {"date_published": datetime(1, 1, 1, tzinfo=UTC), "date_modified": datetime(2026, 2, 1, 8)},  # noqa: DTZ001
        {"images": [{"url": "https://a.example/1", "caption": None, "credit": "B"}], "authors": ["A", "B"]},
        {"provenance": {"headline": "json_ld"}, "is_live_blog": True, "is_truncated": None},
        {"headline": "a lone \ud800 surrogate"},
        {"word_count": 2**70},
        {"confidence": decimal.Decimal("0.5")},
    ],
    ids=["plain", "text", "zone", "far", "lists", "maps", "surrogate", "large", "foreign"],
)
@pytest.mark.parametrize("extra", [b"", b"[blocks]\x00\x80"])
def test_what_is_packed_comes_back(given: dict[str, Any], extra: bytes) -> None:
    assert unpack(pack(values(**given), extra)) == (values(**given), extra)
