"""Candidates that a run leaves to the next: what it did not get to, what failed, and what a kill would lose."""

from __future__ import annotations

import time
from collections.abc import Sequence

import orjson

from newsbot.delta import Delta
from newsbot.items import Candidate
from newsbot.outcomes import Outcome
from newsbot.robots import UNREAD
from newsbot.state import State

# A candidate that failed this often in as many runs is given up.
MAX_ATTEMPTS = 5
# Decisions of newsbot, not faults: the candidate is not kept for the next run, its source announces it again.
LEFT_ALONE = frozenset({Outcome.KNOWN, Outcome.ROBOTS, Outcome.OUT_OF_RANGE})


class Leftovers:
    """What earlier runs left to do, and what this one leaves."""

    def __init__(self, state: State, delta: Delta) -> None:
        """`delta` is the open batch's, emptied when it is committed."""
        self._state, self._delta = state, delta
        self._attempts: dict[str, int] = {}

    def pending(self) -> list[Candidate]:
        """Return the candidates that earlier runs left to do."""
        rows = self._state.pending()
        self._attempts = {key: attempts for key, _, attempts in rows if attempts}
        return [Candidate(**orjson.loads(text)) for _, text, _ in rows]

    def postpone(self, key: str, candidate: Candidate, outcome: Outcome, reason: str | None) -> None:
        """Leave a candidate that ended so to the next run, up to 5 times; a mere delay does not count."""
        # A robots.txt that could not be read says nothing of the URL.
        is_delay = outcome is Outcome.DEFERRED or (reason or "").startswith(UNREAD)
        attempts = self._attempts.get(key, 0) + (not is_delay)
        if (outcome in LEFT_ALONE and not is_delay) or attempts >= MAX_ATTEMPTS:
            self._delta.pending_done.add(key)
        else:
            self._delta.postpone(key, candidate, attempts, time.time())

    def keep(self, announced: Sequence[tuple[str, Candidate]]) -> Delta:
        """Return the delta that writes candidates down as left to do, before they are tried."""
        rows = Delta()
        for key, candidate in announced:
            rows.postpone(key, candidate, self._attempts.get(key, 0), time.time())
        return rows
