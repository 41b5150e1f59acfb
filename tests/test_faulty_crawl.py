"""Whole crawls among faults: what is good is kept, the rest is counted, and nothing is fetched where a setting means nothing.

Loopback only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from newsbot.chain import stamp
from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import serve
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher
from tests.crawling import Site, crawl, last_record, scrapy, served

MIXED = [
    "redirect_loop",
    "truncated",
    "redirect_private",
    "http_403",
    "reset",
    "not_http",
    "huge_page",
    "throttled",
]


def test_a_run_among_faults_keeps_what_is_good_and_counts_the_rest(tmp_path: Path) -> None:
    paper = Newspaper(seed=2, articles=40)
    with serve(paper) as server:
        server.wrongs.at |= {paper.path(number): case for number, case in enumerate(MIXED)}
        site = Site(server.url, {str(row["url"]): row for row in paper.truths()})
        done = crawl(tmp_path / "out", site, pause="0.1")
        spoilt = {paper.url(number) for number in range(len(MIXED) - 1)}
    record = last_record(tmp_path / "out")
    assert done.returncode in {0, 3}, done.stderr
    assert record["urls"] == sum(record["outcomes"].values())
    assert record["outcomes"]["new"] == record["rows"] == 40 - len(spoilt)
    assert {"truncated", "redirect_limit", "blocked_address", "blocked", "fetch_failed"} <= record[
        "outcomes"
    ].keys()
    assert "Traceback" not in done.stderr
    table = ds.dataset(tmp_path / "out" / "articles", partitioning="hive").to_table(
        ["url", "headline", "body", "is_truncated"]
    )
    rows = table.to_pylist()
    assert not spoilt & {row["url"] for row in rows}
    for row in rows:
        assert row["headline"] == site.truth[row["url"]]["headline"]
        assert not row["is_truncated"]


def test_pages_kept_in_the_archive_give_the_same_rows_without_a_request(tmp_path: Path) -> None:
    with served(tmp_path, 20, 4) as site:
        assert crawl(tmp_path / "out", site).returncode == 0
    words = ("crawl", "replay", "-a", "publisher=demo", "-a", f"path={tmp_path / 'out' / 'archive'}")
    done = scrapy(tmp_path / "again", *words, url=site.url)
    assert done.returncode == 0, done.stderr
    columns = [
        "url",
        "headline",
        "body",
        "authors",
        "date_published",
        "rights",
        "provenance",
        "warc_file",
        "warc_offset",
    ]
    first, again = (
        sorted(
            ds.dataset(tmp_path / name / "articles", partitioning="hive").to_table(columns).to_pylist(),
            key=itemgetter("url"),
        )
        for name in ("out", "again")
    )
    assert len(first) == 20
    assert first == again
    assert not list((tmp_path / "again").rglob("*.warc.gz"))


# -- 38 TLS ------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_archive_ends_no_replay_of_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "a.warc.gz").write_bytes(b"no archive " * 100)
    words = ("crawl", "replay", "-a", "publisher=demo", "-a", f"path={folder}")
    alone = scrapy(tmp_path / "alone", *words)
    assert (alone.returncode, "Traceback" in alone.stderr) == (65, False), alone.stderr
    with served(tmp_path, 5, 4) as site:
        assert crawl(tmp_path / "out", site).returncode == 0
    (archive,) = (tmp_path / "out" / "archive").rglob("*.warc.gz")
    archive.rename(folder / "b.warc.gz")
    among = scrapy(tmp_path / "among", *words)
    assert among.returncode == 3, among.stderr
    assert "demo: 5 new articles" in among.stdout and f"problem     {folder / 'a.warc.gz'}: " in among.stdout


@pytest.mark.parametrize(
    ("url", "verify", "said"),
    [
        ("https://example.com/a", False, "unverified"),
        ("https://example.com/a", True, None),
        ("http://example.com/a", False, None),
    ],
)
def test_a_certificate_that_was_not_checked_is_named_on_the_row(
    url: str, verify: bool, said: str | None
) -> None:
    article, page = Article(), Page(url, b"", datetime.now(UTC))
    stamp(article, page, Publisher("x", "https://example.com", verify_tls=verify))
    assert article.provenance.get("tls") == said


def test_a_guard_that_means_nothing_is_named_before_anything_is_fetched(tmp_path: Path) -> None:
    with serve(Newspaper(seed=3, articles=2)) as server:
        words = ("crawl", "news", "-a", "publisher=demo")
        done = scrapy(tmp_path, *words, url=server.url, allowed_addresses="loopback")
        assert not server.requests
    assert done.returncode == 64
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1 and lines[0].startswith("newsbot: NEWSBOT_ALLOWED_ADDRESSES holds 'loopback'"), (
        done.stderr
    )
