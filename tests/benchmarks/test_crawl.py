"""benchmarks.crawl: a small crawl is served, fetched by bare Scrapy, committed by newsbot and measured."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from benchmarks import serving
from benchmarks.crawl import Measure, Use, bare, lay_sitemap, newsbot, peer, table, used, verdicts, watch


@pytest.mark.parametrize("has_nginx", [True, False])
def test_every_page_is_fetched_and_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_nginx: bool
) -> None:
    if not has_nginx:
        monkeypatch.setattr(serving, "find_nginx", lambda: None)
    elif serving.find_nginx() is None:
        pytest.skip("nginx is not installed")
    urls = tmp_path / "urls.txt"
    with serving.served(8, tmp_path) as (site, articles):
        with urllib.request.urlopen(articles[0]) as answer:
            assert b"<html" in answer.read()
        urls.write_text("\n".join(articles))
        fetched, crawled = bare(urls, tmp_path), newsbot(site, tmp_path, 1, known=100)
    assert fetched.pages == crawled.pages == 8
    assert crawled.others > 0, "the worker's memory is measured apart"
    assert crawled.cpu > 0
    assert crawled.others_cpu > 0, "and so is its time"
    assert "'new': 8" in crawled.note


def test_time_and_memory_of_a_command(tmp_path: Path) -> None:
    measure = watch(
        "big", [sys.executable, "-c", "x = b'x' * 80_000_000; import time; time.sleep(0.5)"], {}, tmp_path
    )
    assert measure.memory > 80_000_000
    assert 0.5 <= measure.seconds < 60


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="status 3: no room"):
        watch("bad", [sys.executable, "-c", "import sys; print('no room'); sys.exit(3)"], {}, tmp_path)


def test_a_peer_that_is_not_there_is_noted(tmp_path: Path) -> None:
    measure = peer("fundus", tmp_path / "nowhere", tmp_path / "urls", tmp_path)
    assert measure.rate == 0
    assert "nowhere" in measure.note


def test_a_process_that_has_ended_uses_nothing() -> None:
    mine = used(os.getpid())
    assert mine.memory > 1_000_000
    assert 0 < mine.cpu <= time.process_time() + 1
    assert used(1 << 30) == Use()


def test_table_and_goals() -> None:
    measures = [
        Measure("bare Scrapy", 100, 1.0),
        Measure("newsbot", 100, 2.0, 200_000_000),
        Measure("slow", 10, 2.0),
    ]
    assert "50%" in table(measures)[2]
    assert [line.split(" (")[0] for line in verdicts(measures)] == [
        "of bare Scrapy 50%",
        "times the best peer, slow: 10.0",
        "memory of the crawl process 200 MB",
    ]


def test_a_server_that_ends_is_noticed() -> None:
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(4)"])
    started = time.monotonic()
    with pytest.raises(RuntimeError, match="status 4"):
        serving.wait(process, serving.free_port())
    assert time.monotonic() - started < 60


def test_a_peer_that_reads_sitemaps_only_is_given_one(tmp_path: Path) -> None:
    (tmp_path / "site-1").mkdir()
    lay_sitemap(tmp_path, ["http://127.0.0.1:1/a", "http://127.0.0.1:1/b"])
    found = (tmp_path / "site-1" / "some.xml").read_text()
    assert found.count("<loc>http://127.0.0.1:1/") == 2 and found.startswith("<urlset")
