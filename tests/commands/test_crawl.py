"""`scrapy crawl`: the status that a run ends with."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from newsbot.commands.crawl import Command
from newsbot.outcomes import ExitStatus
from newsbot.run import Run
from tests.crawling import last_record
from tests.run.running import article, opened, put


def closed(run: Run) -> int:
    """Return the status with which the command ends after a crawl that held `run`."""
    command = Command()
    crawler = SimpleNamespace(get_extension=lambda _: SimpleNamespace(run=run))
    command._close(cast("Any", crawler))
    return command.exitcode


def test_a_signal_before_the_first_request_is_an_interruption(tmp_path: Path) -> None:
    """Scrapy opens no spider then, so nothing told the run that it is over."""
    assert closed(opened(tmp_path)) == ExitStatus.INTERRUPTED
    assert last_record(tmp_path, "alder")["finish_reason"] == "shutdown"
    opened(tmp_path).close("finished")


def test_a_run_that_was_closed_ends_as_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = opened(tmp_path)
    put(run, article("a", run=run))
    run.close("finished")
    assert closed(run) == ExitStatus.DONE
    assert capsys.readouterr().out.startswith("alder: 1 new article")
