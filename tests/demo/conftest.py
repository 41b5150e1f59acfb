"""Fixtures of the demo newspaper's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import Server, serve


@pytest.fixture(scope="module")
def paper() -> Newspaper:
    """Return a newspaper that has every section and three months."""
    return Newspaper(seed=3, articles=160)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Serve a newspaper, well-behaved; tests that change it take one of their own."""
    with serve(Newspaper(seed=3, articles=160)) as running:
        yield running
        assert running.errors == []
