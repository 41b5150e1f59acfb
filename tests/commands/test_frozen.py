"""Frozen pages are written for review and checked against their records."""

from __future__ import annotations

import gzip
import shutil
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from newsbot import publishers
from newsbot.chain import read
from newsbot.commands.frozen import check_frozen, differences, freeze, load_record
from newsbot.exceptions import InputError
from newsbot.items import Page
from tests.run.running import options

COLUMN = Path(__file__).parent.parent / "fixtures" / "publishers" / "rt" / "column"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(COLUMN, tmp_path / "rt" / "column")
    return tmp_path / "rt" / "column"


def found(folder: Path) -> list[str]:
    return [
        line.partition("record.json: ")[2] for line in check_frozen(folder.parent.parent, options(folder))
    ]


def change(folder: Path, **values: object) -> None:
    record = load_record(folder / "record.json")
    (folder / "record.json").write_bytes(orjson.dumps(record | values))


def test_a_page_that_reads_as_it_should_is_no_finding(folder: Path) -> None:
    assert found(folder) == []


def test_each_wrong_field_is_a_finding(folder: Path) -> None:
    expected = load_record(folder / "record.json")["expected"] | {"headline": "Another", "authors": []}
    change(folder, expected=expected)
    assert sorted(found(folder)) == [
        "authors: expected [], read ['Orla Fenwick']",
        "headline: expected 'Another', read 'Leave the tide tables to the herons'",
    ]


def test_a_record_that_nobody_reviewed_is_a_finding(folder: Path) -> None:
    change(folder, reviewed=False)
    assert found(folder) == ["not reviewed; compare it with the page, correct it, and set reviewed to true"]


def test_what_cannot_be_checked_is_a_finding_too(folder: Path) -> None:
    (folder / "page.html").unlink()
    assert "no readable page.html.gz" in found(folder)[0]
    (folder / "page.html.gz").write_bytes(b"no gzip")
    assert "no readable page.html.gz" in found(folder)[0]
    change(folder, fetched_at="yesterday")
    shutil.copy(COLUMN / "page.html", folder)
    assert "yesterday" in found(folder)[0]
    (folder / "record.json").write_text("{")
    assert "is no record" in found(folder)[0]
    (folder / "record.json").write_text("{}")
    assert "it needs url, fetched_at and expected" in found(folder)[0]


def test_pages_of_an_unknown_publisher_are_a_finding(folder: Path) -> None:
    folder.parent.rename(folder.parent.parent / "nobody-of-that-name")
    lines = list(check_frozen(folder.parent.parent, options(folder)))
    assert len(lines) == 1
    assert "unknown publisher 'nobody-of-that-name'" in lines[0]


def test_what_is_frozen_reads_the_same_afterwards(tmp_path: Path) -> None:
    page = Page(
        "https://www.rt.com/op-ed/417001-tide-tables-herons/",
        (COLUMN / "page.html").read_bytes(),
        datetime(2018, 3, 1, 9, 15, tzinfo=UTC),
    )
    publisher = publishers.load("rt", [], {})
    folder = freeze(page, read(page, publisher), tmp_path / "pages" / "rt" / "01")
    record = load_record(folder / "record.json")
    assert record["reviewed"] is False
    assert gzip.decompress((folder / "page.html.gz").read_bytes()) == page.body
    assert differences(folder, record, publisher) == []
    assert record["expected"] == load_record(COLUMN / "record.json")["expected"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    page = Page("https://www.example.com/", b"<p>x", datetime.now(UTC))
    with pytest.raises(InputError, match="cannot write"):
        freeze(page, read(page, publishers.for_spider("x")), tmp_path / "file" / "01")
