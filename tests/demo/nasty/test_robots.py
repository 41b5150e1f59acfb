"""robots.txt as its cases say; met on the whole server, since robots.txt has one address only."""

from __future__ import annotations

import pytest

from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import Server, serve
from tests.demo.browsing import Got, get
from tests.demo.nasty.visiting import BROKEN, meet


def robots(name: str) -> Got:
    with serve(Newspaper(articles=10), nasty=name, pause=0.01) as server:
        assert get(server.newspaper.url(0)).status == 200
        return get(f"{server.url}/robots.txt")


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
def test_statuses(status: int) -> None:
    assert robots(f"robots_{status}").status == status


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("robots_slow", b"Disallow: /private/"),
        ("robots_html", b"<!DOCTYPE html>"),
        ("robots_bom", b"\xef\xbb\xbfUser-agent: *\rDisallow: /city/\r"),
        ("robots_nul", b"\x00\xff\xfe garbage\n"),
        ("robots_disallow", b"Disallow: /\n"),
        ("robots_delay_absurd", b"Crawl-delay: 86400\n"),
        ("robots_delay_garbage", b"Crawl-delay: abc\nCrawl-delay: -1\n"),
        ("robots_rights", b"Content-Signal: search=yes, ai-train=no\n"),
    ],
)
def test_contents(name: str, holds: bytes) -> None:
    got = robots(name)
    assert got.status == 200
    assert holds in got.body


def test_600_kib_with_rules_at_both_ends() -> None:
    body = robots("robots_huge").body
    assert len(body) > 600_000
    assert body.startswith(b"User-agent: *\nDisallow: /city/\n")
    assert body.index(b"Disallow: /\n") > 500 << 10


def test_50_mb() -> None:
    body = robots("robots_50mb").body
    assert len(body) > 50 << 20
    assert body.startswith(b"User-agent: *\nDisallow: /city/\n")


def test_a_connection_that_closes() -> None:
    with pytest.raises(BROKEN):
        robots("robots_reset")


def test_redirects() -> None:
    assert robots("robots_redirect_private").headers["location"].startswith("http://10.0.0.1/")
    with serve(Newspaper(articles=10), nasty="robots_redirect_loop") as server:
        assert get(f"{server.url}/robots.txt").headers["location"] == f"{server.url}/robots.txt"
    with serve(Newspaper(articles=10), nasty="robots_redirect") as server:
        url = f"{server.url}/robots.txt"
        for _ in range(3):
            url = get(url).headers["location"]
        assert b"Disallow: /city/" in get(url).body


def test_rights_in_headers(server: Server) -> None:
    headers = meet(server, "rights_headers").headers
    assert (headers["x-robots-tag"], headers["tdm-reservation"]) == ("noai, noimageai", "1")
