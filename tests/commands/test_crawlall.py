"""`scrapy crawlall`: each publisher in a process of its own; one that crashes, hangs or fails harms no other."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from newsbot.commands import crawlall
from newsbot.commands.crawlall import Finished, choose, close, crawl_all, read_span
from newsbot.exceptions import UsageError
from newsbot.outcomes import ExitStatus
from tests.crawling import last_record, scrapy, served
from tests.run.running import options

# What stands for `python` in these tests: a script that does what the publisher's name says.
STUB = """#!/bin/sh
for word in "$@"; do case "$word" in publisher=*) name="${word#publisher=}";; esac; done
echo "$$ $@" >> "$STUB_LOG"
case "$name" in
  crash*) kill -9 $$;;
  hang*) trap '' TERM; while :; do sleep 0.05; done;;
  slow*) trap 'echo "$name: stopped"; exit 130' TERM; while :; do sleep 0.05; done;;
  orphan*) sleep 60 & exit 3;;
  full*) echo "$name: no row added"; echo "  commit_failed https://a.example/b: no space left"; exit 73;;
  brief*) sleep 0.3; echo "$name: 1 new article"; exit 0;;
  locked*) echo "newsbot: X is no setting"; echo "newsbot: publisher is being crawled"; exit 75;;
  *) echo "newsbot: X is no setting"; echo "a line of no interest"; echo "$name: 1 new article"; exit 0;;
