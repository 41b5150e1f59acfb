"""SQL over the dataset: DuckDB with the views `articles` and `versions`, and no way to anything else on the machine.

`articles` has the latest version of each article that still stands on its site, `versions` every row.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from newsbot.dataset.later import later
from newsbot.dataset.reader import Dataset
from newsbot.exceptions import UsageError

duckdb = later("duckdb")

# PIVOT is parsed as several statements; EXPLAIN runs under the same lock.
_READING = {"SELECT", "EXPLAIN", "MULTI"}
# Rows a batch of a result.
_BATCH = 2048


@contextmanager
def query(dataset: Dataset, sql: str) -> Iterator[Any]:
    """Run one statement that reads; give its result as a pyarrow RecordBatchReader. Raises UsageError, in one line."""
    with tempfile.TemporaryDirectory(prefix="newsbot-sql-") as spill, connect(dataset, spill) as connection:
        _check(connection, sql)
        try:
            reader = connection.sql(sql).to_arrow_reader(_BATCH)
        except duckdb.Error as error:
            raise UsageError(f"the query failed: {_one_line(error)}") from error
        yield _Told(reader)


class _Told:
    """A RecordBatchReader whose errors while it reads are UsageErrors too."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.schema = reader.schema

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._reader
        except (duckdb.Error, OSError) as error:
            raise UsageError(f"the query failed: {_one_line(error)}") from error


@contextmanager
def connect(dataset: Dataset, spill: str) -> Iterator[Any]:
    """Give a connection with both views that can neither read nor write files; it spills large sorts to the folder `spill`.

    The views read through pyarrow, so that DuckDB needs no access to files of its own: that is switched off, with extensions,
    attached databases and Python variables, and the configuration is locked.
    """
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET temp_directory = '{spill.replace(chr(39), chr(39) * 2)}'")
        connection.register("articles", dataset.latest().arrow)
        connection.register("versions", dataset.versions().arrow)
        for name in ("enable_external_access", "python_enable_replacements", "autoload_known_extensions"):
            connection.execute(f"SET {name} = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _check(connection: Any, sql: str) -> None:
    try:
        kinds = [statement.type.name for statement in connection.extract_statements(sql)]
    except duckdb.Error as error:
        raise UsageError(f"the query cannot be read: {_one_line(error)}") from error
    if len(kinds) != 1 or kinds[0] not in _READING:
        raise UsageError(
            f"give one SELECT over articles and versions; this is {' and '.join(kinds) or 'empty'}"
        )


def _one_line(error: BaseException) -> str:
    """Return the first line of an error, without its picture of the place."""
    return " ".join(str(error).split("\n\n")[0].split())
