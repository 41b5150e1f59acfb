"""The shape of a Parquet file: sort order, row groups, encodings, statistics; chosen by measurement, see docs/COMMIT.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
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
# Minimum and maximum a row group, for columns that queries narrow by; of texts and hashes they narrow nothing.
STATISTICS = [
    "publisher", "date_published", "date_modified", "fetched_at", "first_seen_at", "in_language", "section", "version", "change",
]  # fmt: skip
# Columns by which single rows are looked up: a Bloom filter of ten bits a row says which row groups cannot have a value.
BLOOM = ("article_id", "url")

_NEVER = datetime.min.replace(tzinfo=UTC)

SortKey = tuple[str, datetime, int, str]


def sort_key(values: Mapping[str, Any]) -> SortKey:
    """Return by what rows lie in a file: publisher, time, version; then by article, so that a file is the same every time."""
    time = values["date_published"] or values["first_seen_at"] or _NEVER
    return values["publisher"] or "", time, values["version"] or 0, values["article_id"] or ""


def parquet_writer(path: Path, schema: pa.Schema = SCHEMA, rows: int = ROW_GROUP_ROWS) -> pq.ParquetWriter:
    """Return a writer of a table file of about `rows` rows; each `write_table` of up to ROW_GROUP_ROWS rows is one row group."""
    return pq.ParquetWriter(path, schema, **options(rows))


def options(rows: int) -> dict[str, Any]:
    """Return the options of a Parquet writer; `rows` sizes the Bloom filters of a row group."""
    distinct = max(16, min(rows, ROW_GROUP_ROWS))
    return {
        "compression": "zstd",
        "compression_level": ZSTD_LEVEL,
        "use_dictionary": DICTIONARY,
        "write_statistics": STATISTICS,
        "bloom_filter_options": {name: {"ndv": distinct, "fpp": 0.01} for name in BLOOM},
    }
