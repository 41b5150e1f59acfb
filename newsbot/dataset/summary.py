"""What is in the dataset, counted: for `scrapy dataset info`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from newsbot.dataset.reader import Dataset


@dataclass(slots=True)
class PublisherSummary:
    """One publisher's share."""

    articles: int = 0
    """Latest versions, those of removed articles not counted."""
    versions: int = 0
    first_day: str = ""
    last_day: str = ""


@dataclass(slots=True)
class Summary:
    """The dataset in numbers."""

    root: str
    articles: int = 0
    versions: int = 0
    removed: int = 0
    """Articles whose latest version says that they are gone."""
    days: int = 0
    first_day: str | None = None
    last_day: str | None = None
    files: int = 0
    bytes: int = 0
    days_of_several_files: int = 0
    """What `compact` may make smaller."""
    publishers: dict[str, PublisherSummary] = field(default_factory=dict)


def summarize(dataset: Dataset) -> Summary:
    """Count; reads four narrow columns."""
    files, days = dataset.snapshot.files, dataset.days()
    found = Summary(dataset.root, days=len(days), files=len(files), bytes=sum(file.bytes for file in files))
    if days:
        found.first_day, found.last_day = days[0], days[-1]
    by_day: dict[str, int] = defaultdict(int)
    for file in files:
        by_day[file.date] += 1
    found.days_of_several_files = sum(count > 1 for count in by_day.values())
    for name, day, count in _counts(dataset.versions().arrow):
        share = found.publishers.setdefault(name, PublisherSummary(first_day=day, last_day=day))
        share.versions += count
        share.first_day, share.last_day = min(share.first_day, day), max(share.last_day, day)
    for name, _, count in _counts(dataset.latest().arrow):
        found.publishers[name].articles += count
    found.versions = sum(share.versions for share in found.publishers.values())
    found.articles = sum(share.articles for share in found.publishers.values())
    found.removed = dataset.latest(removed=True).count() - found.articles
    found.publishers = dict(sorted(found.publishers.items()))
    return found


def _counts(rows: Any) -> list[tuple[str, str, int]]:
    """Return (publisher, day, rows), a row without publisher under the empty name."""
    grouped = (
        rows.to_table(columns=["publisher", "date"])
        .group_by(["publisher", "date"])
        .aggregate([([], "count_all")])
    )
    return [(row["publisher"] or "", row["date"], row["count_all"]) for row in grouped.to_pylist()]
