"""A delta holds what one batch learned, and comes out as JSON that the state takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from newsbot.delta import Delta
from newsbot.items import Candidate
from newsbot.state import KnownArticle, KnownSource, KnownUrl, State

KEY, OTHER, ARTICLE = "11" * 16, "22" * 16, "33" * 16


def url(key: str = KEY, outcome: str = "new") -> KnownUrl:
    return KnownUrl(key, f"https://alder.example/{key}", outcome, ARTICLE, 1.0, 2.0, 1, None, None)


def article(page_hash: str | None = "aa" * 16) -> KnownArticle:
    return KnownArticle(ARTICLE, 1, page_hash, "bb" * 16, "0102", 1.0, 1.0, 0, "1", "{}")


@pytest.fixture
def delta() -> Delta:
    return Delta()


def test_a_new_delta_is_empty(delta: Delta) -> None:
    assert delta.is_empty
    assert not any(delta.as_json().values())


NEWS: dict[str, Callable[[Delta], object]] = {
    "url": lambda delta: delta.remember(url()),
    "article": lambda delta: delta.remember_article(article()),
    "source": lambda delta: delta.sources.update(a=KnownSource("a", "feed")),
    "pending": lambda delta: delta.postpone(KEY, Candidate("https://alder.example/a"), 1, 5.0),
    "done": lambda delta: delta.pending_done.add(KEY),
}


@pytest.mark.parametrize("kind", NEWS)
def test_each_kind_of_news_makes_it_worth_a_commit(delta: Delta, kind: str) -> None:
    NEWS[kind](delta)
    assert not delta.is_empty


def test_a_url_that_was_fetched_is_no_longer_pending(delta: Delta) -> None:
    delta.postpone(KEY, Candidate("https://alder.example/a"), 1, 5.0)
    delta.remember(url())
    assert (delta.pending, delta.pending_done) == ({}, {KEY})


def test_a_url_that_is_postponed_again_is_pending_again(delta: Delta) -> None:
    delta.remember(url())
    delta.postpone(KEY, Candidate("https://alder.example/a"), 2, 5.0)
    assert (list(delta.pending), delta.pending_done) == ([KEY], set())


def test_a_removed_article_has_no_content_to_be_found_by(delta: Delta) -> None:
    delta.remember_article(article())
    delta.remember_article(article(page_hash=None))
    assert delta.articles[ARTICLE].page_hash is None
    assert None not in delta.hashes


def test_the_state_knows_what_the_delta_said(delta: Delta, tmp_path: Path) -> None:
    candidate = Candidate("https://alder.example/b", source="https://alder.example/feed", source_kind="feed")
    delta.remember(url())
    delta.remember_article(article())
    delta.postpone(OTHER, candidate, 1, 5.0)
    delta.sources["f"] = KnownSource("f", "feed", etag='"1"')
    state = State.open(tmp_path, "alder")
    # Through the manifest it goes as JSON.
    state.apply("alder-1-1-0001", orjson.loads(orjson.dumps(delta.as_json())))
    assert state.url(KEY) == url()
    assert state.article(ARTICLE) == article()
    assert state.source("f") == delta.sources["f"]
    ((key, text, attempts),) = state.pending()
    assert (key, Candidate(**orjson.loads(text)), attempts) == (OTHER, candidate, 1)
    state.close()
