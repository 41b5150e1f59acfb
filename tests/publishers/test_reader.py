"""A publisher file becomes a Publisher, or an error that names file, line, key and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newsbot.exceptions import PublisherFileError
from newsbot.publishers.model import Budgets, Layout, Source
from newsbot.publishers.reader import examine, read_file

WHOLE = r"""
title = "The Example"
country = "gb"
site = "https://www.example.com/"
languages = ["en", "cy"]
time_zone = "Europe/London"
date_order = "DMY"
article_patterns = ['^/news/\d+']
other_patterns = "^/video/"

[[sources]]
kind = "feed"
url = "https://www.example.com/rss"
language = "cy"

[[sources]]
kind = "archive"
url = "https://www.example.com/{year}/{month:02}/{day:02}/"
backfill = true
next_page = "a.next"

[[layouts]]
body = ["div.text"]
remove = "aside"

[[layouts]]
valid_until = 2020-06-30
body = ["td.old"]

[budgets]
delay = 2
max_pages = 100
"""
SITE = 'site = "https://www.example.com"\n'


def write(folder: Path, text: str, name: str = "example.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_a_file_may_say(tmp_path: Path) -> None:
    publisher = read_file(write(tmp_path, WHOLE), {})
    assert publisher.name == "example"
    assert publisher.site == "https://www.example.com"
    assert publisher.languages == ("en", "cy")
    assert publisher.sources == (
        Source("feed", "https://www.example.com/rss", language="cy"),
        Source(
            "archive",
            "https://www.example.com/{year}/{month:02}/{day:02}/",
            backfill=True,
            next_page="a.next",
        ),
    )
    assert publisher.other_patterns == ("^/video/",)
    assert publisher.layouts == (
        Layout(body=("div.text",), remove=("aside",)),
        Layout(valid_until=date(2020, 6, 30), body=("td.old",)),
    )
    assert publisher.budgets == Budgets(max_pages=100, delay=2.0)
    assert publisher.path == str(tmp_path / "example.toml")


def test_a_site_is_all_that_a_file_must_say(tmp_path: Path) -> None:
    publisher = read_file(write(tmp_path, SITE), {})
    assert publisher.time_zone == "UTC"
    assert publisher.sources == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "site: is missing"),
        ("site = 'www.example.com'", 1, "give an absolute address"),
        ("site = 'https://www.example.com/?a=1'", 1, "give the root of the site"),
        ("site = 'https://me:secret@www.example.com'", 1, "leave out user name and password"),
        ("site = 'ftp://www.example.com'", 1, "give an absolute address"),
        (SITE + "\ntime_zone = 'Berlin'", 3, "time_zone: 'Berlin': give an IANA time zone"),
        (SITE + "country = 'DE'", 2, "in lower case"),
        (SITE + "country = 'uk'", 2, "no country has this ISO 3166 code"),
        (SITE + "languages = ['english']", 2, "give BCP 47"),
        (SITE + "languages = ['en', 'jp']", 2, "jp is no language's code; give BCP 47"),
        (SITE + "languages = ['en', 'en']", 2, "twice"),
        (SITE + "date_order = 'DDMM'", 2, "take DMY, MDY or YMD"),
        (SITE + "article_patterns = ['(']", 2, "no regular expression"),
        (SITE + "colour = 'red'", 2, "colour: unknown key; take title, country"),
        (SITE + "render = 'yes'", 2, "give true or false"),
        (SITE + "title = ''", 2, "give a text"),
        (
            SITE + "sources = ['https://www.example.com/rss']",
            2,
            "write each as a table of its own: [[sources]]",
        ),
        (SITE + "budgets = 3", 2, "write it as a table"),
        (
            SITE + "[[sources]]\nkind = 'rss'\nurl = 'https://www.example.com/rss'",
            3,
            "sources[1].kind: 'rss': take feed, sitemap",
        ),
        (SITE + "[[sources]]\nkind = 'feed'", 2, "sources[1].url: is missing"),
        (
            SITE + "[[sources]]\nkind = 'feed'\nurl = '/rss'",
            4,
            "sources[1].url: '/rss': give an absolute address",
        ),
        (SITE + "[[sources]]\nkind = 'archive'\nurl = 'https://www.example.com/{y}'", 4, "put {year}"),
        (
            SITE + "[[sources]]\nkind = 'feed'\nurl = 'https://www.example.com/rss'\nnext_page = 'a'",
            5,
            "only section and archive pages",
        ),
        (SITE + "[[layouts]]\nbody = ['div[']", 3, "layouts[1].body: ['div[']: no CSS selector"),
        (SITE + "[[layouts]]\nvalid_until = '2020-01-01'", 3, "give a day without quotes"),
        (SITE + "[budgets]\ndelay = -1", 3, "budgets.delay: -1: give seconds, 0 to 120"),
        (SITE + "[budgets]\nmax_pages = 0", 3, "give a whole number, 1 or more"),
        (SITE + "title = 'no end", 2, "is no TOML"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_remedy(
    tmp_path: Path, text: str, line: int | None, message: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(PublisherFileError) as caught:
        read_file(path, {})
    assert str(caught.value).startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_problems_are_found_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "time_zone = 'X'\ncountry = 'GB'\n")
    publisher, problems = examine(path, {})
    assert publisher is None
    assert [problem.key for problem in problems] == ["time_zone", "country", "site"]
    with pytest.raises(PublisherFileError, match="and 2 more; `scrapy publishers --check`"):
        read_file(path, {})


def test_a_name_that_is_no_safe_path_is_refused(tmp_path: Path) -> None:
    _, problems = examine(write(tmp_path, SITE, "The Times.toml"), {})
    assert "rename the file" in problems[0].remedy


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PublisherFileError, match="cannot be read as UTF-8"):
        read_file(path, {})


def test_variables_are_filled_in(tmp_path: Path) -> None:
    path = write(
        tmp_path, '# served somewhere\nsite = "${WHERE}"\n[[sources]]\nkind = "feed"\nurl = "${WHERE}/rss"\n'
    )
    publisher = read_file(path, {"WHERE": "http://127.0.0.1:8000/"})
    assert publisher.site == "http://127.0.0.1:8000"
    assert publisher.sources[0].url == "http://127.0.0.1:8000/rss"


@pytest.mark.parametrize("variables", [{}, {"WHERE": ""}])
def test_a_variable_that_says_nothing_is_named(tmp_path: Path, variables: dict[str, str]) -> None:
    path = write(tmp_path, '# served somewhere\nsite = "${WHERE}"\n')
    with pytest.raises(PublisherFileError, match=r"example\.toml:2: WHERE is not set; set it"):
        read_file(path, variables)
