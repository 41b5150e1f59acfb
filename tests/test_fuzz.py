"""The whole chain on hostile input: only declared errors, valid UTF-8 out, within the deadline."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import PUBLISHERS, SHARDS, Fuzzer, check
from newsbot.items import Media, Page

GENEROUS = 20.0
"""Seconds, ten times the deadline: other tests share this machine."""


def page_of(body: bytes | str, media: Media = "html", url: str | None = "https://tide.example/a") -> Page:
    raw = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return Page(url=url, body=raw, fetched_at=datetime(2024, 5, 6, tzinfo=UTC), media=media)


def assert_sound(page: Page) -> None:
    for publisher in PUBLISHERS:
        finding = check(page, publisher, deadline=GENEROUS)
        assert finding is None, finding.what


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(SHARDS), st.binary(max_size=30), st.text(max_size=30).map(str.encode)),
        max_size=30,
    )
)
def test_any_bytes_are_an_article_or_a_declared_error(parts: list[bytes]) -> None:
    for media in ("html", "text"):
        assert_sound(page_of(b"".join(parts), media))


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200),
    st.sampled_from(
        [
            "<h1>{}</h1>",
            "<p>{}</p>",
            "<title>{}</title>",
            "<time datetime='{}'>",
            "<script type='application/ld+json'>{}</script>",
        ]
    ),
)
def test_any_text_in_any_place(text: str, where: str) -> None:
    assert_sound(
        page_of(
            where.format(text)
            + "<p>A sentence that is long enough to be one of an article, and ends.</p>" * 4
        )
    )


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://[::1/",
        "http://tide.example:99999/",
        "https://tide.example/\ud800",
        "https://www.bad\ufffdhost.example/",
    ],
)
def test_any_url_of_a_page(url: str | None) -> None:
    link = (url or "").encode("utf-8", "replace").decode()
    assert_sound(page_of(f"<link rel=canonical href='{link}'><h1>Ferry bought</h1><p>A body.</p>", url=url))


def test_mutants_of_the_demo_newspaper_and_our_own_pages() -> None:
    fuzzer = Fuzzer(seed=20, guided=False)
    for _, (page, publisher) in zip(range(120), fuzzer.pages(), strict=False):
        finding = check(page, publisher, deadline=GENEROUS)
        assert finding is None, finding.what


@pytest.mark.slow
def test_a_guided_run_reaches_more_and_finds_nothing() -> None:
    fuzzer = Fuzzer(seed=21)
    start, until = len(fuzzer.pool), time.monotonic() + 120
    for page, publisher in fuzzer.pages():
        finding = fuzzer.round(page, publisher)
        assert finding is None, finding.what
        if time.monotonic() > until:
            break
    assert len(fuzzer.pool) > start and len(fuzzer.lines) > 1500


def test_the_fuzzer_finds_what_is_planted(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr("benchmarks.fuzz.read", broken)
    finding = check(page_of("<p>x</p>"), PUBLISHERS[0])
    assert finding is not None and "planted" in finding.what


HUGE = {
    "nodes": "<p>A word.</p>" * 100_000,
    "nested": "<div>" * 10_000 + "deep" + "</div>" * 10_000,
    "inline_nested": "<b><i>" * 5_000 + "deep",
    "one_text": "<p>" + "word " * 4_000_000,
    "one_word": "<p>" + "x" * 20_000_000,
    "spaces": "<title>" + " " * 2_000_000 + "</title><h1>" + " " * 2_000_000 + "x</h1><p>x",
    "attributes": "<p " + " ".join(f"a{number}=b" for number in range(15_000)) + ">x</p>",
    "classes": "".join(f"<div class='c{number}'>" for number in range(5_000)) + "x",
    "json_ld": "<script type='application/ld+json'>" + '{"a":[' * 100_000 + "</script><p>x",
    "json_ld_wide": "<script type='application/ld+json'>["
    + '{"@type":"NewsArticle","headline":"x"},' * 60_000
    + "{}]</script><p>x",
    "dates": "<time datetime='2024-05-06'>6 May 2024</time>" * 30_000,
    "headings": "<h1>"
    + "</h1><h1>".join(f"Heading {number} of many | Site" for number in range(20_000))
    + "</h1>",
    "links": "<a href='/a'>A link of four words</a>" * 40_000,
    "punctuation": "<p>" + ". , – " * 300_000,
    "icons": "<p>" + "icon a" * 300_000,
    "bylines": "<div class=author>" + "By Jane Doe and " * 50_000 + "</div><p>x",
    "unclosed": "<!--" * 200_000,
    "entities": "<p>" + "&#xD800;&#0;&amp;" * 100_000,
    "tables": "<table>" * 3_000 + "<tr><td>x",
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_pages_end_in_time(name: str) -> None:
    assert_sound(page_of(HUGE[name]))


LONG_LINES = {
    "one_line": "word " * 2_000_000,
    "one_word": "x" * 5_000_000,
    "capitals": "wordWord" * 200_000,
    "ends": "Ab.Cd" * 200_000,
    "quotes": "”“" * 300_000,
    "lines": "Home\n" * 300_000,
    "dates": "1 Dec, 2020 11:42\n" * 100_000,
    "titles": " | - " * 200_000,
    "bylines": "By Jane and Jane and Jane and Jane and Jane and Jane!\n" * 20_000,
    "digits": "1 2 3 4 5 6 7 8 9 0 " * 20_000,
    "icons": "icon a" * 300_000,
}


@pytest.mark.parametrize("name", LONG_LINES)
def test_huge_dumps_end_in_time(name: str) -> None:
    assert_sound(page_of(LONG_LINES[name], "text", None))
