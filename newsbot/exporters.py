"""Scrapy feed exports of articles: Parquet under the declared schema, and CSV and JSON with instants that lose nothing.

`-O articles.parquet`, `-O articles.csv`, `-O articles.jsonl`; FEED_EXPORT_FIELDS says which fields, the row's by default.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

import orjson
from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exporters import BaseItemExporter, CsvItemExporter, JsonItemExporter, JsonLinesItemExporter

from newsbot.dataset.stream import RowStream, select
from newsbot.exceptions import UsageError

logger = logging.getLogger(__name__)


def check_feeds(feeds: Mapping[str, Any]) -> None:
    """Refuse, before anything is fetched, a Parquet feed that would be appended to a file. Raises UsageError.

    `feeds` is the setting FEEDS: what `-o` and `-O` ask for is in it.
    """
    for uri, options in feeds.items():
        place = str(uri).removeprefix("file://")
        is_local = "://" not in place and not place.startswith("stdout:")
        if options.get("format") != "parquet" or options.get("overwrite") or not is_local:
            continue
        path = Path(place)
        if path.is_file() and path.stat().st_size:
            raise UsageError(
                f"{path} is there, and a Parquet file cannot be appended to: give -O, which replaces it, or another name"
            )


class ParquetItemExporter(BaseItemExporter):
    """One Parquet file of items of any kind that itemadapter knows; a row group in memory at most.

    A value of another type than the column's becomes null and is counted as `feedexport/parquet/<column>/type`; fields that no row
    has are left out.
    """

    def __init__(self, file: BinaryIO, *, crawler: Crawler | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._file, self._crawler = file, crawler
        self._stream: RowStream | None = None
        self.wrong: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler, file: BinaryIO, *args: Any, **kwargs: Any) -> Self:
        """Take the crawler, whose stats count what did not fit."""
        return cls(file, *args, crawler=crawler, **kwargs)

    def start_exporting(self) -> None:
        """Begin the file; one that holds something already is left as it is, with an error in the log."""
        columns, unknown = select(self._fields())
        if unknown:
            logger.warning(
                "Parquet feed: no row has %s; see docs/DATASET.md for the columns", ", ".join(unknown)
            )
        if _holds_something(self._file):
            logger.error("Parquet feed: a Parquet file cannot be appended to; use -O, or another name")
            return
        self._stream = RowStream(self._file, columns)

    def export_item(self, item: Any) -> None:
        """Take in one item."""
        if self._stream is None:
            return
        for name in self._stream.add(dict(ItemAdapter(item).items())):
            self.wrong[name] += 1
            if self._crawler is not None and self._crawler.stats is not None:
                self._crawler.stats.inc_value(f"feedexport/parquet/{name}/type")

    def finish_exporting(self) -> None:
        """Write what is left and the footer."""
        if self._stream is not None:
            self._stream.close()

    def _fields(self) -> Mapping[str, str] | list[str] | None:
        fields = self.fields_to_export
        return fields if fields is None or isinstance(fields, Mapping) else list(fields)


class _Lossless(BaseItemExporter):
    """Writes instants as ISO 8601 with zone and microseconds; stock exporters drop both."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        """Return what the format takes for a value."""
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
        return super().serialize_field(field, name, value)


class JsonLinesExporter(_Lossless, JsonLinesItemExporter):
    """JSON Lines."""


class JsonExporter(_Lossless, JsonItemExporter):
    """One JSON document."""


class CsvExporter(_Lossless, CsvItemExporter):
    """CSV; lists and structs are JSON in their cell."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        """Return what a cell takes for a value."""
        if isinstance(value, (list, tuple, dict)):
            return orjson.dumps(value, default=str).decode()
        return super().serialize_field(field, name, value)


def _holds_something(file: BinaryIO) -> bool:
    """Whether a file opened for appending is not empty; pipes say nothing and are empty."""
    try:
        return file.tell() > 0
    except (OSError, AttributeError):
        return False
