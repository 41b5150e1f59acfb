"""Requests to an object store, each made again after passing faults; part of objects.py, compaction and reading there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from newsbot.exceptions import InputError

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Seconds before each further try of a request: a fault of a few seconds costs no batch.
PAUSES = (0.2, 1.0, 3.0)


class Bucket:
    """What lies under a URL that fsspec knows, such as s3://bucket/prefix; a place is a path under it.

    Every request here may be made twice. All raise OSError where the store stays away, FileNotFoundError where there is no object.
    """

    def __init__(self, root: str) -> None:
        """Raises InputError where no library for the URL's scheme is there."""
        self.name = root.rstrip("/")
        try:
            import fsspec.core  # noqa: PLC0415 - comes with the extra s3

            self.files, self.base = fsspec.core.url_to_fs(
                self.name, use_listings_cache=False, skip_instance_cache=True
            )
        except (ImportError, ValueError) as error:
            raise InputError(
                f"cannot reach {root}: {error}; check the URL, or install newsbot[s3]"
            ) from error

    def at(self, place: str) -> str:
        """Return the store's own path of a place."""
        return f"{self.base}/{place}"

    def get(self, place: str) -> bytes | None:
        """Return an object's bytes, None where there is none."""
        try:
            return self._often(lambda: bytes(self.files.cat_file(self.at(place))))
        except FileNotFoundError:
            return None

    def size(self, place: str) -> int | None:
        """Return the bytes of an object, None where there is none."""
        try:
            return int(self._often(lambda: self.files.info(self.at(place), refresh=True))["size"])
        except FileNotFoundError:
            return None

    def put(self, place: str, body: bytes) -> None:
        """Write an object, in place of one that is there."""
        self._often(lambda: self.files.pipe_file(self.at(place), body))

    def put_new(self, place: str, body: bytes) -> None:
        """Write an object only where there is none (`If-None-Match: *`); tried once: an error leaves open whether it is there."""
        self.files.pipe_file(self.at(place), body, mode="create")

    def upload(self, source: Path, place: str) -> None:
        """Write a file as an object."""
        self._often(lambda: self.files.put_file(str(source), self.at(place)))

    def download(self, place: str, target: Path) -> None:
        """Bring an object here."""
        self._often(lambda: self.files.get_file(self.at(place), str(target)))

    def copy(self, place: str, target: str) -> None:
        """Copy an object within the store."""
        self._often(lambda: self.files.cp_file(self.at(place), self.at(target)))

    def remove(self, places: Iterable[str]) -> None:
        """Delete objects, up to 1,000 a request; those that are gone are no error."""
        paths = [self.at(place) for place in places]
        if not paths:
            return
        try:
            self._often(lambda: self.files.rm(paths))
        except FileNotFoundError:
            for path in paths:
                self._remove_one(path)

    def _remove_one(self, path: str) -> None:
        try:
            self._often(lambda: self.files.rm_file(path))
        except FileNotFoundError:
            return

    def find(self, under: str) -> dict[str, Mapping[str, Any]]:
        """Return the objects under a folder at any depth: place -> what the store says of it."""
        listing = self._often(lambda: self.files.find(self.at(under), detail=True))
        return {path[len(self.base) + 1 :]: entry for path, entry in sorted(listing.items())}

    def names(self, under: str) -> set[str]:
        """Return the names right under a folder."""
        try:
            paths = self._often(lambda: self.files.ls(self.at(under), detail=False))
        except FileNotFoundError:
            return set()
        return {path.rstrip("/").rpartition("/")[2] for path in paths}

    def _often(self, request: Callable[[], T]) -> T:
        for pause in PAUSES:
            try:
                return request()
            except FileNotFoundError:
                raise
            except OSError as error:
                logger.info("%s: %s; trying again in %s s", self.name, error, pause)
            time.sleep(pause)
        return request()
