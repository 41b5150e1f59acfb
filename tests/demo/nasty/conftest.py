"""A server for the nasty cases' tests: its pauses are short."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import Server, serve


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """Serve a newspaper whose slow answers pause for thousandths of a second."""
    with serve(Newspaper(seed=3, articles=160), pause=0.005) as running:
        yield running
        assert running.errors == []
