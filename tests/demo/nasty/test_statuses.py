"""Statuses and Retry-After as their cases say."""

from __future__ import annotations

import pytest

from newsbot.demo.server import Server
from tests.demo.nasty.visiting import meet


@pytest.mark.parametrize(
    ("name", "status", "retry"),
    [
        ("http_500", 500, None),
        ("http_502", 502, None),
        ("http_503", 503, "2"),
        ("http_429", 429, "2"),
        ("retry_after_past", 503, "Fri, 31 Dec 1999 23:59:59 GMT"),
        ("retry_after_negative", 503, "-5"),
        ("retry_after_absurd", 503, "1000000000"),
        ("retry_after_garbage", 503, "soon"),
        ("http_401", 401, None),
        ("http_403", 403, None),
        ("http_404", 404, None),
        ("http_410", 410, None),
        ("http_451", 451, None),
        ("http_999", 999, None),
    ],
)
def test_a_status_every_time(server: Server, name: str, status: int, retry: str | None) -> None:
    for _ in range(2):
        got = meet(server, name)
        assert (got.status, got.headers.get("retry-after")) == (status, retry)
        assert "etag" not in got.headers


def test_a_date_to_come_back(server: Server) -> None:
    assert meet(server, "retry_after_date").headers["retry-after"].endswith(" GMT")


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("flaky", [503, 200, 200]),
        ("throttled", [429, 429, 200]),
        ("missing_later", [200, 404, 404]),
        ("gone_later", [200, 410, 410]),
    ],
)
def test_cases_that_change_their_mind(server: Server, name: str, statuses: list[int]) -> None:
    path = server.newspaper.path(20)
    assert [meet(server, name, path).status for _ in statuses] == statuses
    # Each URL has its own count.
    assert meet(server, name, server.newspaper.path(21)).status == statuses[0]
