"""The newspaper is a pure function of its arguments, and its pages say what its truth says."""

from __future__ import annotations

import re
import time
import tracemalloc
from datetime import UTC, datetime
from html import unescape
from itertools import islice

import pytest

from newsbot.demo.clock import LATEST
from newsbot.demo.newspaper import Newspaper
from newsbot.demo.sections import CYCLE, SECTIONS
from newsbot.demo.text import LANGUAGES

_TAG = re.compile(r"<[^>]*>")


def shown(page: bytes) -> str:
    """Return a page's text without mark-up, white space folded."""
    return " ".join(unescape(_TAG.sub("", page.decode())).split())


def test_the_same_seed_prints_the_same_bytes() -> None:
    one, other = Newspaper(seed=7, articles=50), Newspaper(seed=7, articles=50)
    # In another order: nothing depends on what was drawn before.
    pages = {index: other.page(index) for index in reversed(range(50))}
    assert [one.page(index) for index in range(50)] == [pages[index] for index in range(50)]
    assert list(one.truths()) == list(other.truths())


def test_another_seed_prints_another_newspaper() -> None:
    one, other = Newspaper(seed=1, articles=20), Newspaper(seed=2, articles=20)
    assert not {t["body"] for t in one.truths()} & {t["body"] for t in other.truths()}


def test_every_section_and_language_is_printed(paper: Newspaper) -> None:
    assert {paper.section(index).slug for index in range(CYCLE)} == {section.slug for section in SECTIONS}
    assert {str(truth["in_language"]) for truth in paper.truths()} == set(LANGUAGES)


def test_pages_are_as_heavy_as_a_news_sites(paper: Newspaper) -> None:
    sizes = [len(paper.page(index)) for index in range(len(paper))]
    assert min(sizes) > 85_000
    assert max(sizes) < 125_000


def test_the_page_says_every_paragraph_headline_and_standfirst(paper: Newspaper) -> None:
    for index in range(len(paper)):
        truth, text = paper.truth(index), shown(paper.page(index))
        assert str(truth["headline"]) in text
        paragraphs = str(truth["body"]).split("\n\n")
        assert len(paragraphs) == len(set(paragraphs)), "an article says nothing twice"
        assert all(paragraph in text for paragraph in paragraphs)
        assert all(author in text for author in truth["authors"])  # type: ignore[attr-defined]
        if paper.article(index).has_standfirst:
            assert str(truth["description"]) in text


def test_boilerplate_is_on_the_page_and_not_in_the_text(paper: Newspaper) -> None:
    amid = 0
    for index in range(len(paper)):
        text, body = shown(paper.page(index)), str(paper.truth(index)["body"])
        for line in paper.boilerplate(index):
            assert line in text
            # A related headline may be what somebody says in the article; a prompt is never.
            amid += line not in body
    assert amid > 10 * len(paper)


def test_rightful_lines_recur_and_are_in_the_text() -> None:
    paper = Newspaper(seed=1, articles=800)
    owners: dict[str, int] = {}
    for index in range(len(paper)):
        body = str(paper.truth(index)["body"]).split("\n\n")
        for line in paper.rightful(index):
            assert line in body
            assert line not in paper.boilerplate(index)
            owners[line] = owners.get(line, 0) + 1
    assert max(owners.values()) > 10
    assert len(owners) > 10


def test_dates_are_in_the_past_and_fall(paper: Newspaper) -> None:
    instants = [paper.published(index) for index in range(len(paper))]
    assert instants == sorted(instants, reverse=True)
    assert instants[0] <= LATEST < datetime.now(UTC)
    for truth in paper.truths():
        modified = truth["date_modified"]
        day = truth["date_precision"] == "day"
        assert modified is None or day or str(modified) >= str(truth["date_published"])
        assert truth["date"] == str(truth["date_published"])[:10]


def test_dates_are_as_precise_as_the_design_shows_them(paper: Newspaper) -> None:
    found = {paper.section(i).design: paper.truth(i)["date_precision"] for i in range(len(paper))}
    expected = {
        "quay": "instant",
        "ledger": "instant",
        "mosaic": "instant",
        "lantern": "minute",
        "almanac": "day",
    }
    assert found == expected


def test_ten_years_never_print_an_hour_that_comes_twice_nor_midnight() -> None:
    paper = Newspaper(seed=1, articles=100_000)
    from newsbot.demo.clock import ZONE

    for index in range(0, 100_000, 7):
        local = paper.published(index).astimezone(ZONE)
        assert local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset()
        assert (local.hour, local.minute) != (0, 0)


def test_a_small_newspaper_spans_months_and_a_large_one_ten_years_at_most() -> None:
    assert len({f"{Newspaper(articles=120).published(i):%Y-%m}" for i in range(120)}) == 3
    large = Newspaper(articles=1_000_000)
    assert 9 * 365 <= (large.published(0) - large.published(999_999)).days <= 10 * 366


def test_a_million_articles_are_not_held() -> None:
    paper = Newspaper(seed=1, articles=1_000_000)
    paper.page(0)
    tracemalloc.start()
    started = time.monotonic()
    try:
        for index in range(0, 1_000_000, 2500):
            assert paper.find(paper.path(index)) == index
        list(islice(paper.truths(), 50))
        assert b"</html>" in paper.page(999_999)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 << 20
    assert time.monotonic() - started < 60


def test_positions_count_within_the_section(paper: Newspaper) -> None:
    for section in SECTIONS:
        members = [index for index in range(len(paper)) if paper.section(index).slug == section.slug]
        count = paper.allotment.count(section.slug, len(paper))
        assert [paper.allotment.member(section.slug, place) for place in range(count)] == members
        assert [paper.position(index) for index in members] == list(range(count))


def test_urls_are_distinct_and_found_again(paper: Newspaper) -> None:
    paths = [paper.path(index) for index in range(len(paper))]
    assert len(set(paths)) == len(paths)
    assert [paper.find(path) for path in paths] == list(range(len(paper)))
    assert all(re.fullmatch(r"/[a-z]+/\d{7}-[a-z0-9-]+/", path) for path in paths)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/city/",
        "/city/9000001-later-than-the-newest/",
        "/city/0000001-older-than-any/",
        "/nowhere/9000000-x/",
    ],
)
def test_other_paths_are_no_articles(paper: Newspaper, path: str) -> None:
    assert paper.find(path) is None


def test_an_index_outside_is_an_error(paper: Newspaper) -> None:
    with pytest.raises(IndexError):
        paper.truth(len(paper))


def test_articles_wait_until_they_are_published() -> None:
    paper = Newspaper(seed=1, articles=40)
    paper.newest = 10
    path = paper.path(9)
    assert paper.find(path) is None
    paper.publish(1)
    assert paper.find(path) == 9
    paper.publish(100)
    assert paper.newest == 0
