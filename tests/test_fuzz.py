"""The whole chain on hostile input: only declared errors, valid UTF-8 out, within the deadline."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import PUBLISHERS, SHARDS, Fuzzer, check
from benchmarks.hostile import DUMPS, PAGES
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


HOSTILE = [*(("html", name) for name in PAGES), *(("text", name) for name in DUMPS)]


@pytest.mark.parametrize(("media", "name"), HOSTILE)
def test_pages_made_to_take_time_end_in_time(media: Media, name: str) -> None:
    page = page_of((PAGES if media == "html" else DUMPS)[name](), media)
    finding = check(page, PUBLISHERS[HOSTILE.index((media, name)) % 2], deadline=GENEROUS)
    assert finding is None, finding.what
