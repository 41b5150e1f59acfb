"""Which files the table holds at one moment, and a way to open them that outlives a compaction; part of reader.py.

Compaction moves the files that it replaced from `articles/` to `replaced/<compaction>/`, where they stay until `vacuum`. A path
listed before that is looked up there, so what a reader listed once it can read until then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.fs as pafs

from newsbot.dataset.bucket import Bucket
from newsbot.exceptions import InputError

_PARTITION = re.compile(r"date=(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Listed:
    """One data file of the table."""

    date: str
    """The partition, YYYY-MM-DD."""
    path: str
    """Path on the file system of the snapshot."""
    bytes: int
    modified: float
    """When it was written, seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The table's files, listed once, sorted by day and name."""

    filesystem: Any
    """A pyarrow file system that opens them, also after they were replaced."""
    files: tuple[Listed, ...]

    def between(self, since: str | None, until: str | None) -> tuple[Listed, ...]:
        """Return the files of the days from `since` to `until`, both included."""
        return tuple(file for file in self.files if (since or "") <= file.date <= (until or "9999-12-31"))


def take(root: str | Path) -> Snapshot:
    """List the table under an output root, a folder or a URL of an object store. Raises InputError where there is none."""
    if "://" in str(root):
        return _take_remote(str(root))
    table = Path(root) / "articles"
    if not table.is_dir():
        raise InputError(
            f"{root} holds no dataset (no folder articles in it); name the output root, or crawl first"
        )
    return Snapshot(pafs.PyFileSystem(_Outliving(Path(root))), tuple(sorted(_listed(table), key=_order)))


def _order(file: Listed) -> tuple[str, str]:
    return file.date, file.path


def _listed(table: Path) -> Iterator[Listed]:
    for folder in table.iterdir():
        found = _PARTITION.fullmatch(folder.name)
        if found:
            yield from _listed_in(folder, found[1])


def _listed_in(folder: Path, date: str) -> Iterator[Listed]:
    for path in folder.glob("*.parquet"):
        try:
            status = path.stat()
        except FileNotFoundError:
            # Replaced since it was listed: it is in replaced/ and still part of this snapshot.
            yield Listed(date, str(path), 0, 0.0)
            continue
        yield Listed(date, str(path), status.st_size, status.st_mtime)


def _take_remote(root: str) -> Snapshot:
    from newsbot.dataset.listing import Remote, list_table  # noqa: PLC0415 - comes with the extra s3

    bucket = Bucket(root)
    try:
        listing = list_table(bucket)
    except OSError as error:
        raise InputError(f"cannot read {root}: {error}; check the URL and your credentials") from error
    found = [
        Listed(date[1], bucket.at(place), int(entry["size"]), when_written(entry))
        for place, entry in listing.items()
        if (date := _PARTITION.search(place))
    ]
    if not found:
        raise InputError(
            f"{root} holds no dataset (nothing under articles in it); name the output root, or crawl first"
        )
    return Snapshot(pafs.PyFileSystem(Remote(bucket)), tuple(sorted(found, key=_order)))


def when_written(entry: Mapping[str, Any]) -> float:
    """Return when an object was written; stores name the time in different ways."""
    for name in ("LastModified", "last_modified", "created", "mtime"):
        when = entry.get(name)
        if when is not None:
            return float(when.timestamp()) if hasattr(when, "timestamp") else float(when)
    return 0.0


def replaced_path(root: Path, path: Path) -> Path | None:
    """Return where a table file lies that a compaction replaced; None where it is not kept any more.

    Between the exchange and the folder's move to `replaced/` it is in staging: looked at first, for files move that way only.
    """
    for place in ("staging/_compaction-*", "replaced/*"):
        found = next(iter(root.glob(f"{place}/{path.parent.name}/{path.name}")), None)
        if found:
            return found
    return None


class _Outliving(pafs.FileSystemHandler):  # type: ignore[misc]
    """The local file system, read only, where a file that is gone from the table is opened in `replaced/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._local = pafs.LocalFileSystem()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Outliving) and self.root == other.root

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def get_type_name(self) -> str:
        return "newsbot"

    def normalize_path(self, path: str) -> str:
        return path

    def _now(self, path: str) -> str:
        if Path(path).exists():
            return path
        return str(replaced_path(self.root, Path(path)) or path)

    def open_input_file(self, path: str) -> Any:
        try:
            return self._local.open_input_file(path)
        except FileNotFoundError:
            return self._local.open_input_file(self._now(path))

    def open_input_stream(self, path: str) -> Any:
        return self.open_input_file(path)

    def get_file_info(self, paths: list[str]) -> Any:
        return self._local.get_file_info([self._now(path) for path in paths])

    def get_file_info_selector(self, selector: Any) -> Any:
        return self._local.get_file_info(selector)

    def _refuse(self, *_: object) -> Any:
        raise NotImplementedError("a snapshot is read only")

    create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = delete_file = _refuse
    move = copy_file = open_output_stream = open_append_stream = _refuse
