"""Prints rows and summaries as tables; text of the web never reaches the terminal raw."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsbot.dataset.dictionary import Column
from newsbot.dataset.export import first_rows, seen
from newsbot.dataset.summary import Summary

# Characters of a cell; a body would fill the screen.
_CELL = 120


def show_rows(names: Sequence[str], rows: Sequence[dict[str, Any]], *, more: bool = False) -> None:
    """Print rows; say where there are more."""
    console, table = _console(), Table()
    for name in names:
        table.add_column(_cell(name))
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in names))
    console.print(table)
    tail = "; --format csv, jsonl or parquet gives all" if more else ""
    console.print(
        f"{len(rows)} row{'' if len(rows) == 1 else 's'}{' of more' if more else ''}{tail}", highlight=False
    )


def show_batches(batches: Any, count: int) -> None:
    """Print the first rows of a result."""
    rows, more = first_rows(batches, count)
    show_rows(batches.schema.names, rows, more=more)


def show_summary(found: Summary) -> None:
    """Print the dataset in numbers, then a line a publisher."""
    console = _console()
    span = f"{found.first_day} to {found.last_day}" if found.days else "none"
    lines = {
        "dataset": seen(found.root),
        "articles": f"{found.articles:,} that stand, {found.removed:,} removed; {found.versions:,} versions",
        "days": f"{found.days:,} ({span})",
        "files": f"{found.files:,}, {found.bytes / 1e6:,.1f} MB; {found.days_of_several_files:,} days of several files",
    }
    for name, text in lines.items():
        console.print(Text(f"{name:<9} {text}"))
    table = Table("publisher", "articles", "versions", "first day", "last day")
    for name, share in found.publishers.items():
        table.add_row(
            _cell(name), f"{share.articles:,}", f"{share.versions:,}", share.first_day, share.last_day
        )
    if found.publishers:
        console.print(table)


def show_columns(columns: Sequence[Column]) -> None:
    """Print the data dictionary."""
    table = Table("column", "type", "meaning")
    for column in columns:
        table.add_row(Text(column.name), Text(column.type), Text(column.text))
    _console().print(table)


def print_json(values: Any) -> None:
    """Print one JSON document."""
    sys.stdout.buffer.write(orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _console() -> Console:
    console = Console()
    # Into a pipe lines are not cut at 80 columns.
    return console if console.is_terminal else Console(width=200)


def _cell(value: Any) -> Text:
    text = seen(value)
    return Text(text if len(text) <= _CELL else f"{text[: _CELL - 1]}…")
