"""A run of the publisher of `polling`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot.run import Run
from tests.run.running import options
from tests.spiders.polling import (
    publisher,
)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    opened = Run(options(tmp_path), publisher(), "news")
    yield opened
    opened.close("finished")
