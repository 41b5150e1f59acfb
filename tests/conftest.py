"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared pages and facts beside the project; skip where a clone has none, fail in CI."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        # A fresh clone somewhere else may name it.
        folder = Path(os.environ.get("NEWSBOT_SHARED", str(folder)))
    if not folder.is_dir():
        message = f"{folder} is missing: pages shared beside the project, not part of a clone"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder
