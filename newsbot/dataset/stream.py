"""Writes rows to one open file as Parquet, row group by row group, in bounded memory; the feed exporter and `export` use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.schema import SCHEMA, row

# A row group closes at this many rows or characters of body, whichever comes first: about 32 MB held.
GROUP_ROWS = 4096
GROUP_CHARACTERS = 16_000_000


class RowStream:
    """Rows of the declared schema into a file object opened for writing bytes; it need not be seekable.

    `columns` maps the columns to write to the names they get; all under their own names by default.
    """

    def __init__(self, file: BinaryIO, columns: Mapping[str, str] | None = None) -> None:
        self.columns = dict(columns) if columns is not None else {name: name for name in SCHEMA.names}
        self.schema = pa.schema(
            [SCHEMA.field(name).with_name(given) for name, given in self.columns.items()],
            metadata=SCHEMA.metadata,
        )
        self._sink = pa.PythonFile(file, mode="w")
        self._writer = pq.ParquetWriter(self._sink, self.schema, compression="zstd", compression_level=3)
        self._rows: list[dict[str, Any]] = []
        self._characters = 0

    def add(self, values: Mapping[str, Any]) -> list[str]:
        """Take in one row; return the names of columns whose value was of another type and is null now."""
        fitted, wrong = fit(values)
        self._rows.append({given: fitted[name] for name, given in self.columns.items()})
        self._characters += len(fitted["body"] or "")
        if len(self._rows) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._flush()
        return wrong

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self.schema))
        self._rows, self._characters = [], 0

    def close(self) -> None:
        """Write what is left and the footer; the file object stays open."""
        self._flush()
        self._writer.close()


def fit(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return a complete row with values of the declared types, and the names of columns whose value could not be made one."""
    given = {name: values.get(name) for name in SCHEMA.names}
    wrong = []
    for name, value in given.items():
        given[name], fits = _fit_value(value, SCHEMA.field(name).type)
        if not fits:
            wrong.append(name)
    source = given["date_source"]
    fitted = row(given)
    if not fitted["first_seen_at"] and not fitted["date_published"]:
        # Nothing made a partition of a row that was never in the dataset.
        fitted["date_source"] = source
    return fitted, wrong


def _fit_value(value: Any, kind: pa.DataType) -> tuple[Any, bool]:
    if value is None:
        return None, True
    if pa.types.is_timestamp(kind):
        instant = _instant(value)
        return instant, instant is not None
    if pa.types.is_list(kind) and isinstance(value, (str, tuple, set, frozenset)):
        value = [value] if isinstance(value, str) else list(value)
    try:
        pa.array([value], type=kind)
    except (
        pa.ArrowInvalid,
        pa.ArrowTypeError,
        pa.ArrowNotImplementedError,
        TypeError,
        ValueError,
        OverflowError,
    ):
        return None, False
    return value, True


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - UTC is added below
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def select(columns: Sequence[str] | Mapping[str, str] | None) -> tuple[dict[str, str] | None, list[str]]:
    """Return the known ones among columns as name -> name in the file, and those that no row has."""
    if columns is None:
        return None, []
    named = dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns}
    return {name: given for name, given in named.items() if name in SCHEMA.names}, [
        name for name in named if name not in SCHEMA.names
    ]
