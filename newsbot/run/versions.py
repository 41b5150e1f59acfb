"""Which version of its article a page is: compared with the last one known, and with the publisher's other articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from newsbot.dedup.versions import judge
from newsbot.delta import Delta
from newsbot.items import Article, Fingerprint
from newsbot.outcomes import Outcome
from newsbot.state import KnownArticle, State
from newsbot.tombstone import pack_row


class Versions:
    """The latest versions of a publisher's articles: of the state, of the open batch, and of those on their way into it."""

    def __init__(self, state: State, delta: Delta) -> None:
        """`delta` is the open batch's, emptied when it is committed."""
        self._state, self._delta = state, delta
        self._judged: dict[str, KnownArticle] = {}

    def latest(self, identity: str) -> KnownArticle | None:
        """Return the latest version of an article, those judged and not yet committed included."""
        return (
            self._judged.get(identity) or self._delta.articles.get(identity) or self._state.article(identity)
        )

    def judge(self, article: Article) -> Outcome | None:
        """Set version, change and first sight of an article; return UNCHANGED or DUPLICATE where it makes no row."""
        assert article.article_id and article.fingerprint and article.fetched_at and article.first_seen_at
        known = self.latest(article.article_id)
        if article.change == "removed":
            return self._bury(article, known)
        change = judge(_fingerprint(known) if known else None, article.fingerprint)
        if change is None:
            return Outcome.UNCHANGED
        page_hash = article.fingerprint.page_hash
        if known is None and page_hash and article.body and self._has(page_hash):
            return Outcome.DUPLICATE
        article.change, article.version = change, (known.version if known else 0) + 1
        if known:
            article.first_seen_at = datetime.fromtimestamp(known.first_seen_at, UTC)
        self._judged[article.article_id] = KnownArticle(
            article_id=article.article_id,
            version=article.version,
            first_seen_at=article.first_seen_at.timestamp(),
            changed_at=article.fetched_at.timestamp(),
            edits=(known.edits + (change != "reprocessed")) if known else 0,
            row=pack_row(article),
            **_told(article.fingerprint),
        )
        return None

    def _bury(self, article: Article, known: KnownArticle | None) -> Outcome | None:
        assert known is not None and article.fingerprint and article.fetched_at
        if known.page_hash is None:
            return Outcome.UNCHANGED
        article.version = known.version + 1
        self._judged[known.article_id] = replace(
            known,
            version=article.version,
            changed_at=article.fetched_at.timestamp(),
            **_told(article.fingerprint),
        )
        return None

    def _has(self, page_hash: str) -> bool:
        """Whether an article of this publisher has this content."""
        if page_hash in self._delta.hashes or any(
            judged.page_hash == page_hash for judged in self._judged.values()
        ):
            return True
        return self._state.article_with(page_hash) is not None

    def take(self, identity: str) -> None:
        """Put a judged article into the open batch's delta."""
        self._delta.remember_article(self._judged.pop(identity))


def _told(fingerprint: Fingerprint) -> dict[str, Any]:
    return {name: getattr(fingerprint, name) for name in fingerprint.__slots__}


def _fingerprint(known: KnownArticle) -> Fingerprint:
    return Fingerprint(known.page_hash, known.headline_hash, known.sketch, known.extractor_version)
