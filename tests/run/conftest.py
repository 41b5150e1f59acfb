"""What the tests of a run share: a run that is open, and closed behind the test that did not close it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot.run import Run
from tests.run.running import opened


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    made = opened(tmp_path)
    yield made
    if made.record.ended_at is None:
        made.close("finished")
