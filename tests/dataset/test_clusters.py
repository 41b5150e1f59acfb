"""Clusters of near-duplicates: what belongs together and what does not, ids that stay, day by day as well as at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import newsbot.dataset
from newsbot.dataset import clusters, sketches
from newsbot.dataset.clusters import affected, around, window
from newsbot.dataset.compact import compact
from newsbot.dataset.sketches import SketchStore
from newsbot.dedup.exact import content_hash

WORDS = [f"word{number}" for number in range(5000)]
LATE = date(2026, 3, 31)


def story(seed: int, paragraphs: int = 8) -> list[str]:
    """Return paragraphs of 50 words that no other story has."""
    rng = random.Random(seed)
    return [" ".join(rng.choice(WORDS) for _ in range(50)) for _ in range(paragraphs)]


class Table:
    """A dataset under construction."""

    def __init__(self, root: Path, put: Callable[..., Path], article: Callable[..., dict[str, Any]]) -> None:
        self.root, self._put, self._article = root, put, article
        self._files = 0

    def add(self, identity: str, publisher: str, day: int, paragraphs: list[str], **values: Any) -> None:
        """Write an article in a file of its own."""
        self._files += 1
        body = "\n\n".join(paragraphs)
        row = self._article(
            identity,
            publisher=publisher,
            body=body,
            date_published=datetime(2026, 2, day, 8, self._files % 60, tzinfo=UTC),
            content_hash=content_hash(identity, body),
            **values,
        )
        self._put(f"2026-02-{day:02}", f"f{self._files}", [row], root=self.root)

    def clusters(self) -> dict[str, str | None]:
        """Return article -> cluster."""
        rows = newsbot.dataset.open(self.root).versions().to_arrow(["article_id", "cluster_id"]).to_pylist()
        return {row["article_id"]: row["cluster_id"] for row in rows}

    def compact(self) -> dict[str, str | None]:
        """Compact and return article -> cluster."""
        compact(self.root, LATE)
        return self.clusters()


@pytest.fixture
def table(tmp_path: Path, put: Callable[..., Path], article: Callable[..., dict[str, Any]]) -> Table:
    return Table(tmp_path, put, article)


def test_a_story_cut_and_retitled_is_one_cluster(table: Table) -> None:
    whole = story(1)
    table.add("whole", "alder", 1, whole)
    table.add("cut", "birch", 2, whole[:5], headline="Another title")
    table.add("other", "birch", 1, story(2))
    table.add("alone", "cedar", 1, story(3))
    found = table.compact()
    assert found["whole"] == found["cut"] == content_hash("whole", "\n\n".join(whole))
    assert found["other"] is found["alone"] is None


def test_one_publisher_alone_makes_no_cluster(table: Table) -> None:
    table.add("one", "alder", 1, story(1))
    table.add("again", "alder", 2, story(1))
    assert set(table.compact().values()) == {None}


def test_boilerplate_does_not_glue(table: Table) -> None:
    shared = story(99, paragraphs=3)
    for number in range(6):
        publisher = ("alder", "birch")[number % 2]
        table.add(f"s{number}", publisher, 1 + number // 2, [*story(number, paragraphs=1), *shared])
    assert set(table.compact().values()) == {None}


def test_boilerplate_does_not_hide(table: Table) -> None:
    for publisher in ("alder", "birch"):
        around = story(500 + len(publisher) + ord(publisher[0]), paragraphs=6)
        for number in range(4):
            own = story(1, 3) if number == 0 else story(number * 1000 + ord(publisher[0]), 3)
            table.add(f"{publisher}{number}", publisher, 1, [*own, *around])
    found = table.compact()
    assert {name for name, cluster in found.items() if cluster} == {"alder0", "birch0"}


def test_without_leaving_boilerplate_out_it_would_glue(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "RECURS", 10**9)
    shared = story(99, paragraphs=3)
    for number in range(6):
        table.add(f"s{number}", ("alder", "birch")[number % 2], 1, [*story(number, paragraphs=1), *shared])
    assert None not in table.compact().values()


def test_too_short_to_tell(table: Table) -> None:
    for publisher in ("alder", "birch"):
        table.add(publisher, publisher, 1, ["The match was called off because of rain."])
    assert set(table.compact().values()) == {None}


def test_days_far_apart_are_not_compared(table: Table) -> None:
    table.add("one", "alder", 1, story(1))
    table.add("late", "birch", 1 + clusters.WINDOW, story(1))
    table.add("too late", "cedar", 2 + 2 * clusters.WINDOW, story(1))
    found = table.compact()
    assert found["one"] == found["late"] is not None
    assert found["too late"] is None


def test_an_id_stays_when_an_earlier_member_comes_and_when_clusters_meet(table: Table) -> None:
    whole = story(1)
    table.add("second", "alder", 5, whole[:6])
    table.add("third", "birch", 5, whole[:6])
    given = table.compact()["second"]
    table.add("first", "cedar", 4, whole)
    found = table.compact()
    assert set(found.values()) == {given}
    assert given == content_hash("second", "\n\n".join(whole[:6]))


def test_two_clusters_that_meet_get_one_id(table: Table) -> None:
    whole = story(1, paragraphs=10)
    head, tail = whole[:5], whole[5:]
    table.add("head1", "alder", 1, head)
    table.add("head2", "birch", 1, head)
    table.add("tail1", "cedar", 2, tail)
    table.add("tail2", "dogwood", 2, tail)
    before = table.compact()
    assert len({cluster for cluster in before.values() if cluster}) == 2
    table.add("whole", "elm", 3, whole)
    assert set(table.compact().values()) == {before["head1"]}


def test_day_by_day_gives_the_same_clusters_as_all_at_once(tmp_path: Path, put: Any, article: Any) -> None:
    def fill(table: Table, day: int) -> None:
        for number in range(6):
            table.add(f"a{day}-{number}", "alder", day, story(day * 10 + number))
            table.add(f"b{day}-{number}", "birch", day, story((day - number % 2) * 10 + number)[:5])

    at_once, by_day = Table(tmp_path / "once", put, article), Table(tmp_path / "daily", put, article)
    for day in range(2, 6):
        fill(at_once, day)
    for day in range(2, 6):
        fill(by_day, day)
        by_day.compact()
    expected, found = at_once.compact(), by_day.clusters()
    assert [name for name, cluster in found.items() if cluster]
    assert {name: bool(cluster) for name, cluster in found.items()} == {
        name: bool(cluster) for name, cluster in expected.items()
    }
    assert _groups(found) == _groups(expected)


def _groups(found: dict[str, str | None]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for name, cluster in found.items():
        if cluster:
            groups.setdefault(cluster, set()).add(name)
    return {frozenset(members) for members in groups.values()}


def test_only_the_days_concerned_are_written_anew(table: Table) -> None:
    for day in (1, 3, 20):
        table.add(f"x{day}", "alder", day, story(day))
        table.add(f"y{day}", "alder", day, story(day + 50))
    assert compact(table.root, LATE).days == ["2026-02-01", "2026-02-03", "2026-02-20"]
    table.add("copy", "birch", 4, story(3))
    assert compact(table.root, LATE).days == ["2026-02-03", "2026-02-04"], "both have one of a pair now"
    assert compact(table.root, LATE).days == []


def test_a_new_version_is_sketched_by_its_new_text(table: Table) -> None:
    table.add("one", "alder", 1, story(1))
    table.add("two", "birch", 1, story(2))
    assert set(table.compact().values()) == {None}
    table.add("two", "birch", 1, story(1)[:6], version=2)
    compact(table.root, LATE)
    found = newsbot.dataset.open(table.root)
    rows = found.versions().to_arrow(["article_id", "version", "cluster_id"]).to_pylist()
    assert len({row["cluster_id"] for row in rows}) == 1, "all versions of an article have its cluster"
    assert rows[0]["cluster_id"]


def test_rows_without_text_have_no_cluster(table: Table) -> None:
    table.add("one", "alder", 1, story(1))
    table.add("gone", "birch", 1, [], change="removed")
    assert set(table.compact().values()) == {None}


def test_windows() -> None:
    days = [f"2026-02-{day:02}" for day in range(1, 29)]
    assert window("2026-02-10", days) == days[2:9]
    assert around("2026-02-10", days) == [*days[2:9], *days[10:17]]
    assert affected(["2026-02-10"], days) == days[2:17]
    assert affected([], days) == []


def test_sketches_are_stale_when_the_files_are_others(tmp_path: Path, put: Any, article: Any) -> None:
    path = put("2026-02-01", "a", [article("a")])
    store = SketchStore(tmp_path)
    assert not store.is_fresh("2026-02-01", ["a.parquet"])
    assert store.load("2026-02-01") is None
    store.count("2026-02-01", [path])
    store.refresh("2026-02-01", [path], ["2026-01-31"])
    assert store.is_fresh("2026-02-01", ["a.parquet"])
    assert not store.is_fresh("2026-02-01", ["a.parquet", "b.parquet"])
    loaded = store.load("2026-02-01")
    assert loaded is not None
    assert (loaded.ids, loaded.publishers) == (["a"], ["alder"])
    (tmp_path / "clusters" / "date=2026-02-01.parquet").write_bytes(b"broken")
    assert not store.is_fresh("2026-02-01", ["a.parquet"])
