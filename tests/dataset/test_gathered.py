"""Rows come out of pieces and spool as they went in, in any order, and what does not fit is named."""

from __future__ import annotations

import decimal
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from newsbot.dataset import gathered as module
from newsbot.dataset.gathered import Gathered
from newsbot.dataset.schema import COLUMNS, SCHEMA
from tests.dataset.conftest import make_row


def gathered(tmp_path: Path, rows: list[dict[str, Any]], held: int = 10**6) -> Gathered:
    found = Gathered(tmp_path / "batch" / "spool", held)
    for number, row in enumerate(rows):
        found.add(row, str(number).encode())
    found.close()
    return found


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"body": "“Quotes”, \u2028 and a face 🙂\x00", "confidence": 0.5, "word_count": 2**31 - 1},
        {"date_published": datetime(2026, 2, 1, 8, 30, 1, 123456, tzinfo=timezone(timedelta(hours=-5)))},
        {"date_published": datetime(1, 1, 1, tzinfo=UTC), "date_modified": None},
        {"images": [{"url": "https://a.example/1", "caption": None, "credit": "B"}], "authors": ["A", "B"]},
        {"provenance": {"headline": "json_ld"}, "is_live_blog": True, "is_truncated": None},
    ],
    ids=["plain", "text", "zone", "far", "lists", "maps"],
)
@pytest.mark.parametrize("held", [0, 10**6], ids=["spooled", "held"])
def test_a_row_comes_back_as_arrow_has_it(tmp_path: Path, given: dict[str, Any], held: int) -> None:
    row = make_row("a", **given)
    table = gathered(tmp_path, [row], held).table([0])
    assert table.equals(pa.Table.from_pylist([row], schema=SCHEMA))


@pytest.mark.parametrize("held", [0, 9000, 10**6], ids=["spooled", "both", "held"])
def test_rows_are_picked_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    monkeypatch.setattr(module, "PIECE_ROWS", 4)
    found = gathered(tmp_path, [make_row(str(number)) for number in range(19)], held)
    chance = random.Random(1)
    orders = [list(range(19)), list(range(3, 11)), [18], [0, 5, 7, 18], chance.sample(range(19), 12)]
    for numbers in orders:
        assert found.table(numbers)["article_id"].to_pylist() == [str(number) for number in numbers]


def test_rows_that_are_finished_take_the_place_of_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE_ROWS", 4)
    found = gathered(tmp_path, [make_row(str(number)) for number in range(10)])

    def finish(row: Mapping[str, Any], extra: bytes) -> Mapping[str, Any]:
        assert row["article_id"] == extra.decode() and len(row) == len(COLUMNS)
        return {**row, "body": f"new {row['article_id']}"} if int(extra) % 2 else row

    for numbers in ([7, 2, 3], [9, 0]):
        table = found.table(numbers, finish)
        assert table["article_id"].to_pylist() == [str(number) for number in numbers]
        assert table["body"].to_pylist() == [
            f"new {number}" if number % 2 else f"Body of {number}, version 1." for number in numbers
        ]
        others = SCHEMA.remove(SCHEMA.get_field_index("body")).names
        assert table.select(others).equals(found.table(numbers).select(others))


def test_pieces_close_by_bytes_too_and_are_counted_as_they_are(tmp_path: Path) -> None:
    found = gathered(
        tmp_path, [make_row(str(number), body="x" * 600_000) for number in range(3)], held=1_500_000
    )
    assert 1_800_000 < found.bytes < 1_810_000
    assert (tmp_path / "batch" / "spool").stat().st_size > 600_000
    found.forget()
    assert not (tmp_path / "batch" / "spool").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"headline": "a lone \ud800 surrogate"}, r"headline of article b is no string: .*surrogates not allowed"),
        ({"word_count": 2**40}, r"word_count of article b is no int32: "),
        ({"authors": decimal.Decimal("0.5")}, r"authors of article b is no list<item: string>: "),
        ({"confidence": "high"}, r"confidence of article b is no float: "),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_named(tmp_path: Path, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gathered(tmp_path, [make_row("a"), make_row("b", **given)])
