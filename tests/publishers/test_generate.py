"""scripts/generate_publishers.py writes first files from facts, and leaves those that are there alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newsbot.publishers.model import Source
from newsbot.publishers.reader import read_file
from newsbot.publishers.rules import check

ROOT = Path(__file__).resolve().parent.parent.parent


def source(kind: str, path: str, *languages: str) -> dict[str, Any]:
    return {"kind": kind, "url": f"https://www.alder-courier.de/{path}", "languages": languages or ["de"]}


def generate(folder: Path, *sources: dict[str, Any], **more: Any) -> str:
    facts = {
        "name": "Alder „Courier“",
        "country": "de",
        "url": "https://www.alder-courier.de/",
        "sources": sources,
    } | more
    (folder / "facts.jsonl").write_text(json.dumps(facts, ensure_ascii=False) + "\n", encoding="utf-8")
    command = [
        sys.executable,
        str(ROOT / "scripts" / "generate_publishers.py"),
        str(folder / "facts.jsonl"),
        str(folder / "out"),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_file_is_written_once_and_passes_the_rulebook(tmp_path: Path) -> None:
    assert (
        generate(tmp_path, source("sitemap", "map.xml"), source("feed", "rss"))
        == "1 files written, 0 were there\n"
    )
    path = tmp_path / "out" / "de" / "alder-courier.toml"
    publisher = read_file(path, {})
    assert (publisher.title, publisher.time_zone, publisher.date_order) == (
        "Alder „Courier“",
        "Europe/Berlin",
        "DMY",
    )
    assert publisher.sources == (
        Source("feed", "https://www.alder-courier.de/rss"),
        Source("sitemap", "https://www.alder-courier.de/map.xml", backfill=True),
    )
    assert check([tmp_path / "out"], {}) == []
    path.write_text("cared for by hand")
    assert generate(tmp_path, source("feed", "rss")) == "0 files written, 1 were there\n"
    assert path.read_text() == "cared for by hand"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["s-2020-01.xml", "s-2020-02.xml"], [("archive", "s-{year}-{month:02}.xml", False)]),
        (["s_2020.xml"], [("archive", "s_{year}.xml", False)]),
        (["s?yyyy=2026&mm=11&dd=23"], [("archive", "s?yyyy={year}&mm={month:02}&dd={day:02}", False)]),
        (
            ["i?date=2026-11-23&unit=days"],
            [("archive", "i?date={year}-{month:02}-{day:02}&unit=days", False)],
        ),
        (["map.xml"], [("section", "", False), ("sitemap", "map.xml", True)]),
        (["latest-articles.xml"], [("sitemap", "latest-articles.xml", False)]),
    ],
)
def test_dated_sitemaps_become_templates_and_archives_wait_for_backfills(
    tmp_path: Path, given: list[str], expected: list[tuple[str, str, bool]]
) -> None:
    generate(tmp_path, *(source("sitemap", path) for path in given))
    sources = read_file(tmp_path / "out" / "de" / "alder-courier.toml", {}).sources
    found = [
        (one.kind, one.url.removeprefix("https://www.alder-courier.de/"), one.backfill) for one in sources
    ]
    assert found == expected


def test_languages_are_ordered_by_how_much_is_in_them(tmp_path: Path) -> None:
    generate(tmp_path, source("feed", "en", "en"), source("feed", "de", "de"), source("feed", "fr", "de"))
    publisher = read_file(tmp_path / "out" / "de" / "alder-courier.toml", {})
    assert publisher.languages == ("de", "en")
    assert [one.language for one in publisher.sources] == ["en", None, None]


def test_without_facts_it_says_how_to_call_it() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate_publishers.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 64
    assert "FACTS.jsonl" in done.stderr
