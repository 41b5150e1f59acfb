"""A command that is called wrongly ends with one line and status 64, whether argparse, Scrapy or newsbot sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.commands.usage import name_unknown_settings
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
        (("publishers", "--check", "--live"), "--live: not allowed with argument --check"),
    ],
)
def test_bad_usage_is_one_line_and_64(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = scrapy(tmp_path, *words)
    assert done.returncode == ExitStatus.BAD_USAGE, done.stderr
    assert done.stderr.startswith("newsbot: ") and said in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not done.stdout


def test_a_setting_that_is_misspelt_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("NEWSBOT_WORKER", "NEWSBOT_WORKERS", "NEWSBOT_OF_MY_OWN", "NEWSBOT_PURE", "WORKERS"):
        monkeypatch.setenv(name, "1")
    name_unknown_settings(["NEWSBOT_OUTPT=out", "NEWSBOT_OUTPUT=out", "LOG_LEVEL=INFO"])
    assert capsys.readouterr().err.splitlines() == [
        "newsbot: NEWSBOT_OUTPT is no setting and does nothing; is NEWSBOT_OUTPUT meant?",
        "newsbot: NEWSBOT_WORKER is no setting and does nothing; is NEWSBOT_WORKERS meant?",
    ]


def test_a_command_says_so_and_goes_on(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "dataset", "schema", "-s", "NEWSBOT_OUTPT=out")
    assert done.returncode == 0 and "is NEWSBOT_OUTPUT meant?" in done.stderr
