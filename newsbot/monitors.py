"""From a run's figures and the publisher's history to one verdict: healthy, quiet, blocked, changed or broken.

Each monitor is a sentence, a figure, a limit and a comparison; the first that finds something gives the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

Record = Mapping[str, Any]

# Below these, a share says nothing.
FEW_PAGES = 5
FEW_RUNS = 3


class Verdict(NamedTuple):
    """What a run shows of its publisher, and why."""

    name: str
    reason: str


def blocked(record: Record, _history: Sequence[Record]) -> Verdict | None:
    """Half of the pages asked for were refused: consent wall, bot challenge, 401, 403, 429, 503."""
    refused, asked = _count(record, "blocked"), _fetched(record)
    if asked >= FEW_PAGES and refused * 2 >= asked:
        return Verdict("blocked", f"{refused} of {asked} pages were refused")
    return None


def broken(record: Record, _history: Sequence[Record]) -> Verdict | None:
    """No source could be read, or no page that was asked for arrived."""
    sources = record.get("sources", [])
    failed = [source for source in sources if source["status"] not in {"ok", "not_modified"}]
    if sources and len(failed) == len(sources):
        return Verdict(
            "broken",
            f"none of {len(sources)} sources could be read: {failed[0]['url']}: {failed[0]['reason']}",
        )
    lost = sum(_count(record, name) for name in ("http_error", "fetch_failed", "gone", "truncated"))
    if _fetched(record) >= FEW_PAGES and lost == _fetched(record):
        return Verdict("broken", f"none of {lost} pages arrived")
    return None


def changed(record: Record, _history: Sequence[Record]) -> Verdict | None:
    """Pages arrive but are read as no article: most likely the site's design is new."""
    unread = sum(_count(record, name) for name in ("invalid", "not_article", "unreadable", "extract_failed"))
    read = sum(_count(record, name) for name in ("new", "changed", "unchanged", "duplicate"))
    if unread >= FEW_PAGES and unread > 4 * read:
        return Verdict("changed", f"{unread} pages arrived but only {read} read as articles")
    return None


def empty(record: Record, _history: Sequence[Record]) -> Verdict | None:
    """Feeds and section pages answer but announce nothing: they always hold their last articles, so their form is new."""
    sources = [
        source
        for source in record.get("sources", [])
        if source["kind"] in {"feed", "section", "news_sitemap"}
    ]
    read = [source for source in sources if source["status"] == "ok"]
    # A news sitemap may be empty after two days without news, and a source that did not change announces nothing.
    full = [source for source in read if source["kind"] != "news_sitemap"]
    if full and len(read) == len(sources) and not any(source.get("candidates") for source in read):
        return Verdict(
            "changed", f"{len(full)} feeds and section pages answer but announce nothing: {full[0]['url']}"
        )
    return None


def quiet(record: Record, history: Sequence[Record]) -> Verdict | None:
    """Nothing new, where past runs as a rule had something: a quiet day as long as the sources answer."""
    if _count(record, "new"):
        return None
    past = [_count(old, "new") for old in history]
    if len(past) >= FEW_RUNS and median(past) > 0:
        return Verdict("quiet", f"nothing new; the median of the last {len(past)} runs is {median(past):g}")
    return None


MONITORS: tuple[Callable[[Record, Sequence[Record]], Verdict | None], ...] = (
    blocked,
    broken,
    changed,
    empty,
    quiet,
)


def verdict(record: Record, history: Sequence[Record] = ()) -> Verdict:
    """Return the first finding of the monitors, else healthy. `history`: records of past runs, newest first."""
    for monitor in MONITORS:
        found = monitor(record, history)
        if found:
            return found
    return Verdict("healthy", "sources answer and pages read as articles")


def _count(record: Record, outcome: str) -> int:
    return int(record.get("outcomes", {}).get(outcome, 0))


# Outcomes that stand for no request to an article page.
_NOT_FETCHED = frozenset({"known", "robots", "deferred", "trap", "blocked_address", "commit_failed"})


def _fetched(record: Record) -> int:
    return sum(count for name, count in record.get("outcomes", {}).items() if name not in _NOT_FETCHED)
