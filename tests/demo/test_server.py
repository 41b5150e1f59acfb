"""The server sends what the site says, with validators and gzip, and remembers who asked."""

from __future__ import annotations

import gzip
import http.client
import socket
import threading

import pytest

from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import Server, serve
from tests.demo.browsing import get

PATHS = (
    "/robots.txt",
    "/rss.xml",
    "/atom.xml",
    "/feed.json",
    "/sitemap.xml",
    "/sitemaps/2026-02.xml.gz",
    "/",
    "/world/",
)


def article(server: Server, index: int = 0) -> str:
    return server.newspaper.url(index)


def test_it_sends_the_page(server: Server) -> None:
    got = get(article(server))
    assert got.status == 200
    assert got.body == server.newspaper.page(0)
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert server.newspaper.base == server.url


@pytest.mark.parametrize("path", PATHS)
def test_answers_are_the_same_every_time(server: Server, path: str) -> None:
    assert get(server.url + path) == get(server.url + path)


@pytest.mark.parametrize("path", [*PATHS, "article"])
def test_validators_bring_304(server: Server, path: str) -> None:
    url = article(server) if path == "article" else server.url + path
    whole = get(url)
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    for headers in ({"if_none_match": tag}, {"if_none_match": f'"x", W/{tag}'}, {"if_modified_since": date}):
        fresh = get(url, "GET", 30, **headers)
        assert (fresh.status, fresh.body, fresh.headers["etag"]) == (304, b"", tag)
    for headers in ({"if_none_match": '"other"', "if_modified_since": date}, {"if_modified_since": "Thu, 01 Jan 1998 00:00:00 GMT"},
                    {"if_modified_since": "nonsense"}):  # fmt: skip
        assert get(url, "GET", 30, **headers).status == 200


def test_an_edit_makes_validators_stale() -> None:
    with serve(Newspaper(articles=20)) as server:
        url = article(server, 3)
        before = get(url)
        server.newspaper.edit(3, "headline")
        after = get(url, if_none_match=before.headers["etag"])
        assert after.status == 200
        assert str(server.newspaper.truth(3)["headline"]) in after.text.replace("&#39;", "'")
        assert get(url, if_modified_since=before.headers["last-modified"]).status == 200


def test_gzip_for_those_who_take_it(server: Server) -> None:
    packed, plain = get(article(server), accept_encoding="br, gzip;q=0.8"), get(article(server))
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    assert get(article(server), accept_encoding="gzip", if_none_match=packed.headers["etag"]).status == 304
    assert "content-encoding" not in get(server.url + "/images/1.jpg", accept_encoding="gzip").headers


def test_gzip_can_be_switched_off() -> None:
    with serve(Newspaper(articles=10), packs=False) as server:
        assert "content-encoding" not in get(article(server), accept_encoding="gzip").headers


def test_a_gzipped_sitemap_is_no_content_encoding(server: Server) -> None:
    got = get(f"{server.url}/sitemaps/2026-02.xml.gz", accept_encoding="gzip")
    assert "content-encoding" not in got.headers
    assert b"<urlset" in gzip.decompress(got.body)


def test_head_sends_no_body(server: Server) -> None:
    got, whole = get(article(server), method="HEAD"), get(article(server))
    assert got.body == b""
    assert got.headers["content-length"] == str(len(whole.body))


def test_a_connection_serves_many_requests(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for path in PATHS * 3:
        connection.request("GET", path)
        assert connection.getresponse().read()
    connection.close()


def test_requests_are_remembered() -> None:
    with serve(Newspaper(articles=10)) as server:
        get(f"{server.url}/rss.xml?a=1", user_agent="test/1")
        get(f"{server.url}/nothing/")
        seen = list(server.requests)
        assert [(s.path, s.target, s.status) for s in seen] == [
            ("/rss.xml", "/rss.xml?a=1", 200),
            ("/nothing/", "/nothing/", 404),
        ]
        assert seen[0].headers["user-agent"] == "test/1"
        assert server.asked("/rss.xml") == 1


def test_a_wrong_slug_leads_to_the_right_one(server: Server) -> None:
    paper = server.newspaper
    wrong = paper.path(5).rpartition("-")[0] + "-retitled/"
    got = get(server.url + wrong)
    assert (got.status, got.headers["location"]) == (301, paper.url(5))


def test_the_same_article_at_its_other_addresses(server: Server) -> None:
    page, path = get(article(server)).body, server.newspaper.path(0)
    for other in (f"/amp{path}", f"/print{path}", f"{path}?utm_source=x"):
        assert get(server.url + other).body == page


@pytest.mark.parametrize("status", [404, 410])
def test_a_removed_article_is_gone(status: int) -> None:
    with serve(Newspaper(articles=10)) as server:
        assert get(article(server, 2)).status == 200
        server.newspaper.remove(2, status)
        assert get(article(server, 2)).status == status
        assert get(article(server, 3)).status == 200


def test_scripted_articles_have_their_text_elsewhere(server: Server) -> None:
    truth = server.newspaper.truth(4)
    shell, story = get(f"{server.url}/scripted/4/").text, get(f"{server.url}/fragments/4/").text
    assert str(truth["headline"]) not in shell
    assert 'fetch("/fragments/4/")' in shell
    assert str(truth["body"]).split("\n\n")[0][:40].replace('"', '\\"') in story
    assert get(f"{server.url}/scripted/9999/").status == 404


def test_a_crawl_delay_on_request() -> None:
    with serve(Newspaper(articles=10), crawl_delay="2") as server:
        assert "Crawl-delay: 2" in get(f"{server.url}/robots.txt").text


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"]
)
def test_what_is_no_request_is_told_so(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(sent)
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


def test_a_taken_port_is_an_error(server: Server) -> None:
    with pytest.raises(OSError, match="in use"), serve(Newspaper(articles=10), port=server.port):
        pass


def test_the_cache_is_bounded() -> None:
    with serve(Newspaper(articles=60), cache_bytes=1 << 20) as server:
        pages = [get(article(server, index)).body for index in range(60)]
        assert server.site.held <= 1 << 20
        assert get(article(server, 0)).body == pages[0]


def test_it_ends_while_clients_hang_on() -> None:
    with serve(Newspaper(articles=10), nasty=["silent"], pause=60) as server:
        for index in range(3):
            thread = threading.Thread(target=_ignore, args=(article(server, index),), daemon=True)
            thread.start()
        idle = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    with idle, pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)


def _ignore(url: str) -> None:
    try:
        get(url, timeout=5)
    except OSError:
        return
    except http.client.HTTPException:
        return
