"""Every fault of fetching, against the demo newspaper's nasty mode: the outcome is the one foretold, and the rest goes on.

Loopback only; each probe is a process of its own with short limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import Server, serve
from tests.middlewares.wild import Fetched, Probe, fetch

# Limits that keep the probes short. A pause of the demo server is 0.2 s here.
SHORT: dict[str, Any] = {
    "DOWNLOAD_TIMEOUT": 2,
    "NEWSBOT_PAUSE": 0.05,
    "NEWSBOT_MAX_PAUSE": 4,
    "RETRY_TIMES": 1,
}
# Bytes that a probe may take at most: the bombs unpack to a gibibyte.
MAX_RSS = 400 << 20


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Serve a small newspaper; a URL under /nasty/CASE/ meets the case."""
    with serve(Newspaper(seed=3, articles=8)) as server:
        server.wrongs.pause = 0.2
        yield server


def guard(server: Server) -> str:
    return f"127.0.0.1/32:{server.port}"


def nasty(server: Server, case: str, path: str | None = None) -> str:
    return f"{server.url}/nasty/{case}{path or server.newspaper.path(0)}"


def probe(server: Server, *cases: str, path: str | None = None, **settings: Any) -> Probe:
    urls = [nasty(server, case, path) for case in cases]
    return fetch(urls, guard=guard(server), **{**SHORT, **settings})


# Case -> outcome and a word of the reason; None: the page is read. The number is the row of the list of faults.
PAGES: dict[str, tuple[str | None, str]] = {
    # 1 bombs and sizes
    "gzip_bomb": ("too_large", "decompressed"),
    "brotli_bomb": ("too_large", "decompressed"),
    "zstd_bomb": ("too_large", "decompressed"),
    "huge_page": ("too_large", "in transfer"),
    # 2 redirects
    "redirect_chain": (None, ""),
    "redirect_loop": ("redirect_limit", "10 redirects"),
    "redirect_endless": ("redirect_limit", "10 redirects"),
    "redirect_nowhere": ("http_error", "HTTP 30"),
    # 3 addresses
    "redirect_private": ("blocked_address", "10.0.0.1, a private address"),
    "redirect_metadata": ("blocked_address", "169.254.169.254, a link-local address"),
    "redirect_mapped": ("blocked_address", "private address"),
    "redirect_ipv6": ("blocked_address", "::1, a loopback address"),
    "redirect_other_port": ("blocked_address", "loopback address"),
    # 4 schemes
    "redirect_file": ("blocked_address", "neither http nor https"),
    "redirect_ftp": ("blocked_address", "neither http nor https"),
    "redirect_data": ("blocked_address", "neither http nor https"),
    "redirect_gopher": ("blocked_address", "neither http nor https"),
    # 15 transfers
    "chunked": (None, ""),
    "no_length": (None, ""),
    "truncated_once": (None, ""),
    "truncated": ("truncated", "twice"),
    "chunked_cut": ("truncated", "twice"),
    "gzip_cut": ("truncated", "twice"),
    "gzip_lie": (None, ""),
    "gzip_twice": (None, ""),
    "brotli": (None, ""),
    "zstd": (None, ""),
    "encoding_unknown": (None, ""),
    "not_http": ("fetch_failed", "connection lost"),
    # 16, 26 statuses
    "http_401": ("blocked", "HTTP 401"),
    "http_403": ("blocked", "HTTP 403"),
    "http_404": ("gone", "HTTP 404"),
    "http_410": ("gone", "HTTP 410"),
    "http_451": ("blocked", "HTTP 451"),
    "http_500": ("http_error", "HTTP 500"),
    "http_502": ("http_error", "HTTP 502"),
    "http_999": ("http_error", "HTTP 999"),
    "empty_body": (None, ""),
    "cookies": (None, ""),
}


@pytest.fixture(scope="module")
def pages(server: Server) -> tuple[Probe, dict[str, Fetched]]:
    """Fetch all of PAGES in one crawl, one after the other."""
    found = probe(server, *PAGES, timeout=120)
    return found, dict(zip(PAGES, found.results, strict=True))


@pytest.mark.parametrize("case", PAGES)
def test_a_page_ends_as_foretold(case: str, pages: tuple[Probe, dict[str, Fetched]]) -> None:
    outcome, reason = PAGES[case]
    result = pages[1][case]
    assert (result.outcome, reason in (result.reason or "")) == (outcome, True), result


def test_bombs_leave_memory_bounded(pages: tuple[Probe, dict[str, Fetched]]) -> None:
    assert pages[0].rss < MAX_RSS


def test_no_host_was_marked_down_by_redirects_and_refusals(pages: tuple[Probe, dict[str, Fetched]]) -> None:
    assert "hosts/closed" not in pages[0].stats


def test_what_was_truncated_was_asked_for_twice_and_no_more(
    server: Server, pages: tuple[Probe, dict[str, Fetched]]
) -> None:
    assert server.asked("/nasty/truncated" + server.newspaper.path(0)) == 2
    assert server.asked("/nasty/redirect_loop" + server.newspaper.path(0)) == 11


@pytest.mark.parametrize("case", ["reset", "reset_amid"])
def test_a_connection_that_is_reset_brings_no_page(case: str, server: Server) -> None:
    found = probe(server, case).results[0]
    assert found.outcome in {"fetch_failed", "truncated"}, found


@pytest.mark.parametrize("case", ["silent", "slow_headers", "slow_body"])
def test_an_answer_that_does_not_end_is_given_up_in_time(case: str, server: Server) -> None:
    found = probe(server, case, RETRY_TIMES=0)
    assert (found.results[0].outcome, found.results[0].reason) == ("fetch_failed", "timed out")
    assert found.seconds < 20


