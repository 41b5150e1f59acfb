"""Says what is wrong with an article; changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from newsbot.items import Article

REQUIRED = frozenset({"headline", "body"})
"""Fields without which there is no row."""

# The web is younger than its news archives, but no page's own date is older than printing on it.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks differ, and publishers date embargoed pieces a few hours ahead.
AHEAD = timedelta(days=1)

Problem = tuple[str, str]


def problems(article: Article) -> list[Problem]:
    """Return (field, reason) of every fault; `missing` for a required field makes the article invalid."""
    found: list[Problem] = [(field, "missing") for field in sorted(REQUIRED) if not getattr(article, field)]
    for check in CHECKS:
        found.extend(check(article))
    return found


def _dates(article: Article) -> list[Problem]:
    now = article.fetched_at or datetime.now(UTC)
    found = []
    for field in ("date_published", "date_modified"):
        instant = getattr(article, field)
        if instant is not None and instant < EARLIEST:
            found.append((field, "too_old"))
        if instant is not None and instant > now + AHEAD:
            found.append((field, "future"))
    if (
        article.date_published
        and article.date_modified
        and article.date_modified < article.date_published - AHEAD
    ):
        found.append(("date_modified", "before_published"))
    if article.date_published is None:
        found.append(("date_published", "none"))
    return found


def _texts(article: Article) -> list[Problem]:
    found = []
    for field in ("headline", "description", "body"):
        text = getattr(article, field)
        if text and ("\x00" in text or not _is_utf8(text)):
            found.append((field, "not_utf8"))
    return found


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


CHECKS: tuple[Callable[[Article], list[Problem]], ...] = (_dates, _texts)
