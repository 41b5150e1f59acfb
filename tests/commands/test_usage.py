"""A command that is called wrongly ends with one line and status 64, whether argparse, Scrapy or newsbot sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.outcomes import ExitStatus
from tests.crawling import scrapy


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("crawl",), "name one spider: news or replay; usage: scrapy crawl"),
        (("crawl", "news", "-a", "publisher"), "Invalid -a value"),
        (("crawl", "news", "-O", "articles.xyz"), "Unrecognized output format 'xyz'"),
        (("crawlall", "--due=3"), "--due: ignored explicit argument '3'; usage: scrapy crawlall"),
        (("dataset",), "name one action: info"),
        (("dataset", "latest", "--format", "xml"), "--format: invalid choice: 'xml'"),
        (("extract",), "name one URL or file"),
        (("genpublisher", "example"), "give a name and the site's address"),
        (("publishers", "--learned"), "--learned: expected"),
    ],
)
def test_bad_usage_is_one_line_and_64(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = scrapy(tmp_path, *words)
    assert done.returncode == ExitStatus.BAD_USAGE, done.stderr
    assert done.stderr.startswith("newsbot: ") and said in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not done.stdout
