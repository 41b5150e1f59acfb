"""Tests of benchmarks.speed and speed_parts: what is timed; never how long it takes."""

from __future__ import annotations

import time

import pytest

from benchmarks import speed_parts
from benchmarks.speed import FORGETFUL, SYSTEMS, list_memories, show, show_parts, time_all
from benchmarks.speed_parts import PARTS, REST, time_parts
from newsbot.chain import read
from newsbot.extract import places
from newsbot.extract.model import load_model
from newsbot.publishers.model import Publisher
from tests.extract.blocks import news_page
from tests.extract.reading import URL, page_of

PAGES = [page_of(news_page(), URL), page_of(news_page(9), URL)]


def test_every_system_is_timed_on_every_page(capsys: pytest.CaptureFixture[str]) -> None:
    times = time_all(PAGES, 1)
    assert set(times) == set(SYSTEMS)
    assert all(0 < spent < 10_000 for values in times.values() for spent in values)
    show(times)
    assert FORGETFUL in capsys.readouterr().out


def test_what_is_remembered_of_pages_is_found_and_tables_are_not() -> None:
    memories = list(list_memories())
    assert places._named in memories
    assert load_model not in memories


def test_parts_are_timed_and_functions_put_back(capsys: pytest.CaptureFixture[str]) -> None:
    before = [getattr(place, function) for _, place, function in PARTS]
    parts = time_parts(lambda page: read(page, Publisher(name="a", site="")), PAGES, 1)
    assert [getattr(place, function) for _, place, function in PARTS] == before
    assert set(parts) == {name for name, *_ in PARTS} | {REST}
    assert all(0 < spent < 10_000 for values in parts.values() for spent in values)
    show_parts(parts)
    assert "100" not in capsys.readouterr().out.splitlines()[1]


def test_a_parts_time_is_without_that_of_the_parts_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = speed_parts._Clock()
    ticks = iter([0.0, 1.0, 4.0, 6.0])
    monkeypatch.setattr(time, "process_time", lambda: next(ticks))
    inner = clock.timed("parse", lambda: None)
    clock.timed("metadata", inner)()
    assert clock.spent["parse"] == 3.0
    assert clock.spent["metadata"] == 3.0
