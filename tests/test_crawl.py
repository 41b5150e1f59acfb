"""A whole crawl of the demo newspaper into Parquet, compared with its truth field by field; and what a second one does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest

from newsbot.dataset.schema import SCHEMA
from newsbot.outcomes import ExitStatus
from tests.crawling import Site, crawl, files, last_record, scrapy, served

ARTICLES = 90


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("demo"), ARTICLES) as site:
        yield site


@pytest.fixture(scope="module")
def output(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output root of one finished crawl, which tests leave as it is."""
    folder = tmp_path_factory.mktemp("output")
    done = crawl(folder, site)
    assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
    assert done.stdout.startswith(f"demo: {ARTICLES} new articles on "), done.stdout
    return folder


def rows(output: Path) -> list[dict[str, Any]]:
    table = ds.dataset(output / "articles", partitioning="hive").to_table()
    return table.to_pylist()  # type: ignore[no-any-return]


def told(name: str, value: Any) -> Any:
    """Return a value of the truth as the dataset holds it."""
    if name in {"date_published", "date_modified"} and value is not None:
        return datetime.fromisoformat(value)
    return value


def test_every_article_is_there_once_and_every_field_is_true(site: Site, output: Path) -> None:
    found = rows(output)
    assert Counter(row["url"] for row in found) == Counter(site.truth.keys())
    wrong = [
        (row["url"], name, row[name], told(name, true))
        for row in found
        for name, true in site.truth[row["url"]].items()
        if str(row[name]) != str(true) and row[name] != told(name, true)
    ]
    assert not wrong, f"{len(wrong)} wrong fields, such as {wrong[:3]}"


def test_rows_carry_where_they_come_from(output: Path) -> None:
    for row in rows(output):
        assert row["version"] == 1 and row["change"] == "first"
        assert row["publisher"] == "demo"
        assert re.fullmatch(r"[0-9a-f]{32}", row["article_id"])
        assert re.fullmatch(r"[0-9a-f]{32}", row["content_hash"])
        assert row["http_status"] == 200 and row["run_id"] and row["extractor_version"]
        assert row["first_seen_at"] == row["fetched_at"]
        assert dict(row["provenance"])["body"] == "layout"
        assert row["warc_file"] and (output / "archive" / row["warc_file"]).is_file()
        assert row["word_count"] > 0 and row["replacement_characters"] == 0


def test_nothing_but_final_files_lies_in_the_table(output: Path) -> None:
    names = files(output)
    assert names
    assert all(re.fullmatch(r"date=\d{4}-\d\d-\d\d/[\w.-]+\.parquet", name) for name in names), names
    assert not list((output / "staging").glob("demo*"))


def test_the_schema_is_the_declared_one(output: Path) -> None:
    for path in (output / "articles").rglob("*.parquet"):
        assert ds.dataset(path).schema.equals(SCHEMA)


def test_the_record_adds_up(output: Path) -> None:
    record = last_record(output)
    assert record["outcomes"] == {"new": ARTICLES} and record["urls"] == ARTICLES
    assert record["rows"] == ARTICLES == sum(record["partitions"].values())
    assert record["verdict"] == "healthy"
    assert (output / "report" / "index.html").is_file()


def test_pyarrow_pandas_duckdb_and_polars_read_equal_rows(output: Path) -> None:
    table = str(output / "articles")
    columns = ["article_id", "headline", "body", "date_published", "word_count", "date"]
    arrow = ds.dataset(table, partitioning="hive").to_table(columns=columns).to_pandas()
    relation = duckdb.sql(f"SELECT {', '.join(columns)} FROM read_parquet('{table}/*/*.parquet')")
    assert relation is not None
    readings = {
        "pandas": pd.read_parquet(table, columns=columns),
        "duckdb": relation.df(),
        "polars": pl.scan_parquet(f"{table}/").select(columns).collect().to_pandas(),
    }
    expected = comparable(arrow)
    assert len(expected) == ARTICLES
    for reader, frame in readings.items():
        assert comparable(frame) == expected, reader


def comparable(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows sorted, instants as UTC text and days as YYYY-MM-DD, which readers type in their own ways."""
    frame = frame.assign(
        date_published=pd.to_datetime(frame["date_published"], utc=True).dt.strftime("%FT%T"),
        date=frame["date"].astype(str).str[:10],
    )
    return sorted(tuple(map(str, row)) for row in frame.itertuples(index=False))


def test_a_second_crawl_finds_nothing_new_and_says_so(site: Site, output: Path) -> None:
    before = files(output)
    done = crawl(output, site)
    assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
    assert done.stdout.startswith("demo: nothing new"), done.stdout
    assert files(output) == before
    done = crawl(output, site, nothing_new_status="2")
    assert done.returncode == 2 and files(output) == before


def test_a_limit_leaves_the_rest_to_the_next_run(site: Site, tmp_path: Path) -> None:
    done = crawl(tmp_path, site, "-a", "limit=20")
    assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
    assert last_record(tmp_path)["outcomes"]["new"] == 20
    crawl(tmp_path, site)
    urls = [row["url"] for row in rows(tmp_path)]
    assert sorted(urls) == sorted(site.truth)


def test_a_range_of_days_takes_those_days_only(site: Site, tmp_path: Path) -> None:
    days = sorted({row["date"] for row in site.truth.values()})
    first, last = days[1], days[-2]
    done = crawl(tmp_path, site, "-a", f"since={first}", "-a", f"until={last}")
    assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
    assert {row["url"] for row in rows(tmp_path)} == {
        url for url, row in site.truth.items() if first <= row["date"] <= last
    }


def test_named_urls_are_fetched_alone(site: Site, tmp_path: Path) -> None:
    wanted = sorted(site.truth)[:2]
    done = scrapy(tmp_path, "crawl", "news", "-a", f"url={' '.join(wanted)}", url=site.url)
    assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
    assert sorted(row["url"] for row in rows(tmp_path)) == wanted


def test_a_site_without_a_publisher_file_is_crawled_by_what_it_announces(site: Site, tmp_path: Path) -> None:
    done = scrapy(
        tmp_path,
        "crawl",
        "news",
        "-a",
        f"site={site.url}",
        "-a",
        "limit=30",
        allowed_addresses="127.0.0.0/8",
    )
    assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
    assert last_record(tmp_path, next((tmp_path / "runs").iterdir()).name)["outcomes"]["new"] >= 25


def test_feed_exports_work_beside_the_dataset(site: Site, tmp_path: Path) -> None:
    feed = tmp_path / "articles.parquet"
    done = crawl(
        tmp_path / "out", site, "-a", "limit=10", "-O", str(feed), "-O", str(tmp_path / "articles.jsonl")
    )
    assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
    assert pd.read_parquet(feed)["url"].isin(list(site.truth)).all()
    assert len(pd.read_json(tmp_path / "articles.jsonl", lines=True)) == len(pd.read_parquet(feed)) == 10
