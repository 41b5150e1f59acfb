"""Slow answers are slow, and end."""

from __future__ import annotations

import socket
import time

import pytest

from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import Server, serve
from tests.demo.browsing import get
from tests.demo.nasty.visiting import BROKEN, meet, raw


def test_a_late_start_is_the_right_answer(server: Server) -> None:
    started = time.monotonic()
    assert meet(server, "slow_start").body == server.newspaper.page(0)
    assert time.monotonic() - started >= 0.05


def test_a_body_by_drops_is_whole(server: Server) -> None:
    started = time.monotonic()
    got = meet(server, "slow_body", accept_encoding="gzip")
    assert got.body == server.newspaper.page(0)
    assert time.monotonic() - started > 0.3


def test_headers_never_end(server: Server) -> None:
    sent = raw(server, "slow_headers", timeout=60)
    assert sent.startswith(b"HTTP/1.1 200 OK\r\nX-Wait-0: yes\r\nX-Wait-1: yes\r\n")
    assert b"\r\n\r\n" not in sent


def test_silence_until_the_client_gives_up() -> None:
    with serve(Newspaper(articles=10), nasty="silent", pause=60) as server:
        with pytest.raises(socket.timeout):
            get(server.newspaper.url(0), timeout=0.3)
        # Others are served meanwhile.
        assert get(f"{server.url}/rss.xml").status == 200


def test_silence_ends_by_itself() -> None:
    with serve(Newspaper(articles=10), nasty="silent", pause=0.001) as server, pytest.raises(BROKEN):
        get(server.newspaper.url(0), timeout=20)
