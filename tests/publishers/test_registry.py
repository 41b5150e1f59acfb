"""The registry finds publishers by name and by site."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot import publishers
from newsbot.exceptions import PublisherFileError, UnknownPublisher, UsageError

NONE: dict[str, str] = {}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "gb").mkdir()
    (tmp_path / "gb" / "example.toml").write_text('site = "https://www.example.co.uk"\n')
    (tmp_path / "broken.toml").write_text("site =")
    (tmp_path / "served.toml").write_text('site = "${SERVED}"\n')
    return str(tmp_path)


def test_a_publisher_is_found_by_name(folder: str) -> None:
    assert publishers.load("example", [folder], NONE).site == "https://www.example.co.uk"


def test_shipped_publishers_are_found_without_a_folder() -> None:
    assert publishers.load("rt", [], NONE).country == "ru"


def test_a_user_file_hides_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "rt.toml").write_text('site = "https://www.example.com"\n')
    assert publishers.load("rt", [str(tmp_path)], NONE).site == "https://www.example.com"


def test_names_are_sorted_and_unique(folder: str) -> None:
    names = publishers.names([folder])
    assert {"example", "broken", "rt"} <= set(names)
    assert names == sorted(set(names))


def test_an_unknown_name_is_answered_with_near_ones(folder: str) -> None:
    with pytest.raises(UnknownPublisher, match=r"'exmaple': did you mean example\?"):
        publishers.load("exmaple", [folder], NONE)
    with pytest.raises(UnknownPublisher, match=r"'zzzzzzzz': `scrapy publishers` lists names"):
        publishers.load("zzzzzzzz", [folder], NONE)


def test_a_broken_file_stops_nobody_but_its_own_publisher(folder: str) -> None:
    assert publishers.for_site("https://m.example.co.uk/news/1", [folder], NONE).name == "example"
    with pytest.raises(PublisherFileError, match="is no TOML"):
        publishers.load("broken", [folder], NONE)


def test_a_folder_that_is_none_is_named() -> None:
    with pytest.raises(UsageError, match="NEWSBOT_PUBLISHERS names /nowhere"):
        publishers.names(["/nowhere"])


def test_a_site_of_variables_is_found_where_it_is_served(folder: str) -> None:
    served = {"SERVED": "http://127.0.0.1:8000"}
    assert publishers.for_site("http://127.0.0.1:8000/a/b", [folder], served).name == "served"
    assert publishers.for_site("http://127.0.0.1:9000/a/b", [folder], served).name == "127-0-0-1-9000"


def test_a_site_without_a_file_is_named_after_its_host(folder: str) -> None:
    publisher = publishers.for_site("https://News.Example.org:8443/a?b#c", [folder], NONE)
    assert (publisher.name, publisher.site, publisher.path) == (
        "example-org",
        "https://news.example.org:8443",
        None,
    )
    assert publishers.for_site("https://user:secret@example.org/", [], NONE).site == "https://example.org"


@pytest.mark.parametrize("url", ["ftp://example.com", "nothing", "https://"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="https://"):
        publishers.for_site(url, [], NONE)


def test_a_users_own_spider_is_a_publisher_with_a_safe_name() -> None:
    assert publishers.for_spider("My Spider/../x").name == "my-spider-x"
    assert publishers.for_spider("//").name == "site"
