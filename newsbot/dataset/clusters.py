"""Clusters of near-duplicates across publishers, over a window of days: syndicated stories, cut, retitled, set in other pages.

Incremental: sketches of a day are kept (sketches.py); only pairs of which one side is new are compared; an id once given stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from newsbot.dataset.sketches import Day, SketchStore
from newsbot.dedup.near import containment, pairs

# Days before an article in which its near-duplicates are looked for.
WINDOW = 7
# Share of the smaller text's shingles that both have, and of all shingles, from which on two texts are one story.
# Measured by benchmarks/clusters.py.
CONTAINED = 0.6
SIMILAR = 0.2
# Texts with fewer shingles are too short to tell by: 20 runs of four words are two sentences.
SHORTEST = 20

Current = dict[str, dict[str, str | None]]
"""Day -> article_id -> cluster_id as the table has it."""


@dataclass(slots=True)
class Assignment:
    """Which cluster each article belongs to."""

    clusters: dict[str, dict[str, str]] = field(default_factory=dict)
    """Day -> article_id -> cluster_id; articles without near-duplicates are left out."""
    changed: set[str] = field(default_factory=set)
    """Days with a row whose cluster_id is to change."""


@dataclass(slots=True)
class _Groups:
    """Union-find over article ids, with what the id of a cluster is made of."""

    parent: dict[str, str] = field(default_factory=dict)
    born: dict[str, tuple[int, str, str | None]] = field(default_factory=dict)
    """article_id -> (instant, article_id, content_hash)."""

    def find(self, article: str) -> str:
        """Return the member that stands for the article's group."""
        self.parent.setdefault(article, article)
        root = article
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[article] != root:
            self.parent[article], article = root, self.parent[article]
        return root

    def join(self, one: str, other: str) -> None:
        """Make one group of two."""
        self.parent[self.find(other)] = self.find(one)

    def members(self) -> Iterable[list[str]]:
        """Return the groups."""
        groups: dict[str, list[str]] = {}
        for article in self.parent:
            groups.setdefault(self.find(article), []).append(article)
        return groups.values()


def window(day: str, days: Iterable[str]) -> list[str]:
    """Return those of `days` that lie up to WINDOW days before `day`, which is left out."""
    first = (date.fromisoformat(day) - timedelta(days=WINDOW)).isoformat()
    return sorted(other for other in days if first <= other < day)


def around(day: str, days: Iterable[str]) -> list[str]:
    """Return those of `days` that lie up to WINDOW days before or after `day`, which is left out."""
    middle = date.fromisoformat(day)
    first, last = ((middle + timedelta(days=away)).isoformat() for away in (-WINDOW, WINDOW))
    return sorted(other for other in days if first <= other <= last and other != day)


def affected(due: Iterable[str], days: Iterable[str]) -> list[str]:
    """Return those of `days` whose clusters may change when the days `due` are new."""
    every = sorted(set(days))
    near = {other for day in due for other in [day, *around(day, every)]}
    return [day for day in every if day in near]


def assign(store: SketchStore, due: Sequence[str], days: Sequence[str], current: Current) -> Assignment:
    """Return the clusters of `days` (sorted), of which those `due` are new. Holds the sketches of WINDOW days at a time."""
    groups, fresh = _Groups(), set(due)
    _join_known(groups, current)
    held: dict[str, Day] = {}
    for day in days:
        sketches = store.load(day)
        if sketches is None:
            continue
        held[day] = sketches
        near = window(day, held)
        held = {other: held[other] for other in [*near, day]}
        for other in held:
            if day in fresh or other in fresh:
                _link(groups, sketches, held[other])
        _remember(groups, sketches)
    return _label(groups, current)


def _join_known(groups: _Groups, current: Current) -> None:
    first: dict[str, str] = {}
    for known in current.values():
        for article, cluster in known.items():
            if cluster:
                groups.join(first.setdefault(cluster, article), article)


def _link(groups: _Groups, one: Day, other: Day) -> None:
    # Texts too short to tell by are left out first: captions and the like would all meet one another.
    mine, theirs = (np.flatnonzero(day.sizes >= SHORTEST) for day in (one, other))
    for here, there, similar in pairs(one.sketches[mine], other.sketches[theirs]):
        left, right = mine[here], theirs[there]
        alike = (similar >= SIMILAR) & (
            containment(similar, one.sizes[left], other.sizes[right]) >= CONTAINED
        )
        for a, b in zip(left[alike].tolist(), right[alike].tolist(), strict=True):
            if one.publishers[a] != other.publishers[b]:
                groups.join(one.ids[a], other.ids[b])
                _note(groups, one, a)
                _note(groups, other, b)


def _remember(groups: _Groups, day: Day) -> None:
    for place, article in enumerate(day.ids):
        if article in groups.parent:
            _note(groups, day, place)


def _note(groups: _Groups, day: Day, place: int) -> None:
    article = day.ids[place]
    groups.born[article] = (day.instants[place], article, day.hashes[place])


def _label(groups: _Groups, current: Current) -> Assignment:
    had = {article: cluster for known in current.values() for article, cluster in known.items() if cluster}
    label: dict[str, str] = {}
    for members in groups.members():
        members.sort(key=lambda article: groups.born.get(article, (0, article, None))[:2])
        given = next((had[article] for article in members if article in had), None)
        if given or len(members) > 1:
            earliest = groups.born.get(members[0], (0, members[0], None))
            cluster = given or earliest[2] or earliest[1]
            label.update(dict.fromkeys(members, cluster))
    made = Assignment()
    for day, known in current.items():
        made.clusters[day] = {article: label[article] for article in known if article in label}
        if any(label.get(article) != cluster for article, cluster in known.items()):
            made.changed.add(day)
    return made
