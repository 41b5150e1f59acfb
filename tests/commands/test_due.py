"""Which publishers `scrapy crawlall --due` crawls: those with a source in their file, or an article, whose time has come."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from newsbot.commands.crawlall import is_due
from newsbot.options import Options
from newsbot.state import KnownSource, State
from tests.run.running import options

FEED, OLD = "https://www.example.com/rss", "https://www.example.com/sitemap-2005.xml"


@pytest.fixture
def given(tmp_path: Path) -> Options:
    (tmp_path / "own").mkdir()
    text = f'site = "https://www.example.com"\n[[sources]]\nkind = "feed"\nurl = "{FEED}"\n[[sources]]\nkind = "sitemap"\n'
    (tmp_path / "own" / "example.toml").write_text(
        text + 'url = "https://www.example.com/all.xml"\nbackfill = true\n'
    )
    return replace(options(tmp_path), publishers=(str(tmp_path / "own"),))


def polled(given: Options, **next_polls: float) -> None:
    state = State.open(given.state_root, "example")
    urls = {"feed": FEED, "old": OLD}
    rows = [
        KnownSource(urls[name], name, next_poll_at=time.time() + wait) for name, wait in next_polls.items()
    ]
    state.apply(None, {"sources": [{name: getattr(row, name) for name in row.__slots__} for row in rows]})
    state.close()


def test_one_that_was_never_crawled_is(given: Options) -> None:
    assert is_due("example", given)
    State.open(given.state_root, "example").close()
    assert is_due("example", given)


@pytest.mark.parametrize(("feed", "expected"), [(-1, True), (600, False)])
def test_a_source_whose_time_has_come(given: Options, feed: float, expected: bool) -> None:
    # A sitemap that an index named long ago is opened when the index says so: its own time counts for nothing.
    polled(given, feed=feed, old=-10_000_000)
    assert is_due("example", given) is expected


def test_a_broken_file_is_due_so_that_it_is_heard_of(given: Options) -> None:
    polled(given, feed=600)
    (Path(given.publishers[0]) / "example.toml").write_text("site = 3")
    assert is_due("example", given)
