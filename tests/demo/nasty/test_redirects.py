"""Redirects lead where their cases say."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from newsbot.demo.server import Server
from tests.demo.browsing import get
from tests.demo.nasty.visiting import at, meet


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("redirect_private", "http://10.0.0.1/"),
        ("redirect_metadata", "http://169.254.169.254/"),
        ("redirect_other_port", "http://127.0.0.1:9/"),
        ("redirect_ipv6", "http://[::1]:9/"),
        ("redirect_mapped", "http://[::ffff:10.0.0.1]/"),
        ("redirect_hex", "http://0x7f000001:9/"),
        ("redirect_file", "file:///etc/passwd"),
        ("redirect_ftp", "ftp://"),
        ("redirect_data", "data:text/html,"),
        ("redirect_gopher", "gopher://"),
        ("redirect_garbage", "http://[not-an-address"),
        ("redirect_with_password", "http://reader:secret@localhost:"),
        ("redirect_host", "http://localhost:"),
    ],
)
def test_a_redirect_leads_away(server: Server, name: str, begins: str) -> None:
    got = meet(server, name)
    assert got.status == 302
    assert got.headers["location"].startswith(begins)


def test_a_redirect_home(server: Server) -> None:
    assert meet(server, "redirect_home").headers["location"] == f"{server.url}/"


def test_a_redirect_to_nowhere(server: Server) -> None:
    got = meet(server, "redirect_nowhere")
    assert (got.status, got.headers.get("location")) == (302, None)


def test_a_chain_ends_at_the_page(server: Server) -> None:
    url, hops = at(server, "redirect_chain"), 0
    while (got := get(url)).status == 302:
        url, hops = got.headers["location"], hops + 1
    assert hops == 3
    assert got.body == server.newspaper.page(0)


def test_a_loop_leads_to_itself_and_an_endless_chain_does_not(server: Server) -> None:
    url = at(server, "redirect_loop")
    assert get(url).headers["location"] == url
    url, met = at(server, "redirect_endless"), set[str]()
    for _ in range(30):
        assert url not in met
        met.add(url)
        url = get(url).headers["location"]
        assert urlsplit(url).hostname == "127.0.0.1"
