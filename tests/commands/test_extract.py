"""`scrapy extract`: what a person and a program see of one page, and what they are told where there is none."""

from __future__ import annotations

import argparse
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from rich.console import Console
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newsbot.archive import Archive
from newsbot.commands.extract import Command, show
from newsbot.items import Article, Block, Page
from newsbot.publishers.model import Publisher
from tests.crawling import scrapy, served

FIXTURES = Path(__file__).parent.parent / "fixtures"
FERRY = str(FIXTURES / "pages" / "ferry.html")
PAGE = b"<html lang=en><h1>Ferry bought</h1><p>The board bought a ferry on Monday, after four years of talks and two lawsuits.</p>"


def run(*words: str, **given: Any) -> int:
    """Run the command in this process; return the exit status."""
    opts = argparse.Namespace(**({"publisher": None, "url": None, "text": False, "json": False} | given))
    command = Command()
    command.settings = Settings()
    command.settings.setmodule("newsbot.settings")
    command.run(list(words), opts)
    return command.exitcode


def as_json(capfdbinary: pytest.CaptureFixture[bytes], *words: str, **given: Any) -> dict[str, Any]:
    assert run(*words, json=True, **given) == 0
    found: dict[str, Any] = orjson.loads(capfdbinary.readouterr().out)
    return found


def test_a_person_sees_fields_with_their_source_and_blocks_with_the_reason(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run(FERRY) == 0
    out = capfd.readouterr().out
    assert out.startswith("article of publisher www-tidewater-example: ")
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "json_ld" in lines["date_published"] and "2019-03-14T08:05:00Z" in lines["date_published"]
    assert any("extract/model" in line and "© Tidewater, 2005" in line for line in out.splitlines())
    assert any(line.split()[:1] == ["+"] and "The ferry came in" in line for line in out.splitlines())
    assert "\x1b[" not in out, "colours are for terminals"


def test_a_terminal_gets_colours() -> None:
    file = io.StringIO()
    article = Article(kind="article", blocks=[Block("Said.", "p", "div>p", "body", score=0.91)])
    article.problems.append(("date_published", "none"))
    show(
        article,
        Publisher(name="tide", site=""),
        Console(file=file, force_terminal=True, width=80, color_system="standard"),
    )
    out = file.getvalue()
    assert "\x1b[32m" in out and "\x1b[33m" in out and "0.91" in out


def test_nothing_is_cut_off_in_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    run(FERRY)
    assert "https://www.tidewater.example/isles/4711-second-hand-ferry/" in capfd.readouterr().out


def test_programs_get_everything(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    found = as_json(
        capfdbinary, FERRY, url="https://www.tidewater.example/isles/4711-second-hand-ferry/?utm_source=x"
    )
    assert found["fields"]["date_published"] == {
        "value": "2019-03-14T08:05:00+00:00",
        "provenance": "json_ld",
    }
    assert found["fields"]["body"]["value"].startswith("A boat bought second-hand")
    assert {"text", "place", "kept", "reason", "score"} <= found["blocks"][0].keys() | {"place"}
    assert all(block["kept"] or block["reason"] for block in found["blocks"])
    assert found.keys() == {"fields", "problems", "counters", "blocks"}


def test_a_saved_page_is_read_as_the_publisher_of_the_address_it_declares(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    page = tmp_path / "saved.html"
    page.write_bytes(b"<link rel=canonical href='https://www.rt.com/news/1-ferry/'>" + PAGE)
    assert as_json(capfdbinary, str(page))["fields"]["publisher"]["value"] == "rt"
    assert as_json(capfdbinary, str(page), publisher="bbc")["fields"]["publisher"]["value"] == "bbc"
    page.write_bytes(PAGE)
    assert as_json(capfdbinary, str(page))["fields"]["publisher"]["value"] == "unknown"


def test_a_dump_is_told_by_its_name_or_by_an_option(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    dump = FIXTURES / "dumps" / "ferry.txt"
    renamed = tmp_path / "ferry"
    renamed.write_bytes(dump.read_bytes())
    for found in (as_json(capfdbinary, str(dump)), as_json(capfdbinary, str(renamed), text=True)):
        assert found["fields"]["headline"]["provenance"] == "text"
        assert found["fields"]["date_published_raw"]["value"] == "14 Mar, 2019 08:05"


def test_standard_input(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE)))
    assert as_json(capfdbinary, "-")["fields"]["headline"]["value"] == "Ferry bought"


def warc(folder: Path, *urls: str) -> str:
    archive = Archive.open(folder, "20240506T070000Z-tide")
    for url in urls:
        archive.write(Page(url, PAGE, datetime(2024, 5, 6, tzinfo=UTC)))
    archive.close()
    return str(next(folder.rglob("*.warc.gz")))


def test_one_page_of_an_archive(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    one, two = "https://tide.example/1-ferry", "https://tide.example/2-ferry"
    single = warc(tmp_path / "a", one)
    assert as_json(capfdbinary, single)["fields"]["url"]["value"] == one
    several = warc(tmp_path / "b", one, two)
    assert as_json(capfdbinary, several, url=two)["fields"]["url"]["value"] == two
    assert run(several) == 65
    assert f"holds 2 pages; name one by --url, such as {one}" in capfdbinary.readouterr().err.decode()
    assert run(several, url="https://tide.example/3") == 65
    assert f"its first is {one}" in capfdbinary.readouterr().err.decode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x7fELF\x02" + bytes(200), "is a program"),
        (b"\x89PNG\r\n" + bytes(200), "is a picture"),
        (b"  \n", "is empty"),
        (bytes(range(256)) * 9, "is binary"),
    ],
)
def test_what_is_no_page_is_named(
    content: bytes, says: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.html"
    file.write_bytes(content)
    assert run(str(file)) == 65
    err = capfd.readouterr().err
    assert err.startswith(f"newsbot: {file} ") and says in err and err.count("\n") == 1


def test_what_is_not_there_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(str(tmp_path / "none.html")) == 65
    assert "is no file and no web address" in capfd.readouterr().err
    assert run(str(tmp_path)) == 65
    assert "is a folder" in capfd.readouterr().err
    empty = tmp_path / "empty.warc.gz"
    empty.write_bytes(b"")
    assert run(str(empty)) == 65
    assert "newsbot: " in capfd.readouterr().err
    with pytest.raises(UsageError):
        run()


def test_a_page_of_the_demo_newspaper_by_its_address(tmp_path: Path) -> None:
    with served(tmp_path, 12) as site:
        url = next(iter(site.truth))
        done = scrapy(tmp_path / "out", "extract", url, "--json", url=site.url)
        missing = scrapy(tmp_path / "out", "extract", f"{site.url}/none/1234567-none/", url=site.url)
    assert done.returncode == 0, done.stderr
    found = orjson.loads(done.stdout)["fields"]
    assert found["headline"]["value"] == site.truth[url]["headline"]
    assert found["publisher"]["value"] == "demo"
    assert missing.returncode == 65 and "404" in missing.stderr and missing.stderr.count("\n") == 1
