"""One test over all shipped publishers, one over all frozen pages; a new publisher needs no test code."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsbot import publishers
from newsbot.commands.frozen import differences, load_record
from newsbot.publishers.model import Publisher
from newsbot.publishers.patterns import Patterns
from newsbot.publishers.rules import check

VARIABLES = {"NEWSBOT_DEMO_URL": "http://127.0.0.1:8642"}
NAMES = publishers.names([])
PAGES = Path(__file__).parent.parent / "fixtures" / "publishers"
# Winter hours ahead of UTC of the zones that a country's newsrooms keep; two where it has several.
HOURS: dict[str, list[float]] = {
    "at": [1], "au": [11, 8], "be": [1], "ca": [-5, -8, -4], "ch": [1], "cn": [8], "cz": [1], "de": [1], "dk": [1], "es": [1],
    "fr": [1], "gb": [0, 1], "gl": [-2], "id": [7], "il": [2], "in": [5.5], "is": [0], "it": [1], "jp": [9], "kr": [9],
    "lb": [2], "li": [1], "ls": [2], "lt": [2], "lu": [1], "mx": [-6], "my": [8], "na": [2], "no": [1], "pl": [1], "pt": [0],
    "py": [-3], "ru": [3, 0], "se": [1], "tr": [3], "tw": [8], "tz": [3], "ua": [2], "us": [-5, -6, -8, 0], "vn": [7], "za": [2],
}  # fmt: skip


def load(name: str) -> Publisher:
    return publishers.load(name, [], VARIABLES)


def test_the_rulebook_finds_nothing() -> None:
    assert [str(problem) for problem in check([publishers.SHIPPED], VARIABLES)] == []


def test_all_publishers_of_the_facts_are_there(shared: Path) -> None:
    facts = [
        json.loads(line)
        for line in (shared / "facts" / "publishers.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    titles = {load(name).title for name in NAMES}
    assert {fact["name"] for fact in facts} <= titles
    assert {"rt", "demo"} <= set(NAMES)
    assert len(NAMES) == len(facts) + 2


@pytest.mark.parametrize("name", NAMES)
def test_a_publisher_is_dated_in_a_zone_of_its_country(name: str) -> None:
    publisher = load(name)
    offset = ZoneInfo(publisher.time_zone).utcoffset(datetime(2026, 1, 15, tzinfo=UTC))
    assert offset is not None and publisher.country is not None
    assert offset.total_seconds() / 3600 in HOURS[publisher.country], f"{name} keeps {publisher.time_zone}"


@pytest.mark.parametrize("name", NAMES)
def test_a_publisher_is_found_by_its_site_and_holds_its_own_sources_hosts(name: str) -> None:
    publisher = load(name)
    assert publishers.for_site(f"{publisher.site}/a/b", [], VARIABLES).name == name
    assert publisher.holds(f"{publisher.site}/a/b")


def test_patterns_let_known_articles_pass(shared: Path) -> None:
    urls = [
        json.loads(line)["url"]
        for corpus in ("aeb", "fundus", "fundus_eval")
        for line in (shared / "corpus" / corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    named = [(url, publishers.for_site(url, [], VARIABLES)) for url in urls if url]
    ours = [(url, publisher) for url, publisher in named if publisher.path]
    assert len(ours) > 150
    assert [url for url, publisher in ours if Patterns(publisher).verdict(url) is False] == []


@pytest.mark.parametrize(
    "record", sorted(PAGES.glob("*/*/record.json")), ids=lambda path: "/".join(path.parts[-3:-1])
)
def test_a_frozen_page_reads_as_its_record_says(record: Path) -> None:
    expected = load_record(record)
    assert expected["reviewed"]
    assert differences(record.parent, expected, load(record.parent.parent.name)) == []


def test_there_are_frozen_pages() -> None:
    assert list(PAGES.glob("rt/*/record.json"))
