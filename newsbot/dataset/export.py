"""Writes rows as CSV, JSON Lines or one Parquet file, batch by batch, with hostile text escaped where the format needs it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import orjson
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from newsbot.dataset.later import later
from newsbot.exceptions import OutputUnwritable, UsageError

pc = later("pyarrow.compute")

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
# What a spreadsheet takes for a formula when it opens a CSV (OWASP, CSV injection).
_FORMULA = r"^([=+\-@\t\r\n])"


class Batches(Protocol):
    """What is written: a schema and record batches, such as a pyarrow RecordBatchReader or Scanner's."""

    schema: pa.Schema

    def __iter__(self) -> Iterator[pa.RecordBatch]: ...


def write_csv(batches: Batches, file: BinaryIO, *, spreadsheet: bool = False) -> int:
    """Write CSV (RFC 4180, UTF-8): null is an empty cell, empty text is `""`; lists, structs and maps are JSON. Return the rows.

    NUL and other control characters, which many readers stumble over, are written U+FFFD. `spreadsheet` puts an apostrophe before
    text that a spreadsheet would take for a formula, and a byte order mark at the start, by which it knows the encoding.
    """
    if spreadsheet:
        file.write(b"\xef\xbb\xbf")
    flat = pa.schema([pa.field(field.name, _flat_type(field.type)) for field in batches.schema])
    options = pacsv.WriteOptions(eol="\r\n")
    rows = 0
    with pacsv.CSVWriter(pa.PythonFile(file, mode="w"), flat, write_options=options) as writer:
        for batch in batches:
            columns = [_flat(column, spreadsheet=spreadsheet) for column in batch.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=flat))
            rows += batch.num_rows
    return rows


def write_jsonl(batches: Batches, file: BinaryIO) -> int:
    """Write JSON Lines in UTF-8: instants as ISO 8601 with Z, maps as objects; return the rows."""
    makers = {field.name: _maker(field.type) for field in batches.schema}
    rows = 0
    for batch in batches:
        for row in batch.to_pylist():
            made = {name: makers[name](value) for name, value in row.items()}
            file.write(orjson.dumps(made, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
        rows += batch.num_rows
    return rows


def write_parquet(batches: Batches, file: BinaryIO) -> int:
    """Write one Parquet file, a row group a batch; return the rows."""
    rows = 0
    with pq.ParquetWriter(pa.PythonFile(file, mode="w"), batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


FORMATS: dict[str, Callable[..., int]] = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}


@contextmanager
def whole_file(path: Path, root: str, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """Give a file that takes its place only when it is finished. Raises UsageError, OutputUnwritable."""
    articles = Path(root).resolve() / "articles"
    if articles in path.resolve().parents:
        raise UsageError(
            f"{path} lies in the table, where readers would take it for articles; give another place"
        )
    if path.exists() and not (overwrite and path.is_file()):
        raise UsageError(
            f"{path} is there already; give another name" + ("" if path.is_dir() else ", or --overwrite")
        )
    aside = path.with_name(f".{path.name}.part")
    try:
        with aside.open("wb") as file:
            yield file
        aside.replace(path)
    except OSError as error:
        raise OutputUnwritable(
            f"cannot write {path}: {error.strerror or error}; make room, or give another place"
        ) from error
    finally:
        aside.unlink(missing_ok=True)


def _is_nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind))


def _flat_type(kind: pa.DataType) -> pa.DataType:
    if _is_nested(kind) or pa.types.is_temporal(kind) or not pa.types.is_primitive(kind):
        return pa.string()
    return kind


def _flat(column: pa.Array, *, spreadsheet: bool) -> pa.Array:
    """Return a column as CSV takes it."""
    kind = column.type
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    if _is_nested(kind):
        make = _maker(kind)
        texts = (
            None if value is None else orjson.dumps(make(value), default=str).decode()
            for value in column.to_pylist()
        )
        column = pa.array(texts, pa.string())
    elif pa.types.is_timestamp(kind):
        return pc.strftime(column, format="%Y-%m-%dT%H:%M:%SZ" if kind.tz else "%Y-%m-%dT%H:%M:%S")
    elif not pa.types.is_primitive(kind) or pa.types.is_temporal(kind):
        column = _texts(column)
    else:
        return column
    column = pc.replace_substring_regex(column, _CONTROL, "\ufffd")
    return pc.replace_substring_regex(column, _FORMULA, r"'\1") if spreadsheet else column


def _texts(column: pa.Array) -> pa.Array:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column.cast(pa.string())
    return pa.array(
        [None if value is None else str(plain(value)) for value in column.to_pylist()], pa.string()
    )


def _maker(kind: pa.DataType) -> Callable[[Any], Any]:
    """Return what makes a JSON value of a Python value of this type."""
    if pa.types.is_map(kind):
        item = _maker(kind.item_type)
        return lambda value: None if value is None else {str(key): item(part) for key, part in value}
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        item = _maker(kind.value_type)
        return lambda value: None if value is None else [item(part) for part in value]
    if pa.types.is_struct(kind):
        parts = {field.name: _maker(field.type) for field in kind}
        return lambda value: (
            None if value is None else {name: parts[name](part) for name, part in value.items()}
        )
    return plain


def plain(value: Any) -> Any:
    """Return a value as text where no format has it: an interval as `3 days 00:55:00`."""
    if isinstance(value, pa.MonthDayNano):
        seconds, rest = divmod(value.nanoseconds, 1_000_000_000)
        clock = f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}" + (
            f".{rest:09}" if rest else ""
        )
        parts = [f"{value.months} months"] * bool(value.months) + [f"{value.days} days"] * bool(value.days)
        return " ".join([*parts, clock])
    return value


_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def seen(value: Any) -> str:
    """Return a value as one line that a terminal can show: control and direction characters as escapes, null as nothing."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(plain(value))
    return _UNSEEN.sub(lambda found: "⏎" if found[0] == "\n" else repr(found[0])[1:-1], text)


def first_rows(batches: Iterable[pa.RecordBatch], count: int) -> tuple[list[dict[str, Any]], bool]:
    """Return up to `count` rows, and whether there are more."""
    rows: list[dict[str, Any]] = []
    for batch in batches:
        rows.extend(batch.slice(0, count + 1 - len(rows)).to_pylist())
        if len(rows) > count:
            return rows[:count], True
    return rows, False
