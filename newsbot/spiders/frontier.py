"""Which candidates a run fetches, in which order: those due, left over or new wait here until the downloader has room."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from newsbot.items import Candidate
from newsbot.outcomes import Outcome
from newsbot.run import Run
from newsbot.schedule import due
from newsbot.state import KnownSource, KnownUrl

# Every n-th visit, and every n-th poll of a source, is unconditional: servers exist that answer 304 for ever.
UNCONDITIONAL = 10


def conditions(known: KnownUrl | KnownSource) -> dict[str, str]:
    """Return the headers of a conditional request, by the validators of the last visit."""
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


@dataclass(slots=True)
class Ticket:
    """A candidate on its way: its key and what is known of its URL."""

    key: str
    candidate: Candidate
    known: KnownUrl | None = None

    @property
    def is_conditional(self) -> bool:
        """Whether to ask with the validators of the last visit."""
        return self.known is not None and self.known.visits % UNCONDITIONAL != 0


class Frontier:
    """The candidates of a run that are not fetched yet. Revisits and named URLs go before what sources announce."""

    def __init__(self, run: Run, limit: int) -> None:
        """`limit`: pages to fetch at most; the rest is left to the next run."""
        self._run, self._limit = run, limit
        self._first: deque[Ticket] = deque()
        self._then: deque[Ticket] = deque()
        self._last: deque[Ticket] = deque()
        self._given = 0

    def __len__(self) -> int:
        """Return how many wait, left-overs not counted: a backfill's 100,000 must not keep the sources from being polled."""
        return len(self._first) + len(self._then)

    @property
    def is_spent(self) -> bool:
        """Whether the run has given out as many pages as it may."""
        return self._given >= self._limit

    def push(self, candidate: Candidate, *, first: bool = False, always: bool = False) -> Ticket | None:
        """Take on a candidate and return its ticket; known ones that are not due end as such. `always`: whatever is known."""
        return self._push(candidate, self._first if first else self._then, always=always)

    def _push(self, candidate: Candidate, queue: deque[Ticket], *, always: bool = False) -> Ticket | None:
        key = self._run.begin(candidate)
        if key is None:
            return None
        known = self._run.known(key)
        if known and not always and not (known.next_visit_at and due(known.next_visit_at, time.time())):
            self._run.end(key, Outcome.KNOWN)
            return None
        ticket = Ticket(key, candidate, None if always else known)
        queue.append(ticket)
        return ticket

    def revisit(self, limit: int = 10_000) -> None:
        """Take on the articles whose next visit is due."""
        for known in self._run.state.due(time.time(), limit):
            self.push(Candidate(known.url, source_kind="revisit"), first=True)

    def resume(self) -> None:
        """Take on what earlier runs left to do, behind what is new today."""
        for candidate in self._run.pending():
            self._push(candidate, self._last)

    def take(self, most: int) -> Iterator[Ticket]:
        """Give out up to `most` candidates."""
        while most > 0 and not self.is_spent and (queue := self._first or self._then or self._last):
            self._given += 1
            most -= 1
            yield queue.popleft()

    def waiting(self) -> Iterator[tuple[str, Candidate]]:
        """Yield what was not given out."""
        for ticket in (*self._first, *self._then, *self._last):
            yield ticket.key, ticket.candidate