esac
"""


Crawl = Callable[..., list[Finished]]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    stub = tmp_path / "python"
    stub.write_text(STUB)
    stub.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(stub))
    monkeypatch.setattr(crawlall, "GRACE", 0.5)
    monkeypatch.setenv("STUB_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def crawled(names: Sequence[str], jobs: int = 4, seconds: float | None = None, *given: str) -> dict[str, int]:
    """Crawl and return the statuses by name."""
    return {done.publisher: done.status for done in asyncio.run(crawl_all(names, given, jobs, seconds))}


def test_one_that_crashes_or_hangs_harms_no_other(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["good1", "crash", "hang", "locked", "good2", "good3"]
    found = crawled(names, 2, 2.0)
    assert found == {"good1": 0, "crash": -9, "hang": -9, "locked": 75, "good2": 0, "good3": 0}
    said = capsys.readouterr().out
    assert "done  good2: 1 new article" in said
    assert "locked  locked: publisher is being crawled" in said
    assert "-9  crash: ended with -9" in said


def test_at_the_deadline_those_under_way_may_finish_their_word_and_the_rest_are_left(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert crawled(["slow1", "good1", "good2"], 1, 1.0) == {"slow1": 130}
    said = capsys.readouterr().out
    assert "interrupted  slow1: stopped" in said
    assert "not started  2 publishers: the end came first (good1, good2)" in said


def test_the_line_says_why_nothing_was_committed(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crawled(["full"]) == {"full": 73}
    assert "commit_failed  full: no row added: no space left" in capsys.readouterr().out


def test_a_worker_left_behind_does_not_hold_the_others_up(log: Path) -> None:
    begun = time.monotonic()
    assert crawled(["orphan", "good"]) == {"orphan": 3, "good": 0}
    assert time.monotonic() - begun < 30, "its child sleeps for a minute"


def test_a_signal_ends_all_as_the_deadline_does(log: Path) -> None:
    async def interrupted() -> list[Finished]:
        asyncio.get_running_loop().call_later(1.0, os.kill, os.getpid(), signal.SIGTERM)
        return await crawl_all(["slow1", "slow2", "good"], (), 2, None)

    assert [(done.publisher, done.status) for done in asyncio.run(interrupted())] == [
        ("slow1", 130),
        ("slow2", 130),
    ]


def test_no_more_at_a_time_than_asked_for(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, most = 0, 0
    real = crawlall.crawl_one

    async def counted(name: str, given: Sequence[str], stop: asyncio.Event) -> Finished:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await real(name, given, stop)
        finally:
            under_way -= 1

    monkeypatch.setattr(crawlall, "crawl_one", counted)
    assert set(crawled([f"brief{number}" for number in range(6)], 3).values()) == {0}
    assert most == 3


def test_settings_and_arguments_go_to_every_crawl(log: Path) -> None:
    crawled(["good1", "good2"], 2, None, "-sNEWSBOT_WORKERS=0", "-adue=true")
    lines = log.read_text().splitlines()
    assert len(lines) == 2
    assert all(
        line.split(" ", 1)[1] == f"-m scrapy crawl news -a publisher={name} -sNEWSBOT_WORKERS=0 -adue=true"
        for name, line in zip(
            ("good1", "good2"), sorted(lines, key=lambda line: line.split("publisher=")[1]), strict=True
        )
    )


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([0, 0], ExitStatus.DONE),
        ([], ExitStatus.DONE),
        ([0, 75], ExitStatus.DONE),
        ([0, 3], ExitStatus.PARTLY_FAILED),
        ([0, -9], ExitStatus.PARTLY_FAILED),
        ([0, 130], ExitStatus.PARTLY_FAILED),
        ([4, 73], ExitStatus.BROKEN),
        ([130, 130], ExitStatus.INTERRUPTED),
    ],
)
def test_the_status_of_all(statuses: list[int], expected: ExitStatus) -> None:
    assert (
        close([Finished(f"p{place}", status, 1.0, "") for place, status in enumerate(statuses)]) == expected
    )


@pytest.mark.parametrize(
    ("text", "seconds"), [("3000", 3000), ("90s", 90), ("50m", 3000), ("1.5h", 5400), (None, None)]
)
def test_spans_of_time(text: str | None, seconds: float | None) -> None:
    assert read_span(text) == seconds


@pytest.mark.parametrize("text", ["0", "soon", "5d", "-3m", ""])
def test_a_span_that_is_none_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="--deadline"):
        read_span(text)


def own(folder: Path, **files: str) -> tuple[str, ...]:
    """Write publisher files and return the setting that names their folder."""
    (folder / "own").mkdir()
    for name, text in files.items():
        (folder / "own" / f"{name}.toml").write_text(text)
    return (str(folder / "own"),)


def test_every_publisher_is_in_one_shard(tmp_path: Path) -> None:
    given = options(tmp_path)
    parts = [choose([], f"{number}/8", given) for number in range(1, 9)]
    every = choose([], None, given)
    assert sorted(name for part in parts for name in part) == sorted(every)
    assert len(every) > 100 and all(part for part in parts)
    assert "demo" not in every
    assert "demo" in choose([], None, replace(given, demo_url="http://127.0.0.1:1"))


@pytest.mark.parametrize("part", ["0/8", "9/8", "1", "a/b", "1/0"])
def test_a_shard_that_is_none_is_named(tmp_path: Path, part: str) -> None:
    with pytest.raises(UsageError, match=f"--shard {part}: give I/N"):
        choose([], part, options(tmp_path))


def test_an_unknown_publisher_is_named(tmp_path: Path) -> None:
    given = replace(options(tmp_path), publishers=own(tmp_path, one='site = "https://one.example"'))
    assert choose(["one"], None, given) == ["one"]
    with pytest.raises(UsageError, match="unknown publisher 'two'"):
        choose(["one", "two"], None, given)


def test_publishers_that_fail_in_every_way_beside_one_that_is_served(tmp_path: Path) -> None:
    """Real crawls: one served, one whose server is gone, one with a damaged state, one whose server never answers."""
    with served(tmp_path, 12) as site, socket.create_server(("127.0.0.1", 0)) as silent:
        mute = f"http://127.0.0.1:{silent.getsockname()[1]}"
        source = '\n[[sources]]\nkind = "feed"\nurl = "{0}/rss.xml"\n'
        folders = own(
            tmp_path,
            torn=f'site = "{site.url}"' + source.format(site.url),
            gone='site = "http://127.0.0.1:9"' + source.format("http://127.0.0.1:9"),
            mute=f'site = "{mute}"' + source.format(mute),
        )
        output = tmp_path / "output"
        (output / "state").mkdir(parents=True)
        (output / "state" / "torn.sqlite3").write_bytes(b"no database " * 1000)
        given = {"publishers": folders[0], "allowed_addresses": "127.0.0.1/32", "workers": "0"}
        names = ("demo", "torn", "gone", "mute")
        words = ("--jobs", "3", "-s", "DOWNLOAD_TIMEOUT=5", "-s", "RETRY_TIMES=0")
        done = scrapy(output, "crawlall", *names, *words, url=site.url, **given)
        said = {line.split()[1].rstrip(":"): line.split()[0] for line in done.stdout.splitlines()[:4]}
        expected = {"demo": "done", "torn": "commit_failed", "gone": "broken", "mute": "broken"}
        assert said == expected, done.stdout
        assert done.returncode == ExitStatus.PARTLY_FAILED
        assert "4 publishers, 3 with faults" in done.stdout
        assert re.search(
            r"gone: broken, no row added \(.*\): none of 1 sources could be read", done.stdout
        ), done.stdout
        assert last_record(output)["outcomes"] == {"new": 12}
        again = scrapy(output, "crawlall", "demo", "--due", url=site.url, **given)
        assert (again.returncode, again.stdout) == (ExitStatus.DONE, "0 publishers, 0 with faults\n")


def test_bad_usage_is_one_line(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "crawlall", "nowhere", "--jobs", "0")
    assert done.returncode == ExitStatus.BAD_USAGE
    assert done.stderr.startswith("newsbot: unknown publisher 'nowhere'") and done.stderr.count("\n") == 1
