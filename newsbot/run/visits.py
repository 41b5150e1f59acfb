"""What a run remembers of the URLs that it ended, and when it means to look at them again."""

from __future__ import annotations

import time
from collections.abc import Sequence

from newsbot.delta import Delta
from newsbot.items import Page
from newsbot.outcomes import Outcome
from newsbot.run.versions import Versions
from newsbot.schedule import haste, next_visit
from newsbot.state import KnownUrl, State


class Visits:
    """The URLs known: of the state and of the open batch."""

    def __init__(
        self, state: State, delta: Delta, versions: Versions, revisits: Sequence[float] | None
    ) -> None:
        """`delta` is the open batch's, emptied when it is committed; `revisits` are hours after first sight, None for saved pages.

        A saved page says nothing of when its site is to be asked again.
        """
        self._state, self._delta, self._versions = state, delta, versions
        self._revisits = revisits
        self._haste = haste(state.runs(30))

    def known(self, key: str) -> KnownUrl | None:
        """Return what is known of a URL."""
        return self._delta.urls.get(key) or self._state.url(key)

    def remember(self, key: str, url: str, outcome: Outcome, page: Page | None, article: str | None) -> None:
        """Put into the delta what became of a URL, and when it is due again."""
        before = self.known(key)
        known = KnownUrl(
            key=key,
            url=url,
            outcome=outcome.value,
            article_id=article or (before.article_id if before else None),
            fetched_at=page.fetched_at.timestamp() if page else None,
            next_visit_at=None,
            visits=(before.visits if before else 0) + 1,
            etag=_validator(page, "etag") or (before.etag if before else None),
            last_modified=_validator(page, "last-modified") or (before.last_modified if before else None),
        )
        if self._revisits is None:
            known.next_visit_at = before.next_visit_at if before else None
        elif known.article_id and outcome is not Outcome.REMOVED:
            known.next_visit_at = self._next_visit(known.article_id)
        self._delta.remember(known)

    def remember_other(self, key: str, url: str, article: str) -> None:
        """Put into the delta another address of an article, which is never due: the article has one already."""
        self.remember(key, url, Outcome.DUPLICATE, None, article)
        self._delta.urls[key].next_visit_at = None

    def _next_visit(self, identity: str) -> float | None:
        known = self._versions.latest(identity)
        if known is None or self._revisits is None:
            return None
        return next_visit(known.first_seen_at, time.time(), known.edits + self._haste, self._revisits)


def _validator(page: Page | None, name: str) -> str | None:
    return page.header(name) if page else None
