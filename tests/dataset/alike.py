"""Rows of different readers made alike, and a dataset that has what readers stumble over; for tests of readers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from newsbot.dataset.schema import SCHEMA

HOSTILE = 'Tab\t“quoted”, "plain"\nnew line\r\nand \u202e direction, \u0000 no; 日本語 العربية 🗞'


def write_table(put: Callable[..., Path], article: Callable[..., dict[str, Any]], root: Path) -> int:
    """Write a dataset: full and empty rows, two schemas of other ages, a late day; return the number of its rows."""
    full = article(
        "full",
        headline=HOSTILE,
        body=f"{HOSTILE}\n\n" * 50,
        authors=["Ada Quill", "Bo “Q” Lind"],
        keywords=["Harbour"],
        images=[{"url": "https://example.com/1.jpg", "caption": None, "credit": "A. Q."}],
        provenance={"headline": "json_ld", "body": "model"},
        rights={"robots": "noarchive"},
        is_live_blog=False,
        word_count=2**31 - 1,
        http_status=200,
        confidence=0.25,
        warc_offset=2**40,
        date_modified=datetime(2026, 2, 1, 23, 59, 59, 999999, tzinfo=UTC),
    )
    bare = dict.fromkeys(SCHEMA.names) | {"article_id": "bare"}
    put("2026-02-01", "a", [full, article("second", 2, publisher="birch")], root=root)
    put("2026-02-01", "b", [bare], root=root)
    older = SCHEMA.remove(SCHEMA.get_field_index("confidence")).remove(SCHEMA.get_field_index("run_id") - 1)
    put("2026-02-02", "old", [{name: article("old")[name] for name in older.names}], older, root=root)
    put("2026-02-28", "none", [], root=root)
    put(
        "1998-12-31",
        "late",
        [article("late", date_published=datetime(1998, 12, 31, 23, 59, tzinfo=UTC))],
        root=root,
    )
    return 5


def alike(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the values of every reader in one form, sorted."""
    made = [{name: _value(row[name]) for name in sorted(row)} for row in rows]
    return sorted(made, key=lambda row: str(row["article_id"]))


def _value(given: Any) -> Any:
    if given is None or _is_missing(given):
        return None
    if isinstance(given, datetime):
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, Mapping):
        return {str(key): _value(part) for key, part in sorted(given.items())}
    if isinstance(given, (list, tuple)) or bool(getattr(given, "ndim", 0)):
        return _sequence(list(given))
    return given.item() if hasattr(given, "item") else given


def _sequence(parts: list[Any]) -> Any:
    """Return a list; the pairs of a map as a mapping."""
    if parts and all(isinstance(part, Mapping) and set(part) == {"key", "value"} for part in parts):
        return {part["key"]: _value(part["value"]) for part in parts}
    if parts and all(isinstance(part, tuple) and len(part) == 2 for part in parts):
        return {key: _value(value) for key, value in parts}
    return [_value(part) for part in parts] or None


def _is_missing(given: Any) -> bool:
    """Whether it is pandas' NaN or NaT, or an empty list or map, which readers tell apart in different ways."""
    if isinstance(given, (list, dict)):
        return not given
    return given is pd.NaT or (isinstance(given, float) and math.isnan(given))


def expected(root: Path) -> list[dict[str, Any]]:
    """Return the rows as pyarrow reads each file under the declared schema, which is the measure for the others."""
    rows: list[Mapping[str, Any]] = []
    for path in sorted((root / "articles").rglob("*.parquet")):
        table = pq.read_table(path, partitioning=None)
        date_ = path.parent.name.removeprefix("date=")
        rows.extend(
            {name: row.get(name) for name in SCHEMA.names} | {"date": date_} for row in table.to_pylist()
        )
    return alike(rows)
