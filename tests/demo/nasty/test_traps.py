"""Traps never end: every step leads to a URL not met before."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from newsbot.demo.server import Server
from tests.demo.browsing import get
from tests.demo.nasty.visiting import at, meet

_NEXT = re.compile(r'<a class="next" rel="next" href="([^"]*)">')


@pytest.mark.parametrize(
    "name", ["calendar_trap", "facets_trap", "session_trap", "repetition_trap", "paging_trap", "random_trap"]
)
def test_a_trap_has_a_next_page_for_ever(server: Server, name: str) -> None:
    url, met = at(server, name, "/world/"), set[str]()
    for _ in range(40):
        assert url not in met
        met.add(url)
        got = get(url)
        assert got.status == 200
        found = _NEXT.search(got.text)
        assert found
        url = urljoin(url, found[1])
    assert all(name in url for url in met)


def test_paths_repeat_themselves(server: Server) -> None:
    found = _NEXT.search(meet(server, "repetition_trap", "/world/").text)
    assert found
    assert found[1] == "/nasty/repetition_trap/world/news/local/"


def test_sessions_lead_to_the_same_articles(server: Server) -> None:
    one, other = (
        set(re.findall(r'href="([^"]+PHPSESSID[^"]+)"', meet(server, "session_links", "/").text))
        for _ in "ab"
    )
    assert len(one) == 20
    assert not one & other
    assert {url.partition("?")[0] for url in one} == {url.partition("?")[0] for url in other}
    assert get(server.url + min(one)).status == 200


def test_paging_shows_the_same_articles(server: Server) -> None:
    first = meet(server, "paging_trap", "/world/").text
    second = get(at(server, "paging_trap", "/world/") + "?page=2").text
    articles = [re.findall(r'href="(/[a-z]+/\d{7}-[^"]+)"', page) for page in (first, second)]
    assert articles[0] == articles[1]
    assert len(articles[0]) == 10


def test_a_calendar_goes_both_ways(server: Server) -> None:
    page = meet(server, "calendar_trap", "/calendar/2026/03/01/").text
    assert "/nasty/calendar_trap/calendar/2026/02/28/" in page
    assert "/nasty/calendar_trap/calendar/2026/03/02/" in page


def test_traps_shaped_like_articles(server: Server) -> None:
    found = re.findall(
        r'href="/nasty/random_trap(/[a-z]+/\d{7}-[a-z0-9-]+/)"', meet(server, "random_trap", "/").text
    )
    assert len(set(found)) == 5
