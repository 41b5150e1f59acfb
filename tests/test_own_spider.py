"""A user's own spider yields dicts, dataclasses, attrs, pydantic or Scrapy items with the dataset's fields; each becomes a row."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from tests.crawling import ROOT, last_record

SPIDER = """
from dataclasses import dataclass, field

import attrs
import pydantic
import scrapy

FIELDS = ("url", "headline", "body", "date_published", "authors")
VALUES = {
    "headline": "Port  Alder plans a bridge",
    "body": "The council met.\\n\\n\\nNobody spoke\\u0007 against it.",
    "date_published": "2020-12-01T11:42:00+02:00",
    "authors": ["By Jane Doe"],
}


class ScrapyItem(scrapy.Item):
    url, headline, body, date_published, authors, colour = (scrapy.Field() for _ in range(6))


@dataclass
class DataclassItem:
    url: str
    headline: str
    body: str
    date_published: str
    authors: list = field(default_factory=list)


@attrs.define
class AttrsItem:
    url: str
    headline: str
    body: str
    date_published: str
    authors: list


class PydanticItem(pydantic.BaseModel):
    url: str
    headline: str
    body: str
    date_published: str
    authors: list[str]


class OwnSpider(scrapy.Spider):
    name = "own"

    async def start(self):
        for kind in (dict, ScrapyItem, DataclassItem, AttrsItem, PydanticItem):
            name = kind.__name__.lower()
            # The same text twice would be a duplicate.
            values = VALUES | {"url": f"https://alder.example/{name}", "body": VALUES["body"] + f" ({name})"}
            yield kind(**values)
        yield {"url": "https://alder.example/bare", "headline": "No text"}
        yield {**VALUES, "url": "https://alder.example/dict", "body": VALUES["body"] + " (dict)", "colour": "red"}
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    package = folder / "ownspiders"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "own.py").write_text(SPIDER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "own", "-s", "SPIDER_MODULES=ownspiders"],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
            "NEWSBOT_OUTPUT": str(folder / "out"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


def rows(output: Path) -> list[dict[str, Any]]:
    return ds.dataset(output / "articles", partitioning="hive").to_table().to_pylist()  # type: ignore[no-any-return]


def test_each_kind_of_item_becomes_the_same_row(output: Path) -> None:
    found = {row["url"].rsplit("/", 1)[1]: row for row in rows(output)}
    assert sorted(found) == ["attrsitem", "dataclassitem", "dict", "pydanticitem", "scrapyitem"]
    for name, row in found.items():
        assert row["headline"] == "Port Alder plans a bridge"
        assert row["body"] == f"The council met.\n\nNobody spoke against it. ({name})"
        assert row["date_published"] == datetime(2020, 12, 1, 9, 42, tzinfo=UTC)
        assert row["date_published_raw"] == "2020-12-01T11:42:00+02:00"
        assert row["authors"] == ["Jane Doe"]
        assert dict(row["provenance"])["body"] == "item"


def test_the_rows_are_complete(output: Path) -> None:
    for row in rows(output):
        assert row["publisher"] == "own" and row["version"] == 1 and row["change"] == "first"
        assert row["article_id"] and row["content_hash"] and row["fetched_at"] and row["run_id"]
        assert row["word_count"] > 5 and str(row["date"])[:10] == "2020-12-01"


def test_what_is_no_article_and_what_is_no_field_is_counted(output: Path) -> None:
    counters = last_record(output, "own")["counters"]
    assert counters["validate/body/missing"] == 1
    assert last_record(output, "own")["rows"] == 5
