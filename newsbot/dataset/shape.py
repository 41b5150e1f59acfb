"""The shape of a Parquet file: sort order, row groups, encodings, statistics; chosen by measurement, see docs/COMMIT.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.schema import SCHEMA

# Values that recur from row to row; for the rest a dictionary costs more than it saves.
DICTIONARY = [
    "publisher", "publisher_country", "change", "date_precision", "date_source", "section", "in_language",
    "extractor_version", "run_id", "authors.list.element", "keywords.list.element",
]  # fmt: skip
# Rows a row group: a reader that wants one article reads little, a scan still reads in long runs.
ROW_GROUP_ROWS = 4096
# Bytes of rows a row group: bounds the memory of writer and readers where bodies are huge.
ROW_GROUP_BYTES = 16 * 1024 * 1024
ZSTD_LEVEL = 3


def sort_key(values: Mapping[str, Any]) -> tuple[str, str, int]:
    """Return by what rows lie in a file: publisher, time, version."""
    return (
        values["publisher"] or "",
        str(values["date_published"] or values["first_seen_at"]),
        values["version"] or 0,
    )


def parquet_writer(path: Path, schema: pa.Schema = SCHEMA) -> pq.ParquetWriter:
    """Return a writer of a table file; each `write_table` of up to ROW_GROUP_ROWS rows is one row group."""
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=ZSTD_LEVEL, use_dictionary=DICTIONARY
    )
