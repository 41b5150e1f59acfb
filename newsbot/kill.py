"""Points at which a test may kill the process, to prove that the commit survives it; off unless NEWSBOT_KILL_AT is set."""

from __future__ import annotations

import os
import signal
from collections import Counter

# Read once: a point is passed with every row.
_WANTED = os.environ.get("NEWSBOT_KILL_AT", "")
_passed: Counter[str] = Counter()


def kill_point(name: str) -> None:
    """Kill this process with SIGKILL where NEWSBOT_KILL_AT is `name`, or `name:n` at the n-th passing."""
    if not _WANTED:
        return
    point, _, times = _WANTED.partition(":")
    if point == name:
        _passed[name] += 1
        if _passed[name] == int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)
