"""Every command in the README is run, against the demo newspaper where it names a real site; its Python and files are real too."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawling import ROOT, Site, crawl, scrapy, served

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
LINES = [
    line.split(" #")[0].strip() for language, block in BLOCKS if not language for line in block.splitlines()
]
COMMANDS = [line for line in LINES if re.match(r"(?:scrapy|make|NEWSBOT_\w+=\S+ make) ", line)]
CRON = [line for line in LINES if re.match(r"\d+ \* ", line)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("demo"), 12) as site:
        yield site


@pytest.fixture(scope="module")
def saved(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a saved page of the newspaper, as a reader would save it."""
    from urllib.request import urlopen

    folder = tmp_path_factory.mktemp("saved")
    (folder / "page.html").write_bytes(urlopen(next(iter(site.truth))).read())
    return folder


def test_the_readme_has_what_it_should_have() -> None:
    assert {"make crawl", "make test"} <= set(COMMANDS)
    assert sum(command.startswith("scrapy ") for command in COMMANDS) >= 6 and len(CRON) == 1
    assert "SAMPLE" not in README and "PUBLISHER\n" not in README


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("scrapy ")])
def test_a_scrapy_command_works(command: str, site: Site, saved: Path, tmp_path: Path) -> None:
    address = site.url.replace("127.0.0.1", "localhost")
    text = command.replace("publisher=rt", "publisher=demo").replace("saved/", f"{saved}/")
    text = text.replace("https://www.example.com/2020/a-story", next(iter(site.truth)))
    words = shlex.split(text.replace("https://www.example.com", address))[1:]
    if words[:2] == ["dataset", "info"]:
        assert crawl(tmp_path, site, "-a", "limit=3").returncode == 0
    done = scrapy(tmp_path, *words, url=site.url, allowed_addresses="127.0.0.1/32")
    assert done.returncode == 0, done.stdout + done.stderr
    assert words[:2] != ["dataset", "info"] or "3 that stand" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_cron_line_works(site: Site, tmp_path: Path) -> None:
    """The line with one publisher named: without, it would ask every publisher there is."""
    words = shlex.split(CRON[0].split("&&")[1])
    assert words[0] == ".venv/bin/scrapy"
    done = scrapy(tmp_path, *words[1:], "demo", url=site.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "demo: 12 new articles" in done.stdout and "1 publisher, 0 with faults" in done.stdout
    again = scrapy(tmp_path, *words[1:], "demo", url=site.url)
    assert again.returncode == 0 and "0 publishers, 0 with faults" in again.stdout, "nothing is due so soon"


@pytest.mark.parametrize("command", [command for command in COMMANDS if "make " in command])
def test_a_make_target_is_there_and_sets_everything_up(command: str) -> None:
    words = [word for word in shlex.split(command) if not word.startswith("NEWSBOT_")]
    done = subprocess.run([words[0], "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"crawl": "scrapy crawl news -a publisher=", "test": "pytest"}[words[1]] in done.stdout


def test_make_crawl_works_twice(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSBOT_", "MAKE"))}
    command = [
        "make",
        "-s",
        "-o",
        "setup",
        "crawl",
        f"OUTPUT={tmp_path / 'out'}",
        "ARTICLES=15",
        f"BIN={Path(sys.executable).parent}",
    ]
    outputs = []
    for _ in range(2):
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=180
        )
        assert done.returncode == 0, done.stdout + done.stderr
        outputs.append(done.stdout)
    assert "demo: 15 new articles on" in outputs[0]
    assert "pandas" in outputs[0] and "DuckDB" in outputs[0] and "Polars" in outputs[0]
    assert "nothing new" in outputs[1] and "15 that stand" in outputs[1]


def test_the_publisher_file_is_valid(tmp_path: Path) -> None:
    text = next(block for language, block in BLOCKS if language == "toml")
    assert tomllib.loads(text)["sources"]
    (tmp_path / "gb").mkdir()
    (tmp_path / "gb" / "example.toml").write_text(text, encoding="utf-8")
    done = scrapy(
        tmp_path / "out", "publishers", "--check", publishers=str(tmp_path), url="http://127.0.0.1:9"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_python_works(site: Site, tmp_path: Path) -> None:
    assert crawl(tmp_path / "output", site).returncode == 0
    code = next(block for language, block in BLOCKS if language == "python")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "article_id" in done.stdout