# -- 5 Retry-After -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["retry_after_absurd", "retry_after_date"])
def test_a_host_that_asks_for_long_is_left_to_the_next_run(case: str, server: Server) -> None:
    url = server.url + server.newspaper.path(1)
    found = fetch([nasty(server, case), url], guard=guard(server), **SHORT)
    assert found.outcomes == ["deferred", "deferred"]
    assert "asks to wait" in (found.results[1].reason or "")
    assert "left to the next run" in found.log
    assert found.stats["hosts/closed"] == 1


@pytest.mark.parametrize("case", ["retry_after_garbage", "retry_after_negative", "retry_after_past"])
def test_a_retry_after_that_means_nothing_is_survived(case: str, server: Server) -> None:
    found = probe(server, case)
    assert found.outcomes == ["blocked"]
    assert found.seconds < 20


def test_a_host_is_waited_for_when_it_asks_for_little(server: Server) -> None:
    path = "/nasty/throttled" + server.newspaper.path(0)
    found = probe(server, "throttled", RETRY_TIMES=2)
    assert found.outcomes == [None]
    assert server.asked(path) == 3
    assert found.seconds > 2, "two pauses of a second each"


# -- 6 to 9 robots.txt ---------------------------------------------------------------------------------------

CITY = "/city/"
# Case -> outcomes of an article, and of a page under /city/.
ROBOTS: dict[str, tuple[str | None, str | None]] = {
    "robots_404": (None, None),
    "robots_401": (None, None),
    "robots_403": (None, None),
    "robots_500": ("robots", "robots"),
    "robots_503": ("robots", "robots"),
    "robots_reset": ("robots", "robots"),
    "robots_slow": (None, None),
    "robots_html": (None, None),
    "robots_bom": (None, "robots"),
    "robots_nul": (None, "robots"),
    "robots_huge": (None, "robots"),
    "robots_redirect": (None, "robots"),
    "robots_redirect_loop": (None, None),
    "robots_redirect_private": ("blocked_address", "blocked_address"),
    "robots_disallow": ("robots", "robots"),
    "robots_delay_garbage": (None, None),
}


@pytest.mark.parametrize("case", ROBOTS)
def test_robots_txt_is_obeyed_whatever_it_looks_like(case: str, server: Server) -> None:
    server.wrongs.at["/robots.txt"] = case
    try:
        outside = next(
            server.newspaper.url(n) for n in range(8) if not server.newspaper.path(n).startswith(CITY)
        )
        found = fetch([outside, server.url + CITY], guard=guard(server), **{**SHORT, "DOWNLOAD_TIMEOUT": 8})
    finally:
        del server.wrongs.at["/robots.txt"]
    assert tuple(found.outcomes) == ROBOTS[case], found
    if case in {"robots_500", "robots_503", "robots_reset"}:
        assert "could not be read" in (found.results[0].reason or "")
        assert "the whole host is disallowed for this run" in found.log


def test_401_and_403_can_be_taken_as_disallowed(server: Server) -> None:
    server.wrongs.at["/robots.txt"] = "robots_403"
    try:
        found = fetch([server.newspaper.url(0)], guard=guard(server), NEWSBOT_ROBOTS_FORBIDDEN="disallow")
    finally:
        del server.wrongs.at["/robots.txt"]
    assert (found.outcomes, found.results[0].reason) == (["robots"], "robots.txt: HTTP 403")


def test_an_absurd_crawl_delay_is_cut_and_said(server: Server) -> None:
    server.wrongs.at["/robots.txt"] = "robots_delay_absurd"
    urls = [server.newspaper.url(number) for number in range(3)]
    try:
        found = fetch(urls, guard=guard(server), NEWSBOT_MAX_CRAWL_DELAY=0.5)
    finally:
        del server.wrongs.at["/robots.txt"]
    assert found.outcomes == [None] * 3
    assert "Crawl-delay is longer than 0.5 s, cut to it" in found.log
    assert found.seconds > 1.0, "half a second between two"


def test_rights_signals_come_with_the_page(server: Server) -> None:
    server.wrongs.at["/robots.txt"] = "robots_rights"
    try:
        found = fetch([server.newspaper.url(0)], guard=guard(server))
    finally:
        del server.wrongs.at["/robots.txt"]
    assert {"content_signal", "content_usage"} <= found.results[0].rights.keys()


# -- 1, 11 sources -------------------------------------------------------------------------------------------


def test_a_source_may_be_larger_than_a_page_and_no_bomb(server: Server) -> None:
    urls = [nasty(server, "sitemap_50000", "/sitemap.xml"), nasty(server, "gzip_bomb", "/sitemap.xml")]
    found = fetch(urls, guard=guard(server), kind="sitemap", timeout=120)
    assert found.outcomes == [None, "too_large"]
    assert (found.results[0].size or 0) > 16 << 20
    assert found.rss < MAX_RSS


# -- 37 credentials ------------------------------------------------------------------------------------------


def test_a_password_in_a_redirect_is_neither_sent_nor_written(server: Server) -> None:
    url = nasty(server, "redirect_with_password")
    found = fetch([url], guard="127.0.0.1/32,::1/128", LOG_LEVEL="WARNING", **SHORT)
    seen = [visit for visit in server.requests if "authorization" in visit.headers]
    assert not seen
    assert "@" not in (found.results[0].url or "")
    assert "password" not in found.log
