"""Lists the table in an object store, right also while a compaction trades its objects, and opens it; part of snapshot.py.

A listing is no snapshot there: it may show old and new files of a day, or miss both. What the last compaction's manifest says of
its day decides; all earlier ones are done, for each is landed before the next commits. See docs/COMMIT.md.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.fs as pafs

from newsbot.dataset.bucket import Bucket
from newsbot.dataset.manifest import COMPACTION, Manifest, decode, manifest_place

# How often the table is listed before a listing that does not fit its manifest is taken as it is: `verify` says what is wrong.
LISTINGS = 5
# Seconds between them.
PAUSE = 0.2

# A compaction's file: its number among the compactions, and a part's.
_COMPACTED = re.compile(r"compaction-\d{8}T\d{6}Z-[0-9a-f]{6}-(\d{4,})(?:-\d+)?\.parquet$")

Listing = dict[str, Mapping[str, Any]]
"""Place of a table file -> what the store says of it."""


def list_table(bucket: Bucket) -> Listing:
    """Return the files of the table, each row in one of them. Raises OSError, ManifestDamaged."""
    number = _last(bucket, 0)
    for attempt in range(LISTINGS):
        # None before the first, and none after the last.
        time.sleep(PAUSE * attempt)
        listing = {
            place: entry for place, entry in bucket.find("articles").items() if place.endswith(".parquet")
        }
        number, before = _last(bucket, number), number
        settled = _settle(bucket, listing, number)
        if number == before and settled is not None:
            return settled
    return settled if settled is not None else listing


def _last(bucket: Bucket, number: int) -> int:
    """Return the number of the last compaction; listed once, then asked for by name, since listings may lag."""
    if number == 0:
        stems = (name.removesuffix(".jsonl") for name in bucket.names(f"manifests/{COMPACTION}"))
        number = max((int(stem) for stem in stems if stem.isdigit()), default=0)
    while bucket.size(manifest_place(COMPACTION, number + 1)) is not None:
        number += 1
    return number


def _settle(bucket: Bucket, listing: Listing, number: int) -> Listing | None:
    """Return the listing without what was replaced, or is not in yet; None where it caught a day between the two."""
    settled = dict(listing)
    for one in sorted({number, *_mixed(listing)} - {0}, reverse=True):
        manifest = _manifest(bucket, one)
        if manifest is None or manifest.kind != "compaction":
            continue
        old = {file.place for file in manifest.replaces}
        new = {file.place for file in manifest.files}
        if one < number or new <= settled.keys():
            _drop(settled, old)
        elif old <= settled.keys():
            _drop(settled, new)
        else:
            return None
    return settled


def _drop(listing: Listing, places: Iterable[str]) -> None:
    for place in places:
        listing.pop(place, None)


def _mixed(listing: Listing) -> set[int]:
    """Return the numbers of compactions beside whose files others lie: late articles, or what a lagging listing still shows."""
    days: dict[str, list[str]] = {}
    for place in listing:
        days.setdefault(place.rpartition("/")[0], []).append(place)
    numbers: set[int] = set()
    for places in days.values():
        found = [match for place in places if (match := _COMPACTED.search(place))]
        if len(places) > 1:
            numbers.update(int(match[1]) for match in found)
    return numbers


def _manifest(bucket: Bucket, number: int) -> Manifest | None:
    place = manifest_place(COMPACTION, number)
    body = bucket.get(place)
    return None if body is None else decode(body, f"{bucket.name}/{place}", with_delta=False)


class Remote(pafs.FSSpecHandler):  # type: ignore[misc]
    """An object store, read only, where a file that is gone from the table is read on in `replaced/`."""

    def __init__(self, bucket: Bucket) -> None:
        super().__init__(bucket.files)
        self._bucket = bucket

    def open_input_file(self, path: str) -> Any:
        """Open a file for reading anywhere in it."""
        return pa.PythonFile(_Outliving(self._bucket, path), mode="r")

    open_input_stream = open_input_file


class _Outliving:
    """A file object that goes on in `replaced/` when its object goes away."""

    def __init__(self, bucket: Bucket, path: str) -> None:
        self._bucket, self._path = bucket, path
        self._file = self._open()

    def _open(self) -> Any:
        try:
            return self._bucket.files.open(self._path, "rb")
        except FileNotFoundError:
            return self._bucket.files.open(self._replaced(), "rb")

    def _replaced(self) -> str:
        tail = "/".join(self._path.rsplit("/", 2)[1:])
        for name in sorted(self._bucket.names("replaced")):
            place = f"replaced/{name}/{tail}"
            if self._bucket.size(place) is not None:
                return self._bucket.at(place)
        raise FileNotFoundError(self._path)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes from here on."""
        place = self._file.tell()
        try:
            return bytes(self._file.read(size))
        except FileNotFoundError:
            self._file = self._bucket.files.open(self._replaced(), "rb")
            self._file.seek(place)
            return bytes(self._file.read(size))

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place; return it."""
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        """Return the place."""
        return int(self._file.tell())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return bool(self._file.closed)
