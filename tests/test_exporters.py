"""Feed exports: every kind of item, the declared schema, nothing of the working values, bounded memory."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import pyarrow.parquet as pq
import pydantic
import pytest
import scrapy
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from newsbot import settings
from newsbot.dataset import stream
from newsbot.dataset.schema import COLUMNS, SCHEMA
from newsbot.exceptions import UsageError
from newsbot.exporters import CsvExporter, JsonExporter, JsonLinesExporter, ParquetItemExporter, check_feeds
from newsbot.items import Article, Block, Page
from newsbot.outcomes import ExitStatus

PUBLISHED = datetime(2026, 2, 1, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
VALUES: dict[str, Any] = {
    "headline": "A “quay”, reopened",
    "body": "One.\n\nTwo.",
    "authors": ["Ada Quill"],
    "date_published": PUBLISHED,
}


@dataclass
class DataItem:
    headline: str
    body: str
    authors: list[str]
    date_published: datetime


@attrs.define
class AttrsItem:
    headline: str
    body: str
    authors: list[str]
    date_published: datetime


class PydanticItem(pydantic.BaseModel):
    headline: str
    body: str
    authors: list[str]
    date_published: datetime


class ScrapyItem(scrapy.Item):
    headline = scrapy.Field()
    body = scrapy.Field()
    authors = scrapy.Field()
    date_published = scrapy.Field()


def full_article() -> Article:
    """Return an article that also has working values."""
    return Article(
        **VALUES,
        provenance={"headline": "json_ld"},
        images=[{"url": "https://example.com/a.jpg"}],
        blocks=[Block("never in a feed")],
        page=Page("https://example.com/", b"never in a feed", PUBLISHED),
    )


def export(exporter: type[Any], *items: Any, **kwargs: Any) -> bytes:
    """Return what an exporter writes of items."""
    file = io.BytesIO()
    made = exporter(file, **kwargs)
    made.start_exporting()
    for item in items:
        made.export_item(item)
    made.finish_exporting()
    return file.getvalue()


KINDS: list[Callable[..., Any]] = [dict, Article, DataItem, AttrsItem, PydanticItem, ScrapyItem]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_parquet_takes_every_kind_of_item(kind: Callable[..., Any]) -> None:
    table = pq.read_table(io.BytesIO(export(ParquetItemExporter, kind(**VALUES))))
    assert table.schema.equals(SCHEMA)
    assert table.schema.metadata == SCHEMA.metadata
    (row,) = table.to_pylist()
    assert {name: row[name] for name in VALUES} == {**VALUES, "date_published": PUBLISHED.astimezone(UTC)}
    assert row["article_id"] is None


def test_parquet_keeps_structs_and_maps() -> None:
    (row,) = pq.read_table(io.BytesIO(export(ParquetItemExporter, full_article()))).to_pylist()
    assert row["provenance"] == [("headline", "json_ld")]
    assert row["images"] == [{"url": "https://example.com/a.jpg", "caption": None, "credit": None}]


def test_parquet_writes_row_groups_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "GROUP_ROWS", 10)
    monkeypatch.setattr(stream, "GROUP_CHARACTERS", 500)
    file = io.BytesIO()
    exporter = ParquetItemExporter(file)
    exporter.start_exporting()
    sizes = []
    for number in range(25):
        exporter.export_item({"headline": str(number), "body": "x" * (600 if number == 24 else 1)})
        sizes.append(file.tell())
    exporter.finish_exporting()
    assert sizes[8] < sizes[9] == sizes[18] < sizes[19] < sizes[24], (
        "after 10 rows, 20 rows and 500 characters"
    )
    read = pq.ParquetFile(io.BytesIO(file.getvalue()))
    assert [read.metadata.row_group(group).num_rows for group in range(read.num_row_groups)] == [10, 10, 5]


def test_parquet_of_no_items_is_a_file_of_no_rows() -> None:
    assert pq.read_table(io.BytesIO(export(ParquetItemExporter))).num_rows == 0


def test_a_value_of_another_type_is_null_and_counted() -> None:
    crawler = get_crawler()
    crawler.stats = crawler.stats or pytest.fail("no stats")
    file = io.BytesIO()
    exporter = ParquetItemExporter.from_crawler(crawler, file)
    exporter.start_exporting()
    exporter.export_item(
        {"headline": 7, "word_count": "many", "date_published": "soon", "authors": "Ada Quill"}
    )
    exporter.export_item(
        {"headline": "\ud800", "date_published": "2026-02-01", "date_modified": "2026-02-01T08:00:00+02:00"}
    )
    exporter.finish_exporting()
    assert dict(exporter.wrong) == {"headline": 2, "word_count": 1, "date_published": 1}
    assert crawler.stats.get_value("feedexport/parquet/headline/type") == 2
    first, second = pq.read_table(io.BytesIO(file.getvalue())).to_pylist()
    assert (first["headline"], first["word_count"], first["date_published"]) == (None, None, None)
    assert first["authors"] == ["Ada Quill"]
    assert second["date_published"] == datetime(2026, 2, 1, tzinfo=UTC)
    assert second["date_modified"] == datetime(2026, 2, 1, 6, tzinfo=UTC)


def test_parquet_fields_can_be_chosen_and_renamed(caplog: pytest.LogCaptureFixture) -> None:
    chosen = {"headline": "title", "nothing": "nothing"}
    table = pq.read_table(io.BytesIO(export(ParquetItemExporter, VALUES, fields_to_export=chosen)))
    assert table.to_pylist() == [{"title": VALUES["headline"]}]
    assert "no row has nothing" in caplog.text


def test_parquet_is_not_appended_to(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(export(ParquetItemExporter, VALUES))
    before = path.read_bytes()
    with path.open("ab") as file, caplog.at_level(logging.ERROR):
        exporter = ParquetItemExporter(file)
        exporter.start_exporting()
        exporter.export_item(VALUES)
        exporter.finish_exporting()
    assert path.read_bytes() == before
    assert "cannot be appended to" in caplog.text


def test_a_parquet_feed_that_would_be_appended_to_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "there.parquet"
    path.write_bytes(b"something")
    for uri in (str(path), f"file://{path}"):
        with pytest.raises(UsageError, match=r"there\.parquet is there.*give -O"):
            check_feeds({uri: {"format": "parquet"}})
    check_feeds({str(path): {"format": "parquet", "overwrite": True}})
    check_feeds({str(path): {"format": "jsonl"}})
    path.write_bytes(b"")
    check_feeds({str(path): {"format": "parquet"}, "s3://bucket/x.parquet": {"format": "parquet"}})
    check_feeds({str(tmp_path / "new.parquet"): {"format": "parquet"}, "stdout:": {"format": "parquet"}})


def test_the_crawl_ends_with_bad_usage_before_anything_is_fetched(tmp_path: Path) -> None:
    path = tmp_path / "there.parquet"
    path.write_bytes(b"something")
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "news", "-a", "publisher=demo", "-o", str(path)],
        env={**os.environ, "NEWSBOT_OUTPUT": str(tmp_path / "output")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitStatus.BAD_USAGE, done.stderr
    assert done.stderr.count("cannot be appended to") == 1
    assert not (tmp_path / "output").exists()
    assert path.read_bytes() == b"something"


def test_text_formats_keep_instants_whole_and_leave_working_values_out() -> None:
    fields = settings.FEED_EXPORT_FIELDS
    assert fields == COLUMNS
    line = json.loads(export(JsonLinesExporter, full_article(), encoding="utf-8", fields_to_export=fields))
    assert list(line) == COLUMNS
    assert line["date_published"] == "2026-02-01T09:30:00.123456+02:00"
    (document,) = json.loads(export(JsonExporter, full_article(), encoding="utf-8", fields_to_export=fields))
    assert document == line


def test_csv_cells_hold_lists_and_structs_as_json() -> None:
    text = export(CsvExporter, full_article(), fields_to_export=settings.FEED_EXPORT_FIELDS).decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert list(row) == COLUMNS
    assert row["body"] == VALUES["body"]
    assert row["date_published"] == "2026-02-01T09:30:00.123456+02:00"
    assert json.loads(row["authors"]) == ["Ada Quill"]
    assert json.loads(row["images"]) == [{"url": "https://example.com/a.jpg"}]
    assert row["article_id"] == ""


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "json"])
def test_every_format_is_registered(suffix: str) -> None:
    from scrapy.utils.conf import feed_process_params_from_cli
    from scrapy.utils.misc import load_object

    made = Settings()
    made.setmodule("newsbot.settings")
    feeds = feed_process_params_from_cli(made, [], overwrite_output=[f"articles.{suffix}"])
    exporter = load_object(made.getwithbase("FEED_EXPORTERS")[feeds[f"articles.{suffix}"]["format"]])
    assert exporter.__module__ == "newsbot.exporters"
