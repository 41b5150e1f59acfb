"""NEWSBOT_ settings as typed values; nonsense is named with its remedy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsbot import settings
from newsbot.exceptions import SettingError
from newsbot.options import folders, read_options

DEFAULTS = {name: getattr(settings, name) for name in dir(settings) if name.startswith("NEWSBOT_")}


def test_the_defaults_are_good() -> None:
    options = read_options(DEFAULTS.get)
    assert options.root == os.environ.get("NEWSBOT_OUTPUT", "output")
    assert options.state_root == Path(options.root) / "state"
    assert list(options.revisits) == [1.0, 6.0, 24.0, 168.0]
    assert options.archive and not options.is_remote


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("NEWSBOT_WORKERS", "many", "NEWSBOT_WORKERS is 'many'; give a number, 0 or more"),
        ("NEWSBOT_BATCH_ROWS", "0", "NEWSBOT_BATCH_ROWS is 0; give a number, 1 or more"),
        ("NEWSBOT_BATCH_SECONDS", "nan", "NEWSBOT_BATCH_SECONDS is nan"),
        ("NEWSBOT_DEADLINE", "inf", "NEWSBOT_DEADLINE is inf"),
        ("NEWSBOT_FAILURE_SHARE", "10", "NEWSBOT_FAILURE_SHARE is 10; give a number, 0 to 1"),
        ("NEWSBOT_DEMO_URL", "127.0.0.1:8642", "NEWSBOT_DEMO_URL is '127.0.0.1:8642'; give the address"),
        ("NEWSBOT_REVISITS", "1,soon", "NEWSBOT_REVISITS is '1,soon'; give numbers parted by commas"),
        ("NEWSBOT_RIGHTS", "ignore", "NEWSBOT_RIGHTS is 'ignore'; take record, default or strict"),
        ("NEWSBOT_ARCHIVE", "maybe", "NEWSBOT_ARCHIVE is 'maybe'; give true or false"),
        ("NEWSBOT_OUTPUT", "s3://bucket/news", "set NEWSBOT_STATE to a local folder"),
    ],
)
def test_nonsense_is_named_with_its_remedy(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        read_options({**DEFAULTS, name: value}.get)


def test_an_object_store_keeps_its_state_on_the_disk() -> None:
    options = read_options(
        {**DEFAULTS, "NEWSBOT_OUTPUT": "s3://bucket/news", "NEWSBOT_STATE": "/var/newsbot/state"}.get
    )
    assert options.is_remote
    assert options.folder("runs") == Path("/var/newsbot/runs")


def test_folders_are_a_list_or_text() -> None:
    assert folders(lambda _: " a , b/c,") == ("a", "b/c")
    assert folders(lambda _: ["a", "b"]) == ("a", "b")
    assert folders(lambda _: None) == ()


def test_the_environment_wins_over_the_file() -> None:
    code = "from newsbot import settings; print(settings.NEWSBOT_OUTPUT, settings.NEWSBOT_WORKERS)"
    env = {**os.environ, "NEWSBOT_OUTPUT": "/elsewhere", "NEWSBOT_WORKERS": "7"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["/elsewhere", "7"]
