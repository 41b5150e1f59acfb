"""`scrapy publishers`, `scrapy genpublisher` and the page that tells how to add a publisher, run as a user runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from newsbot.clean.boilerplate import hash_of
from newsbot.publishers import reader
from newsbot.state import State
from tests.crawling import ROOT, Site, scrapy, served

PAGE = (ROOT / "docs" / "ADDING_A_PUBLISHER.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
# The draft of a site on loopback has things to check: no country, records nobody has reviewed.
STATUSES = {"scrapy publishers --check": 64}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site"), articles=40) as site:
        yield site


def as_json(output: Path, *words: str, url: str = "", **settings: str) -> Any:
    return orjson.loads(scrapy(output, "publishers", "--json", *words, url=url, **settings).stdout)


def test_publishers_are_listed_with_their_health(tmp_path: Path, site: Site) -> None:
    done = scrapy(tmp_path, "publishers", "rt", "demo")
    assert done.returncode == 0
    assert re.search(r"rt +ru +en +3 +never run", done.stdout)
    assert "2 publishers" in done.stdout
    crawled = scrapy(tmp_path, "crawl", "news", "-a", "publisher=demo", "-a", "limit=8", url=site.url)
    assert crawled.returncode == 0, crawled.stderr
    (demo,) = as_json(tmp_path, "demo", url=site.url)
    assert (demo["verdict"], demo["new"], demo["articles"], demo["country"]) == ("healthy", 8, 8, "ca")
    assert demo["last_run"].startswith("20")


def test_everyone_is_listed_and_the_demo_only_where_it_is_served(tmp_path: Path) -> None:
    names = [row["name"] for row in as_json(tmp_path)]
    assert len(names) > 180
    assert "demo" not in names
    assert names == sorted(names)


def test_an_unknown_name_and_a_publisher_nothing_is_known_of(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "publishers", "spigel")
    assert (done.returncode, done.stderr.count("\n")) == (64, 1)
    assert "did you mean spiegel" in done.stderr
    done = scrapy(tmp_path, "publishers", "--learned", "rt")
    assert done.returncode == 64
    assert "nothing is known of rt" in done.stderr


def test_what_was_learned_is_told_with_its_evidence(tmp_path: Path) -> None:
    state = State.open(tmp_path / "state", "rt")
    prompt = {
        "key": "a1",
        "text": "Share this with your cat",
        "folded": "f",
        "place": "div.text>p",
        "first": 0,
        "rightful": 0,
    }
    other = {
        "key": "a2",
        "text": "Once only",
        "folded": "g",
        "place": "div.text>p",
        "first": 0,
        "rightful": 0,
    }
    place = {"key": f"@{hash_of('div.text>p')}", "place": "div.text>p", "pages": 200}
    rows = [prompt | {"pages": 150}, other | {"pages": 1}, place, {"key": "*", "pages": 200}]
    state.apply(None, {"boilerplate": rows})
    state.close()
    (lesson,) = as_json(tmp_path, "--learned", "rt")
    assert (lesson["text"], lesson["pages"], lesson["of"], lesson["why"]) == (
        "Share this with your cat",
        150,
        200,
        "recurs",
    )
    done = scrapy(tmp_path, "publishers", "--learned", "rt")
    assert re.search(r"150 +200 +recurs +div.text>p +Share this with your cat", done.stdout)
    assert "1 text is removed" in done.stdout


def test_a_broken_file_is_listed_and_checked(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "broken.toml").write_text('site = "www.example.com"\n')
    done = scrapy(tmp_path, "publishers", "--check", publishers=str(tmp_path / "own"))
    assert done.returncode == 64
    assert "broken.toml:1: site: 'www.example.com': give an absolute address" in done.stdout
    (row,) = as_json(tmp_path, "broken", publishers=str(tmp_path / "own"))
    assert row["verdict"] == "broken file"
    assert "give an absolute address" in row["reason"]


def test_what_is_shipped_passes_the_check(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "publishers", "--check")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("publisher files, 0 problems\n")
    assert as_json(tmp_path, "--check") == {"problems": []}


def test_a_live_probe_of_a_site_that_is_well(tmp_path: Path, site: Site) -> None:
    done = scrapy(tmp_path, "publishers", "--live", "demo", url=site.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"^  ok ", done.stdout, re.MULTILINE)) == 6
    assert not list(tmp_path.iterdir()), "a probe leaves nothing behind"


def test_a_live_probe_says_what_moved(tmp_path: Path, site: Site) -> None:
    (tmp_path / "own").mkdir()
    text = f'site = "{site.url}"\n[[sources]]\nkind = "feed"\nurl = "{site.url}/gone.xml"\n'
    (tmp_path / "own" / "courier.toml").write_text(text)
    (probe,) = as_json(tmp_path, "--live", "courier", url=site.url, publishers=str(tmp_path / "own"))
    assert [(one["place"], one["is_fine"]) for one in probe["findings"]] == [
        ("robots.txt", True),
        ("feed", False),
        ("article", False),
    ]
    assert "names 2 sitemaps that the file does not" in probe["findings"][0]["text"]
    assert probe["findings"][1]["text"] == "gone: HTTP 404 Not Found"


def test_real_sites_are_not_asked_without_a_contact(tmp_path: Path) -> None:
    for words in (["publishers", "--live", "rt"], ["genpublisher", "example", "https://www.example.com"]):
        done = scrapy(tmp_path, *words, publishers="")
        assert done.returncode == 64
        assert "NEWSBOT_CONTACT is not set" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["example"], "give a name and the site's address"),
        (["Not A Name", "https://www.example.com"], "is no publisher name"),
        (["rt", "https://www.rt.com"], "is there already"),
        (["example", "ftp://www.example.com"], "is no web address"),
    ],
)
def test_nonsense_is_named_before_anything_is_asked(tmp_path: Path, words: list[str], message: str) -> None:
    done = scrapy(tmp_path, "genpublisher", *words, contact="me@example.org")
    assert done.returncode != 0
    assert message in done.stderr + done.stdout


def test_a_site_that_does_not_answer_leaves_no_file(tmp_path: Path) -> None:
    done = scrapy(
        tmp_path,
        "genpublisher",
        "nobody",
        "http://127.0.0.1:9",
        publishers=str(tmp_path),
        allowed_addresses="127.0.0.1/32:9",
    )
    assert done.returncode == 65
    assert "no article could be read at http://127.0.0.1:9" in done.stderr
    assert not list(tmp_path.rglob("*.toml"))


def test_the_page_on_adding_a_publisher_works_as_written(tmp_path: Path, site: Site) -> None:
    settings: dict[str, str] = {}
    article = next(iter(site.truth))
    ran = 0
    for line in COMMANDS:
        if line.startswith("export NEWSBOT_"):
            name, _, value = line.removeprefix("export NEWSBOT_").partition("=")
            settings[name] = str(tmp_path / value) if name == "PUBLISHERS" else value
            continue
        words = (
            line.replace("https://www.example.com/an/article", article)
            .replace("https://www.example.com", site.url)
            .split()
        )
        assert words[0] == "scrapy"
        done = scrapy(tmp_path / "out", *words[1:], url=site.url, **settings)
        assert done.returncode == STATUSES.get(line, 0), f"{line}: {done.stdout}{done.stderr}"
        ran += 1
    assert ran == 7
    assert {"PUBLISHERS", "CONTACT"} == settings.keys()
    assert len(list((tmp_path / "my-publishers" / "pages" / "example").glob("*/record.json"))) == 3


@pytest.mark.parametrize("key", sorted({*reader._TOP, *reader._SOURCE, *reader._LAYOUT, *reader._BUDGETS}))
def test_every_key_is_on_the_page(key: str) -> None:
    assert re.search(rf"(?:`|^|\W){key}\b", PAGE, re.MULTILINE)
