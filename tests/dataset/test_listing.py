"""The table of an object store as it is listed at every moment of a compaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsbot.dataset import listing
from newsbot.dataset.bucket import Bucket
from newsbot.dataset.folder import Folder
from newsbot.dataset.listing import list_table
from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest, encode, stamp
from newsbot.dataset.objects import ObjectStore
from newsbot.exceptions import InputError, OutputUnwritable

DAY = "2026-02-01"
OLD = [f"alder-20260201T000000Z-0a1b2c-{number:04}.parquet" for number in (1, 2)]
NEW = ["compaction-20260301T000000Z-0a1b2c-0001.parquet", "compaction-20260301T000000Z-0a1b2c-0001-2.parquet"]
LATE = "zelkova-20260302T000000Z-0a1b2c-0001.parquet"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    """Return an empty store in memory."""
    return Bucket(f"memory://{tmp_path.name}")


def file(name: str) -> DataFile:
    return DataFile(DAY, name, 1, 1, "0" * 32)


def commit(bucket: Bucket, number: int, new: list[str], old: list[str]) -> None:
    """Write the manifest of a compaction."""
    name = f"{COMPACTION}-20260301T000000Z-0a1b2c-{number:04}"
    manifest = Manifest(name, "run", COMPACTION, kind="compaction", files=[file(one) for one in new])
    manifest.replaces = [file(one) for one in old]
    stamp(manifest, number)
    bucket.put(manifest.place(), encode(manifest))


def put(bucket: Bucket, *names: str) -> None:
    for name in names:
        bucket.put(file(name).place, b"x")


def listed(bucket: Bucket) -> list[str]:
    return [place.rpartition("/")[2] for place in list_table(bucket)]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (OLD, OLD),
        ([*OLD, NEW[0]], OLD),
        ([*OLD, *NEW], NEW),
        ([OLD[1], *NEW], NEW),
        (NEW, NEW),
        ([*OLD, *NEW, LATE], [*NEW, LATE]),
        ([*OLD, LATE], [*OLD, LATE]),
    ],
    ids=[
        "committed",
        "half in",
        "both",
        "half gone",
        "done",
        "both and a late one",
        "committed and a late one",
    ],
)
def test_each_row_is_listed_once(bucket: Bucket, there: list[str], expected: list[str]) -> None:
    put(bucket, *there)
    commit(bucket, 1, NEW, OLD)
    assert sorted(listed(bucket)) == sorted(expected)


def test_what_was_never_compacted_is_as_it_is_listed(bucket: Bucket) -> None:
    put(bucket, *OLD, LATE)
    bucket.put("articles/date=2026-02-01/notes.txt", b"x")
    assert sorted(listed(bucket)) == sorted([*OLD, LATE])


def test_an_earlier_compaction_that_a_lagging_listing_still_shows_is_left_out(bucket: Bucket) -> None:
    again = "compaction-20260302T000000Z-0a1b2c-0002.parquet"
    commit(bucket, 1, NEW, OLD)
    commit(bucket, 2, [again], [*NEW, LATE])
    put(bucket, again, *NEW, OLD[0])
    assert listed(bucket) == [again]


def test_a_listing_that_caught_neither_is_made_again(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAUSE", 0)
    put(bucket, NEW[0])
    commit(bucket, 1, NEW, OLD)

    def finish(number: int) -> None:
        if number == 2:
            put(bucket, NEW[1])

    looks = _after_each_look(bucket, monkeypatch, finish)
    assert listed(bucket) == sorted(NEW)
    assert len(looks) == 3


def test_a_compaction_committed_meanwhile_is_seen(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAUSE", 0)
    put(bucket, *OLD)

    def compact(number: int) -> None:
        if number == 1:
            commit(bucket, 1, NEW, OLD)
            put(bucket, *NEW)
            bucket.remove(file(name).place for name in OLD)

    _after_each_look(bucket, monkeypatch, compact)
    assert sorted(listed(bucket)) == sorted(NEW)


def test_a_table_that_never_fits_is_read_as_it_is(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAUSE", 0)
    put(bucket, NEW[1])
    commit(bucket, 1, NEW, OLD)
    looks = _after_each_look(bucket, monkeypatch, lambda _: None)
    assert listed(bucket) == [NEW[1]], "a lost file is verify's to tell"
    assert len(looks) == listing.LISTINGS


def _after_each_look(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, act: Callable[[int], object]
) -> list[int]:
    """Act after each listing of the table; return the numbers of the listings."""
    looks: list[int] = []
    real = Bucket.find

    def find(self: Bucket, under: str) -> object:
        found = real(self, under)
        looks.append(len(looks) + 1)
        act(looks[-1])
        return found

    monkeypatch.setattr(Bucket, "find", find)
    return looks


@pytest.mark.parametrize("kind", ["disk", "memory"])
def test_a_folder_is_the_same_on_a_disk_and_in_a_store(tmp_path: Path, kind: str) -> None:
    root = str(tmp_path / "output") if kind == "disk" else f"memory://{tmp_path.name}-folder"
    if kind == "disk":
        (tmp_path / "output" / "a").mkdir(parents=True)
        (tmp_path / "output" / "a" / "one").write_bytes(b"123")
    else:
        Bucket(root).put("a/one", b"123")
    folder = Folder(root)
    assert folder.places("a") == ["a/one"]
    assert folder.places("nowhere") == []
    assert (folder.size("a/one"), folder.size("a/two"), folder.has("a")) == (3, None, False)
    assert folder.read("a/one") == b"123"
    folder.copy("a/one", "b/c/one")
    folder.move("a/one", "d/one")
    assert (folder.places("a"), folder.places("b"), folder.places("d")) == ([], ["b/c/one"], ["d/one"])
    assert folder.checksum("b/c/one") == folder.checksum("d/one")
    folder.remove("d/one")
    folder.remove("d/one")
    assert not folder.has("d/one")
    assert (folder.manifests(), folder.publishers(), folder.live_files()) == ([], [], {})


def test_a_scheme_nobody_knows_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot reach nosuch://x"):
        Folder("nosuch://x")
    with pytest.raises(OutputUnwritable, match=r"cannot reach nosuch://x.*NEWSBOT_OUTPUT"):
        ObjectStore("nosuch://x", tmp_path)
