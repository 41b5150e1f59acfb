"""When to look again: at articles, at sources, and which publishers a shard takes. Pure functions of times in seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

HOUR = 3600.0
# A source is never polled more often than each 5 minutes (no feed of the 180 publishers asks for less) nor less than daily.
MIN_POLL, MAX_POLL = 300.0, 24 * HOUR
FIRST_POLL = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Range:
    """Days asked for: `since` up to and without `until`, UTC instants; None leaves a side open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, instant: datetime | None) -> bool:
        """Whether an article of this date belongs to the range; one without a date only where no range was asked for."""
        if instant is None:
            return self.since is None and self.until is None
        return (self.since is None or instant >= self.since) and (self.until is None or instant < self.until)


def next_visit(first_seen_at: float, now: float, edits: int, revisits: Sequence[float]) -> float | None:
    """Return when to look at an article again (seconds since 1970), or None when it has been looked at often enough.

    `revisits` are hours after first sight, ascending. An article that was edited is looked at again half-way: each edit seen
    halves the wait, to no less than 15 minutes.
    """
    for hours in sorted(revisits):
        due = first_seen_at + hours * HOUR
        if due > now:
            wait = (due - now) / 2.0 ** min(edits, 6)
            return now + max(wait, min(due - now, 15 * 60.0))
    return None


def haste(history: Iterable[Mapping[str, Any]]) -> int:
    """Return how often a publisher edits, from its past runs: 0 seldom, 1 more than one revisit in five, 2 more than one in two.

    Added to an article's own edits, so that each step halves the wait. Fewer than 20 revisits say nothing.
    """
    counts = [record.get("outcomes", {}) for record in history]
    edited = sum(int(count.get("changed", 0)) for count in counts)
    seen = edited + sum(int(count.get(name, 0)) for count in counts for name in ("unchanged", "not_modified"))
    if seen < 20:
        return 0
    return 2 if edited * 2 > seen else 1 if edited * 5 > seen else 0


def next_interval(interval: float | None, *, changed: bool) -> float:
    """Return the seconds until a source's next poll: half as long when it changed, half as long again when it did not."""
    if interval is None:
        return FIRST_POLL
    return min(MAX_POLL, max(MIN_POLL, interval * (0.5 if changed else 1.5)))


def after_failure(failures: int) -> float:
    """Return the seconds until a source that failed so often in a row is polled again: 15 minutes, doubled each time, to a day."""
    return min(MAX_POLL, FIRST_POLL * 2.0 ** min(max(failures - 1, 0), 10))


def due(next_poll_at: float | None, now: float) -> bool:
    """Whether something planned for `next_poll_at` is due; what was never planned is."""
    return next_poll_at is None or next_poll_at <= now


def shard(names: Iterable[str], index: int, count: int) -> list[str]:
    """Return the names that shard `index` (1 to `count`) takes; each name is in exactly one, whatever the others are.

    Raises ValueError where index is not 1 to count.
    """
    if not 1 <= index <= count:
        raise ValueError(f"shard {index}/{count}: the first number goes from 1 to the second")
    return [name for name in names if _bucket(name, count) == index - 1]


def _bucket(name: str, count: int) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") % count
