"""A small dataset to compact, and what is in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import newsbot.dataset

Row = Callable[..., dict[str, Any]]
Put = Callable[..., Path]

BEFORE = date(2026, 3, 1)


def when(minute: int, day: int = 1) -> datetime:
    """Return an instant in February 2026."""
    return datetime(2026, 2, day, 8, tzinfo=UTC) + timedelta(minutes=minute)


def rows_of(root: Path) -> list[dict[str, Any]]:
    """Return all rows, in one order."""
    rows: list[dict[str, Any]] = newsbot.dataset.open(root).versions().to_arrow().to_pylist()
    return sorted(rows, key=lambda row: (row["article_id"], row["version"]))


def names(root: Path) -> list[str]:
    """Return the files of the table."""
    return sorted(
        str(path.relative_to(root / "articles")) for path in (root / "articles").rglob("*") if path.is_file()
    )


def small_table(tmp_path: Path, put: Put, article: Row) -> Path:
    """Return a dataset of two days of three and one file, and a third day that is open under BEFORE."""
    for number in range(3):
        publisher = "alder" if number < 2 else "birch"
        rows = [
            article(f"a{number}{minute}", publisher=publisher, date_published=when(minute))
            for minute in (9, 3)
        ]
        put("2026-02-01", f"r{number}-0001", rows)
    put("2026-02-01", "r4-0001", [article("a09", 2, date_published=when(9))])
    put("2026-02-02", "r1-0001", [article("b", date_published=when(0, 2))])
    put("2026-03-01", "r1-0001", [article("c", date_published=datetime(2026, 3, 1, tzinfo=UTC))])
    put("2026-03-01", "r2-0001", [article("d", date_published=datetime(2026, 3, 1, tzinfo=UTC))])
    return tmp_path
