"""The rulebook of publisher files."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.exceptions import UsageError
from newsbot.publishers.rules import check

GOOD = """\
title = "Example"
country = "gb"
site = "https://www.example.co.uk"
languages = ["en"]
time_zone = "Europe/London"

[[sources]]
kind = "feed"
url = "https://www.example.co.uk/rss"
"""


def problems(folder: Path, text: str, name: str = "gb/example.toml") -> list[str]:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [str(problem).removeprefix(f"{path}") for problem in check([folder], {"NEWSBOT_DEMO_URL": ""})]


def test_a_good_file_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('title = "Example"\n', "", ": title: is missing; say it"),
        ('country = "gb"\n', "", ": country: is missing"),
        ('languages = ["en"]\n', "", ": languages: is missing"),
        ('time_zone = "Europe/London"\n', "", ": time_zone: is missing; say it, also where it is the default"),
        ('"gb"', '"ie"', ":2: country: 'ie' lies in the folder 'gb'; move the file"),
        ('rss"\n', 'rss"\nbackfill = true\n', ":7: sources: name one that every run reads"),
        ('rss"\n', 'rss"\nlanguage = "cy"\n', ":10: sources[1].language: 'cy' is not among languages"),
        ("time_zone", "article_patterns = ['/']\ntime_zone", ":5: article_patterns: the home page fits them"),
        ("time_zone", "other_patterns = ['/']\ntime_zone", ":5: other_patterns: the home page fits them"),
        (
            "rss\"\n",
            'rss"\n[[layouts]]\nvalid_until = 2020-01-01\n[[layouts]]\nbody = "p"\n',
            ":12: layouts[2]: only the first layout has no valid_until",
        ),
        (
            "rss\"\n",
            'rss"\n[[layouts]]\nvalid_until = 2020-01-01\n[[layouts]]\nvalid_until = 2021-01-01\n',
            ":13: layouts[2].valid_until: layouts stand newest first",
        ),
        (
            "rss\"\n",
            'rss"\n[[sources]]\nkind = "feed"\nurl = "https://www.example.co.uk/rss"\n',
            ":12: sources[2].url: https://www.example.co.uk/rss is named twice",
        ),
        ('"en"', '"english"', ":4: languages: ['english']: give BCP 47"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_all_problems_of_all_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("site = 3")
    (tmp_path / "gb").mkdir()
    (tmp_path / "gb" / "other.toml").write_text(GOOD)
    found = problems(tmp_path, GOOD)
    assert [line.partition(": ")[2] for line in map(str, check([tmp_path], {}))] != []
    assert any("has the name of" in line for line in found)
    assert any("is the site of example too" in line for line in found)
    assert any("other.toml:1: site: 3" in line for line in found)


def test_a_variable_without_a_value_is_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.replace("https://www.example.co.uk", "${NEWSBOT_DEMO_URL}")) == []


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder of publisher files"):
        check([tmp_path / "nothing"], {})
